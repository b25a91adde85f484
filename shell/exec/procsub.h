#ifndef MISH_EXEC_PROCSUB_H
#define MISH_EXEC_PROCSUB_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * Process substitution, <(list) and >(list), as in bash: the list runs beside the command, and a pipe to it has a
 * name, /dev/fd/N, which the command opens.
 */

/* Starts the list; the name in sh->arena, or NULL with the message printed. `reads`: >(…), it reads what is written. */
char *procsub_start(struct shell *sh, const struct ast_list *list, bool reads);

/* Closes our ends of those that were started since sh->frame.procsubs was `mark`. */
void procsub_close(struct shell *sh, struct procsub *mark);

#endif
