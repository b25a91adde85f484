#include <config.h>

#include "pty/begin.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "migrate/programs.h"
#include "pty/agent.h"
#include "pty/attach.h"
#include "pty/placed.h"
#include "rendezvous/rdv_client.h"
#include "wire/io_full.h"
#include "wire/node.h"

enum {
	HELLO_MS = 60000,  /* for the link to say HELLO, or ACK: it still waits for an order */
	HELLO_WAITS = 100, /* so many ACKs are taken */
};

static void answer(enum frame_type type, const struct record *record, const void *body)
{
	struct frame_buf out = { 0 };

	if (frames_put(&out, type, record, body) == 0)
		(void)io_write_full(STDOUT_FILENO, frame_buf_at(&out), out.len);
	frame_buf_release(&out);
}

void begin_refuse(const char *fmt, const char *arg)
{
	struct verdict v = { .version = PROTOCOL_VERSION, .status = 1 };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (asprintf(&v.why, fmt, arg) < 0)
		v.why = NULL;
#pragma GCC diagnostic pop
	answer(FRAME_ABORT, &verdict_record, &v);
	exit(1);
}

/* HELLO on its way to the peer that has the session, with the display that sshd made for this connection. */
static int pass_on(struct peer *p, const uint8_t *hello, size_t len)
{
	const char *display = p->hello.errand == ERRAND_ATTACH ? getenv("DISPLAY") : NULL;
	struct msg m;
	int r;

	if (display == NULL) /* as it came, whatever a newer link has put into it */
		return attach_pass(p->hello.socket, hello, len);
	free(p->hello.display);
	p->hello.display = strdup(display);
	msg_init(&m);
	record_put(&hello_record, &p->hello, &m);
	r = msg_done(&m);
	if (r == 0)
		r = attach_pass(p->hello.socket, m.buf, m.len);
	msg_release(&m);
	return r;
}

/* The link wants a session that another process holds. Does not return. */
static void attach_other(struct peer *p, const uint8_t *hello, size_t len)
{
	struct verdict v = { .status = MSG_ATTACH_FAILED };
	int r;

	if (p->hello.errand == ERRAND_ATTACH)
		agent_follow(p->hello.session);
	r = pass_on(p, hello, len);

	if (r == 0)
		exit(0);
	/* GONE must be certain: the guardian starts another shell then */
	if (r == -ECONNREFUSED)
		v.status = MSG_ATTACH_GONE;
	v.why = strdup(r == -ECONNREFUSED ? "there is no such session" : strerror(-r));
	answer(FRAME_ABORT, &verdict_record, &v);
	exit(1);
}

/* Reads HELLO: first its version, then the rest. */
static void read_hello(struct peer *p, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct msg_view v;
	char versions[64];
	uint64_t n;
	int r;

	if (type != FRAME_HELLO || msg_parse(&v, payload, len) < 0)
		begin_refuse("%s", "the greeting cannot be read");
	r = frame_check_version(&v, MSG_VERSION, &n);
	if ((r < 0 && r != -EPROTO) || record_get(&hello_record, &v, &p->hello) < 0 || p->hello.session[0] == '\0')
		begin_refuse("%s", "the greeting cannot be read");
	/* of any version: its peer began with the same one, and outlives an upgrade */
	if (p->hello.errand == ERRAND_ATTACH || p->hello.errand == ERRAND_FENCE)
		attach_other(p, payload, len);
	if (r == -EPROTO) {
		snprintf(versions, sizeof(versions), "%llu, here it is %d", (unsigned long long)n,
			 (int)PROTOCOL_VERSION);
		begin_refuse("protocol version %s; install the same mish on both nodes", versions);
	}
	if (p->hello.errand != ERRAND_MOVE && p->hello.errand != ERRAND_ASK && p->hello.errand != ERRAND_PLACE)
		begin_refuse("%s", "the greeting cannot be read");
	if (p->hello.errand == ERRAND_MOVE && /* else anybody could attach, or no link could come back */
	    (!record_secret_is_set(p->hello.secret, sizeof(p->hello.secret)) ||
	     !record_secret_is_set(p->hello.socket, sizeof(p->hello.socket))))
		begin_refuse("%s", "the greeting has no secret; install the same mish on both nodes");
	if (p->hello.term[0] == '\0')
		snprintf(p->hello.term, sizeof(p->hello.term), "dumb");
}

void begin_hear(struct peer *p)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	int r, waits = HELLO_WAITS;

	for (;;) {
		r = frame_recv(STDIN_FILENO, &p->in, HELLO_MS, &type, &payload, &len, &total);
		if (r < 0 || type != FRAME_ACK || waits-- == 0)
			break;
		frame_buf_drop(&p->in, total); /* a link that was started early */
	}
	if (r < 0)
		exit(1); /* nobody there to be told */
	read_hello(p, type, payload, len);
	frame_buf_drop(&p->in, total);
	if (p->in.len == 0)
		frame_buf_release(&p->in); /* HELLO's state and key lie in it */
}

/* Asks this node's mishd, if there is one, whether the session may come. */
static void ask_admission(struct peer *p)
{
	struct frame_buf in = { 0 };
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	struct msg m;
	char why[256] = "";
	int fd = rdv_connect(), r;

	if (fd < 0)
		return;
	msg_init(&m);
	msg_str(&m, MSG_SESSION, p->hello.session);
	msg_uint(&m, MSG_FLAGS, p->hello.flags);
	r = frame_send(fd, FRAME_ADMIT, &m);
	if (r == 0)
		r = frame_recv(fd, &in, 2000, &type, &payload, &len, &total);
	if (r == 0 && type == FRAME_REFUSED && msg_parse(&v, payload, len) == 0)
		(void)msg_get_str(&v, MSG_WHY, why, sizeof(why));
	frame_buf_release(&in);
	close(fd);
	if (why[0] != '\0')
		begin_refuse("%s", why);
}

static void answer_question(void)
{
	struct ready r = { .version = PROTOCOL_VERSION };

	node_own_name(r.node, sizeof(r.node));
	answer(FRAME_READY, &ready_record, &r);
	exit(0);
}

/* In the child: the shell on the slave. */
static void shell_child(struct peer *p, int slave, int control, int memfd, char *mish)
{
	char memfd_s[16], control_s[16];
	char *argv[] = { (char *)(uintptr_t)((p->hello.flags & MSG_LOGIN) != 0 ? "-mish" : "mish"),
			 (char *)(uintptr_t)"--restore", memfd_s, control_s, NULL };

	sigprocmask(SIG_SETMASK, &p->sleep_mask, NULL);
	for (int i = 1; i < NSIG; i++)
		if (i != SIGKILL && i != SIGSTOP)
			signal(i, SIG_DFL);
	setsid();
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		_exit(127);
	for (int i = 0; i < 3; i++)
		dup2(slave, i);
	/* without close-on-exec, and above the script's own; the shell gets their numbers */
	snprintf(memfd_s, sizeof(memfd_s), "%d", fcntl(memfd, F_DUPFD, 20));
	snprintf(control_s, sizeof(control_s), "%d", fcntl(control, F_DUPFD, 20));
	setenv("TERM", p->hello.term, 1);
	agent_follow(p->hello.session);
	execv(mish, argv);
	dprintf(STDERR_FILENO, "mish-peer: %s: %s\r\n", mish, strerror(errno));
	_exit(127);
}

int begin_arrival(const struct hello *h)
{
	struct arrival a = { .flags = h->flags, .from = h->from, .pid = h->pid, .sealed = h->sealed /* borrowed */ };
	int fd;

	memcpy(a.session, h->session, sizeof(a.session));
	memcpy(a.origin, h->origin, sizeof(a.origin));
	memcpy(a.here, h->here, sizeof(a.here));
	fd = handover_write(&arrival_record, &a);
	explicit_bzero(&a, sizeof(a));
	return fd;
}

/* Opens the pty, starts `mish --restore` on it, and hands it the state in a memfd. */
static void start_shell(struct peer *p)
{
	struct winsize w = { .ws_row = p->hello.rows != 0 ? p->hello.rows : 24,
			     .ws_col = p->hello.cols != 0 ? p->hello.cols : 80 };
	const struct programs none = { 0 };
	char *mish = programs_path(&none, PROGRAM_MISH);
	int slave = -1, pair[2], memfd;

	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->master < 0 || grantpt(p->master) < 0 || unlockpt(p->master) < 0 ||
	    (slave = ioctl(p->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0)
		begin_refuse("cannot open a pty: %s", strerror(errno));
	ioctl(p->master, TIOCSWINSZ, &w);
	p->listener = attach_listen(p->hello.socket); /* a session that no link could come back to is none */
	if (p->listener < 0)
		begin_refuse("cannot make a socket for the session: %s", strerror(-p->listener));
	memfd = begin_arrival(&p->hello);
	if (memfd < 0)
		begin_refuse("cannot pass the state on: %s", strerror(-memfd));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		begin_refuse("cannot make a socket: %s", strerror(errno));
	if (mish == NULL)
		begin_refuse("%s", "mish is not installed beside mish-peer");
	p->shell = fork();
	if (p->shell == 0)
		shell_child(p, slave, pair[1], memfd, mish);
	if (p->shell < 0)
		begin_refuse("cannot fork: %s", strerror(errno));
	sealed_drop(&p->hello.sealed);
	close(slave);
	close(memfd);
	close(pair[1]);
	p->control = pair[0];
	fcntl(p->control, F_SETFL, O_NONBLOCK);
	fcntl(p->master, F_SETFL, O_RDWR | O_NONBLOCK);
	free(mish);
}

void begin_shell(struct peer *p)
{
	ask_admission(p);
	if (p->hello.errand == ERRAND_ASK)
		answer_question();
	if (p->hello.errand == ERRAND_PLACE)
		placed_run(p);
	start_shell(p);
}
