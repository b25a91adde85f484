#ifndef MISH_MOVE_HANDOFF_H
#define MISH_MOVE_HANDOFF_H

#include <termios.h>

#include "migrate/handover.h"
#include "shell/shell.h"

/* What every way of leaving, or of asking for it, has in common (mover.c, ask.c). */

/* All that leaves, sealed. 0, or -1 with *why (caller frees); to be released in any case. */
int handoff_fill(struct shell *sh, enum errand errand, const char *wish, unsigned flags,
		 struct departure *d, char **why);
/* Raw mode without losing what was typed; `drain` takes that out of the terminal. */
void handoff_quiet_terminal(struct shell *sh, struct termios *old, bool drain);
/* Tells why there is no move. Returns 1. */
int handoff_stays(struct shell *sh, const char *why);

#endif
