#ifndef MISH_EXEC_HASHALL_H
#define MISH_EXEC_HASHALL_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/* set -h: looks up the utilities that a function calls, when the function is defined (XCU set). */
void hashall_remember(struct shell *sh, const struct ast_command *c);

#endif
