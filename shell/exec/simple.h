#ifndef MISH_EXEC_SIMPLE_H
#define MISH_EXEC_SIMPLE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

struct job;

/* A simple command (POSIX.1-2017 XCU 2.9.1). Returns the exit status, also in sh->status. */
int simple_exec(struct shell *sh, const struct ast_command *c, unsigned flags);

/*
 * One whose name is known to be a file's, without assignments: starts it, and waits for
 * nothing. NULL when it cannot be started, with a message and sh->status.
 */
struct job *simple_start(struct shell *sh, const struct ast_command *c);

#endif
