#ifndef MISH_EXEC_PURE_H
#define MISH_EXEC_PURE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * Commands that the shell itself can run in place of a subshell environment, and nobody can
 * tell. An expansion may still want to change something. So such a command is run with
 * sh->frame.effects at EFFECTS_OFF: if that becomes EFFECTS_WANTED, nothing has changed yet, and
 * a process of its own runs the command again.
 */
enum pure {
	PURE_NOT,
	PURE_BUILTIN, /* prints by stdout, and changes nothing */
	PURE_PROGRAM, /* a file to be executed */
};

enum pure pure_command(struct shell *sh, const struct ast_command *c);

/*
 * The same for one stage of several. Its words are expanded before it has its standard input,
 * and before later stages begin: so they may contain no command substitution.
 */
enum pure pure_stage(struct shell *sh, const struct ast_command *c);

/* Redirections of standard error that can neither block nor fail, and that nobody could see. */
enum pure_stderr {
	STDERR_AS_IS,
	STDERR_JOINED, /* 2>&1 */
	STDERR_NULL,   /* 2>/dev/null */
	STDERR_OTHER,  /* these, or something else, need a process of their own */
};
enum pure_stderr pure_stderr(const struct ast_redir *list);

/*
 * Runs a PURE_BUILTIN here. Returns its exit status and, in *ret (for free(3)), what it
 * printed; or -1: it needs a process of its own.
 */
int pure_run(struct shell *sh, const struct ast_command *c, char **ret, size_t *ret_len);

#endif
