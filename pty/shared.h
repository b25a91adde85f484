#ifndef MISH_PTY_SHARED_H
#define MISH_PTY_SHARED_H

#include "pty/reach.h"

/*
 * The connections of placed commands to one address: each is kept by a process (pty/mux.h) that is found in the abstract namespace of unix sockets, by the
 * same user only; there is another where the first has no channel left.
 *
 * shared_open(): a channel of one that is there, or is being made by another command (c->joined); or as `greet`, which connects c and waits for the peer's
 * greeting: but in a child, that keeps the connection. Who come while one is made wait for it: however many begin at once, a server sees one login after
 * the other, one for each nine commands. 0 or -1 with *why.
 */
int shared_open(struct carrier *c, int (*greet)(struct carrier *, char **), char **why);

/* Leaves c's connection, whose channel has come to its end, to a keeper of its own, for those who come next; unless there is one already. */
void shared_leave(struct carrier *c);

#endif
