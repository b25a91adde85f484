#include <config.h>

#include "pty/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty/attach.h"
#include "pty/begin.h"
#include "pty/greeting.h"
#include "pty/proc.h"
#include "pty/resume.h"
#include "wire/io_full.h"
#include "wire/now.h"

/*
 * mish-peer: the other node's end (DESIGN 4, 6). Holds the pty master, starts the shell
 * on the slave, and carries frames between it and the link. When the link is lost it goes
 * on without, and keeps what the next one will need: a link that knows the session's
 * secret takes over where the last one was.
 */

enum {
	COMMIT_MS = 60000,  /* from READY: nobody waits so long with a shell that is frozen */
	END_MS = 3000,	    /* for the shell to end after a hangup */
	FAREWELL_MS = 1000, /* for the link to hear how it ended, when it ended by a hangup */
	GRACE_MS = 24 * 3600 * 1000, /* without a link: then nobody comes any more */
	WINDOW = 1 << 20,   /* output that the link has not acknowledged */
	INPUT_MAX = 1 << 18, /* input that the terminal has not taken */
	KEPT_MAX = 32 << 20, /* checkpoints that a link may not have got */
	ACK_EVERY = 1 << 14,
	PTY_READ = 4096,
};

static volatile sig_atomic_t got_chld, got_end;

static void on_signal(int signo)
{
	if (signo == SIGCHLD)
		got_chld = 1;
	else
		got_end = signo;
}

/* ---- carrying ---- */

static void stage(struct peer *p, int next)
{
	p->stage = next;
	p->since_ms = now_mono_ms();
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
		p->since_ms = now_mono_ms();
	p->hung_up = true;
}

void peer_end_fenced(struct peer *p)
{
	if (p->shell > 0) {
		proc_kill_session(p->shell, SIGHUP);
		kill(p->shell, SIGKILL);
		waitpid(p->shell, NULL, 0);
	}
	exit(0);
}

void peer_detach(struct peer *p)
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
	p->since_ms = now_mono_ms();
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

void peer_on_winch(struct peer *p, const struct msg_view *v)
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

bool peer_on_ack(struct peer *p, uint64_t acked)
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
		peer_detach(p);
		return true;
	case FRAME_ACK:
		return msg_get_uint(&v, MSG_DELIVERED, UINT64_MAX, &n) == 0 && peer_on_ack(p, n);
	case FRAME_WINCH:
		peer_on_winch(p, &v);
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

void peer_send_delivered(struct peer *p, enum frame_type type)
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
			peer_send_delivered(p, FRAME_FROZEN);
		to_shell(p, FRAME_FROZEN, payload, len);
		return;
	case FRAME_RESUME: /* it made no offer after all */
		p->frozen = p->offered = false;
		break;
	case FRAME_READY:
	case FRAME_ABORT:
		p->since_ms = now_mono_ms();
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
		peer_detach(p);
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
	uint8_t buf[PEER_CHUNK];
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
		peer_send_delivered(p, FRAME_ACK);
}

void peer_say_exit(struct peer *p)
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
		resume_accept(p);
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
			peer_detach(p);
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
	left = p->since_ms + limit - now_mono_ms();
	return left > 0 ? left : 0;
}

static void on_deadline(struct peer *p)
{
	if (p->stage == FAREWELL)
		stage(p, DONE);
	else if (p->hung_up && p->shell > 0)
		kill(p->shell, SIGKILL);
	else if (!p->committed)
		peer_detach(p);
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
			peer_say_exit(p);
	}
}

static void run(struct peer *p)
{
	while (p->stage != DONE) {
		int64_t left = deadline(p);

		if (left == 0)
			on_deadline(p);
		if (got_end) /* the node goes down: no farewell, the guardian has a checkpoint */
			peer_end_fenced(p);
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
	begin_hear(&p);
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, &p.sleep_mask);
	sigaction(SIGCHLD, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	begin_shell(&p);
	p.since_ms = now_mono_ms();
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	run(&p);
	return 0;
}
