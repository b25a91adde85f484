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
#include "pty/streams.h"
#include "wire/fd.h"
#include "wire/io_full.h"
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
	struct streams streams;
	struct frame_buf out; /* to the link */
	pid_t pid;
	bool alive, told; /* the command; how it ended */
	int stop;	  /* the signal that has stopped it, to be told; 0: none */
	int wait_status;
	uint64_t read; /* bytes of the keyboard that came before it ended */
	unsigned opened; /* MSG_OPENED */
	bool linked, adopted; /* … and by another connection than the first */
	bool heard; /* a frame came by this one */
	bool mute; /* nothing can be written to it any more; it is still heard */
	int64_t lost_ms; /* since when it is not */
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
	d->streams.v[STREAM_TERMINAL] = (struct stream){ .from = p->master, .to = p->master, .keep = true };
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
	struct stream *t = &d->streams.v[stream_of(i)];
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
		(void)stream_tell_read(&d->streams, i);
	for (int i = 0; i < DESCRIPTORS; i++) {
		off_t at = d->files[i] >= 0 ? lseek(d->files[i], 0, SEEK_CUR) : -1;

		if (at >= d->begun[i] && at >= 0)
			(void)stream_tell_offset(&d->streams, stream_of(i), (uint64_t)(at - d->begun[i]));
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
		if (d->files[i] >= 0)
			ends[i] = keep_file(d, i);
		else
			ends[i] = i == 2 && (d->peer->hello.terminals & TERMINALS_ALIKE) != 0 ? ends[1] : make_end(d, i);
	}
	d->pid = fork();
	if (d->pid == 0)
		child(d, ends, memfd, mish);
	if (d->pid < 0)
		begin_refuse("cannot fork: %s", strerror(errno));
	setpgid(d->pid, d->pid);
	d->alive = true;
	for (int i = 0; i < DESCRIPTORS; i++)
		if (ends[i] >= 0 && ends[i] != d->slave && (i != 2 || ends[2] != ends[1]))
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

static void take_order(struct placed *d, enum frame_type type, const struct verdict *v)
{
	if (type == FRAME_SIGNAL && v->status > 0 && v->status < NSIG && d->alive)
		kill(-d->pid, (int)v->status);
	else if (type == FRAME_FOREGROUND && d->slave >= 0)
		set_foreground(d, v->status != 0);
}

/* Its connection is cut, and it may come back by another. */
static void lose_link(struct placed *d)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (d->peer->listener < 0 || (!d->heard && !d->adopted)) /* it may never have heard READY, and begin anew */
		end(d, 1);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		close(null);
	}
	if (d->peer->waiter >= 0)
		close(d->peer->waiter);
	d->peer->waiter = -1;
	frame_buf_release(&d->peer->in);
	d->linked = d->mute = false;
	d->lost_ms = now_mono_ms();
}

static int take_frame(struct placed *d, enum frame_type type, const uint8_t *payload, size_t len)
{
	const struct frames_row *row = frames_find(type, PARTY_LINK, PARTY_PEER);
	union frames_body body;

	if (type == FRAME_EXIT) {
		/* it has heard, or has gone; but a link that did not wait for our answer tries again */
		if (d->heard || !d->adopted || d->told)
			end(d, 0);
		lose_link(d);
		return 0;
	}
	d->heard = true;
	if (type == FRAME_DATA || type == FRAME_ACK)
		return streams_take(&d->streams, PARTY_LINK, PARTY_PEER, type, payload, len);
	if ((type != FRAME_SIGNAL && type != FRAME_FOREGROUND && type != FRAME_WINCH) || frames_get(row, payload, len, &body) < 0)
		return -EBADMSG;
	if (type != FRAME_WINCH)
		take_order(d, type, &body.verdict);
	else if (d->peer->master >= 0)
		ioctl(d->peer->master, TIOCSWINSZ, &(struct winsize){ .ws_row = body.winch.rows, .ws_col = body.winch.cols });
	frames_release(row, &body);
	return 0;
}

/* 0; or -EBADMSG: it says what it may not. */
static int read_link(struct placed *d)
{
	struct frame_buf *in = &d->peer->in;
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	long n = frame_fill(in, STDIN_FILENO);
	int r = 0;

	if (n == -EAGAIN)
		return 0;
	while (r == 0 && d->linked && (r = frame_next(in, STREAM_FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		r = take_frame(d, type, payload, len);
		if (r == 0 && d->linked)
			r = streams_took(&d->streams, total);
		if (d->linked)
			frame_buf_drop(in, total);
	}
	if (r >= 0 && n <= 0 && d->linked)
		lose_link(d);
	return r < 0 ? r : 0;
}

static bool is_link(const struct placed *d, const struct hello *h)
{
	uint8_t diff = h->errand != ERRAND_ATTACH;

	for (size_t i = 0; i < sizeof(h->secret); i++)
		diff |= h->secret[i] ^ d->peer->hello.secret[i];
	return diff == 0;
}

/* The link that the HELLO is of goes on where it was cut. 0, or -errno. */
static int go_on(struct placed *d, const struct hello *h, const int fds[2])
{
	struct ready ready = { .version = PROTOCOL_VERSION, .received = d->streams.all.came };
	struct frame_buf out = { 0 };
	int r = frames_put(&out, FRAME_READY, &ready_record, &ready);

	if (r == 0)
		r = resume_again(&d->streams.all, h->received, &d->out);
	if (r == 0)
		r = io_write_full(fds[1], frame_buf_at(&out), out.len);
	frame_buf_release(&out);
	if (r < 0)
		return r;
	d->adopted = true;
	if (d->linked)
		lose_link(d);
	dup2(fds[0], STDIN_FILENO);
	dup2(fds[1], STDOUT_FILENO);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	d->linked = true;
	d->heard = false;
	return 0;
}

static void accept_link(struct placed *d)
{
	uint8_t s[ATTACH_HELLO_MAX];
	struct hello h;
	size_t len;
	int fds[2], fd = attach_accept(d->peer->listener, s, &len, fds);

	if (fd < 0)
		return;
	if (attach_hello(s, len, &h) < 0) {
		attach_refuse(fds[1], "the greeting cannot be read", MSG_ATTACH_FAILED);
	} else {
		if (!is_link(d, &h)) {
			attach_refuse(fds[1], "it is another's", MSG_ATTACH_TAKEN);
		} else if (go_on(d, &h, fds) < 0) {
			attach_refuse(fds[1], "the counters do not agree", MSG_ATTACH_FAILED);
		} else {
			d->peer->waiter = fd;
			fd = -1;
		}
		record_release(&hello_record, &h);
	}
	if (fd >= 0)
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
	struct frame_buf *waiting = &d->streams.v[STREAM_TERMINAL].waiting;
	struct termios t;
	uint8_t buf[4096];
	ssize_t n;

	if ((d->peer->hello.terminals & TERMINALS_0) == 0 || tcgetattr(d->slave, &t) < 0 || tcsetpgrp(d->slave, getpgrp()) < 0)
		return;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	t.c_cc[VMIN] = t.c_cc[VTIME] = 0;
	(void)tcsetattr(d->slave, TCSANOW, &t);
	while ((n = read(d->slave, buf, sizeof(buf))) > 0)
		(void)frame_put_data(&d->out, STREAM_UNREAD, buf, (size_t)n);
	for (size_t len; (len = waiting->len < sizeof(buf) ? waiting->len : sizeof(buf)) != 0; frame_buf_drop(waiting, len))
		(void)frame_put_data(&d->out, STREAM_UNREAD, frame_buf_at(waiting), len);
	frame_buf_release(waiting);
	d->read = d->streams.v[STREAM_TERMINAL].came;
	d->streams.v[STREAM_TERMINAL].to = -1; /* what comes from now on, the link has as well */
}

/* Nothing more comes from it: a terminal has no other end that we could wait for, a pipe's may be another's by now. */
static bool is_over(struct placed *d)
{
	struct pollfd p = { .fd = d->peer->master, .events = POLLIN };

	if (d->alive)
		return false;
	for (int i = STREAM_IN; i < STREAMS; i++)
		if (d->streams.v[i].from >= 0)
			return false;
	if (d->slave >= 0) {
		give_back(d);
		close(d->slave);
	}
	d->slave = -1;
	/* the end of the terminal comes behind all that was written to it, unless a process in the background still has it */
	return p.fd < 0 || poll(&p, 1, TERMINAL_MS) <= 0 || (p.revents & POLLIN) == 0;
}

/* Behind what it has written, and the echo of the key that stopped it, which comes a little later. */
static void tell_stop(struct placed *d)
{
	struct pollfd p = { .fd = d->peer->master, .events = POLLIN };
	const struct verdict v = { .status = (uint64_t)d->stop };

	if (p.fd >= 0 && poll(&p, 1, ECHO_MS) > 0)
		return;
	d->stop = 0;
	(void)frames_put(&d->out, FRAME_STOPPED, &verdict_record, &v);
}

static uint64_t micros(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000 + (uint64_t)t->tv_usec;
}

static void tell_end(struct placed *d)
{
	struct verdict v = { .status = (uint64_t)WEXITSTATUS(d->wait_status), .seq = d->read };
	struct rusage u;

	if (WIFSIGNALED(d->wait_status)) {
		v.status = 128 + (uint64_t)WTERMSIG(d->wait_status);
		v.flags = MSG_LOST;
	}
	if (getrusage(RUSAGE_CHILDREN, &u) == 0) { /* we had no other */
		v.user_us = micros(&u.ru_utime);
		v.system_us = micros(&u.ru_stime);
	}
	tell_read(d);
	(void)frames_put(&d->out, FRAME_EXIT, &verdict_record, &v);
	d->told = true;
}

static int turn(struct placed *d)
{
	struct pollfd v[STREAM_POLLS + 3];
	int64_t left = d->linked ? 0 : d->lost_ms + RESUME_MS - now_mono_ms();
	struct timespec ts = { left / 1000, left % 1000 * 1000000L };
	int r, flushed;

	if (left < 0)
		return -ECONNRESET;
	streams_watch(&d->streams, v);
	v[STREAM_POLLS] = (struct pollfd){ .fd = d->linked ? STDIN_FILENO : -1, .events = POLLIN };
	v[STREAM_POLLS + 1] = (struct pollfd){ .fd = d->linked && !d->mute && d->out.len != 0 ? STDOUT_FILENO : -1, .events = POLLOUT };
	v[STREAM_POLLS + 2] = (struct pollfd){ .fd = d->peer->listener, .events = POLLIN };
	if (ppoll(v, STREAM_POLLS + 3, d->linked ? NULL : &ts, &d->peer->sleep_mask) < 0)
		r = errno == EINTR ? 0 : -errno;
	else
		r = streams_run(&d->streams, v);
	if (r == 0 && v[STREAM_POLLS].revents != 0)
		r = read_link(d);
	if (r == 0 && v[STREAM_POLLS + 2].revents != 0)
		accept_link(d);
	if (got_child)
		reap(d);
	if (r == 0 && d->stop != 0)
		tell_stop(d);
	if (r == 0 && !d->told && is_over(d))
		tell_end(d);
	if (r == 0 && d->linked && !d->mute && (flushed = resume_flush(&d->streams.all, &d->out, STDOUT_FILENO)) < 0 && flushed != -EAGAIN)
		d->mute = true; /* whether it has gone or was cut off, its last words say, or their end, which come now */
	return r == -EAGAIN ? 0 : r;
}

void placed_run(struct peer *p)
{
	struct placed d = { .peer = p, .slave = -1, .linked = true };
	struct ready ready = { .version = PROTOCOL_VERSION };
	struct frame_buf out = { 0 };

	streams_init(&d.streams, &d.out);
	signals_init();
	start(&d);
	ready.opened = d.opened;
	node_own_name(ready.node, sizeof(ready.node));
	(void)frames_put(&out, FRAME_READY, &ready_record, &ready);
	(void)io_write_full(STDOUT_FILENO, frame_buf_at(&out), out.len);
	frame_buf_release(&out);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	while (!got_end)
		if (turn(&d) < 0)
			break;
	end(&d, 1);
}
