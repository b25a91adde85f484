#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "migrate/handover.h"
#include "migrate/locate.h"
#include "pty/attach.h"
#include "pty/eager.h"
#include "pty/greeting.h"
#include "pty/proc.h"
#include "rendezvous/frame.h"
#include "rendezvous/io_full.h"
#include "rendezvous/node.h"
#include "rendezvous/rdv_client.h"

/*
 * mish-peer: the other node's end (DESIGN 4, 6). Holds the pty master, starts the shell
 * on the slave, and carries frames between it and the link. When the link is lost it goes
 * on without, and keeps what the next one will need: a link that knows the session's
 * secret takes over where the last one was.
 */

enum {
	HELLO_MS = 60000,   /* for the link to say what it wants, or that it does not know yet */
	HELLO_WAITS = 100,  /* … so often */
	COMMIT_MS = 60000,  /* from READY: nobody waits so long with a shell that is frozen */
	END_MS = 3000,	    /* for the shell to end after a hangup */
	FAREWELL_MS = 1000, /* for the link to hear how it ended, when it ended by a hangup */
	GRACE_MS = 24 * 3600 * 1000, /* without a link: then nobody comes any more */
	WINDOW = 1 << 20,   /* output that the link has not acknowledged */
	INPUT_MAX = 1 << 18, /* input that the terminal has not taken */
	KEPT_MAX = 32 << 20, /* checkpoints that a link may not have got */
	ACK_EVERY = 1 << 14,
	CHUNK = 1 << 15,
	PTY_READ = 4096,
};

struct peer {
	struct handover h;
	char term[64];
	uint16_t rows, cols;
	int master, control; /* the pty; the shell's socket */
	pid_t shell;	     /* 0: ended */
	int status;
	struct frame_buf in, out;     /* from and to the link */
	struct frame_buf ctl_in, ctl_out; /* from and to the shell */
	struct frame_buf input;	      /* for the pty */
	struct frame_buf replay;      /* output that the link did not acknowledge */
	struct frame_buf kept;	      /* what the shell said last: checkpoints, or an offer */
	uint64_t sent, acked;	      /* output */
	uint64_t delivered, ack_sent; /* input */
	bool frozen; /* the shell is being moved on: no input */
	bool offered;
	bool released, committed;
	bool hung_up;	/* by us: then how the shell ends is no news */
	bool link_gone;
	int listener;	/* where another link may come, -1 before COMMIT */
	int waiter;	/* the process that brought the link we have, -1 none */
	int64_t since_ms; /* READY, hangup, or the loss of the link */
	enum { RUNNING, DRAINING, FAREWELL, DONE } stage;
	sigset_t sleep_mask;
	struct eager eager;
};

static volatile sig_atomic_t got_chld, got_end;

static void on_signal(int signo)
{
	if (signo == SIGCHLD)
		got_chld = 1;
	else
		got_end = signo;
}

/* Tells the link why not, and ends. */
static void refuse(const char *fmt, const char *arg)
{
	char *why = NULL;
	struct msg m;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (asprintf(&why, fmt, arg) < 0)
		why = NULL;
#pragma GCC diagnostic pop
	msg_init(&m);
	msg_uint(&m, MSG_VERSION, PROTOCOL_VERSION);
	msg_str(&m, MSG_WHY, why);
	msg_uint(&m, MSG_STATUS, 1);
	(void)frame_send(STDOUT_FILENO, FRAME_ABORT, &m);
	exit(1);
}

/* ---- before there is a shell ---- */

/* The link wants a session that another process holds. Does not return. */
static void attach_other(struct peer *p, const uint8_t *hello, size_t len)
{
	int r = attach_pass(p->h.session, p->h.peer_epoch, hello, len);
	struct msg m;

	if (r == 0)
		exit(0);
	msg_init(&m);
	/* only who surely does not exist may be replaced */
	msg_str(&m, MSG_WHY, r == -ECONNREFUSED ? "there is no such session" : strerror(-r));
	msg_uint(&m, MSG_STATUS, r == -ECONNREFUSED ? MSG_ATTACH_GONE : MSG_ATTACH_FAILED);
	(void)frame_send(STDOUT_FILENO, FRAME_ABORT, &m);
	exit(1);
}

static void read_hello(struct peer *p)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	uint64_t n;
	char versions[64];
	int r, waits = HELLO_WAITS;

	for (;;) {
		r = frame_recv(STDIN_FILENO, &p->in, HELLO_MS, &type, &payload, &len, &total);
		if (r < 0 || type != FRAME_ACK || waits-- == 0)
			break;
		frame_buf_drop(&p->in, total); /* a link that was started early */
	}
	if (r < 0)
		exit(1); /* nobody there to be told */
	if (type != FRAME_HELLO || msg_parse(&v, payload, len) < 0 ||
	    msg_get_uint(&v, MSG_VERSION, UINT32_MAX, &n) < 0)
		refuse("%s", "the greeting cannot be read");
	if (n != PROTOCOL_VERSION) {
		snprintf(versions, sizeof(versions), "%llu, here it is %d", (unsigned long long)n,
			 (int)PROTOCOL_VERSION);
		refuse("protocol version %s; install the same mish on both nodes", versions);
	}
	if (handover_get(&v, &p->h) < 0 || p->h.session[0] == '\0')
		refuse("%s", "the greeting cannot be read");
	if ((p->h.flags & MSG_ATTACH) != 0)
		attach_other(p, payload, len);
	if (msg_get_str(&v, MSG_TERM, p->term, sizeof(p->term)) < 0)
		snprintf(p->term, sizeof(p->term), "dumb");
	p->rows = msg_get_uint(&v, MSG_ROWS, UINT16_MAX, &n) == 0 ? (uint16_t)n : 24;
	p->cols = msg_get_uint(&v, MSG_COLS, UINT16_MAX, &n) == 0 ? (uint16_t)n : 80;
	frame_buf_drop(&p->in, total);
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
	msg_str(&m, MSG_SESSION, p->h.session);
	msg_uint(&m, MSG_FLAGS, p->h.flags);
	msg_uint(&m, MSG_VERSION, PROTOCOL_VERSION);
	r = frame_send(fd, FRAME_ADMIT, &m);
	if (r == 0)
		r = frame_recv(fd, &in, 2000, &type, &payload, &len, &total);
	if (r == 0 && type == FRAME_REFUSED && msg_parse(&v, payload, len) == 0)
		(void)msg_get_str(&v, MSG_WHY, why, sizeof(why));
	frame_buf_release(&in);
	close(fd);
	if (why[0] != '\0')
		refuse("%s", why);
}

static void answer_probe(void)
{
	char node[256];
	struct msg m;

	node_own_name(node, sizeof(node));
	msg_init(&m);
	msg_uint(&m, MSG_VERSION, PROTOCOL_VERSION);
	msg_str(&m, MSG_NODE, node);
	(void)frame_send(STDOUT_FILENO, FRAME_READY, &m);
	exit(0);
}

/* In the child: the shell on the slave. */
static void shell_child(struct peer *p, int slave, int control, int memfd, char *mish)
{
	char memfd_s[16], control_s[16];
	char *argv[] = { (char *)(uintptr_t)((p->h.flags & MSG_LOGIN) != 0 ? "-mish" : "mish"),
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
	/* without close-on-exec and above the script's; the shell takes them from there */
	snprintf(memfd_s, sizeof(memfd_s), "%d", fcntl(memfd, F_DUPFD, 20));
	snprintf(control_s, sizeof(control_s), "%d", fcntl(control, F_DUPFD, 20));
	setenv("TERM", p->term, 1);
	execv(mish, argv);
	dprintf(STDERR_FILENO, "mish-peer: %s: %s\r\n", mish, strerror(errno));
	_exit(127);
}

static void start_shell(struct peer *p)
{
	struct winsize w = { .ws_row = p->rows, .ws_col = p->cols };
	char *mish = locate_program("mish");
	int slave = -1, pair[2], memfd;

	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->master < 0 || grantpt(p->master) < 0 || unlockpt(p->master) < 0 ||
	    (slave = ioctl(p->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0)
		refuse("cannot open a pty: %s", strerror(errno));
	ioctl(p->master, TIOCSWINSZ, &w);
	node_own_name(p->h.node, sizeof(p->h.node));
	memfd = handover_write(&p->h);
	if (memfd < 0)
		refuse("cannot pass the state on: %s", strerror(-memfd));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		refuse("cannot make a socket: %s", strerror(errno));
	if (mish == NULL)
		refuse("%s", "mish is not installed beside mish-peer");
	p->shell = fork();
	if (p->shell == 0)
		shell_child(p, slave, pair[1], memfd, mish);
	if (p->shell < 0)
		refuse("cannot fork: %s", strerror(errno));
	close(slave);
	close(memfd);
	close(pair[1]);
	p->control = pair[0];
	fcntl(p->control, F_SETFL, O_NONBLOCK);
	fcntl(p->master, F_SETFL, O_RDWR | O_NONBLOCK);
	free(mish);
}

/* ---- carrying ---- */

static void stage(struct peer *p, int next)
{
	p->stage = next;
	p->since_ms = io_now_ms();
}

static void to_shell(struct peer *p, enum frame_type type, const uint8_t *payload, size_t len)
{
	(void)frame_put(&p->ctl_out, type, payload, len);
}

static void hang_up(struct peer *p)
{
	if (p->shell > 0) {
		kill(p->shell, SIGHUP);
		kill(p->shell, SIGCONT);
	}
	if (p->master >= 0)
		close(p->master); /* the foreground job gets HUP from the kernel */
	p->master = -1;
	if (!p->hung_up)
		p->since_ms = io_now_ms();
	p->hung_up = true;
}

/* The session is elsewhere: whatever this shell is doing, it must not go on. */
static void end_fenced(struct peer *p)
{
	if (p->shell > 0) {
		proc_kill_session(p->shell, SIGHUP);
		kill(p->shell, SIGKILL);
		waitpid(p->shell, NULL, 0);
	}
	exit(0);
}

/* The link is lost. A session that is committed waits for the next. */
static void detach(struct peer *p)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (!p->committed) {
		if (p->shell > 0)
			kill(p->shell, SIGKILL);
		exit(1);
	}
	if (p->link_gone)
		return;
	p->link_gone = true;
	p->since_ms = io_now_ms();
	frame_buf_release(&p->in);
	frame_buf_release(&p->out);
	if (null >= 0) { /* sshd sees that nobody is left here */
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		close(null);
	}
	if (p->waiter >= 0)
		close(p->waiter);
	p->waiter = -1;
	if (p->released)
		stage(p, DONE);
}

static void on_winch(struct peer *p, const struct msg_view *v)
{
	uint64_t rows, cols;

	if (msg_get_uint(v, MSG_ROWS, UINT16_MAX, &rows) == 0 &&
	    msg_get_uint(v, MSG_COLS, UINT16_MAX, &cols) == 0 && p->master >= 0) {
		struct winsize w = { .ws_row = (uint16_t)rows, .ws_col = (uint16_t)cols };

		ioctl(p->master, TIOCSWINSZ, &w);
	}
}

static void commit(struct peer *p, const uint8_t *payload, size_t len)
{
	if (p->committed)
		return;
	p->committed = true;
	p->listener = attach_listen(p->h.session, p->h.peer_epoch);
	to_shell(p, FRAME_COMMIT, payload, len);
}

static bool on_ack(struct peer *p, uint64_t acked)
{
	if (acked > p->sent)
		return false;
	if (acked < p->acked) /* a new link tells what is shown, and we know that it has more */
		return true;
	frame_buf_drop(&p->replay, (size_t)(acked - p->acked));
	p->acked = acked;
	return true;
}

/* A frame from the link. False: it makes no sense, the link is cut off. */
static bool from_link(struct peer *p, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct msg_view v = { 0 };
	uint64_t n;

	if (type == FRAME_DATA)
		return p->committed && frame_buf_add(&p->input, payload, len) == 0;
	if (msg_parse(&v, payload, len) < 0)
		return false;
	switch (type) {
	case FRAME_COMMIT:
		commit(p, payload, len);
		return true;
	case FRAME_ABORT: /* before COMMIT nothing that the shell did may be seen */
		if (p->committed)
			return false;
		detach(p);
		return true;
	case FRAME_ACK:
		return msg_get_uint(&v, MSG_DELIVERED, UINT64_MAX, &n) == 0 && on_ack(p, n);
	case FRAME_WINCH:
		on_winch(p, &v);
		return true;
	case FRAME_SIGNAL:
		hang_up(p);
		return true;
	case FRAME_RELEASE:
		p->released = true;
		to_shell(p, type, payload, len);
		return true;
	case FRAME_RESUME:
		p->frozen = p->offered = false;
		to_shell(p, type, payload, len);
		return true;
	case FRAME_EXIT: /* it knows how the session ended */
		if (p->stage == FAREWELL)
			stage(p, DONE);
		return true;
	default:
		return true; /* of a later version */
	}
}

static void send_delivered(struct peer *p, enum frame_type type)
{
	struct msg m;

	msg_init(&m);
	msg_uint(&m, MSG_DELIVERED, p->delivered);
	(void)frame_put_msg(&p->out, type, &m);
	p->ack_sent = p->delivered;
}

/* Remembers what the next link may have to hear again. */
static void keep(struct peer *p, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct msg_view v;
	uint64_t flags = 0;

	if (type == FRAME_CHECKPOINT && msg_parse(&v, payload, len) == 0)
		(void)msg_get_uint(&v, MSG_FLAGS, UINT32_MAX, &flags);
	if (type == FRAME_CHECKPOINT) /* for how long we wait without a link */
		p->h.flags = (p->h.flags & ~(uint64_t)MSG_PERSIST) | (flags & MSG_PERSIST);
	if (type == FRAME_OFFER)
		p->offered = true;
	/* an offer holds all that the checkpoints did */
	if (type == FRAME_OFFER || (flags & MSG_WHOLE) != 0 || p->kept.len + len > KEPT_MAX)
		frame_buf_release(&p->kept);
	(void)frame_put(&p->kept, type, payload, len);
}

static void from_shell(struct peer *p, enum frame_type type, const uint8_t *payload, size_t len)
{
	switch (type) {
	case FRAME_FROZEN:
		/* from here on input waits: what is not delivered goes to the next node, and
		 * what is, the shell takes out of the terminal when it sees this answer */
		p->frozen = true;
		if (!p->link_gone)
			send_delivered(p, FRAME_FROZEN);
		to_shell(p, FRAME_FROZEN, payload, len);
		return;
	case FRAME_RESUME: /* it made no offer after all */
		p->frozen = p->offered = false;
		break;
	case FRAME_READY:
	case FRAME_ABORT:
		p->since_ms = io_now_ms();
		break;
	case FRAME_OFFER:
	case FRAME_CHECKPOINT:
		keep(p, type, payload, len);
		break;
	default:
		return;
	}
	if (!p->link_gone)
		(void)frame_put(&p->out, type, payload, len);
}

static void read_link(struct peer *p)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	long n = frame_fill(&p->in, STDIN_FILENO);
	int r;

	if (n == -EAGAIN)
		return;
	while (!p->link_gone &&
	       (r = frame_next(&p->in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		if (!from_link(p, type, payload, len)) {
			r = -EBADMSG;
			break;
		}
		if (!p->link_gone)
			frame_buf_drop(&p->in, total);
	}
	if (n <= 0 || r < 0)
		detach(p);
}

static void read_shell(struct peer *p)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	long n = frame_fill(&p->ctl_in, p->control);

	if (n == -EAGAIN)
		return;
	while (frame_next(&p->ctl_in, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		from_shell(p, type, payload, len);
		frame_buf_drop(&p->ctl_in, total);
	}
	if (n <= 0) {
		close(p->control);
		p->control = -1;
	}
}

/* Output of the terminal: at most a chunk a turn. False: there is no more for now. */
static bool read_master(struct peer *p)
{
	uint8_t buf[CHUNK];
	size_t n = 0;
	ssize_t got;

	if (p->master < 0 || p->sent - p->acked >= WINDOW)
		return false;
	/* a pty gives 4 KiB at a time: together they cost one frame */
	while (n + PTY_READ <= sizeof(buf) && (got = read(p->master, buf + n, sizeof(buf) - n)) > 0) {
		n += (size_t)got;
		if (got < PTY_READ - 1)
			break; /* it has no more */
	}
	if (n == 0)
		return false;
	eager_heard(&p->eager);
	if (!p->link_gone)
		(void)frame_put(&p->out, FRAME_DATA, buf, n);
	(void)frame_buf_add(&p->replay, buf, n);
	p->sent += n;
	return true;
}

static void write_master(struct peer *p)
{
	ssize_t n;

	if (p->master < 0 || p->frozen || p->input.len == 0)
		return;
	n = write(p->master, frame_buf_at(&p->input), p->input.len);
	if (n <= 0)
		return;
	eager_sent(&p->eager);
	frame_buf_drop(&p->input, (size_t)n);
	p->delivered += (uint64_t)n;
	if (p->delivered - p->ack_sent >= ACK_EVERY && !p->link_gone)
		send_delivered(p, FRAME_ACK);
}

/* ---- another link ---- */

static void refuse_link(int fd, const char *why, enum msg_attach status)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_WHY, why);
	msg_uint(&m, MSG_STATUS, status);
	(void)frame_send(fd, FRAME_ABORT, &m);
}

static bool same_secret(const uint8_t *a, const uint8_t *b)
{
	uint8_t diff = 0;

	for (size_t i = 0; i < sizeof(((struct handover *)0)->secret); i++)
		diff |= a[i] ^ b[i];
	return diff == 0;
}

static void say_exit(struct peer *p)
{
	bool killed = WIFSIGNALED(p->status) && WTERMSIG(p->status) != SIGHUP && !p->hung_up;
	char why[64];
	struct msg m;

	snprintf(why, sizeof(why), "the shell there was killed by signal %d", WTERMSIG(p->status));
	msg_init(&m);
	msg_uint(&m, MSG_STATUS, WIFEXITED(p->status) ? (uint64_t)WEXITSTATUS(p->status)
						      : 128 + (uint64_t)WTERMSIG(p->status));
	if (killed) { /* the last checkpoint is better than nothing */
		msg_uint(&m, MSG_FLAGS, MSG_LOST);
		msg_str(&m, MSG_WHY, why);
	}
	(void)frame_put_msg(&p->out, FRAME_EXIT, &m);
}

/* Output that was not acknowledged, and what the shell said that may not have arrived. */
static void say_again(struct peer *p, uint64_t seq)
{
	struct frame_buf rest = p->kept; /* borrowed */
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	uint64_t n;

	for (size_t off = 0; off < p->replay.len; off += CHUNK) {
		len = p->replay.len - off < CHUNK ? p->replay.len - off : CHUNK;
		(void)frame_put(&p->out, FRAME_DATA, frame_buf_at(&p->replay) + off, len);
	}
	if (p->frozen)
		send_delivered(p, FRAME_FROZEN);
	while (frame_next(&rest, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		if (type == FRAME_OFFER ? p->offered
					: msg_parse(&v, payload, len) == 0 &&
					  msg_get_uint(&v, MSG_SEQ, UINT64_MAX, &n) == 0 && n >= seq)
			(void)frame_put(&p->out, type, payload, len);
		frame_buf_drop(&rest, total);
	}
	if (p->stage == FAREWELL)
		say_exit(p);
}

static void take_over(struct peer *p, const struct msg_view *v, const struct handover *h,
		      uint64_t received, const int fds[2])
{
	bool fresh = (h->flags & MSG_FRESH) != 0;
	char node[256];
	struct msg m;

	if (!p->link_gone) { /* the link we had, should it still be listening */
		msg_init(&m);
		frame_buf_release(&p->out);
		if (frame_put_msg(&p->out, FRAME_FENCED, &m) == 0)
			(void)frame_flush(&p->out, STDOUT_FILENO);
		detach(p);
	}
	if (!fresh)
		(void)on_ack(p, received);
	dup2(fds[0], STDIN_FILENO);
	dup2(fds[1], STDOUT_FILENO);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	p->link_gone = false;
	if (handover_is_set(h->new_secret))
		memcpy(p->h.secret, h->new_secret, sizeof(p->h.secret));
	node_own_name(node, sizeof(node));
	msg_init(&m);
	msg_str(&m, MSG_NODE, node);
	msg_uint(&m, MSG_RECEIVED, p->delivered + p->input.len);
	msg_uint(&m, MSG_SENT, p->acked);
	msg_uint(&m, MSG_FLAGS, p->offered ? MSG_FROZEN : 0);
	(void)frame_put_msg(&p->out, FRAME_READY, &m);
	if (!p->frozen) /* what the last link was told may not have arrived, and a full window is silent */
		send_delivered(p, FRAME_ACK);
	say_again(p, h->seq);
	on_winch(p, v);
	if (fresh) { /* this is where the terminal is now */
		msg_init(&m);
		msg_str(&m, MSG_ORIGIN, h->origin);
		(void)frame_put_msg(&p->ctl_out, FRAME_ATTACHED, &m);
	}
}

static void on_attach(struct peer *p)
{
	uint8_t hello[ATTACH_HELLO_MAX];
	struct handover h = { 0 };
	uint64_t received = 0;
	struct msg_view v;
	size_t len;
	int fds[2], fd = attach_accept(p->listener, hello, &len, fds);

	if (fd < 0)
		return;
	if (msg_parse(&v, hello, len) < 0 || handover_get(&v, &h) < 0 ||
	    /* the new one: it was taken over, and our answer did not arrive */
	    !(same_secret(h.secret, p->h.secret) || same_secret(h.new_secret, p->h.secret))) {
		refuse_link(fds[1], "another terminal has the session now", MSG_ATTACH_TAKEN);
	} else if ((h.flags & MSG_FENCE) != 0) {
		refuse_link(fds[1], "ended", MSG_ATTACH_GONE);
		end_fenced(p);
	} else if ((h.flags & MSG_FRESH) == 0 &&
		   (msg_get_uint(&v, MSG_RECEIVED, p->sent, &received) < 0 || received < p->acked)) {
		refuse_link(fds[1], "the counters do not agree", MSG_ATTACH_FAILED);
	} else {
		take_over(p, &v, &h, received, fds);
		p->waiter = fd;
		fd = -1;
	}
	close(fds[0]);
	close(fds[1]);
	if (fd >= 0)
		close(fd);
	handover_release(&h);
}

/* ---- the loop ---- */

static void reap(struct peer *p)
{
	int st;

	got_chld = 0;
	if (p->shell <= 0 || waitpid(p->shell, &st, WNOHANG) != p->shell)
		return;
	p->shell = 0;
	p->status = st;
	if (p->control >= 0)
		read_shell(p); /* a reason it gave for ending */
	stage(p, DRAINING);
}

static void watch(struct peer *p, struct pollfd v[5])
{
	/* a hangup is told in any case */
	v[0] = (struct pollfd){ .fd = p->link_gone ? -1 : STDIN_FILENO,
				.events = p->input.len > INPUT_MAX ? 0 : POLLIN };
	v[1] = (struct pollfd){ .fd = p->out.len != 0 && !p->link_gone ? STDOUT_FILENO : -1,
				.events = POLLOUT };
	v[2] = (struct pollfd){ .fd = p->master };
	if (p->sent - p->acked < WINDOW && p->out.len < 2 * WINDOW)
		v[2].events |= POLLIN;
	if (p->input.len != 0 && !p->frozen)
		v[2].events |= POLLOUT;
	if (v[2].events == 0)
		v[2].fd = -1; /* else its hangup would wake us for nothing */
	v[3] = (struct pollfd){ .fd = p->control,
				.events = (short)(POLLIN | (p->ctl_out.len != 0 ? POLLOUT : 0)) };
	v[4] = (struct pollfd){ .fd = p->listener, .events = POLLIN };
}

static void poll_once(struct peer *p, int64_t timeout_ms)
{
	struct timespec ts = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	struct pollfd v[5];

	watch(p, v);
	if (eager_poll(&p->eager, v, 5, timeout_ms < 0 ? NULL : &ts, &p->sleep_mask) < 0)
		return;
	if (v[0].revents != 0)
		read_link(p);
	if (v[4].revents != 0)
		on_attach(p);
	if (v[3].revents != 0 && p->control >= 0)
		read_shell(p);
	if (p->control >= 0 && p->ctl_out.len != 0)
		(void)frame_flush(&p->ctl_out, p->control);
	if ((v[2].revents & POLLOUT) != 0 || (v[0].revents != 0 && p->input.len != 0))
		write_master(p);
	if ((v[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !read_master(p) &&
	    (v[2].revents & POLLHUP) != 0 && p->master >= 0 && p->sent - p->acked < WINDOW) {
		close(p->master);
		p->master = -1;
	}
	if (p->out.len != 0 && !p->link_gone) {
		int r = frame_flush(&p->out, STDOUT_FILENO);

		if (r < 0 && r != -EAGAIN)
			detach(p);
	}
}

/* How long until something has to happen by itself; -1 for ever. */
static int64_t deadline(const struct peer *p)
{
	int64_t limit = -1, left;

	if (p->hung_up && p->stage == RUNNING)
		limit = END_MS;
	else if (p->stage == FAREWELL && p->hung_up)
		limit = FAREWELL_MS;
	else if (!p->committed)
		limit = COMMIT_MS;
	else if (p->link_gone && ((p->h.flags & MSG_PERSIST) == 0 || p->stage == FAREWELL))
		limit = GRACE_MS;
	if (limit < 0)
		return -1;
	left = p->since_ms + limit - io_now_ms();
	return left > 0 ? left : 0;
}

static void on_deadline(struct peer *p)
{
	if (p->stage == FAREWELL)
		stage(p, DONE);
	else if (p->hung_up && p->shell > 0)
		kill(p->shell, SIGKILL);
	else if (!p->committed)
		detach(p);
	else
		hang_up(p);
}

/* The shell has ended: what it still printed, then how it ended. */
static void wind_up(struct peer *p)
{
	/* a full window keeps the rest in the terminal, if there still is one */
	if (p->stage == DRAINING && !read_master(p) &&
	    (p->master < 0 || p->sent - p->acked < WINDOW)) {
		if (p->released || (p->link_gone && p->hung_up)) {
			stage(p, p->out.len != 0 && !p->link_gone ? DRAINING : DONE);
			return;
		}
		stage(p, FAREWELL);
		if (!p->link_gone)
			say_exit(p);
	}
}

static void run(struct peer *p)
{
	while (p->stage != DONE) {
		int64_t left = deadline(p);

		if (left == 0)
			on_deadline(p);
		if (got_end) /* the node goes down: no farewell, the guardian has a checkpoint */
			end_fenced(p);
		poll_once(p, left == 0 ? 1 : left);
		if (got_chld)
			reap(p);
		wind_up(p);
	}
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct peer p = { .master = -1, .control = -1, .listener = -1, .waiter = -1 };
	sigset_t block;

	(void)argv;
	if (argc > 1 || isatty(STDIN_FILENO)) {
		fputs("mish-peer: started by mish-link over SSH, not by hand; see mish-peer(8)\n",
		      stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (io_write_full(STDOUT_FILENO, greeting, GREETING_LEN) < 0)
		return 1;
	read_hello(&p);
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, &p.sleep_mask);
	sigaction(SIGCHLD, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	ask_admission(&p);
	if ((p.h.flags & MSG_PROBE) != 0)
		answer_probe();
	start_shell(&p);
	p.since_ms = io_now_ms();
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	run(&p);
	return 0;
}
