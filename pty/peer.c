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
#include "pty/greeting.h"
#include "rendezvous/frame.h"
#include "rendezvous/io_full.h"
#include "rendezvous/node.h"
#include "rendezvous/rdv_client.h"

/*
 * mish-peer: the other node's end (DESIGN 4, 6). Holds the pty master, starts the shell
 * on the slave, and carries frames between it and the link.
 */

enum {
	HELLO_MS = 60000,   /* for the link to say what it wants */
	END_MS = 3000,	    /* for the shell to end after a hangup */
	WINDOW = 1 << 20,   /* output that the link has not acknowledged */
	INPUT_MAX = 1 << 18, /* input that the terminal has not taken */
	ACK_EVERY = 1 << 14,
	CHUNK = 1 << 15,
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
	uint64_t sent, acked;	      /* output */
	uint64_t delivered, ack_sent; /* input */
	bool frozen; /* the shell is being moved on: no input */
	bool released, committed, ended;
	bool link_gone;
	sigset_t sleep_mask;
};

static volatile sig_atomic_t got_chld, got_end;

static void on_signal(int signo)
{
	if (signo == SIGCHLD)
		got_chld = 1;
	else
		got_end = signo;
}

static void say(struct peer *p, enum frame_type type, const char *why, uint64_t status)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_WHY, why);
	msg_uint(&m, MSG_STATUS, status);
	(void)frame_put_msg(&p->out, type, &m);
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

static void read_hello(struct peer *p)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	uint64_t n;
	int r = frame_recv(STDIN_FILENO, &p->in, HELLO_MS, &type, &payload, &len, &total);
	char versions[64];

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
	p->ended = true;
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
		p->committed = true;
		to_shell(p, type, payload, len);
		return true;
	case FRAME_ABORT: /* before COMMIT nothing that the shell did may be seen */
		if (p->committed)
			return false;
		if (p->shell > 0)
			kill(p->shell, SIGKILL);
		p->ended = true;
		return true;
	case FRAME_ACK:
		if (msg_get_uint(&v, MSG_DELIVERED, p->sent, &n) < 0 || n < p->acked)
			return false;
		p->acked = n;
		return true;
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
		p->frozen = false;
		to_shell(p, type, payload, len);
		return true;
	case FRAME_PING:
		(void)frame_put(&p->out, FRAME_PONG, payload, len);
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

static void from_shell(struct peer *p, enum frame_type type, const uint8_t *payload, size_t len)
{
	if (type == FRAME_FROZEN) {
		/* from here on input waits: what is not delivered goes to the next node, and
		 * what is, the shell takes out of the terminal when it sees this answer */
		p->frozen = true;
		send_delivered(p, FRAME_FROZEN);
		to_shell(p, FRAME_FROZEN, payload, len);
	}
	if (type == FRAME_RESUME) /* it made no offer after all */
		p->frozen = false;
	if (type == FRAME_READY || type == FRAME_OFFER || type == FRAME_RESUME || type == FRAME_CHECKPOINT ||
	    type == FRAME_ABORT)
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
	while ((r = frame_next(&p->in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		if (!from_link(p, type, payload, len)) {
			r = -EBADMSG;
			break;
		}
		frame_buf_drop(&p->in, total);
	}
	if (n <= 0 || r < 0) {
		p->link_gone = true;
		if (!p->committed && p->shell > 0)
			kill(p->shell, SIGKILL);
		hang_up(p);
	}
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
	ssize_t n;

	if (p->master < 0 || p->sent - p->acked >= WINDOW)
		return false;
	n = read(p->master, buf, sizeof(buf));
	if (n <= 0)
		return false;
	(void)frame_put(&p->out, FRAME_DATA, buf, (size_t)n);
	p->sent += (uint64_t)n;
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
	frame_buf_drop(&p->input, (size_t)n);
	p->delivered += (uint64_t)n;
	if (p->delivered - p->ack_sent >= ACK_EVERY)
		send_delivered(p, FRAME_ACK);
}

static void reap(struct peer *p)
{
	int st;

	got_chld = 0;
	if (p->shell <= 0 || waitpid(p->shell, &st, WNOHANG) != p->shell)
		return;
	p->shell = 0;
	p->status = WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
	p->ended = true;
}

static void poll_once(struct peer *p, int timeout_ms)
{
	struct timespec ts = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	struct pollfd v[4] = {
		/* a hangup is told in any case */
		{ .fd = p->link_gone ? -1 : STDIN_FILENO,
		  .events = p->input.len > INPUT_MAX ? 0 : POLLIN },
		{ .fd = p->out.len != 0 && !p->link_gone ? STDOUT_FILENO : -1, .events = POLLOUT },
		{ .fd = p->master },
		{ .fd = p->control, .events = POLLIN },
	};

	if (p->sent - p->acked < WINDOW && p->out.len < WINDOW)
		v[2].events |= POLLIN;
	if (p->input.len != 0 && !p->frozen)
		v[2].events |= POLLOUT;
	if (v[2].events == 0)
		v[2].fd = -1; /* else its hangup would wake us for nothing */
	if (p->ctl_out.len != 0)
		v[3].events |= POLLOUT;
	if (ppoll(v, 4, timeout_ms < 0 ? NULL : &ts, &p->sleep_mask) < 0)
		return;
	if (v[0].revents != 0)
		read_link(p);
	if (v[3].revents != 0)
		read_shell(p);
	if (p->control >= 0 && p->ctl_out.len != 0)
		(void)frame_flush(&p->ctl_out, p->control);
	if ((v[2].revents & POLLOUT) != 0)
		write_master(p);
	if ((v[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !read_master(p) &&
	    (v[2].revents & POLLHUP) != 0) {
		close(p->master);
		p->master = -1;
	}
	if (p->out.len != 0 && !p->link_gone) {
		int r = frame_flush(&p->out, STDOUT_FILENO);

		if (r < 0 && r != -EAGAIN) {
			p->link_gone = true;
			hang_up(p);
		}
	}
}

/* After the shell: what it still printed, then how it ended. */
static void finish(struct peer *p)
{
	int64_t end = io_now_ms() + END_MS;

	while (p->shell > 0 && io_now_ms() < end) {
		poll_once(p, 100);
		reap(p);
	}
	if (p->shell > 0) {
		kill(p->shell, SIGKILL);
		waitpid(p->shell, NULL, 0);
	}
	if (p->control >= 0)
		read_shell(p); /* a reason it gave for ending */
	end = io_now_ms() + END_MS * 10;
	while (!p->link_gone && io_now_ms() < end && (p->sent - p->acked >= WINDOW || read_master(p)))
		poll_once(p, 100);
	if (!p->released)
		say(p, FRAME_EXIT, NULL, (uint64_t)p->status);
	while (!p->link_gone && p->out.len != 0 && io_now_ms() < end)
		poll_once(p, 100);
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct peer p = { .master = -1, .control = -1 };
	sigset_t block;

	(void)argv;
	if (argc > 1 || isatty(STDIN_FILENO)) {
		fputs("mish-peer: started by mish-link over SSH, not by hand; see mish-peer(8)\n",
		      stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, &p.sleep_mask);
	sigaction(SIGCHLD, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	if (io_write_full(STDOUT_FILENO, greeting, GREETING_LEN) < 0)
		return 1;
	read_hello(&p);
	ask_admission(&p);
	if ((p.h.flags & MSG_PROBE) != 0)
		answer_probe();
	start_shell(&p);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	while (!p.ended) {
		if (got_end)
			hang_up(&p);
		else
			poll_once(&p, -1);
		if (got_chld)
			reap(&p);
	}
	finish(&p);
	return 0;
}
