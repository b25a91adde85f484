#ifndef MISH_CONTROLLER_LISTENER_H
#define MISH_CONTROLLER_LISTENER_H

#include <uv.h>

/*
 * Binds a unix socket to a path that everybody may connect to: who it is, the kernel says.
 * A socket that nobody listens at any more is removed first. Returns 0; -EADDRINUSE when
 * somebody does; -errno.
 */
int listener_bind(uv_pipe_t *p, const char *path);

#endif
