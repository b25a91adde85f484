#include <config.h>

#include "shell/move/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shell/jobs/forecast.h"
#include "wire/fd.h"
#include "wire/node.h"
#include "wire/text.h"
#include "shell/jobs/left.h"
#include "shell/jobs/sigs.h"
#include "shell/move/eligible.h"
#include "shell/move/records.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

/*
 * A mishd that is lost is looked for after so long, each time twice that, at most once a minute:
 * the one timer that an idle shell may have. To watch for its socket would need its directory,
 * which goes and comes with the service.
 */
enum { DAEMON_AGAIN_MS = 1000, DAEMON_AGAIN_MAX_MS = 60000 };

/* In pages that are in no core: the key of its checkpoints is there. */
static struct session *new_session(void)
{
	struct session *me = mmap(NULL, sizeof(*me), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (me == MAP_FAILED)
		return xcalloc(1, sizeof(*me));
	(void)madvise(me, sizeof(*me), MADV_DONTDUMP);
	return me;
}

struct session *session_get(struct shell *sh)
{
	struct session *me = sh->session;
	uint8_t id[RDV_ID_LEN / 2];

	if (me != NULL)
		return me;
	me = new_session();
	me->given[0] = me->given[1] = me->control = me->daemon = me->warm_fd = me->connect.fd = -1;
	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		memset(id, 0, sizeof(id));
	for (size_t i = 0; i < sizeof(id); i++)
		snprintf(me->session + 2 * i, 3, "%02x", id[i]);
	node_own_name(me->node, sizeof(me->node));
	memcpy(me->origin, me->node, sizeof(me->origin));
	sh->session = me;
	return me;
}

void session_set_variables(struct shell *sh)
{
	const struct session *me = sh->session;

	var_set(sh, "MISH_SESSION", me->session, VAR_EXPORT);
	var_set(sh, "MISH_NODE", me->node, VAR_EXPORT);
	/* empty at home, so that a prompt can show it as it is */
	var_set(sh, "MISH_ORIGIN", me->control >= 0 ? me->origin : "", VAR_EXPORT);
	var_set(sh, "HOSTNAME", me->node, 0);
	var_set(sh, "HOST", me->node, 0);
}

/* ---- the controller ---- */

static void look_again_later(struct session *me)
{
	me->daemon_again_ms = now_mono_ms() + me->daemon_wait_ms + getpid() % 500; /* not all at once */
	me->daemon_wait_ms = me->daemon_wait_ms * 2 < DAEMON_AGAIN_MAX_MS ? me->daemon_wait_ms * 2 :
									    DAEMON_AGAIN_MAX_MS;
}

static void hang_up(struct session *me)
{
	close(me->daemon);
	me->daemon = -1;
	frame_buf_release(&me->daemon_in);
	if (me->daemon_wait_ms == 0)
		me->daemon_wait_ms = DAEMON_AGAIN_MS;
	look_again_later(me);
}

/* One frame, now or never: a mishd that is stopped must not stop us. */
void session_tell_daemon(struct session *me, enum frame_type type, struct msg *m)
{
	struct frame_buf out = { 0 };
	ssize_t n = -1;

	if (frame_put_msg(&out, type, m) == 0)
		n = send(me->daemon, frame_buf_at(&out), out.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n != (ssize_t)out.len)
		hang_up(me);
	frame_buf_release(&out);
}

static void register_shell(struct shell *sh)
{
	struct session *me = sh->session;
	struct msg msg;
	int fd = rdv_connect();

	me->daemon = fd >= 0 ? fd_own(fd) : -1;
	if (me->daemon < 0) {
		if (fd >= 0)
			close(fd);
		if (me->daemon_wait_ms != 0)
			look_again_later(me);
		return;
	}
	fcntl(me->daemon, F_SETFL, O_NONBLOCK);
	me->ruds_told = 0;
	msg_init(&msg);
	msg_str(&msg, MSG_SESSION, me->session);
	msg_uint(&msg, MSG_EPOCH, me->epoch);
	msg_str(&msg, MSG_ORIGIN, me->origin);
	msg_str(&msg, MSG_TTY, isatty(STDIN_FILENO) ? ttyname(STDIN_FILENO) : NULL);
	msg_uint(&msg, MSG_PID, (uint64_t)getpid());
	msg_uint(&msg, MSG_FLAGS, MSG_IDLE);
	if (me->arrived_ms != 0)
		msg_uint(&msg, MSG_AGE, (uint64_t)(now_mono_ms() - me->arrived_ms));
	session_tell_daemon(me, FRAME_REGISTER, &msg);
}

void session_tell(struct shell *sh, bool idle, const char *why, const char *node)
{
	struct session *me = sh->session;
	struct msg msg;

	if (me->daemon < 0)
		return;
	if (idle)
		eligible_measure(sh);
	msg_init(&msg);
	msg_uint(&msg, MSG_FLAGS, idle ? MSG_IDLE : 0);
	msg_uint(&msg, MSG_ELIGIBLE, idle && why == NULL);
	msg_str(&msg, MSG_WHY, why);
	msg_str(&msg, MSG_NODE, node);
	msg_uint(&msg, MSG_CPU, eligible_part(me, me->usage.cpu));
	msg_uint(&msg, MSG_BUSY, eligible_part(me, me->usage.busy));
	msg_uint(&msg, MSG_RSS, me->usage.rss_kib);
	if (idle)
		msg_uint(&msg, MSG_USER_US, (uint64_t)(forecast_next() * 1e6));
	session_tell_daemon(me, FRAME_UPDATE, &msg);
	if (idle)
		records_tell(me);
}

int session_fd(struct shell *sh, int i)
{
	struct session *me = sh->session;

	if (i == 0 && me->daemon < 0 && now_mono_ms() >= me->daemon_again_ms)
		register_shell(sh); /* mishd came back, or was not there before */
	return i == 0 ? me->daemon : i == 1 ? me->control : me->connect.fd;
}

int session_timeout(struct shell *sh)
{
	const struct session *me = sh->session;
	int64_t left;

	if (me->daemon >= 0 || me->daemon_wait_ms == 0)
		return -1;
	left = me->daemon_again_ms - now_mono_ms();
	return left < 0 ? 0 : (int)left;
}

/* True when it said which directories are shared. */
static bool take_from_daemon(struct session *me, enum frame_type type, const struct msg_view *v)
{
	uint64_t flags = 0;
	char *shared = NULL;

	if (type == FRAME_GRANT && me->grant == NULL) {
		if (msg_get_strdup(v, MSG_NODE, &me->grant) < 0)
			me->grant = NULL;
		(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
		me->grant_by_hand = (flags & MSG_FORCE) != 0;
	} else if (type == FRAME_OK && msg_get_strdup(v, MSG_SHARED, &shared) == 0) {
		me->daemon_wait_ms = DAEMON_AGAIN_MS; /* it is well */
		free(me->shared);
		me->shared = shared;
		return true;
	}
	return false;
}

/* True when there is something to do outside of the editor. */
static bool daemon_ready(struct shell *sh)
{
	struct session *me = sh->session;
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	long n = frame_fill(&me->daemon_in, me->daemon);
	bool rules = false;
	int r;

	if (n == -EAGAIN)
		return false;
	while ((r = frame_next(&me->daemon_in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		if (msg_parse(&v, payload, len) == 0)
			rules |= take_from_daemon(me, type, &v);
		frame_buf_drop(&me->daemon_in, total);
	}
	if (n <= 0 || r < 0)
		hang_up(me);
	if (rules) { /* now we know whether we may be moved; nobody needs to see that */
		char *why = eligible_automatic(sh);

		session_tell(sh, true, why, NULL);
		free(why);
	}
	return me->grant != NULL;
}

char *session_forget_grant(struct shell *sh)
{
	struct session *me = sh->session;
	char *node;

	(void)daemon_ready(sh);
	if (me->grant_by_hand || me->grant == NULL)
		return NULL;
	node = me->grant;
	me->grant = NULL;
	return node;
}

/* X11's display is another connection's now; one that the user has set stays. */
static void take_display(struct shell *sh, char *display)
{
	struct session *me = sh->session;
	const char *had = var_text(sh, "DISPLAY");

	if (had == NULL || me->display == NULL ? had == me->display : strcmp(had, me->display) == 0)
		var_set(sh, "DISPLAY", display, VAR_EXPORT);
	free(me->display);
	me->display = display;
}

/* The terminal is at another node, or came by another connection. */
static bool on_attached(struct shell *sh, const uint8_t *payload, size_t len)
{
	struct session *me = sh->session;
	char *display = NULL;
	struct msg_view v;
	uint64_t flags;

	if (msg_parse(&v, payload, len) < 0 || msg_get_str(&v, MSG_ORIGIN, me->origin, sizeof(me->origin)) < 0)
		return false;
	session_set_variables(sh);
	if (msg_get_uint(&v, MSG_FLAGS, UINT32_MAX, &flags) == 0 && (flags & MSG_FRESH) != 0)
		left_unclaimed(sh);
	if (msg_get_strdup(&v, MSG_DISPLAY, &display) == 0)
		take_display(sh, display);
	return true; /* the terminal may be a new one, at the same node: it shows no prompt yet */
}

/* Told at once only if the user wants that: else before the next prompt. */
static bool on_job(struct shell *sh, const uint8_t *payload, size_t len)
{
	struct msg_view v;
	uint64_t pid = 0, status = 0, was = 0; /* zeros are left out */
	char node[256];

	if (msg_parse(&v, payload, len) < 0 || msg_get_uint(&v, MSG_PID, INT32_MAX, &pid) == -EBADMSG ||
	    msg_get_uint(&v, MSG_STATUS, UINT16_MAX, &status) == -EBADMSG || msg_get_uint(&v, MSG_WAS, INT32_MAX, &was) == -EBADMSG)
		return false;
	if (pid == 0 && was == 0) /* the guardian has said all that it knows of */
		return left_lost(sh);
	if (was != 0 && msg_get_str(&v, MSG_NODE, node, sizeof(node)) == 0)
		left_stands(sh, node, (pid_t)was, (pid_t)pid, sh->session->origin);
	return left_changed(sh, (pid_t)pid, (int)status) && opt(sh, OPT_NOTIFY);
}

bool session_on_frame(struct shell *sh, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct session *me = sh->session;
	struct msg_view v;
	uint64_t seq;

	if (type == FRAME_ATTACHED)
		return on_attached(sh, payload, len);
	if (type == FRAME_JOB)
		return on_job(sh, payload, len);
	if (type == FRAME_UNKEPT && msg_parse(&v, payload, len) == 0) {
		free(me->unkept);
		if (msg_get_strdup(&v, MSG_WHY, &me->unkept) < 0)
			me->unkept = NULL;
		return me->unkept != NULL;
	}
	if (type == FRAME_CONNECT && me->connect.state == CONNECT_BEGUN && msg_parse(&v, payload, len) == 0 &&
	    msg_get_uint(&v, MSG_SEQ, UINT64_MAX, &seq) == 0 && seq == me->connect.seq) {
		me->connect.state = CONNECT_DONE;
		if (msg_get_strdup(&v, MSG_WHY, &me->connect.why) < 0)
			me->connect.why = NULL;
		return true;
	}
	return false;
}

/* At a prompt the peer says that it is gone, or something for session_on_frame(); perhaps hear_left() has heard it by now. */
static bool peer_ready(struct shell *sh)
{
	struct session *me = sh->session;
	struct pollfd p = { .fd = me->control, .events = POLLIN };
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	bool moved = false;
	long n = poll(&p, 1, 0) > 0 ? frame_fill(&me->control_in, me->control) : -EAGAIN;

	if (n == 0) {
		close(me->control);
		me->control = -1;
		me->lost = true;
		raise(SIGHUP);
		return false;
	}
	while (frame_next(&me->control_in, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		moved |= session_on_frame(sh, type, payload, len);
		frame_buf_drop(&me->control_in, total);
	}
	return moved; /* the prompt is drawn for the new terminal */
}

bool session_ready(struct shell *sh, int i)
{
	if (i == 0)
		return daemon_ready(sh);
	return peer_ready(sh);
}

/* ---- jobs that stayed at home ---- */

static int tell_left(struct shell *sh, const char *node, pid_t pid, int signo, unsigned what)
{
	const struct session *me = sh->session;
	struct msg m;

	if (me->control < 0)
		return -ESRCH;
	msg_init(&m);
	msg_uint(&m, MSG_PID, (uint64_t)pid);
	msg_uint(&m, MSG_STATUS, (uint64_t)signo);
	if (strcmp(node, me->origin) != 0) /* nobody has said yet who stands for it */
		msg_str(&m, MSG_NODE, node);
	msg_uint(&m, MSG_FLAGS, what == LEFT_KEEP ? MSG_KEEP : what == LEFT_FRONT ? MSG_FRONT : 0);
	return frame_send(me->control, FRAME_JOB, &m);
}

static bool hear_left(struct shell *sh, bool wait)
{
	const struct session *me = sh->session;
	struct pollfd p = { .fd = me->control, .events = POLLIN };

	if (me->control < 0 || (!wait && sh->editor.busy)) /* the editor listens itself: what it hears may be the prompt's concern */
		return false;
	if (!wait || ppoll(&p, 1, NULL, sigs_sleep_mask()) > 0)
		(void)peer_ready(sh); /* what else it says is told at the next prompt */
	return me->control >= 0;
}

void session_away(struct shell *sh)
{
	sh->hooks.tell_left = tell_left;
	sh->hooks.hear_left = hear_left;
}

bool session_is_lost(const struct shell *sh)
{
	const struct session *me = sh->session;

	return me != NULL && me->lost;
}

/* The peer has ended, and the terminal with it: the session goes on from its checkpoint. */
bool session_orphaned(struct shell *sh)
{
	const struct session *me = sh->session;
	char c;

	return me->lost || (me->control >= 0 && recv(me->control, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 0);
}

void session_idle(struct shell *sh)
{
	struct session *me = sh->session;

	int r = me->control >= 0 ? checkpoint_idle(&me->checkpoint, sh, me->control, me->epoch) : 0;

	if (r < 0 && !me->checkpoint_failed)
		sh_warn(sh, "the session is not kept: %s; if this node or its link is lost, so is what happens from now on",
			r == -EFBIG ? "its state is too large (more than 64 MiB)" : strerror(-r));
	me->checkpoint_failed = r < 0;
}

void session_busy(struct shell *sh, const char *text)
{
	struct session *me = sh->session;

	if (me->control >= 0)
		checkpoint_busy(&me->checkpoint, sh, me->control, me->epoch, text);
}

int session_print_status(void)
{
	const char *session = secure_getenv("MISH_SESSION"), *node = secure_getenv("MISH_NODE");
	const char *origin = secure_getenv("MISH_ORIGIN");

	if (session == NULL || node == NULL) {
		puts("not in a mish session");
		return 1;
	}
	printf("session %s\nnode    %s\norigin  %s\n", session, node,
	       origin != NULL && *origin != '\0' ? origin : node);
	return 0;
}
