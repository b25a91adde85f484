#ifndef MISH_EXEC_SOURCE_H
#define MISH_EXEC_SOURCE_H

#include "shell/parser/input.h"
#include "shell/shell.h"

/*
 * Reads complete commands and runs them until the end of input or until sh->frame.flow is
 * set. A syntax error prints its message, and leaves status 2 and FLOW_ABORT.
 * `name` is for messages (NULL: the shell's own), lines count from `line`. `flags`: EXEC_TAIL or 0. The status.
 */
int source_input(struct shell *sh, struct input *in, const char *name, int line, unsigned flags);
int source_string(struct shell *sh, const char *text, const char *name, unsigned flags);
/* Runs a file by descriptor (which stays the caller's), as `.` does. */
int source_fd(struct shell *sh, int fd, const char *name);

/* What followed on the line before a move, `make` in `smigrate beta && make`; or what is placed here. EXEC_… of exec.h. */
void source_rest(struct shell *sh, unsigned flags);

#endif
