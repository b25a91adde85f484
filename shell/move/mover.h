#ifndef MISH_MOVE_MOVER_H
#define MISH_MOVE_MOVER_H

#include "migrate/handover.h"
#include "shell/shell.h"

/* The shell's side of a move. The one place that execs mish-stub. */

/*
 * ERRAND_MOVE: moves to `wish` (names with blanks between: the first that accepts; "home").
 * ERRAND_ASK: would it be taken? ERRAND_WARM: only connects. Flags are enum msg_flag. Returns
 * an exit status; after a move from the origin it does not return, after one from elsewhere
 * the process ends.
 */
int mover_move(struct shell *sh, enum errand errand, const char *wish, unsigned flags);

#endif
