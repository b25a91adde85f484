#include <config.h>

#include "pty/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pty/attach.h"
#include "pty/placed.h"
#include "pty/served.h"
#include "wire/fd.h"
#include "wire/now.h"

enum { TTY = STDIN_FILENO /* the jobs' terminal, which was the shell's */, ECHO_MS = 5,
       TELL_MS = 100 /* others may write without end */,
       ENDED_MS = 24 * 3600 * 1000 /* in a session that persists: for somebody to attach, and to hear how one has ended */ };

static volatile sig_atomic_t got_child, got_end;

static void on_signal(int signo)
{
	if (signo == SIGCHLD)
		got_child = 1;
	else
		got_end = 1;
}

struct keeper;

struct kept_job {
	struct keeper *k;
	struct served served; /* who stands for it */
	uint64_t turn;	      /* … since so many terminals attached to the session */
	bool persist;	      /* it waits for somebody for long */
	pid_t group;
	struct kept_proc {
		pid_t pid; /* 0: it has ended */
		bool stopped;
	} *procs;
	size_t n_procs;
	int stop;	 /* the signal that has stopped it, to be told; 0: none */
	int stopped_by;	 /* … last, told or not */
	uint64_t continued; /* how often its link has said SIGCONT */
	int64_t tell_ms; /* since when that, or its end, is to be told */
	int wait_status; /* of the last process, once it has ended */
	struct termios modes; /* of the terminal, when it had that last … */
	bool has_modes; /* … and went on without */
	bool keep; /* disown -h */
	struct rusage used;
	bool gone; /* nobody is to hear of it any more */
};

struct keeper {
	int master, control, listener; /* -1, the first two: at home, where the terminal has gone */
	struct departure d;
	struct kept_job *v;
	size_t n;
	struct kept_job *front; /* has the terminal; NULL none */
	struct termios modes; /* as a job finds the terminal */
	struct pollfd *polls;
	sigset_t sleep_mask;
};

static bool runs(const struct kept_job *j)
{
	for (size_t i = 0; i < j->n_procs; i++)
		if (j->procs[i].pid != 0)
			return true;
	return false;
}

/* Is it a placed command's link, which SIGSTOP would stop, and not the command? */
static bool is_link(pid_t pid)
{
	char path[32], name[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	(void)!read(fd, name, sizeof(name) - 1);
	close(fd);
	return strncmp(name, "mish-link", 9) == 0;
}

static void signal_job(const struct kept_job *j, int signo)
{
	if (runs(j))
		(void)kill(-j->group, signo == SIGSTOP && is_link(j->group) ? PLACED_STOP : signo);
}

/* ---- the terminal ---- */

/* Without a job in front newlines are made at home. What was typed for one job is no other's to read. */
static void set_front(struct keeper *k, struct kept_job *j)
{
	struct kept_job *was = k->front;
	struct termios t;

	if (k->master < 0)
		return;
	if (was != NULL && was != j && runs(was))
		was->has_modes = tcgetattr(TTY, &was->modes) == 0;
	if (was != NULL && (was != j && (j != NULL || !runs(was)))) {
		(void)tcflush(TTY, TCIFLUSH);
		frame_buf_release(&was->served.streams.v[STREAM_TERMINAL].waiting);
	}
	k->front = j;
	(void)tcsetpgrp(TTY, j != NULL && runs(j) ? j->group : getpgrp());
	t = j != NULL && j->has_modes ? j->modes : k->modes;
	if (j == NULL)
		t.c_oflag &= ~(tcflag_t)OPOST;
	(void)tcsetattr(TTY, TCSANOW, &t);
}

static void pass_signal(struct kept_job *j, int signo)
{
	if (signo == SIGCONT) { /* a stop before this is old */
		j->continued++;
		j->stop = 0;
	}
	signal_job(j, signo);
}

static void take_order(void *arg, enum frame_type type, const struct verdict *v)
{
	struct kept_job *j = arg;

	if (type == FRAME_SIGNAL && v->status == 0)
		j->persist = (v->flags & MSG_PERSIST) != 0;
	else if (type == FRAME_SIGNAL && v->status < NSIG)
		pass_signal(j, (int)v->status);
	else if (type == FRAME_FOREGROUND && v->status != 0)
		set_front(j->k, j);
	else if (type == FRAME_FOREGROUND && j->k->front == j)
		set_front(j->k, NULL);
}

static void resize(void *arg, const struct winch *w)
{
	const struct kept_job *j = arg;

	(void)ioctl(j->k->master, TIOCSWINSZ, &(struct winsize){ .ws_row = w->rows, .ws_col = w->cols });
}

static const struct served_ops served_ops = { .order = take_order, .resize = resize };

/* … and its link knows that, and has stopped, too. */
static bool is_stopped(const struct kept_job *j)
{
	for (size_t i = 0; i < j->n_procs; i++)
		if (j->procs[i].pid != 0 && !j->procs[i].stopped)
			return false;
	return runs(j) && j->stop == 0;
}

/* By whom what is written to the terminal goes home; NULL: it waits. */
static struct kept_job *way_home(const struct keeper *k)
{
	if (k->control >= 0) /* the peer still reads */
		return NULL;
	if (k->front != NULL && k->front->served.linked)
		return k->front;
	for (size_t i = 0; i < k->n; i++)
		if (!k->v[i].gone && k->v[i].served.linked && !k->v[i].served.told && !is_stopped(&k->v[i]))
			return &k->v[i];
	return NULL;
}

/* Has the terminal something that is still to be read? */
static bool has_output(const struct keeper *k, int wait_ms)
{
	struct pollfd p = { .fd = k->master, .events = POLLIN };

	return poll(&p, 1, wait_ms) > 0;
}

/* ---- the jobs ---- */

static void add_used(struct rusage *to, const struct rusage *u)
{
	timeradd(&to->ru_utime, &u->ru_utime, &to->ru_utime);
	timeradd(&to->ru_stime, &u->ru_stime, &to->ru_stime);
}

/* The signal that stopped the last of them, if all that are left have stopped, and some are; else 0. */
static int all_stopped(const struct kept_job *j, int signo)
{
	for (size_t i = 0; i < j->n_procs; i++)
		if (j->procs[i].pid != 0 && !j->procs[i].stopped)
			return 0;
	return runs(j) ? signo : 0;
}

static void changed(struct kept_job *j, size_t i, int st, const struct rusage *u)
{
	j->procs[i].stopped = WIFSTOPPED(st);
	if (WIFSTOPPED(st)) {
		j->stopped_by = WSTOPSIG(st);
		j->stop = all_stopped(j, j->stopped_by);
	} else if (WIFCONTINUED(st)) {
		j->stop = 0;
	} else {
		j->procs[i].pid = 0;
		add_used(&j->used, u);
		if (i + 1 == j->n_procs)
			j->wait_status = st;
	}
}

static void reap(struct keeper *k)
{
	struct rusage u;
	pid_t pid;
	int st;

	got_child = 0;
	while ((pid = wait4(-1, &st, WNOHANG | WUNTRACED | WCONTINUED, &u)) > 0)
		for (size_t i = 0; i < k->n; i++)
			for (size_t p = 0; p < k->v[i].n_procs; p++)
				if (k->v[i].procs[p].pid == pid)
					changed(&k->v[i], p, st, &u);
}

static void tell_end(struct kept_job *j)
{
	if (j->k->front == j)
		set_front(j->k, NULL);
	served_tell_end(&j->served, j->wait_status, j->served.streams.v[STREAM_TERMINAL].came, &j->used);
}

static void tell_stop(struct kept_job *j)
{
	const struct verdict v = { .status = (uint64_t)j->stop, .seq = j->continued };

	j->stop = 0;
	if (j->k->front == j)
		set_front(j->k, NULL);
	(void)frames_put(&j->served.out, FRAME_STOPPED, &verdict_record, &v);
}

/* What has become of it, behind what it has written, and the echo of the key that stopped it. */
static void tell(struct kept_job *j)
{
	bool ended = !runs(j) && !j->served.told;

	if ((!ended && j->stop == 0) || !j->served.linked)
		return;
	if (j->tell_ms == 0)
		j->tell_ms = now_mono_ms();
	if (has_output(j->k, ended ? 0 : ECHO_MS) && now_mono_ms() < j->tell_ms + TELL_MS)
		return;
	j->tell_ms = 0;
	if (ended)
		tell_end(j);
	else
		tell_stop(j);
}

/* Nobody stands for it any more. */
static void let_go(struct kept_job *j)
{
	j->gone = true;
	if (j->k->front == j)
		set_front(j->k, NULL);
	if (!j->served.told && !j->keep) {
		signal_job(j, SIGHUP);
		signal_job(j, SIGCONT);
	}
	served_end(&j->served);
}

/* ---- the loop ---- */

static struct kept_job *find(const struct keeper *k, uint64_t group)
{
	for (size_t i = 0; i < k->n; i++)
		if (!k->v[i].gone && (uint64_t)k->v[i].group == group)
			return &k->v[i];
	return NULL;
}

/* Nobody has stood for it yet. */
static void await_link(struct kept_job *j)
{
	served_begin(&j->served, &served_ops, j, j->k->d.secret);
	j->served.listens = j->served.adopted = j->served.asks = true;
	j->served.flags = j->k->master < 0 ? MSG_NO_TERMINAL : 0;
	j->served.lost_ms = now_mono_ms();
	j->served.streams.v[STREAM_TERMINAL] = (struct stream){ .from = -1, .to = j->k->master, .keep = true };
}

/* True: the link's descriptors are taken. The first of one that attached to the session knows nothing of what was said before. */
static bool attach(struct kept_job *j, const struct hello *h, const int fds[2], int waiter)
{
	if (h->from < j->turn) {
		attach_refuse(fds[1], "another terminal has the session now", MSG_ATTACH_TAKEN);
		return false;
	}
	if ((h->flags & MSG_FRESH) != 0 && served_is_link(&j->served, h)) {
		if (j->k->front == j)
			set_front(j->k, NULL);
		served_end(&j->served);
		await_link(j);
		j->stop = all_stopped(j, j->stopped_by);
		j->turn = h->from;
		j->continued = 0;
	}
	if (!served_attach(&j->served, h, fds, waiter))
		return false;
	j->persist = (h->flags & MSG_PERSIST) != 0;
	j->served.near = (h->flags & MSG_NEAR) != 0;
	return true;
}

/* For how much longer it waits without a link, in ms; -1: it has one. One that has stopped takes nothing. */
static int64_t left_ms(const struct kept_job *j, int64_t now_ms)
{
	int64_t most = !runs(j) && j->persist ? ENDED_MS : j->persist || all_stopped(j, SIGSTOP) != 0 ? KEPT_MS : RESUME_MS;

	return served_left_ms(&j->served, now_ms, most);
}

static void accept_link(struct keeper *k)
{
	uint8_t s[ATTACH_HELLO_MAX];
	struct kept_job *j;
	struct hello h;
	size_t len;
	int fds[2], fd = attach_accept(k->listener, s, &len, fds);

	if (fd < 0)
		return;
	if (attach_hello(s, len, &h) < 0) {
		attach_refuse(fds[1], "the greeting cannot be read", MSG_ATTACH_FAILED);
	} else {
		j = find(k, h.pid);
		if (j == NULL)
			attach_refuse(fds[1], "it has ended", MSG_ATTACH_GONE);
		else if (attach(j, &h, fds, fd))
			fd = -1;
		record_release(&hello_record, &h);
	}
	if (fd < 0)
		return;
	close(fd);
	close(fds[0]);
	close(fds[1]);
}

/* How long to sleep; -1: without a limit. */
static int64_t watch(struct keeper *k)
{
	const struct kept_job *way = way_home(k);
	int64_t now = now_mono_ms(), least = -1;

	for (size_t i = 0; i < k->n; i++) {
		struct kept_job *j = &k->v[i];
		struct pollfd *p = &k->polls[i * SERVED_POLLS];
		int64_t left = j->gone ? -1 : left_ms(j, now);

		j->served.streams.v[STREAM_TERMINAL].from = j == way ? k->master : -1;
		if (left == 0) {
			let_go(j);
			left = -1;
		}
		for (size_t m = 0; j->gone && m < SERVED_POLLS; m++)
			p[m] = (struct pollfd){ .fd = -1 };
		if (!j->gone)
			served_watch(&j->served, p);
		if (j->tell_ms != 0 && j->served.linked) /* else nobody could be told */
			left = TELL_MS;
		if (left > 0 && (least < 0 || left < least))
			least = left;
	}
	k->polls[k->n * SERVED_POLLS] = (struct pollfd){ .fd = k->listener, .events = POLLIN };
	k->polls[k->n * SERVED_POLLS + 1] = (struct pollfd){ .fd = k->control, .events = POLLIN };
	return least;
}

static void turn(struct keeper *k)
{
	const struct pollfd *listener = &k->polls[k->n * SERVED_POLLS], *control = listener + 1;
	int64_t left = watch(k);
	struct timespec ts = { left / 1000, left % 1000 * 1000000L };
	bool woken = ppoll(k->polls, k->n * SERVED_POLLS + 2, left < 0 ? NULL : &ts, &k->sleep_mask) >= 0;

	for (size_t i = 0; woken && i < k->n; i++) {
		int r = k->v[i].gone ? 0 : served_run(&k->v[i].served, &k->polls[i * SERVED_POLLS]);

		if (r < 0 && r != -EAGAIN)
			let_go(&k->v[i]);
	}
	if (woken && listener->revents != 0)
		accept_link(k);
	if (woken && control->fd >= 0 && control->revents != 0) { /* the peer has gone */
		close(k->control);
		k->control = -1;
	}
	if (got_child)
		reap(k);
	for (size_t i = 0; i < k->n; i++)
		if (!k->v[i].gone) {
			tell(&k->v[i]);
			served_flush(&k->v[i].served);
		}
}

static bool is_needed(const struct keeper *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (!k->v[i].gone)
			return true;
	return false;
}

/* ---- beginning ---- */

static struct kept_job *job_of(struct keeper *k, pid_t group)
{
	struct kept_job *j = find(k, (uint64_t)group);

	if (j != NULL)
		return j;
	j = &k->v[k->n++];
	*j = (struct kept_job){ .k = k, .group = group, .persist = (k->d.flags & MSG_PERSIST) != 0 };
	await_link(j);
	return j;
}

static bool add_proc(struct kept_job *j, const struct left_proc *l)
{
	struct kept_proc *v = realloc(j->procs, (j->n_procs + 1) * sizeof(*v));

	if (v == NULL)
		return false;
	j->procs = v;
	j->procs[j->n_procs++] = (struct kept_proc){ .pid = abs(l->pid), .stopped = l->stopped != 0 };
	if (l->stopped != 0)
		j->stopped_by = WSTOPSIG(l->stopped);
	j->stop = all_stopped(j, j->stopped_by);
	j->keep = l->pid < 0;
	return true;
}

static bool begin(struct keeper *k, int order)
{
	size_t n;

	if (handover_read(&departure_record, order, &k->d) < 0)
		return false;
	close(order);
	n = k->d.jobs.len / sizeof(struct left_proc);
	k->v = calloc(n + 1, sizeof(*k->v));
	k->polls = calloc((n + 1) * SERVED_POLLS, sizeof(*k->polls));
	if (k->v == NULL || k->polls == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct left_proc l;

		memcpy(&l, k->d.jobs.s + i * sizeof(l), sizeof(l));
		if (l.pid == INT_MIN || l.group <= 0 || l.group == getpgrp() || !add_proc(job_of(k, l.group), &l))
			return false;
	}
	k->listener = attach_listen(k->d.socket);
	return k->listener >= 0;
}

static void signals_init(struct keeper *k)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGPIPE };
	static const int caught[] = { SIGCHLD, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		sigaddset(&block, caught[i]);
		sigaction(caught[i], &sa, NULL);
	}
	if (k->master < 0) /* its terminal may still go */
		signal(SIGHUP, SIG_IGN);
	sigprocmask(SIG_SETMASK, &block, NULL);
	sigemptyset(&k->sleep_mask);
	sigaddset(&k->sleep_mask, SIGTTOU);
}

int kept_run(int order, int master, int control)
{
	struct keeper k = { .master = master, .control = control, .listener = -1 };
	const int keep[] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, order, master, control };

	fd_keep_only(keep, sizeof(keep) / sizeof(keep[0]));
	signals_init(&k);
	(void)prctl(PR_SET_NAME, "mish-peer");
	(void)!chdir("/");
	if (master >= 0)
		fcntl(master, F_SETFL, O_NONBLOCK);
	if (!begin(&k, order))
		return 1;
	(void)tcgetattr(TTY, &k.modes);
	set_front(&k, NULL);
	got_child = 1; /* what has ended since the shell looked */
	if (control >= 0)
		(void)shutdown(control, SHUT_WR); /* the peer may end */
	while (!got_end && is_needed(&k))
		turn(&k);
	for (size_t i = 0; i < k.n; i++)
		if (!k.v[i].gone)
			let_go(&k.v[i]);
	return 0;
}
