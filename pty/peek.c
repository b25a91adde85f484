#include <config.h>

#include "pty/peek.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/fd.h"

enum { LEAST = 2 * PEEK_PROOF /* of a pipe's room: in a smaller one a command's reading would never be proved */ };

/* Tells of what is there, as if it had just come: an edge for each write, as the pipe is readable all the time. */
static int watch(const struct peek *k, int how)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };

	return epoll_ctl(k->news, how, k->fd, &e);
}

static void close_all(struct peek *k)
{
	const int fds[] = { k->fd, k->copy[0], k->copy[1], k->news };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	*k = (struct peek){ .kind = PEEK_NONE };
}

/* Something to copy to, and to be told by. False: there is none. */
static bool open_copy(struct peek *k)
{
	int room = fcntl(k->fd, F_GETPIPE_SZ);

	if (room < LEAST || fd_pipe(k->copy) < 0)
		return false;
	k->news = epoll_create1(EPOLL_CLOEXEC);
	return k->news >= 0 && fcntl(k->copy[1], F_SETPIPE_SZ, room) >= room && fcntl(k->copy[0], F_SETFL, O_NONBLOCK) == 0 &&
	       watch(k, EPOLL_CTL_ADD) == 0;
}

void peek_begin(struct peek *k, int fd)
{
	struct stat st;

	*k = (struct peek){ .fd = fcntl(fd, F_DUPFD_CLOEXEC, FD_OWN_MIN), .copy = { -1, -1 }, .news = -1 };
	if (k->fd >= 0 && fstat(fd, &st) == 0) {
		if (S_ISREG(st.st_mode) && (k->at = lseek(fd, 0, SEEK_CUR)) >= 0)
			k->kind = PEEK_FILE;
		else if (S_ISFIFO(st.st_mode) && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY && open_copy(k))
			k->kind = PEEK_PIPE;
	}
	if (k->kind == PEEK_NONE)
		close_all(k);
}

void peek_end(struct peek *k)
{
	if (k->kind != PEEK_NONE)
		close_all(k);
}

int peek_fd(const struct peek *k, int fd)
{
	return k->kind == PEEK_PIPE && fd >= 0 ? k->news : fd;
}

/* Reads what is there already, and throws it away: others may have been faster. */
static void drop(int fd, uint64_t len)
{
	char buf[4096];
	int there = 0;
	ssize_t n = 1;

	if (ioctl(fd, FIONREAD, &there) < 0 || (uint64_t)there < len)
		len = (uint64_t)there;
	while (len != 0 && (n = read(fd, buf, len < sizeof(buf) ? (size_t)len : sizeof(buf))) > 0)
		len -= (uint64_t)n;
}

/* Is there no writer any more? */
static bool has_ended(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP) != 0;
}

/* What is new of it; it stays there. */
static ssize_t copy(struct peek *k, void *buf, size_t size, size_t there)
{
	ssize_t n = tee(k->fd, k->copy[1], there, SPLICE_F_NONBLOCK);

	if (n < 0)
		return -1;
	drop(k->copy[0], k->ahead);
	n = read(k->copy[0], buf, size);
	drop(k->copy[0], UINT64_MAX);
	return n;
}

static ssize_t read_copy(struct peek *k, void *buf, size_t size)
{
	bool ended = has_ended(k->fd); /* before it is looked for: nothing can come behind that */
	struct epoll_event e;
	int there;
	ssize_t n;

	(void)epoll_wait(k->news, &e, 1, 0);
	if (ioctl(k->fd, FIONREAD, &there) < 0)
		return -1;
	if ((uint64_t)there <= k->ahead) {
		errno = EAGAIN;
		return ended ? 0 : -1;
	}
	n = copy(k, buf, size, (size_t)there);
	if (n > 0)
		k->ahead += (uint64_t)n;
	if (ended || (uint64_t)there > k->ahead)
		(void)watch(k, EPOLL_CTL_MOD);
	return n;
}

ssize_t peek_read(struct peek *k, int fd, void *buf, size_t size)
{
	ssize_t n;

	if (k->kind == PEEK_PIPE)
		return read_copy(k, buf, size);
	if (k->kind != PEEK_FILE)
		return read(fd, buf, size);
	n = pread(k->fd, buf, size, k->at);
	k->at += n > 0 ? n : 0;
	return n;
}

void peek_proved(struct peek *k, uint64_t came)
{
	if (k->kind != PEEK_PIPE || came <= PEEK_PROOF)
		return;
	drop(k->fd, k->ahead);
	close_all(k);
}

void peek_settle(struct peek *k, uint64_t read)
{
	if (k->kind == PEEK_FILE && read != 0 && read <= INT64_MAX / 2)
		(void)lseek(k->fd, (off_t)read, SEEK_CUR); /* others may have moved it meanwhile */
	else if (k->kind == PEEK_PIPE)
		drop(k->fd, read < k->ahead ? read : k->ahead);
	peek_end(k);
}
