#ifndef MISH_INTERACT_PREMOVE_H
#define MISH_INTERACT_PREMOVE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * set -o premove: a command that is predicted (shell/jobs/forecast.h) to end sooner on another node, by mishd's `gain' and what it takes to go there, is not begun here.
 * The shell moves, and runs it there; or, if that cannot move now, or the command is to be in the background, the command is placed. One line tells.
 */

/* Before a command that was entered as `text`. Returns if it is to run here; what of it is to be placed has been changed to that. */
void premove_list(struct shell *sh, struct ast_list *list, const char *text);
/* The command for which the shell has moved, or tried to: to be run now (caller frees); NULL: there is none. */
char *premove_arrived(struct shell *sh);

#endif
