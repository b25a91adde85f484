#ifndef MISH_PTY_WAY_H
#define MISH_PTY_WAY_H

#include "pty/reach.h"

/* Which node, and by which way: of those that are wished the first that can be had, directly or through the node where the shell is. */

/* Connects to the wished node, and no more (ERRAND_WARM). Returns 0, or -1 with *why. */
int way_contact(struct carrier *c, char **why);

/*
 * Tries the wished nodes in order; the first that is ready (or, with ERRAND_ASK, would
 * take us) is it. Offers and takes the state on the way. A connection that is there for
 * that node is used, and if it turns out to be broken, made anew. Returns 0, or -1 with *why.
 */
int way_node(struct carrier *c, char **why);

#endif
