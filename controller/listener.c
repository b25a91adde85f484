#include <config.h>

#include "controller/listener.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/sock.h"

static int take_path(const char *path)
{
	int fd = sock_connect(path);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 || fd == -EAGAIN) /* or there is a queue */
		return -EADDRINUSE;
	if (fd == -ECONNREFUSED) /* of a daemon that did not end well */
		return unlink(path) < 0 ? -errno : 0;
	return fd == -ENOENT ? 0 : fd;
}

int listener_bind(uv_pipe_t *p, const char *path)
{
	int r = take_path(path);

	if (r == 0)
		r = uv_pipe_bind(p, path);
	if (r == 0 && chmod(path, 0666) < 0)
		r = -errno;
	return r;
}
