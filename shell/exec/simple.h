#ifndef MISH_EXEC_SIMPLE_H
#define MISH_EXEC_SIMPLE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/* A simple command (POSIX.1-2017 XCU 2.9.1). Returns the exit status, also in sh->status. */
int simple_exec(struct shell *sh, const struct ast_command *c, unsigned flags);

#endif
