#ifndef MISH_EXEC_REDIR_H
#define MISH_EXEC_REDIR_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/* Redirections (POSIX.1-2017 XCU 2.7). */

/* What it takes to undo the redirections of one command. */
struct redir_undo {
	struct redir_undo *next;
	int fd;
	int saved; /* where fd was moved, -1: it was closed */
};

/*
 * Performs redirections left to right. With `ret` the descriptors that they replace are kept
 * for redir_undo(); without, they are closed for good (`exec`, or a child that ends anyway).
 * On failure prints the message, undoes all with `ret`, and returns -1.
 */
int redir_apply(struct shell *sh, const struct ast_redir *list, struct redir_undo **ret);
void redir_undo(struct redir_undo *u); /* takes NULL */
void redir_drop(struct redir_undo *u); /* lets them stay; takes NULL */

#endif
