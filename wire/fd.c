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
