#ifndef MISH_MOVE_HANDOFF_H
#define MISH_MOVE_HANDOFF_H

#include <termios.h>

#include "migrate/handover.h"
#include "shell/shell.h"

/* What every way of leaving, or of asking for it, has in common (mover.c, ask.c). */

/* Fills in all that leaves, sealed. 0, or -1 with *why (caller frees); release *d in any case. */
int handoff_fill(struct shell *sh, enum errand errand, const char *wish, unsigned flags,
		 struct departure *d, char **why);
/* Raw mode; what was typed stays in the terminal or, with `drain`, is moved to sh->line.ahead. */
void handoff_quiet_terminal(struct shell *sh, struct termios *old, bool drain);
/* Tells why there is no move. Returns 1. */
int handoff_stays(struct shell *sh, const char *why);

#endif
