#ifndef MISH_SESSION_STRANGER_H
#define MISH_SESSION_STRANGER_H

#include "session/guard.h"

/*
 * A session on a node that neither the site nor the user trusts (migrate/trust.h). Such a node has what
 * the user typed there and the state that went there, and no more: what it says the session wants
 * is asked at this terminal, by this process, and only after a key was pressed here.
 */

/* Is the holder one? */
bool stranger_has_it(const struct guard *g);
/* An offer of the holder is g->want. True: it is refused, or the user is asked. */
bool stranger_offers(struct guard *g);
/* What was to become a shell here is such a node's. True: the user is asked first. */
bool stranger_lost(struct guard *g, const char *why, bool there);
/* The holder is to be `g->next`: with one of those, the state that one leaves with is remembered. */
void stranger_follows(struct guard *g);
/* The user has answered, or, with GUARD_NO, pressed ^C. */
void stranger_answered(struct guard *g, enum guard_answer answer);

#endif
