#ifndef MISH_INTERACT_WINSIZE_H
#define MISH_INTERACT_WINSIZE_H

#include "shell/shell.h"

/* Before a prompt and before a command: COLUMNS and LINES are what the terminal has, as in bash; not in POSIX mode. */
void winsize_note(struct shell *sh);

#endif
