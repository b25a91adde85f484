#include <config.h>

#include "pty/attach.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire/fd.h"
#include "wire/fdpass.h"
#include "wire/io_full.h"

enum { MESSAGE_MS = 500 };

static socklen_t address(struct sockaddr_un *a, const uint8_t name[HANDOVER_SOCKET])
{
	int n;

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(a->sun_path + 1, sizeof(a->sun_path) - 1, "mish-peer/%u/", (unsigned)getuid());
	for (int i = 0; i < HANDOVER_SOCKET; i++)
		n += snprintf(a->sun_path + 1 + n, sizeof(a->sun_path) - 1 - (size_t)n, "%02x", name[i]);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

int attach_listen(const uint8_t socket_name[HANDOVER_SOCKET])
{
	struct sockaddr_un a;
	socklen_t len = address(&a, socket_name);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), r;

	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&a, len) == 0 && listen(fd, 8) == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

/* The one message of an attempt. */
static int receive(int fd, uint8_t *buf, size_t *ret_len, int fds[2])
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long n;

	if (poll(&p, 1, MESSAGE_MS) <= 0)
		return -EAGAIN;
	n = fdpass_recv(fd, buf, ATTACH_HELLO_MAX, fds);
	if (n <= 0)
		return -EAGAIN;
	*ret_len = (size_t)n;
	return 0;
}

int attach_accept(int listener, uint8_t *buf, size_t *ret_len, int fds[2])
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return -EAGAIN;
	if (fd_is_own_user(fd) && receive(fd, buf, ret_len, fds) == 0)
		return fd;
	close(fd);
	return -EAGAIN;
}

int attach_pass(const uint8_t socket_name[HANDOVER_SOCKET], const uint8_t *hello, size_t len)
{
	int fds[2] = { STDIN_FILENO, STDOUT_FILENO };
	struct sockaddr_un a;
	socklen_t a_len = address(&a, socket_name);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), r = 0;
	ssize_t n = 1;
	char byte;

	if (fd < 0)
		return -errno;
	if (len > ATTACH_HELLO_MAX)
		r = -EMSGSIZE;
	else if (connect(fd, (const struct sockaddr *)&a, a_len) < 0)
		r = -errno;
	else if (!fd_is_own_user(fd))
		r = -EPERM;
	if (r == 0)
		r = fdpass_send(fd, hello, len, fds);
	/* sshd keeps the channel as long as this process is there */
	while (r == 0 && (n > 0 || (n < 0 && errno == EINTR)))
		n = read(fd, &byte, 1);
	close(fd);
	return r;
}

void attach_refuse(int fd, const char *why, enum msg_attach status)
{
	struct verdict v = { .why = (char *)(uintptr_t)why, .status = status };
	struct frame_buf out = { 0 };

	if (frames_put(&out, FRAME_ABORT, &verdict_record, &v) == 0)
		(void)io_write_full(fd, frame_buf_at(&out), out.len);
	frame_buf_release(&out);
}

int attach_hello(const uint8_t *s, size_t len, struct hello *ret)
{
	struct msg_view v;

	return msg_parse(&v, s, len) < 0 ? -EBADMSG : record_get(&hello_record, &v, ret);
}
