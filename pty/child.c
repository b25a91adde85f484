#include <config.h>

#include "pty/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/fdpass.h"
#include "wire/io_full.h"
#include "wire/now.h"

enum { FIRST_FD = 3, FDS = 3 };

/*
 * In the child: moves the descriptors (as many as there are) to 3, 4 and 5, and executes the
 * link. Returns only when that fails, with errno set: the present number of the second
 * descriptor, the socket on which the guardian can be told.
 */
static int exec_link(const struct programs *programs, const int fds[FDS], const sigset_t *mask)
{
	char *argv[] = { (char *)(uintptr_t)"mish-link", (char *)(uintptr_t)"3",
			 (char *)(uintptr_t)"4", (char *)(uintptr_t)"5", NULL };
	int high[FDS], n = 0;

	for (int i = 1; i < NSIG; i++)
		if (i != SIGKILL && i != SIGSTOP)
			signal(i, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	for (; n < FDS && fds[n] >= 0; n++) { /* out of each other's way first */
		high[n] = fcntl(fds[n], F_DUPFD, FIRST_FD + FDS);
		if (high[n] < 0)
			return fds[1];
	}
	for (int i = 0; i < n; i++)
		dup2(high[i], FIRST_FD + i);
	close_range((unsigned)(FIRST_FD + n), ~0U, CLOSE_RANGE_CLOEXEC);
	argv[n + 1] = NULL;
	errno = -programs_exec(programs, PROGRAM_LINK, argv, environ);
	return FIRST_FD + 1;
}

static pid_t fork_link(const struct programs *programs, const int fds[FDS], const sigset_t *mask, bool ours)
{
	pid_t self = getpid(), pid = fork();
	struct msg m;
	char why[64];
	int out;

	if (pid != 0)
		return pid;
	if (ours) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != self)
			_exit(1);
	} else {
		int null = open("/dev/null", O_RDWR);

		setsid();
		if (fork() != 0) /* nobody's child, so nobody has to wait for it */
			_exit(0);
		for (int i = 0; null >= 0 && i < 3; i++) /* and it has no terminal */
			dup2(null, i);
	}
	out = exec_link(programs, fds, mask);
	snprintf(why, sizeof(why), "mish-link: %s", errno == ENOENT ? "not installed" : strerror(errno));
	msg_init(&m);
	msg_str(&m, MSG_WHY, why);
	if (ours)
		(void)frame_send(out, FRAME_ABORT, &m);
	_exit(127);
}

struct child *child_new(pid_t pid, int fd)
{
	struct child *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->pid = pid;
	c->fd = fd;
	return c;
}

struct child *child_start(const struct programs *programs, const struct errand_order *o,
			  const struct spool *spool, const sigset_t *mask, int *err)
{
	int pair[2] = { -1, -1 }, memfd = -1, r = 0;
	struct child *c = NULL;

	memfd = handover_write(&errand_record, o);
	if (memfd < 0)
		r = memfd;
	else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		r = -errno;
	else if ((c = child_new(0, pair[0])) == NULL)
		r = -ENOMEM;
	if (r == 0) {
		int fds[FDS] = { memfd, pair[1], spool->fd };

		c->pid = fork_link(programs, fds, mask, true);
		if (c->pid < 0)
			r = -errno;
	}
	if (memfd >= 0)
		close(memfd);
	if (pair[1] >= 0)
		close(pair[1]);
	if (r < 0 && pair[0] >= 0)
		close(pair[0]);
	if (r < 0) {
		free(c);
		*err = r;
		return NULL;
	}
	return c;
}

bool child_order(struct child *c, const struct errand_order *o, const struct spool *spool)
{
	int memfd = handover_write(&errand_record, o), fds[FDPASS_FDS] = { memfd, spool->fd };
	const char *term = getenv("TERM"); /* it may have changed since the link was started */
	bool ok;

	if (term == NULL || strlen(term) >= CHILD_TERM_MAX)
		term = "dumb";
	if (memfd < 0)
		return false;
	ok = recv(c->fd, &(char){ 0 }, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
	     fdpass_send(c->fd, term, strlen(term) + 1, fds) == 0;
	close(memfd);
	return ok;
}

void child_start_fence(const struct programs *programs, const struct errand_order *o, const sigset_t *mask)
{
	int memfd = handover_write(&errand_record, o);
	int fds[FDS] = { memfd, -1, -1 };

	if (memfd >= 0) {
		pid_t pid = fork_link(programs, fds, mask, false);

		while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		close(memfd);
	}
}

pid_t child_start_kept(const struct programs *programs, const struct errand_order *o)
{
	int memfd = handover_write(&errand_record, o);
	int fds[FDS] = { memfd, -1, -1 };
	pid_t pid = memfd < 0 ? memfd : fork();
	sigset_t all;

	if (pid == 0) {
		setpgid(0, 0);
		sigfillset(&all); /* until it can pass them on */
		(void)exec_link(programs, fds, &all);
		_exit(127);
	}
	if (pid > 0)
		setpgid(pid, pid);
	else if (memfd >= 0)
		pid = -errno;
	if (memfd >= 0)
		close(memfd);
	return pid;
}

static void send_frame(const struct child *c, enum frame_type type, const struct record *record, const void *body)
{
	struct frame_buf out = { 0 };

	if (frames_put(&out, type, record, body) == 0)
		(void)io_write_full(c->fd, frame_buf_at(&out), out.len);
	frame_buf_release(&out);
}

void child_send(struct child *c, enum frame_type type, const struct verdict *v)
{
	send_frame(c, type, &verdict_record, v);
}

void child_send_job(struct child *c, const struct job_word *w)
{
	send_frame(c, FRAME_JOB, &job_record, w);
}

/* Drops what the link still says, until it closes its socket. False: it did not in time. */
static bool reads_end(const struct child *c, int64_t end)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	char buf[4096];
	int64_t left;

	while ((left = end - now_mono_ms()) > 0)
		if (poll(&p, 1, (int)left) > 0 && read(c->fd, buf, sizeof(buf)) <= 0)
			return true;
	return false;
}

bool child_end(struct child *c, int timeout_ms)
{
	int st = -1;

	/* the shell may have reaped a link that it started: the pid may be another process's now */
	if (!reads_end(c, now_mono_ms() + timeout_ms) && waitpid(c->pid, &st, WNOHANG) == 0)
		kill(c->pid, SIGKILL);
	while (waitpid(c->pid, &st, 0) < 0 && errno == EINTR)
		;
	close(c->fd);
	frame_buf_release(&c->in);
	free(c);
	return WIFEXITED(st) && WEXITSTATUS(st) == 0;
}
