#ifndef MISH_PTY_WARM_H
#define MISH_PTY_WARM_H

#include "pty/reach.h"

/*
 * A link that is started early (smigrate --warm): it has connected, a peer is there and
 * has greeted, and a move needs no more than to tell it what to carry.
 */

/*
 * Waits for that: then c->h, c->tty and the spool are those of the move. False: it will
 * not come (any more), or the connection is lost.
 */
bool warm_wait(struct carrier *c);

#endif
