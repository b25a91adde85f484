#ifndef MISH_SESSION_KEEPING_H
#define MISH_SESSION_KEEPING_H

#include "session/guard.h"

/* The file of a session that persists, which decides who has it; see migrate/keep.h. */

/* Brings it up to date for `holder`, or removes it where the session is not to persist. */
enum guard_file keeping_write(struct guard *g, const struct holder *holder, bool persist, char **why);
/* The holder is as it was, what is known of it is newer. Who attached elsewhere will have it fenced. */
void keeping_update(struct guard *g);
/* The session has ended: its file goes. */
enum guard_file keeping_forget(struct guard *g);
/* The session is to go on here: its file goes. False: that was another terminal's, and this process has ended. */
bool keeping_claim(struct guard *g);
/* Tells the shell that its session does not persist, `why` (taken; NULL: what is still to be told). */
void keeping_failed(struct guard *g, char *why);

#endif
