#include <config.h>

#include "wire/fdpass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(FDPASS_FDS * sizeof(int))];
};

int fdpass_send(int sock, const void *buf, size_t len, const int fds[FDPASS_FDS])
{
	union control control = { 0 };
	struct iovec iov = { (void *)(uintptr_t)buf, len };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
			    .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t n;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(FDPASS_FDS * sizeof(int));
	memcpy(CMSG_DATA(c), fds, FDPASS_FDS * sizeof(int));
	while ((n = sendmsg(sock, &m, MSG_NOSIGNAL)) < 0 && errno == EINTR)
		;
	return n < 0 ? -errno : (size_t)n == len ? 0 : -EMSGSIZE;
}

long fdpass_take(int sock, void *buf, size_t size, int fds[FDPASS_FDS])
{
	union control control = { 0 };
	struct iovec iov = { buf, size };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
			    .msg_controllen = sizeof(control.bytes) };
	ssize_t n = recvmsg(sock, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	struct cmsghdr *c;

	fds[0] = fds[1] = -1;
	if (n <= 0)
		return n == 0 ? 0 : errno == EINTR ? -EAGAIN : -errno;
	c = CMSG_FIRSTHDR(&m);
	if (c == NULL || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return n;
	if (c->cmsg_len != CMSG_LEN(FDPASS_FDS * sizeof(int))) { /* fewer: there is no room for more */
		if (c->cmsg_len == CMSG_LEN(sizeof(int))) {
			memcpy(fds, CMSG_DATA(c), sizeof(int));
			close(fds[0]);
			fds[0] = -1;
		}
		return -EBADMSG;
	}
	memcpy(fds, CMSG_DATA(c), FDPASS_FDS * sizeof(int));
	return n;
}

long fdpass_recv(int sock, void *buf, size_t size, int fds[FDPASS_FDS])
{
	long n = fdpass_take(sock, buf, size, fds);

	return n > 0 && fds[0] < 0 ? -EBADMSG : n;
}
