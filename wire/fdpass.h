#ifndef MISH_WIRE_FDPASS_H
#define MISH_WIRE_FDPASS_H

#include <stddef.h>
#include <stdint.h>

/* Passing two descriptors over a unix socket (SCM_RIGHTS), with some bytes. */
enum { FDPASS_FDS = 2 };

/* `len` must not be 0: descriptors travel with bytes only. 0 or -errno; no SIGPIPE. */
int fdpass_send(int sock, const void *buf, size_t len, const int fds[FDPASS_FDS]);

/*
 * Takes one message, without waiting. Returns its length, with the descriptors
 * (close-on-exec) the caller's; 0 at the end, -EAGAIN when there is none, -EBADMSG when it is
 * not one with two descriptors, or -errno.
 */
long fdpass_recv(int sock, void *buf, size_t size, int fds[FDPASS_FDS]);

/* From a stream, in which the two come with the last of the bytes that this returns; -1: none came. Else as fdpass_recv(). */
long fdpass_take(int sock, void *buf, size_t size, int fds[FDPASS_FDS]);

#endif
