#ifndef MISH_PTY_BEGIN_H
#define MISH_PTY_BEGIN_H

#include "pty/peer.h"

/*
 * How a session begins at its new node. An error is told to the link, and ends the process:
 * nothing is here yet that could be lost.
 */

/*
 * Waits for HELLO and reads it. A link that wants the session of another peer is passed to
 * that peer; then this does not return.
 */
void begin_hear(struct peer *p);

/* Tells the link why not, and ends. */
void begin_refuse(const char *fmt, const char *arg) __attribute__((noreturn));
/* What a shell is to restore, in a memfd; -errno. */
int begin_arrival(const struct hello *h);

/* Asks this node's mishd, and starts the shell on a pty. Answers a question, and ends then. */
void begin_shell(struct peer *p);

#endif
