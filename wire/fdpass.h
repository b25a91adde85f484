#ifndef MISH_WIRE_FDPASS_H
#define MISH_WIRE_FDPASS_H

#include <stddef.h>
#include <stdint.h>

/* Two descriptors over a unix socket, with what there is to say of them (SCM_RIGHTS). */
enum { FDPASS_FDS = 2 };

/* At least one byte has to come along. 0 or -errno; no SIGPIPE. */
int fdpass_send(int sock, const void *buf, size_t len, const int fds[FDPASS_FDS]);

/*
 * Takes one message, without waiting. Returns its length, with the descriptors
 * (close-on-exec) the caller's; 0 at the end, -EAGAIN when there is none, -EBADMSG when it is
 * not one with two descriptors, or -errno.
 */
long fdpass_recv(int sock, void *buf, size_t size, int fds[FDPASS_FDS]);

#endif
