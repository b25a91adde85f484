#ifndef MISH_EXEC_EXEC_H
#define MISH_EXEC_EXEC_H

#include "shell/parser/ast.h"
#include "shell/parser/strbuf.h"
#include "shell/shell.h"

/* Running an AST (XCU 2.9). Every call leaves the exit status in sh->frame.status too. */

enum exec_flag {
	EXEC_TAIL = 1 << 0,  /* the process ends with this: the last command may replace it */
	EXEC_WHOLE = 1 << 1, /* the process runs nothing else: redirections are not undone */
	EXEC_BG = 1 << 2,    /* simple_names_job(): it goes on in the background */
};

int exec_list(struct shell *sh, const struct ast_list *list, unsigned flags);
int exec_command(struct shell *sh, const struct ast_command *c, unsigned flags);

struct builtin;
/* Runs a builtin with stdout flushed and checked afterwards. */
int exec_builtin(struct shell *sh, const struct builtin *b, int argc, char **argv);
int exec_function(struct shell *sh, const char *name, int argc, char **argv);
/* Runs a builtin or a file by argv, and no function (the `command` utility). */
int exec_argv(struct shell *sh, int argc, char **argv, const char *path);

/* Ends the shell: EXIT trap, then exit with sh->frame.status. */
void exec_exit(struct shell *sh) __attribute__((noreturn));

#endif
