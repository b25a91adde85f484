#ifndef MISH_SESSION_LOST_H
#define MISH_SESSION_LOST_H

#include "session/guard.h"

/*
 * The session cannot be reached: its link has ended. Another link is tried, again and again;
 * the user is told, and may choose; a session that was idle goes on at home by itself.
 */

/* Is the session out of reach? */
bool lost_is(const struct guard *g);
/* The current link has ended, or an attempt to attach has: another will be tried. */
void lost_begin(struct guard *g, int64_t now_ms);
/* The first words of a link that was to attach: READY, or ABORT. */
void lost_attached(struct guard *g, struct guard_link *l, const struct ready *r, int64_t now_ms);
void lost_refused(struct guard *g, const struct verdict *v);

/* The link lends us the terminal or, with STALL_OVER, gets it back. */
void lost_stalled(struct guard *g, struct guard_link *l, enum stall_why why, int64_t now_ms);
/* Goes on here, from the last state. `there`: the holder may still be alive, and is fenced. */
void lost_go_home(struct guard *g, const char *why, bool there);
/* The user wants another try, or no more than to wait; or to go on from the last state on this node ("": here). */
void lost_retry(struct guard *g, int64_t now_ms);
/* … or to log in there, at the terminal. */
void lost_login(struct guard *g, int64_t now_ms);
/* … and has thought better of it. */
void lost_interrupt(struct guard *g);
/* Somebody types: the next attempt is soon. */
void lost_typed(struct guard *g, int64_t now_ms);
void lost_recover(struct guard *g, const char *node);

/* Does what is due. */
void lost_tend(struct guard *g, int64_t now_ms);
/* In how many ms something will be; -1: nothing. */
int64_t lost_next_due(const struct guard *g, int64_t now_ms);

#endif
