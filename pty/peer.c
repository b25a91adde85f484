#include <config.h>

#include "pty/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty/agent.h"
#include "pty/attach.h"
#include "pty/begin.h"
#include "pty/confine.h"
#include "pty/greeting.h"
#include "pty/kept.h"
#include "pty/proc.h"
#include "wire/fdpass.h"
#include "wire/io_full.h"
#include "wire/node.h"
#include "wire/now.h"

/*
 * mish-peer: the other node's end. It holds the pty master, starts the shell
 * on the slave, and carries frames between it and the link. When the link is lost it goes
 * on without, and keeps what the next one will need: a link that knows the session's
 * secret takes over where the last one was.
 */

enum {
	INPUT_WAITING = 1 << 18, /* that the terminal has not taken: then the link is not read */
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

/* ---- what the session asks of its shell and its link ---- */

static void close_master(struct peer *p)
{
	if (p->master >= 0)
		close(p->master);
	p->master = -1;
}

static void hang_up(void *arg)
{
	struct peer *p = arg;

	if (p->shell > 0) {
		kill(p->shell, SIGHUP);
		kill(p->shell, SIGCONT);
	}
	close_master(p); /* the foreground job gets HUP from the kernel */
}

static void kill_shell(void *arg, bool all)
{
	struct peer *p = arg;

	if (p->shell <= 0)
		return;
	if (all)
		proc_kill_session(p->shell, SIGHUP);
	kill(p->shell, SIGKILL);
	if (all)
		waitpid(p->shell, NULL, 0);
}

/* sshd sees the end of our output, and closes the channel. */
static void close_link(void *arg)
{
	struct peer *p = arg;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)frame_flush(&p->core.out, STDOUT_FILENO); /* FENCED may be in it */
	frame_buf_release(&p->in);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		close(null);
	}
	if (p->waiter >= 0)
		close(p->waiter);
	p->waiter = -1;
}

static void resize(void *arg, uint16_t rows, uint16_t cols)
{
	struct peer *p = arg;
	struct winsize w = { .ws_row = rows, .ws_col = cols };

	if (p->master >= 0)
		ioctl(p->master, TIOCSWINSZ, &w);
}

static const struct hold_ops hold_ops = {
	.hang_up = hang_up, .kill = kill_shell, .close_link = close_link,
	.resize = resize,
};

/* ---- carrying ---- */

static int flush_link(struct peer *p)
{
	return p->core.out.len != 0 && p->core.linked ? frame_flush(&p->core.out, STDOUT_FILENO) : 0;
}

static void read_link(struct peer *p)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	long n = frame_fill(&p->in, STDIN_FILENO);
	int r = 0;

	if (n == -EAGAIN)
		return;
	while (r >= 0 && p->core.linked &&
	       (r = frame_next(&p->in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		r = hold_from_link(&p->core, type, payload, len, now_mono_ms());
		if (r >= 0 && p->core.linked)
			frame_buf_drop(&p->in, total);
	}
	if (n <= 0 || r < 0)
		hold_link_lost(&p->core, now_mono_ms());
}

/* If the shell goes, jobs stay on this terminal, and it becomes what keeps them (pty/kept.h). */
static void give_master(struct peer *p)
{
	const int fds[FDPASS_FDS] = { p->master, open("/proc/self/exe", O_PATH | O_CLOEXEC) /* whatever has been installed since */ };

	(void)frame_flush(&p->core.ctl_out, p->control); /* it comes behind that */
	p->given = fds[1] >= 0 && fdpass_send(p->control, "", 1, fds) == 0;
	close(fds[1]);
}

/* What the shell said. What it may not say is dropped: it is the user's own. */
static void take_from_shell(struct peer *p)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;

	while (frame_next(&p->ctl_in, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		if (hold_defers(&p->core, type))
			return;
		if (type == FRAME_JOB && p->core.state == HOLD_FROZEN)
			give_master(p);
		(void)hold_from_shell(&p->core, type, payload, len, now_mono_ms());
		frame_buf_drop(&p->ctl_in, total);
	}
}

static void read_shell(struct peer *p)
{
	long n = frame_fill(&p->ctl_in, p->control);

	if (n == -EAGAIN)
		return;
	take_from_shell(p);
	if (n > 0)
		return;
	if (p->given && p->core.state == HOLD_RELEASED) { /* it lives on, and reads the terminal when it sees that we have gone */
		p->shell = 0;
		p->control = -1; /* open until we end */
		hold_shell_ended(&p->core, 0, now_mono_ms());
		return;
	}
	close(p->control);
	p->control = -1;
}

/* Output of the terminal: at most a chunk a turn. False: there is no more for now. */
static bool read_master(struct peer *p)
{
	uint8_t buf[HOLD_CHUNK];
	size_t n = 0;
	ssize_t got;

	if (p->master < 0 || !hold_reads(&p->core))
		return false;
	/* a pty gives 4 KiB at a time: several reads make one frame */
	while (n + PTY_READ <= sizeof(buf) && (got = read(p->master, buf + n, sizeof(buf) - n)) > 0) {
		n += (size_t)got;
		if (got < PTY_READ - 1)
			break; /* it has no more */
	}
	if (n == 0)
		return false;
	eager_heard(&p->eager);
	hold_output(&p->core, buf, n);
	return true;
}

static void write_master(struct peer *p)
{
	ssize_t n;

	if (p->master < 0 || !hold_writes(&p->core))
		return;
	n = write(p->master, frame_buf_at(&p->core.input), p->core.input.len);
	if (n <= 0)
		return;
	eager_sent(&p->eager);
	hold_input_taken(&p->core, (size_t)n);
}

/* ---- another link ---- */

/* Another link came by our socket: only one of our user that knows the secret gets the session. */
static void accept_link(struct peer *p)
{
	uint8_t s[ATTACH_HELLO_MAX];
	const char *why = "the greeting cannot be read";
	struct hello hello;
	char node[HANDOVER_NODE];
	size_t len;
	int fds[2], fd = attach_accept(p->listener, s, &len, fds);
	int r = MSG_ATTACH_FAILED; /* a guardian that hears TAKEN ends */

	if (fd < 0)
		return;
	if (attach_hello(s, len, &hello) == 0) {
		node_own_name(node, sizeof(node));
		r = hold_attach(&p->core, &hello, node, now_mono_ms(), &why);
		record_release(&hello_record, &hello);
	}
	if (r == 0) {
		dup2(fds[0], STDIN_FILENO);
		dup2(fds[1], STDOUT_FILENO);
		fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
		fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
		p->waiter = fd;
	} else {
		attach_refuse(fds[1], why, (enum msg_attach)r);
		close(fd);
	}
	close(fds[0]);
	close(fds[1]);
}

/* ---- the loop ---- */

static void reap(struct peer *p)
{
	int st;

	got_chld = 0;
	if (p->shell <= 0 || waitpid(p->shell, &st, WNOHANG) != p->shell)
		return;
	p->shell = 0;
	if (p->control >= 0)
		read_shell(p); /* a reason it gave for ending */
	hold_shell_ended(&p->core, st, now_mono_ms());
}

static void watch(struct peer *p, struct pollfd v[5])
{
	const struct hold *h = &p->core;

	/* a hangup is told in any case */
	v[0] = (struct pollfd){ .fd = h->linked ? STDIN_FILENO : -1,
				.events = h->input.len > INPUT_WAITING ? 0 : POLLIN };
	v[1] = (struct pollfd){ .fd = h->out.len != 0 && h->linked ? STDOUT_FILENO : -1,
				.events = POLLOUT };
	v[2] = (struct pollfd){ .fd = p->master };
	if (hold_reads(h))
		v[2].events |= POLLIN;
	if (hold_writes(h))
		v[2].events |= POLLOUT;
	if (v[2].events == 0)
		v[2].fd = -1; /* else its hangup would wake us for nothing */
	v[3] = (struct pollfd){ .fd = p->control,
				.events = (short)(POLLIN | (h->ctl_out.len != 0 ? POLLOUT : 0)) };
	v[4] = (struct pollfd){ .fd = hold_committed(h) ? p->listener : -1, .events = POLLIN };
}

static void poll_once(struct peer *p, int64_t timeout_ms)
{
	struct timespec ts = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	struct pollfd v[5];
	int r;

	watch(p, v);
	if (eager_poll(&p->eager, v, 5, timeout_ms < 0 ? NULL : &ts, &p->sleep_mask) < 0)
		return;
	if (v[0].revents != 0) {
		read_link(p);
		take_from_shell(p); /* what waited for COMMIT */
	}
	if (v[4].revents != 0)
		accept_link(p);
	if (v[3].revents != 0 && p->control >= 0) {
		if ((v[2].revents & POLLIN) != 0 && hold_committed(&p->core)) /* it was written before what is said now; but READY is the first word */
			(void)read_master(p);
		read_shell(p);
	}
	if (p->control >= 0 && p->core.ctl_out.len != 0)
		(void)frame_flush(&p->core.ctl_out, p->control);
	if ((v[2].revents & POLLOUT) != 0 || (v[0].revents != 0 && p->core.input.len != 0))
		write_master(p);
	if ((v[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !read_master(p) &&
	    (v[2].revents & POLLHUP) != 0 && hold_reads(&p->core))
		close_master(p);
	r = flush_link(p);
	if (r < 0 && r != -EAGAIN)
		hold_link_lost(&p->core, now_mono_ms());
}

static void run(struct peer *p)
{
	while (p->core.state != HOLD_DONE) {
		int64_t left = hold_next_due(&p->core, now_mono_ms());

		if (left == 0)
			hold_tend(&p->core, now_mono_ms());
		if (got_end) { /* the node goes down: no farewell, the guardian has a checkpoint */
			kill_shell(p, true);
			return;
		}
		poll_once(p, left == 0 ? 1 : left);
		if (got_chld)
			reap(p);
		if (hold_drains(&p->core) && !read_master(p))
			hold_drained(&p->core, p->master >= 0, now_mono_ms());
	}
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct peer p = { .master = -1, .control = -1, .listener = -1, .waiter = -1 };
	sigset_t block;

	confine_undumped();
	if (argc == 5 && strcmp(argv[1], "--keep") == 0)
		return kept_run(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
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
	hold_init(&p.core, &hold_ops, &p, &p.hello, now_mono_ms());
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	run(&p);
	agent_forget(p.hello.session);
	hold_release(&p.core);
	return 0;
}
