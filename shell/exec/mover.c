#include <config.h>

#include "shell/exec/mover.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "migrate/handover.h"
#include "migrate/locate.h"
#include "migrate/pack.h"
#include "rendezvous/frame.h"
#include "rendezvous/node.h"
#include "rendezvous/io_full.h"
#include "rendezvous/rdv_client.h"
#include "shell/exec/checkpoint.h"
#include "shell/exec/dirs.h"
#include "shell/exec/func.h"
#include "shell/exec/hist.h"
#include "shell/exec/hooks.h"
#include "shell/exec/job.h"
#include "shell/exec/redir.h"
#include "shell/exec/trap.h"
#include "shell/expand/var.h"
#include "shell/parser/alias.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/strbuf.h"

enum { DAEMON_AGAIN_MS = 5000 };

struct mover {
	char session[RDV_ID_LEN + 1];
	uint64_t epoch;
	char node[256], origin[256];
	int control; /* the peer's socket, -1 at the origin */
	bool lost;   /* … which ended before it was told to */
	int daemon;  /* mishd's socket, -1 none */
	int64_t daemon_again_ms; /* not before: it may be full, and hang up at once */
	struct frame_buf control_in, daemon_in;
	char *grant; /* where a controller wants us to go, NULL nowhere */
	char *nodes; /* for completion */
	struct checkpoint checkpoint; /* away from home */
};

static struct mover *mover_get(struct shell *sh)
{
	struct mover *m = sh->mover;
	uint8_t id[RDV_ID_LEN / 2];

	if (m != NULL)
		return m;
	m = xcalloc(1, sizeof(*m));
	m->control = m->daemon = -1;
	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		memset(id, 0, sizeof(id));
	for (size_t i = 0; i < sizeof(id); i++)
		snprintf(m->session + 2 * i, 3, "%02x", id[i]);
	node_own_name(m->node, sizeof(m->node));
	memcpy(m->origin, m->node, sizeof(m->origin));
	sh->mover = m;
	return m;
}

static void set_variables(struct shell *sh)
{
	const struct mover *m = sh->mover;

	var_set(sh, "MISH_SESSION", m->session, VAR_EXPORT);
	var_set(sh, "MISH_NODE", m->node, VAR_EXPORT);
	/* empty at home, so that a prompt can show it as it is */
	var_set(sh, "MISH_ORIGIN", m->control >= 0 ? m->origin : "", VAR_EXPORT);
	var_set(sh, "HOSTNAME", m->node, 0);
	var_set(sh, "HOST", m->node, 0);
}

/* ---- the controller ---- */

static void register_shell(struct shell *sh)
{
	struct mover *m = sh->mover;
	struct msg msg;
	int fd = rdv_connect();

	if (fd < 0)
		return;
	m->daemon = redir_own(fd);
	if (m->daemon < 0) {
		close(fd);
		return;
	}
	fcntl(m->daemon, F_SETFL, O_NONBLOCK);
	msg_init(&msg);
	msg_str(&msg, MSG_SESSION, m->session);
	msg_uint(&msg, MSG_EPOCH, m->epoch);
	msg_str(&msg, MSG_ORIGIN, m->origin);
	msg_str(&msg, MSG_NODE, m->node);
	msg_str(&msg, MSG_TTY, isatty(STDIN_FILENO) ? ttyname(STDIN_FILENO) : NULL);
	msg_uint(&msg, MSG_PID, (uint64_t)getpid());
	(void)frame_send(m->daemon, FRAME_REGISTER, &msg);
}

static int hook_fd(struct shell *sh, int i)
{
	struct mover *m = sh->mover;

	if (i == 0 && m->daemon < 0 && io_now_ms() >= m->daemon_again_ms)
		register_shell(sh); /* mishd came back, or was not there before */
	return i == 0 ? m->daemon : m->control;
}

static bool daemon_ready(struct mover *m)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	long n = frame_fill(&m->daemon_in, m->daemon);
	int r;

	if (n == -EAGAIN)
		return false;
	while ((r = frame_next(&m->daemon_in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		if (type == FRAME_GRANT && msg_parse(&v, payload, len) == 0 && m->grant == NULL &&
		    msg_get_strdup(&v, MSG_NODE, &m->grant) < 0)
			m->grant = NULL;
		frame_buf_drop(&m->daemon_in, total);
	}
	if (n <= 0 || r < 0) {
		close(m->daemon);
		m->daemon = -1;
		m->daemon_again_ms = io_now_ms() + DAEMON_AGAIN_MS;
		frame_buf_release(&m->daemon_in);
	}
	return m->grant != NULL;
}

/* The terminal is at another node now. */
static bool on_attached(struct shell *sh, const uint8_t *payload, size_t len)
{
	struct mover *m = sh->mover;
	struct msg_view v;

	if (msg_parse(&v, payload, len) < 0 ||
	    msg_get_str(&v, MSG_ORIGIN, m->origin, sizeof(m->origin)) < 0)
		return false;
	set_variables(sh);
	return true;
}

/* At a prompt the peer says that it is gone, COMMIT, or that the terminal is another. */
static bool peer_ready(struct shell *sh)
{
	struct mover *m = sh->mover;
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	bool moved = false;
	long n = frame_fill(&m->control_in, m->control);

	if (n == 0) {
		close(m->control);
		m->control = -1;
		m->lost = true;
		raise(SIGHUP);
		return false;
	}
	while (frame_next(&m->control_in, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		if (type == FRAME_ATTACHED)
			moved |= on_attached(sh, payload, len);
		frame_buf_drop(&m->control_in, total);
	}
	return moved; /* the prompt is drawn for the new terminal */
}

static bool hook_ready(struct shell *sh, int i)
{
	struct mover *m = sh->mover;

	if (i == 0)
		return daemon_ready(m);
	return peer_ready(sh);
}

/* The peer has ended, and the terminal with it: the session goes on from its checkpoint. */
static bool hook_orphaned(struct shell *sh)
{
	const struct mover *m = sh->mover;
	char c;

	return m->lost || (m->control >= 0 && recv(m->control, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 0);
}

static void hook_idle(struct shell *sh)
{
	struct mover *m = sh->mover;

	if (m->control >= 0)
		checkpoint_idle(&m->checkpoint, sh, m->control, m->epoch);
}

static void hook_busy(struct shell *sh, const char *text)
{
	struct mover *m = sh->mover;

	if (m->control >= 0)
		checkpoint_busy(&m->checkpoint, sh, m->control, m->epoch, text);
}

static void hook_act(struct shell *sh)
{
	struct mover *m = sh->mover;
	char *node = m->grant;

	m->grant = NULL;
	if (node == NULL || !node_name_valid(node) || !opt(sh, OPT_AUTOMIGRATE)) {
		free(node);
		return;
	}
	if (sh->tty >= 0) /* the prompt is drawn again, here or there */
		(void)!write(sh->tty, "\r\033[K", 4);
	(void)mover_move(sh, node, MSG_AUTOMATIC); /* nothing that the user ran: $? stays */
	free(node);
}

/* Lines that mishd answers a listing with; `take` sees each row. Returns 0 or -errno. */
static int ask_daemon(enum frame_type what, void (*take)(void *arg, const struct msg_view *v),
		      void *arg)
{
	struct frame_buf in = { 0 };
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	struct msg m;
	int fd = rdv_connect(), r;

	if (fd < 0)
		return fd;
	msg_init(&m);
	r = frame_send(fd, what, &m);
	while (r == 0 && (r = frame_recv(fd, &in, 2000, &type, &payload, &len, &total)) == 0) {
		if (type != FRAME_ROW)
			break;
		if (msg_parse(&v, payload, len) == 0)
			take(arg, &v);
		frame_buf_drop(&in, total);
	}
	frame_buf_release(&in);
	close(fd);
	return r;
}

struct node_list {
	const struct mover *m;
	struct strbuf names;
};

static void take_node(void *arg, const struct msg_view *v)
{
	struct node_list *l = arg;
	char name[256];

	if (msg_get_str(v, MSG_NAME, name, sizeof(name)) < 0 || strcmp(name, l->m->node) == 0 ||
	    strcmp(name, l->m->origin) == 0)
		return;
	if (l->names.len != 0)
		strbuf_addc(&l->names, ' ');
	strbuf_adds(&l->names, name);
}

char *mover_nodes(struct shell *sh)
{
	struct node_list l = { .m = mover_get(sh) };

	(void)ask_daemon(FRAME_GET_NODES, take_node, &l);
	return strbuf_take(&l.names);
}

static const char *hook_node(struct shell *sh, size_t i)
{
	struct mover *m = sh->mover;
	char *s;

	if (i == 0) {
		free(m->nodes);
		m->nodes = mover_nodes(sh);
		for (char *p = m->nodes; *p != '\0'; p++)
			if (*p == ' ')
				*p = '\n'; /* one name a line, cut below */
	}
	for (s = m->nodes; i != 0 && *s != '\0'; s += strlen(s) + 1)
		i--;
	if (*s == '\0')
		return NULL;
	if (strchr(s, '\n') != NULL)
		*strchr(s, '\n') = '\0';
	return s;
}

static const struct prompt_hooks hooks = {
	.fd = hook_fd, .ready = hook_ready, .act = hook_act, .node = hook_node,
	.idle = hook_idle, .busy = hook_busy, .orphaned = hook_orphaned,
};

void mover_init(struct shell *sh)
{
	mover_get(sh);
	set_variables(sh);
	sh->prompt_hooks = &hooks;
}

/* ---- restoring ---- */

static void add_warning(void *arg, const char *line)
{
	strbuf_addf(arg, "%s\n", line);
}

/* Away from home: tells the peer why not; the origin has the state. */
static int give_up(struct mover *m, const char *why)
{
	struct msg msg;

	msg_init(&msg);
	msg_str(&msg, MSG_WHY, why);
	msg_uint(&msg, MSG_STATUS, 1);
	(void)frame_send(m->control, FRAME_ABORT, &msg);
	return -1;
}

static void tell_home(struct shell *sh, const struct handover *h, const char *warnings)
{
	if ((h->flags & MSG_VERBOSE) != 0 && h->steps != NULL)
		fputs(h->steps, stderr);
	if (h->why != NULL)
		fprintf(stderr, "mish: %s\n", h->why);
	else if ((h->flags & MSG_QUIET) == 0 && *warnings != '\0')
		fprintf(stderr, "mish: %s: %s", ((struct mover *)sh->mover)->node, warnings);
	if ((h->flags & MSG_AUTOMATIC) == 0) /* else $? is still the last command's */
		sh->status = (int)h->status;
}

static void send_ready(struct mover *m, const char *warnings)
{
	struct msg msg;

	msg_init(&msg);
	msg_uint(&msg, MSG_VERSION, PROTOCOL_VERSION);
	msg_str(&msg, MSG_NODE, m->node);
	msg_str(&msg, MSG_WARNINGS, warnings);
	msg_uint(&msg, MSG_PID, (uint64_t)getpid());
	(void)frame_send(m->control, FRAME_READY, &msg);
}

static void add_input(struct shell *sh, const struct handover *h)
{
	if (h->input_len == 0)
		return;
	sh->typeahead = xreallocarray(sh->typeahead, sh->typeahead_len + h->input_len, 1);
	memcpy(sh->typeahead + sh->typeahead_len, h->input, h->input_len);
	sh->typeahead_len += h->input_len;
}

static void drop_rest(struct shell *sh)
{
	free(sh->rest_ok);
	free(sh->rest_failed);
	sh->rest_ok = sh->rest_failed = NULL;
}

/*
 * Nothing that a user can notice runs before COMMIT: until then the origin may still
 * take the session back and run the same.
 */
static void await_commit(struct mover *m)
{
	enum frame_type type = FRAME_READY;
	const uint8_t *payload;
	size_t len, total;

	while (type != FRAME_COMMIT) {
		if (frame_recv(m->control, &m->control_in, -1, &type, &payload, &len, &total) < 0)
			_exit(1); /* the session is elsewhere */
		frame_buf_drop(&m->control_in, total);
	}
}

int mover_restore(struct shell *sh, int handover_fd, int control)
{
	struct mover *m = mover_get(sh);
	struct strbuf warnings = { 0 };
	const struct pack_ops *ops;
	struct handover h = { 0 };
	char *why = NULL;
	int r = handover_read(handover_fd, &h);

	close(handover_fd);
	if (control >= 0) {
		m->control = redir_own(control);
		fcntl(m->control, F_SETFD, FD_CLOEXEC);
	}
	ops = r == 0 ? pack_load(&why) : NULL;
	if (ops != NULL) {
		r = h.state != NULL ? ops->unpack(sh, sh->sections, &h, add_warning, &warnings)
				    : -EBADMSG;
	}
	if (r < 0 || ops == NULL) {
		if (why == NULL)
			why = strdup(r == -EBADMSG ? "the state cannot be read" : strerror(-r));
		if (m->control >= 0)
			return give_up(m, why);
		sh_warn(sh, "your session's state is lost: %s (a fresh shell)", why);
		free(why);
		return 0;
	}
	memcpy(m->session, h.session, sizeof(m->session) - 1);
	memcpy(m->origin, h.origin, sizeof(m->origin));
	m->epoch = handover_holds(&h);
	sh->login = opt(sh, OPT_LOGIN);
	set_variables(sh);
	if ((h.flags & MSG_LOST) != 0) {
		drop_rest(sh);
		sh->typeahead_len = 0;
	}
	if (m->control >= 0) {
		checkpoint_begin(&m->checkpoint, &h);
		if ((h.flags & MSG_LOST) != 0)
			sh->status = 128 + SIGHUP;
		else if ((h.flags & MSG_AUTOMATIC) == 0)
			sh->status = 0;
		send_ready(m, strbuf_str(&warnings));
		/* a prompt alone may come early: it rides behind READY */
		if (sh->rest_ok != NULL || sh->rest_failed != NULL || sh->typeahead_len != 0)
			await_commit(m);
	} else {
		if (h.command != NULL && h.command[strcspn(h.command, "\n")] == '\0')
			hist_add(sh->hist, h.command, (int64_t)time(NULL)); /* to run it again */
		add_input(sh, &h);
		tell_home(sh, &h, strbuf_str(&warnings));
		/* a shell that moves has a terminal: it has gone while no shell was here to hear it */
		if ((h.flags & MSG_HANGUP) != 0 || sh->tty < 0)
			raise(SIGHUP);
	}
	strbuf_release(&warnings);
	handover_release(&h);
	return 0;
}

/* ---- may it move? ---- */

/* What keeps the shell here; NULL nothing. Caller frees. */
static char *obstacle(struct shell *sh)
{
	struct strbuf s = { 0 };
	struct job *j;

	if (sh->subshell)
		return xstrdup("only the shell itself can move, not a subshell");
	if (!sh->interactive || sh->tty < 0)
		return xstrdup("only an interactive shell can move");
	if (sh->nest != 0)
		return xstrdup("not from inside a function, a script or a compound command");
	if (sh->redirected != 0)
		return xstrdup("not with its input or output redirected");
	job_poll(sh);
	if (job_count(sh, false) == 0)
		return NULL;
	strbuf_adds(&s, "these jobs cannot come along:");
	for (size_t i = 0; (j = job_at(sh, i)) != NULL; i++)
		if (job_state(j) != JOB_DONE)
			strbuf_addf(&s, " [%d] %s", j->id, j->text != NULL ? j->text : "");
	return strbuf_take(&s);
}

static int stays(struct shell *sh, const char *why)
{
	const struct mover *m = sh->mover;

	sh_warn(sh, "smigrate: %s (staying on %s)", why, m->node);
	return 1;
}

/* What is left of the command line, depending on how the move ends. */
static void keep_rest(struct shell *sh)
{
	for (int failed = 0; failed < 2; failed++) {
		const struct ast_pipeline *pl = sh->rest_andor;
		struct strbuf s = { 0 };

		while (pl != NULL && pl->is_or != (failed != 0))
			pl = pl->next;
		if (pl != NULL) {
			struct ast_list one = { .andor = (struct ast_pipeline *)(uintptr_t)pl };

			ast_print_list(&s, &one);
		}
		if (sh->rest_list != NULL)
			ast_print_list(&s, sh->rest_list);
		*(failed != 0 ? &sh->rest_failed : &sh->rest_ok) =
			s.len != 0 ? strbuf_take(&s) : NULL;
	}
}

/* Raw mode without losing what was typed; `drain` takes that out of the terminal. */
static void quiet_terminal(struct shell *sh, struct termios *old, bool drain)
{
	struct termios t;
	char buf[4096];
	ssize_t n;

	if (tcgetattr(sh->tty, old) < 0) {
		cfmakeraw(old); /* nothing to put back: the terminal is gone */
		return;
	}
	t = *old;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN | (drain ? ISIG : 0));
	t.c_lflag |= NOFLSH; /* ^C calls a move off, and what was typed stays */
	t.c_cc[VQUIT] = t.c_cc[VSUSP] = _POSIX_VDISABLE;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 0;
	tcsetattr(sh->tty, TCSADRAIN, &t);
	while (drain && (n = read(sh->tty, buf, sizeof(buf))) > 0) {
		sh->typeahead = xreallocarray(sh->typeahead, sh->typeahead_len + (size_t)n, 1);
		memcpy(sh->typeahead + sh->typeahead_len, buf, (size_t)n);
		sh->typeahead_len += (size_t)n;
	}
}

/* ---- moving ---- */

/* Everything a handover needs; 0 or -1 with *why. */
static int fill_handover(struct shell *sh, const char *node, unsigned flags, struct handover *h,
			 char **why)
{
	struct mover *m = sh->mover;
	const struct pack_ops *ops = pack_load(why);
	int r;

	*h = (struct handover){ .epoch = m->epoch, .flags = flags };
	if (ops == NULL)
		return -1;
	if (sh->login)
		h->flags |= MSG_LOGIN;
	if (opt(sh, OPT_PERSIST)) /* the first checkpoint may be long in coming */
		h->flags |= MSG_PERSIST;
	snprintf(h->session, sizeof(h->session), "%s", m->session);
	snprintf(h->node, sizeof(h->node), "%s", node);
	snprintf(h->origin, sizeof(h->origin), "%s", m->origin);
	snprintf(h->peer_node, sizeof(h->peer_node), "%s", m->node);
	r = ops->pack(sh, sh->sections, h);
	if (r < 0) {
		*why = strdup(r == -EFBIG ? "the state is too large" : strerror(-r));
		return -1;
	}
	return 0;
}

/* From the origin: this process becomes the guardian. Returns only on failure. */
static int exec_stub(struct shell *sh, struct handover *h, const struct termios *modes)
{
	char *path = locate_program("mish-stub"), number[16];
	char *argv[] = { (char *)(uintptr_t)"mish-stub", number, NULL };
	int fd, err;

	h->mish = locate_program("mish");
	h->modes = xmalloc(sizeof(*modes));
	memcpy(h->modes, modes, sizeof(*modes));
	h->modes_len = sizeof(*modes);
	fd = path != NULL && h->mish != NULL ? handover_write(h) : -ENOENT;
	if (fd < 0) {
		free(path);
		return fd;
	}
	fd = handover_keep(fd);
	snprintf(number, sizeof(number), "%d", fd);
	fflush(stdout);
	fflush(stderr);
	trap_restore_original(sh);
	signal(SIGINT, SIG_IGN); /* until the guardian sees to it */
	execve(path, argv, var_environ(sh));
	err = errno;
	close(fd);
	free(path);
	trap_init_interactive(sh);
	job_control_set(sh, true);
	return -err;
}

static int move_from_origin(struct shell *sh, const char *node, unsigned flags)
{
	struct handover h;
	struct termios modes;
	char *why = NULL;
	int r;

	keep_rest(sh);
	quiet_terminal(sh, &modes, false);
	r = fill_handover(sh, node, flags, &h, &why);
	if (r == 0) {
		r = exec_stub(sh, &h, &modes);
		if (asprintf(&why, "mish-stub: %s", strerror(-r)) < 0)
			why = NULL;
	}
	handover_release(&h);
	drop_rest(sh);
	tcsetattr(sh->tty, TCSADRAIN, &modes);
	r = stays(sh, why != NULL ? why : "out of memory");
	free(why);
	return r;
}

/* Waits, frozen, for what the origin decides. */
static int await_verdict(struct shell *sh, char **why, uint64_t *status)
{
	struct mover *m = sh->mover;
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;

	for (;;) {
		int r = frame_recv(m->control, &m->control_in, -1, &type, &payload, &len, &total);

		if (r < 0)
			return r;
		if (type == FRAME_ATTACHED)
			(void)on_attached(sh, payload, len);
		if (type == FRAME_RELEASE)
			_exit(0); /* the session is elsewhere: no trap, no history, no trace */
		if (type == FRAME_RESUME && msg_parse(&v, payload, len) == 0) {
			(void)msg_get_strdup(&v, MSG_WHY, why);
			(void)msg_get_uint(&v, MSG_STATUS, 255, status);
			frame_buf_drop(&m->control_in, total);
			return 0;
		}
		frame_buf_drop(&m->control_in, total);
	}
}

/* Asks the peer to hold input back, so that what was typed is in one place only. */
static int freeze(struct mover *m)
{
	enum frame_type type = FRAME_COMMIT;
	const uint8_t *payload;
	size_t len, total;
	struct msg msg;
	int r;

	msg_init(&msg);
	r = frame_send(m->control, FRAME_FROZEN, &msg);
	while (r == 0 && type != FRAME_FROZEN) {
		r = frame_recv(m->control, &m->control_in, -1, &type, &payload, &len, &total);
		if (r == 0)
			frame_buf_drop(&m->control_in, total);
	}
	return r;
}

/* No offer after all: the peer and the link let input pass again. */
static void thaw(struct mover *m)
{
	struct msg msg;

	msg_init(&msg);
	(void)frame_send(m->control, FRAME_RESUME, &msg);
}

static int move_from_peer(struct shell *sh, const char *node, unsigned flags)
{
	struct mover *m = sh->mover;
	uint64_t status = 1;
	struct handover h = { 0 };
	struct termios modes;
	char *why = NULL;
	struct msg msg;
	int r;

	keep_rest(sh);
	fflush(stdout);
	fflush(stderr);
	r = freeze(m);
	quiet_terminal(sh, &modes, true);
	if (r == 0 && fill_handover(sh, node, flags, &h, &why) < 0) {
		thaw(m);
	} else {
		msg_init(&msg);
		handover_put(&h, &msg);
		if (r == 0)
			r = frame_send(m->control, FRAME_OFFER, &msg);
		else
			msg_release(&msg);
		if (r == 0)
			r = await_verdict(sh, &why, &status);
		if (r < 0) { /* the peer is gone, and with it the terminal */
			raise(SIGHUP);
			why = strdup("the link is gone");
		}
		m->epoch++; /* whoever held the old ticket is fenced, and we are not */
	}
	handover_release(&h);
	drop_rest(sh);
	tcsetattr(sh->tty, TCSADRAIN, &modes);
	if ((flags & MSG_PROBE) != 0 && status == 0) {
		puts(why != NULL ? why : "it would accept");
		free(why);
		return 0;
	}
	if ((flags & MSG_PROBE) != 0)
		printf("would not: %s\n", why != NULL ? why : "out of memory");
	else
		stays(sh, why != NULL ? why : "out of memory");
	free(why);
	return (int)status;
}

/* ---- asking only: smigrate -n ---- */

static void link_child(struct shell *sh, int control, int memfd, const char *path)
{
	char *argv[] = { (char *)(uintptr_t)"mish-link", (char *)(uintptr_t)"3",
			 (char *)(uintptr_t)"4", NULL };

	dup2(redir_own(memfd), 3);
	dup2(redir_own(control), 4);
	close_range(5, ~0U, 0);
	trap_before_exec(sh, false, false);
	execve(path, argv, var_environ(sh));
	_exit(127);
}

static int await_probe(int fd, const char *node, pid_t pid)
{
	struct frame_buf in = { 0 };
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	char *s = NULL;
	int r = frame_recv(fd, &in, 60000, &type, &payload, &len, &total), status = 1;

	if (r == 0 && msg_parse(&v, payload, len) == 0 && type == FRAME_READY) {
		if (msg_get_strdup(&v, MSG_STEPS, &s) == 0)
			fputs(s, stdout);
		printf("%s would accept\n", node);
		status = 0;
	} else if (r == 0 && msg_get_strdup(&v, MSG_WHY, &s) == 0) {
		printf("would not: %s\n", s);
	} else {
		printf("would not: %s: mish-link: %s\n", node, r < 0 ? strerror(-r) : "no answer");
	}
	free(s);
	frame_buf_release(&in);
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return status;
}

static int probe_from_origin(struct shell *sh, const char *node, unsigned flags)
{
	char *path = locate_program("mish-link"), *why = NULL;
	struct handover h;
	int pair[2], memfd, status = 1;
	pid_t pid;

	if (path == NULL || fill_handover(sh, node, flags, &h, &why) < 0) {
		free(path);
		return stays(sh, why != NULL ? why : "mish-link is not installed");
	}
	free(h.state); /* only asked for: nothing travels */
	h.state = NULL;
	memfd = handover_write(&h);
	if (memfd >= 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0) {
		pid = job_fork(sh, NULL, JOB_FG);
		if (pid == 0)
			link_child(sh, pair[1], memfd, path);
		close(pair[1]);
		if (pid > 0)
			status = await_probe(pair[0], node, pid);
		close(pair[0]);
	}
	if (memfd >= 0)
		close(memfd);
	handover_release(&h);
	free(path);
	return status;
}

/* What would come along and what would not. */
static void report(struct shell *sh, const char *blocked)
{
	size_t n, vars = 0, bound = 0, funcs = 0, aliases = 0;
	const struct var **v = var_sorted(sh, &n);

	for (size_t i = 0; i < n; i++) {
		bool stays_here = state_is_host_bound(v[i]->text, v[i]->name_len);

		vars += !stays_here;
		bound += stays_here && var_value(v[i]) != NULL;
	}
	while (func_at(sh, funcs) != NULL)
		funcs++;
	while (alias_at(sh->aliases, aliases, NULL) != NULL)
		aliases++;
	printf("would travel: %zu variables, %zu functions, %zu aliases, %zu history entries, "
	       "%zu directories\n",
	       vars, funcs, aliases, hist_count(sh->hist), sh->dirs->n + 1);
	printf("would not: %zu variables of this host%s", bound, bound != 0 ? ":" : "");
	for (size_t i = 0; i < n; i++)
		if (var_value(v[i]) != NULL && state_is_host_bound(v[i]->text, v[i]->name_len))
			printf(" %.*s", (int)v[i]->name_len, v[i]->text);
	putchar('\n');
	if (blocked != NULL)
		printf("in the way: %s\n", blocked);
	free(v);
}

int mover_move(struct shell *sh, const char *node, unsigned flags)
{
	struct mover *m = mover_get(sh);
	bool home = strcmp(node, "home") == 0 || strcmp(node, m->origin) == 0, probe;
	char *why = obstacle(sh);
	int status;

	probe = (flags & MSG_PROBE) != 0;
	if (probe)
		report(sh, why);
	if (strcmp(node, m->node) == 0 || (home && m->control < 0)) {
		free(why);
		why = xstrdup(home ? "already at home" : "already there");
	}
	if (why != NULL) {
		if (strchr(node, ' ') == NULL && !home) {
			char *s = NULL;

			if (asprintf(&s, "%s: %s", node, why) >= 0) {
				free(why);
				why = s;
			}
		}
		status = probe ? 1 : stays(sh, why);
		free(why);
		return status;
	}
	if (m->control >= 0) {
		if (probe && home) {
			puts("home would accept");
			return 0;
		}
		return move_from_peer(sh, node, flags);
	}
	return probe ? probe_from_origin(sh, node, flags) : move_from_origin(sh, node, flags);
}

int mover_print_status(void)
{
	const char *session = getenv("MISH_SESSION"), *node = getenv("MISH_NODE");
	const char *origin = getenv("MISH_ORIGIN");

	if (session == NULL || node == NULL) {
		puts("not in a mish session");
		return 1;
	}
	printf("session %s\nnode    %s\norigin  %s\n", session, node,
	       origin != NULL && *origin != '\0' ? origin : node);
	return 0;
}
