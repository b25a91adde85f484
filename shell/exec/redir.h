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

/* Lowest descriptor that belongs to the shell itself; 0-9 are the script's. */
enum { REDIR_OWN_MIN = 10 };

/*
 * Performs them left to right. With `ret` what is replaced is kept for redir_undo();
 * without, it is for good (`exec`, or a child that ends anyway). On failure the
 * message was printed, everything is undone, and -1 is returned.
 */
int redir_apply(struct shell *sh, const struct ast_redir *list, struct redir_undo **ret);
void redir_undo(struct redir_undo *u); /* takes NULL */
void redir_drop(struct redir_undo *u); /* lets them stay; takes NULL */

/*
 * Moves a descriptor of the shell's to 10 or above, close-on-exec; closes the old one.
 * Where the limit does not allow that it stays where it is. -1: it is none.
 */
int redir_own(int fd);
/* A pipe for the moment: no command runs in the shell while it is open. 0 or -errno. */
int redir_pipe(int p[2]);

#endif
