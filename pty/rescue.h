#ifndef MISH_PTY_RESCUE_H
#define MISH_PTY_RESCUE_H

#include "pty/reach.h"

/*
 * The next connection of a link that has given up what making one needs (pty/confine.h): a child of its, which still has that, makes it when it is asked,
 * to c->address, without a question, and passes it on.
 */

/* The socket to the child, which ends when that is closed; -1: there is none. Before the link confines itself. `greet`: reach_greet(). */
int rescue_begin(const struct carrier *c, int (*greet)(struct carrier *, char **));
void rescue_ask(int rescue);
/* What it has to say, once its socket can be read: 1, and c->d is a connection to a peer that has greeted; 0: it failed; -1: it is gone. */
int rescue_take(int rescue, struct carrier *c);

#endif
