#ifndef MISH_MOVE_RESTORE_H
#define MISH_MOVE_RESTORE_H

#include "shell/shell.h"

/*
 * mish --restore: loads the state from a handover. `control` is the peer's socket, -1
 * at the origin. Returns 0, or -1 when the shell must not go on (away from home); at
 * home a state that cannot be read is told and a fresh shell goes on.
 */
int restore_session(struct shell *sh, int handover_fd, int control);

/*
 * mish --try-restore: the same, without a terminal and for nothing but the answer: the guardian
 * asks before the session is taken from where it is. A status, and a line on standard error.
 */
int restore_try(struct shell *sh, int handover_fd);

/*
 * mish --placed: loads the state of a command that another node's shell runs here, as far as a subshell has it. 0, or -1 with a
 * message.
 */
int restore_placed(struct shell *sh, int handover_fd);

/* Forgets what was to run after a move. */
void restore_drop_rest(struct shell *sh);

#endif
