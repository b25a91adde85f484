#include <config.h>

#include "wire/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int fd_own(int fd)
{
	int n = fcntl(fd, F_DUPFD_CLOEXEC, FD_OWN_MIN);

	if (n >= 0) {
		close(fd);
		return n;
	}
	/* a tiny limit on descriptors: one among the script's is better than no shell */
	return fd > STDERR_FILENO && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? fd : -1;
}

void fd_keep_only(const int *keep, size_t n)
{
	unsigned from = 0, next;
	int null;

	do {
		next = ~0U;
		for (size_t i = 0; i < n; i++)
			if (keep[i] >= 0 && (unsigned)keep[i] >= from && (unsigned)keep[i] < next)
				next = (unsigned)keep[i];
		if (next > from)
			(void)close_range(from, next == ~0U ? next : next - 1, 0);
		from = next + 1;
	} while (next != ~0U);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 0; null >= 0 && i <= STDERR_FILENO; i++)
		if (fcntl(i, F_GETFD) < 0)
			(void)fcntl(null, F_DUPFD_CLOEXEC, i);
	if (null > STDERR_FILENO)
		close(null);
}

bool fd_is_own_user(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 && cred.uid == getuid();
}

int fd_pipe(int p[2])
{
	if (pipe2(p, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 2; i++)
		if (p[i] <= STDERR_FILENO) { /* one of 0 to 2 is closed: a pipe must not take its place */
			int fd = fd_own(p[i]);

			if (fd < 0) {
				int err = errno;

				close(p[0]);
				close(p[1]);
				p[0] = p[1] = -1;
				return -err;
			}
			p[i] = fd;
		}
	return 0;
}
