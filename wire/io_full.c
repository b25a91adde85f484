#include <config.h>

#include "wire/io_full.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* A descriptor that somebody made non-blocking is waited for. */
static void wait_ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	(void)poll(&p, 1, -1);
}

ssize_t io_write(int fd, const void *buf, size_t len)
{
	ssize_t n = send(fd, buf, len, MSG_NOSIGNAL);

	return n < 0 && errno == ENOTSOCK ? write(fd, buf, len) : n;
}

int io_write_full(int fd, const void *buf, size_t len)
{
	const char *s = buf;

	while (len != 0) {
		ssize_t n = io_write(fd, s, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			wait_ready(fd, POLLOUT);
			continue;
		}
		if (n < 0)
			return -errno;
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

int io_read_file(int fd, size_t max, char **ret, size_t *ret_len)
{
	return io_read_file_from(fd, 0, max, ret, ret_len);
}

int io_read_file_from(int fd, off_t from, size_t max, char **ret, size_t *ret_len)
{
	size_t cap = 4096, len = 0;
	char *s = malloc(cap);

	if (s == NULL)
		return -ENOMEM;
	for (;;) {
		ssize_t n = pread(fd, s + len, cap - len - 1, from + (off_t)len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || len + (size_t)n > max) {
			int r = n < 0 ? -errno : -EFBIG;

			free(s);
			return r;
		}
		if (n == 0)
			break;
		len += (size_t)n;
		if (cap - len < 2) {
			char *p = reallocarray(s, cap, 2);

			if (p == NULL) {
				free(s);
				return -ENOMEM;
			}
			s = p;
			cap *= 2;
		}
	}
	s[len] = '\0';
	*ret = s;
	if (ret_len != NULL)
		*ret_len = len;
	return 0;
}
