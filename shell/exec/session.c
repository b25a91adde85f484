#include <config.h>

#include "shell/exec/session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rendezvous/io_full.h"
#include "rendezvous/node.h"
#include "shell/exec/redir.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"

enum { DAEMON_AGAIN_MS = 5000 };

struct session *session_get(struct shell *sh)
{
	struct session *me = sh->session;
	uint8_t id[RDV_ID_LEN / 2];

	if (me != NULL)
		return me;
	me = xcalloc(1, sizeof(*me));
	me->control = me->daemon = -1;
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

static void register_shell(struct shell *sh)
{
	struct session *me = sh->session;
	struct msg msg;
	int fd = rdv_connect();

	if (fd < 0)
		return;
	me->daemon = redir_own(fd);
	if (me->daemon < 0) {
		close(fd);
		return;
	}
	fcntl(me->daemon, F_SETFL, O_NONBLOCK);
	msg_init(&msg);
	msg_str(&msg, MSG_SESSION, me->session);
	msg_uint(&msg, MSG_EPOCH, me->epoch);
	msg_str(&msg, MSG_ORIGIN, me->origin);
	msg_str(&msg, MSG_NODE, me->node);
	msg_str(&msg, MSG_TTY, isatty(STDIN_FILENO) ? ttyname(STDIN_FILENO) : NULL);
	msg_uint(&msg, MSG_PID, (uint64_t)getpid());
	(void)frame_send(me->daemon, FRAME_REGISTER, &msg);
}

int session_fd(struct shell *sh, int i)
{
	struct session *me = sh->session;

	if (i == 0 && me->daemon < 0 && io_now_ms() >= me->daemon_again_ms)
		register_shell(sh); /* mishd came back, or was not there before */
	return i == 0 ? me->daemon : me->control;
}

static bool daemon_ready(struct session *me)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	long n = frame_fill(&me->daemon_in, me->daemon);
	int r;

	if (n == -EAGAIN)
		return false;
	while ((r = frame_next(&me->daemon_in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		if (type == FRAME_GRANT && msg_parse(&v, payload, len) == 0 && me->grant == NULL &&
		    msg_get_strdup(&v, MSG_NODE, &me->grant) < 0)
			me->grant = NULL;
		frame_buf_drop(&me->daemon_in, total);
	}
	if (n <= 0 || r < 0) {
		close(me->daemon);
		me->daemon = -1;
		me->daemon_again_ms = io_now_ms() + DAEMON_AGAIN_MS;
		frame_buf_release(&me->daemon_in);
	}
	return me->grant != NULL;
}

/* The terminal is at another node now. */
bool session_on_attached(struct shell *sh, const uint8_t *payload, size_t len)
{
	struct session *me = sh->session;
	struct msg_view v;

	if (msg_parse(&v, payload, len) < 0 ||
	    msg_get_str(&v, MSG_ORIGIN, me->origin, sizeof(me->origin)) < 0)
		return false;
	session_set_variables(sh);
	return true;
}

/* At a prompt the peer says that it is gone, COMMIT, or that the terminal is another. */
static bool peer_ready(struct shell *sh)
{
	struct session *me = sh->session;
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	bool moved = false;
	long n = frame_fill(&me->control_in, me->control);

	if (n == 0) {
		close(me->control);
		me->control = -1;
		me->lost = true;
		raise(SIGHUP);
		return false;
	}
	while (frame_next(&me->control_in, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		if (type == FRAME_ATTACHED)
			moved |= session_on_attached(sh, payload, len);
		frame_buf_drop(&me->control_in, total);
	}
	return moved; /* the prompt is drawn for the new terminal */
}

bool session_ready(struct shell *sh, int i)
{
	struct session *me = sh->session;

	if (i == 0)
		return daemon_ready(me);
	return peer_ready(sh);
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

	if (me->control >= 0)
		checkpoint_idle(&me->checkpoint, sh, me->control, me->epoch);
}

void session_busy(struct shell *sh, const char *text)
{
	struct session *me = sh->session;

	if (me->control >= 0)
		checkpoint_busy(&me->checkpoint, sh, me->control, me->epoch, text);
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
	const struct session *me;
	struct strbuf names;
};

static void take_node(void *arg, const struct msg_view *v)
{
	struct node_list *l = arg;
	char name[256];

	if (msg_get_str(v, MSG_NAME, name, sizeof(name)) < 0 || strcmp(name, l->me->node) == 0 ||
	    strcmp(name, l->me->origin) == 0)
		return;
	if (l->names.len != 0)
		strbuf_addc(&l->names, ' ');
	strbuf_adds(&l->names, name);
}

char *session_nodes(struct shell *sh)
{
	struct node_list l = { .me = session_get(sh) };

	(void)ask_daemon(FRAME_GET_NODES, take_node, &l);
	return strbuf_take(&l.names);
}

const char *session_node(struct shell *sh, size_t i)
{
	struct session *me = sh->session;
	char *s;

	if (i == 0) {
		free(me->nodes);
		me->nodes = session_nodes(sh);
		for (char *p = me->nodes; *p != '\0'; p++)
			if (*p == ' ')
				*p = '\n'; /* one name a line, cut below */
	}
	for (s = me->nodes; i != 0 && *s != '\0'; s += strlen(s) + 1)
		i--;
	if (*s == '\0')
		return NULL;
	if (strchr(s, '\n') != NULL)
		*strchr(s, '\n') = '\0';
	return s;
}

int session_print_status(void)
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
