#ifndef MISH_EXEC_MOVER_H
#define MISH_EXEC_MOVER_H

#include "shell/shell.h"

/*
 * The shell's side of a move (DESIGN 4): its session, its line to the controller, and,
 * away from the origin, to the peer. The one place that execs mish-stub.
 */

/* At the first prompt: gives the session a name, registers with mishd, sets MISH_…. */
void mover_init(struct shell *sh);

/*
 * mish --restore: loads the state from a handover. `control` is the peer's socket, -1
 * at the origin. Returns 0, or -1 when the shell must not go on (away from home); at
 * home a state that cannot be read is told and a fresh shell goes on.
 */
int mover_restore(struct shell *sh, int handover_fd, int control);

/*
 * Moves to `node` (names with blanks between: the first that accepts; "home"), or asks
 * with MSG_PROBE. Flags are enum msg_flag. Returns an exit status; after a move from
 * the origin it does not return, after one from elsewhere the process ends.
 */
int mover_move(struct shell *sh, const char *node, unsigned flags);

/* Nodes that mishd knows, other than this one and the origin, with blanks between (caller frees). */
char *mover_nodes(struct shell *sh);

/* `mish --status`, from the MISH_… variables of the environment. Returns a status. */
int mover_print_status(void);

#endif
