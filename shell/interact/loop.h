#ifndef MISH_INTERACT_LOOP_H
#define MISH_INTERACT_LOOP_H

#include "shell/shell.h"

struct state_section;
/* The half-typed line with its cursor, bytes typed ahead, and the rest of the line that moved. */
extern const struct state_section editor_section;

/*
 * Makes the shell interactive: terminal, job control, signals. Returns 0, or -errno
 * when there is no terminal to be interactive on.
 */
int loop_init(struct shell *sh);

/* Loads the history file, unless the history came along in a state. */
void loop_load_history(struct shell *sh);

/* Prompts, reads and runs until the shell ends; the exit status is in sh->frame.status. */
void loop_run(struct shell *sh);

#endif
