#include <config.h>

#include "pty/placed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pty/attach.h"
#include "pty/begin.h"
#include "pty/files.h"
#include "pty/served.h"
#include "wire/fd.h"
#include "wire/node.h"
#include "wire/now.h"

enum { TERMINAL_MS = 50, ECHO_MS = 5 };

static volatile sig_atomic_t got_child, got_end;

static void on_signal(int signo)
{
	if (signo == SIGCHLD)
		got_child = 1;
	else
		got_end = 1;
}

struct placed {
	struct peer *peer;
	struct served served; /* the link */
	pid_t pid;
	bool alive;
	int stop;	  /* the signal that has stopped it, to be told; 0: none */
	int wait_status;
	uint64_t read; /* bytes of the keyboard that came before it ended */
	unsigned opened; /* MSG_OPENED */
	int files[DESCRIPTORS]; /* of its inputs those that are files here, -1 else … */
	off_t begun[DESCRIPTORS]; /* … and where they were */
	int slave; /* its terminal, which we keep open for its modes; -1 none */
	bool plain; /* … has no OPOST, as the terminal at the other end has it, which is not raw now */
};

/* ---- beginning ---- */

/* Of the descriptors that the command has. */
static int out_of_the_way(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 2 * DESCRIPTORS);

	close(fd);
	return high;
}

static void make_terminal(struct placed *d)
{
	struct peer *p = d->peer;
	struct winsize w = { .ws_row = p->hello.rows, .ws_col = p->hello.cols };
	int slave;

	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (p->master < 0 || grantpt(p->master) < 0 || unlockpt(p->master) < 0 ||
	    (slave = ioctl(p->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0 || (d->slave = out_of_the_way(slave)) < 0)
		begin_refuse("cannot open a pty: %s", strerror(errno));
	ioctl(p->master, TIOCSWINSZ, &w);
	/* ours, so that the command may be stopped: its group has a parent in the session */
	if ((getsid(0) != getpid() && setsid() < 0) || ioctl(d->slave, TIOCSCTTY, 0) < 0)
		begin_refuse("cannot have a terminal: %s", strerror(errno));
	d->served.streams.v[STREAM_TERMINAL] = (struct stream){ .from = p->master, .to = p->master, .keep = true };
}

static int stream_of(int i)
{
	return i < 3 ? STREAM_IN + i : STREAM_3 + i - 3;
}

/* What its descriptor i is. */
static enum terminals_more kind_of(unsigned bits, int i)
{
	if (i >= 3)
		return terminals_more(bits, i);
	if ((bits & (unsigned)TERMINALS_CLOSED_0 << i) != 0)
		return TERMINALS_CLOSED;
	if ((bits & (unsigned)TERMINALS_0 << i) != 0)
		return TERMINALS_TERMINAL;
	return i == 0 ? TERMINALS_INPUT : TERMINALS_OUTPUT;
}

/* The command's end of descriptor i; ours is in the streams. -1: it is closed. */
static int make_end(struct placed *d, int i)
{
	struct stream *t = &d->served.streams.v[stream_of(i)];
	enum terminals_more kind = kind_of((unsigned)d->peer->hello.terminals, i);
	bool input = kind == TERMINALS_INPUT;
	int pair[2];

	if (kind == TERMINALS_CLOSED || kind == TERMINALS_TERMINAL)
		return kind == TERMINALS_CLOSED ? -1 : d->slave;
	if (fd_pipe(pair) < 0)
		begin_refuse("cannot make a pipe: %s", strerror(errno));
	fcntl(pair[input], F_SETFL, O_NONBLOCK);
	if (input)
		stream_count(t, pair[1]);
	else
		t->from = pair[0];
	return out_of_the_way(pair[!input]);
}

/* One that is a file here: of an input we keep a copy, for where it comes to. */
static int keep_file(struct placed *d, int i)
{
	int fd = d->files[i];

	d->files[i] = -1;
	if (kind_of((unsigned)d->peer->hello.terminals, i) == TERMINALS_INPUT) {
		d->begun[i] = lseek(fd, 0, SEEK_CUR);
		d->files[i] = fcntl(fd, F_DUPFD_CLOEXEC, 2 * DESCRIPTORS);
	}
	return fd;
}

/* How much of its inputs it has read. */
static void tell_read(struct placed *d)
{
	for (int i = STREAM_IN; i < STREAMS; i++)
		(void)stream_tell_read(&d->served.streams, i);
	for (int i = 0; i < DESCRIPTORS; i++) {
		off_t at = d->files[i] >= 0 ? lseek(d->files[i], 0, SEEK_CUR) : -1;

		if (at >= d->begun[i] && at >= 0)
			(void)stream_tell_offset(&d->served.streams, stream_of(i), (uint64_t)(at - d->begun[i]));
	}
}

static void child(struct placed *d, const int ends[DESCRIPTORS], int memfd, char *mish)
{
	char number[16];
	char *argv[] = { (char *)(uintptr_t)"mish", (char *)(uintptr_t)"--placed", number, NULL };

	for (int i = 1; i < NSIG; i++)
		if (i != SIGKILL && i != SIGSTOP)
			signal(i, SIG_DFL);
	setpgid(0, 0);
	if (d->slave >= 0 && (d->peer->hello.terminals & TERMINALS_FOREGROUND) != 0)
		(void)tcsetpgrp(d->slave, getpid()); /* TTOU is blocked */
	sigprocmask(SIG_SETMASK, &d->peer->sleep_mask, NULL);
	memfd = fcntl(memfd, F_DUPFD, 2 * DESCRIPTORS);
	for (int i = 0; i < DESCRIPTORS; i++)
		if (ends[i] < 0)
			close(i);
		else
			dup2(ends[i], i);
	snprintf(number, sizeof(number), "%d", memfd);
	setenv("TERM", d->peer->hello.term, 1);
	execv(mish, argv);
	_exit(127);
}

/* The lower descriptor that it is the same as; -1: none. */
static int same_as(const struct hello *h, int i)
{
	return i == STDERR_FILENO && (h->terminals & TERMINALS_ALIKE) != 0 ? STDOUT_FILENO : handover_same(h->same, i);
}

static void start(struct placed *d)
{
	const struct programs none = { 0 };
	char *mish = programs_path(&none, PROGRAM_MISH);
	int memfd = begin_arrival(&d->peer->hello), ends[DESCRIPTORS];

	if (memfd < 0)
		begin_refuse("cannot pass the state on: %s", strerror(-memfd));
	if (mish == NULL)
		begin_refuse("%s", "mish is not installed beside mish-peer");
	if (record_secret_is_set(d->peer->hello.secret, sizeof(d->peer->hello.secret)))
		d->peer->listener = attach_listen(d->peer->hello.socket);
	if (terminals_any(d->peer->hello.terminals))
		make_terminal(d);
	d->opened = files_open(&d->peer->hello.files, 2 * DESCRIPTORS, d->files);
	for (int i = 0; i < DESCRIPTORS; i++) {
		int same = same_as(&d->peer->hello, i);

		if (d->files[i] >= 0)
			ends[i] = keep_file(d, i);
		else
			ends[i] = same >= 0 && same < i ? ends[same] : make_end(d, i);
	}
	d->pid = fork();
	if (d->pid == 0)
		child(d, ends, memfd, mish);
	if (d->pid < 0)
		begin_refuse("cannot fork: %s", strerror(errno));
	setpgid(d->pid, d->pid);
	d->alive = true;
	for (int i = 0; i < DESCRIPTORS; i++)
		if (ends[i] >= 0 && ends[i] != d->slave && same_as(&d->peer->hello, i) < 0)
			close(ends[i]);
	close(memfd);
	free(mish);
	sealed_drop(&d->peer->hello.sealed);
}

/* CHLD, TERM and HUP are blocked already, but for our sleep. */
static void signals_init(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	sigprocmask(SIG_BLOCK, &block, NULL);
	sigaction(SIGCHLD, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

/* ---- the other end ---- */

static void end(struct placed *d, int status) __attribute__((noreturn));
static void end(struct placed *d, int status)
{
	if (d->alive) {
		kill(-d->pid, SIGHUP);
		kill(-d->pid, SIGCONT);
	}
	_exit(status);
}

/* Newlines are made at one of both ends. */
static void set_plain(struct placed *d, bool plain)
{
	struct termios t;

	if (plain == d->plain || tcgetattr(d->slave, &t) < 0 || (plain && (t.c_oflag & OPOST) == 0))
		return;
	t.c_oflag ^= OPOST;
	(void)tcsetattr(d->slave, TCSANOW, &t);
	d->plain = plain;
}

static void set_foreground(struct placed *d, bool on)
{
	(void)tcsetpgrp(d->slave, on && d->alive ? d->pid : getpgrp());
	set_plain(d, !on || (d->peer->hello.terminals & TERMINALS_IN_OUT) != TERMINALS_IN_OUT);
}

static void take_order(void *arg, enum frame_type type, const struct verdict *v)
{
	struct placed *d = arg;

	if (type == FRAME_SIGNAL && v->status > 0 && v->status < NSIG && d->alive)
		kill(-d->pid, (int)v->status);
	else if (type == FRAME_FOREGROUND && d->slave >= 0)
		set_foreground(d, v->status != 0);
}

static void resize(void *arg, const struct winch *w)
{
	const struct placed *d = arg;

	if (d->peer->master >= 0)
		ioctl(d->peer->master, TIOCSWINSZ, &(struct winsize){ .ws_row = w->rows, .ws_col = w->cols });
}

static const struct served_ops served_ops = { .order = take_order, .resize = resize };

static void accept_link(struct placed *d)
{
	uint8_t s[ATTACH_HELLO_MAX];
	struct hello h;
	size_t len;
	int fds[2], fd = attach_accept(d->peer->listener, s, &len, fds);
	bool taken = false;

	if (fd < 0)
		return;
	if (attach_hello(s, len, &h) < 0) {
		attach_refuse(fds[1], "the greeting cannot be read", MSG_ATTACH_FAILED);
	} else {
		taken = served_attach(&d->served, &h, fds, fd);
		record_release(&hello_record, &h);
	}
	if (taken)
		return;
	close(fd);
	close(fds[0]);
	close(fds[1]);
}

/* ---- the command ---- */

static void reap(struct placed *d)
{
	int st;

	got_child = 0;
	while (d->alive && waitpid(d->pid, &st, WNOHANG | WUNTRACED) == d->pid) {
		if (WIFSTOPPED(st)) {
			d->stop = WSTOPSIG(st);
			continue;
		}
		d->alive = false;
		d->wait_status = st;
	}
}

/* What was typed and it has not read. */
static void give_back(struct placed *d)
{
	struct frame_buf *waiting = &d->served.streams.v[STREAM_TERMINAL].waiting;
	struct termios t;
	uint8_t buf[4096];
	ssize_t n;

	if ((d->peer->hello.terminals & TERMINALS_0) == 0 || tcgetattr(d->slave, &t) < 0 || tcsetpgrp(d->slave, getpgrp()) < 0)
		return;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	t.c_cc[VMIN] = t.c_cc[VTIME] = 0;
	(void)tcsetattr(d->slave, TCSANOW, &t);
	while ((n = read(d->slave, buf, sizeof(buf))) > 0)
		(void)frame_put_data(&d->served.out, STREAM_UNREAD, buf, (size_t)n);
	for (size_t len; (len = waiting->len < sizeof(buf) ? waiting->len : sizeof(buf)) != 0; frame_buf_drop(waiting, len))
		(void)frame_put_data(&d->served.out, STREAM_UNREAD, frame_buf_at(waiting), len);
	frame_buf_release(waiting);
	d->read = d->served.streams.v[STREAM_TERMINAL].came;
	d->served.streams.v[STREAM_TERMINAL].to = -1; /* what comes from now on, the link has as well */
}

/* Nothing more comes from it: a terminal has no other end that we could wait for, a pipe's may be another's by now. */
static bool is_over(struct placed *d)
{
	struct pollfd p;

	if (d->alive)
		return false;
	if (d->served.streams.v[STREAM_OUT].from >= 0 || d->served.streams.v[STREAM_ERROR].from >= 0)
		return false;
	for (int i = STREAM_3; i < STREAMS; i++) { /* whoever else has these is not waited for: a lock, a log */
		p = (struct pollfd){ .fd = d->served.streams.v[i].from, .events = POLLIN };
		if (p.fd >= 0 && poll(&p, 1, 0) > 0 && (p.revents & POLLIN) != 0)
			return false;
	}
	p = (struct pollfd){ .fd = d->peer->master, .events = POLLIN };
	if (d->slave >= 0) {
		give_back(d);
		close(d->slave);
	}
	d->slave = -1;
	/* the end of the terminal comes behind all that was written to it, unless a process in the background still has it */
	return p.fd < 0 || d->served.streams.v[STREAM_TERMINAL].from < 0 /* nobody reads */ || poll(&p, 1, TERMINAL_MS) <= 0 || (p.revents & POLLIN) == 0;
}

/* Behind what it has written, and the echo of the key that stopped it, which comes a little later. */
static void tell_stop(struct placed *d)
{
	struct pollfd p = { .fd = d->peer->master, .events = POLLIN };
	const struct verdict v = { .status = (uint64_t)d->stop };

	if (p.fd >= 0 && poll(&p, 1, ECHO_MS) > 0)
		return;
	d->stop = 0;
	(void)frames_put(&d->served.out, FRAME_STOPPED, &verdict_record, &v);
}

static void tell_end(struct placed *d)
{
	struct rusage u = { 0 };

	(void)getrusage(RUSAGE_CHILDREN, &u); /* we had no other */
	tell_read(d);
	served_tell_end(&d->served, d->wait_status, d->read, &u);
}

static int turn(struct placed *d)
{
	struct pollfd v[SERVED_POLLS + 1];
	int64_t left = served_left_ms(&d->served, now_mono_ms(), RESUME_MS);
	struct timespec ts = { left / 1000, left % 1000 * 1000000L };
	int r;

	if (left == 0)
		return -ECONNRESET;
	served_watch(&d->served, v);
	v[SERVED_POLLS] = (struct pollfd){ .fd = d->peer->listener, .events = POLLIN };
	if (ppoll(v, SERVED_POLLS + 1, left < 0 ? NULL : &ts, &d->peer->sleep_mask) < 0)
		r = errno == EINTR ? 0 : -errno;
	else
		r = served_run(&d->served, v);
	if (r == 0 && v[SERVED_POLLS].revents != 0)
		accept_link(d);
	if (got_child)
		reap(d);
	if (r == 0 && d->stop != 0)
		tell_stop(d);
	if (r == 0 && !d->served.told && is_over(d))
		tell_end(d);
	if (r == 0)
		served_flush(&d->served);
	return r == -EAGAIN ? 0 : r;
}

void placed_run(struct peer *p)
{
	struct placed d = { .peer = p, .slave = -1 };
	struct ready ready = { .version = PROTOCOL_VERSION };

	served_begin(&d.served, &served_ops, &d, p->hello.secret);
	signals_init();
	start(&d);
	d.served.listens = p->listener >= 0;
	ready.opened = d.opened;
	ready.flags = packed_is_here() ? MSG_PACKS : 0;
	d.served.streams.packs = packed_is_here() && (p->hello.flags & MSG_PACKS) != 0;
	node_own_name(ready.node, sizeof(ready.node));
	served_link(&d.served, &ready, &p->in);
	while (!got_end)
		if (turn(&d) < 0)
			break;
	end(&d, !d.served.over);
}
