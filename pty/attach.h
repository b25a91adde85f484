#ifndef MISH_PTY_ATTACH_H
#define MISH_PTY_ATTACH_H

#include <stddef.h>
#include <stdint.h>

#include "session/frames.h"

/*
 * How a link comes back to a living peer: sshd starts another mish-peer, whose HELLO names a
 * session. The new mish-peer passes its standard input and output to the peer that holds that
 * session, over a unix socket in the abstract namespace, and then only waits. No directory can
 * be missing and no file be left behind; both sides check the other's uid, and the peer checks
 * the session's secret.
 */
enum { ATTACH_HELLO_MAX = 8192 };

/* The peer's socket, by the name that HELLO gave it; non-blocking. -errno. */
int attach_listen(const uint8_t socket_name[HANDOVER_SOCKET]);

/*
 * Accepts one attempt, with its HELLO in buf and its two descriptors (close-on-exec). Returns
 * the connection: the other side waits until it is closed. -EAGAIN: nobody came, or another user.
 */
int attach_accept(int listener, uint8_t *buf, size_t *ret_len, int fds[2]);

/* Reads the HELLO of an attempt, to be released. 0 or -errno. */
int attach_hello(const uint8_t *s, size_t len, struct hello *ret);
/* Tells the link of an attempt why it gets nothing. */
void attach_refuse(int fd, const char *why, enum msg_attach status);

/*
 * For the other side: passes standard input and output with the HELLO, and waits until the
 * peer closes the connection. 0, or -errno when there is no such peer.
 */
int attach_pass(const uint8_t socket_name[HANDOVER_SOCKET], const uint8_t *hello, size_t len);

#endif
