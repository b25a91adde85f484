#ifndef MISH_PTY_WARM_H
#define MISH_PTY_WARM_H

#include "pty/reach.h"

/*
 * A link that is started early (smigrate --warm): it has connected, a peer is there and
 * has greeted, and a move needs no more than to tell it what to carry.
 */

/*
 * Waits for an order: then c->o and c->spool are those of the move. False: no order will
 * come, or the connection is lost, and no order had come by then.
 */
bool warm_wait(struct carrier *c);

#endif
