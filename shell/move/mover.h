#ifndef MISH_MOVE_MOVER_H
#define MISH_MOVE_MOVER_H

#include "shell/shell.h"

/* The shell's side of a move (DESIGN 4). The one place that execs mish-stub. */

/*
 * Moves to `node` (names with blanks between: the first that accepts; "home"); or asks, with
 * MSG_PROBE; or only connects, with MSG_PROBE | MSG_WARM. Flags are enum msg_flag. Returns
 * an exit status; after a move from the origin it does not return, after one from elsewhere
 * the process ends.
 */
int mover_move(struct shell *sh, const char *node, unsigned flags);

#endif
