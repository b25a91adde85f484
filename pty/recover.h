#ifndef MISH_PTY_RECOVER_H
#define MISH_PTY_RECOVER_H

#include "pty/guardian.h"

/*
 * The session cannot be reached (DESIGN 4.3): a new link, the line that tells the user, or a
 * new holder.
 */

/* The link has ended, however: the next one is begun. */
void recover_link_lost(struct guardian *g);
/* What a link that was to attach says first. */
void recover_on_attach(struct guardian *g, enum frame_type type, const struct msg_view *v);
/* The session is reached: the current link may have the terminal. */
void recover_up(struct guardian *g);
/* Goes on here, from the last checkpoint. `there`: the holder may still be alive. Does not return. */
void recover_here(struct guardian *g, const char *why, bool there);
/* Another terminal has the session now. Does not return. */
void recover_taken(struct guardian *g, const char *why);

void recover_on_wish(struct guardian *g, enum status_wish wish);
/* What is due, and when (ms; -1: nothing). */
void recover_tend(struct guardian *g);
int64_t recover_next_due(const struct guardian *g);

#endif
