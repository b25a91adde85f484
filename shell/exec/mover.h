#ifndef MISH_EXEC_MOVER_H
#define MISH_EXEC_MOVER_H

#include <termios.h>

#include "migrate/handover.h"
#include "shell/shell.h"

/* The shell's side of a move (DESIGN 4). The one place that execs mish-stub. */

/* At the first prompt: registers with mishd, sets MISH_…. */
void mover_init(struct shell *sh);

/*
 * Moves to `node` (names with blanks between: the first that accepts; "home"); or asks, with
 * MSG_PROBE; or only connects, with MSG_PROBE | MSG_WARM. Flags are enum msg_flag. Returns
 * an exit status; after a move from the origin it does not return, after one from elsewhere
 * the process ends.
 */
int mover_move(struct shell *sh, const char *node, unsigned flags);

/* Everything a handover needs; 0 or -1 with *why (caller frees). */
int mover_fill_handover(struct shell *sh, const char *node, unsigned flags, struct handover *h,
			char **why);
/* Raw mode without losing what was typed; `drain` takes that out of the terminal. */
void mover_quiet_terminal(struct shell *sh, struct termios *old, bool drain);
/* Tells why there is no move. Returns 1. */
int mover_stays(struct shell *sh, const char *why);

#endif
