#ifndef MISH_EXEC_SIMPLE_H
#define MISH_EXEC_SIMPLE_H

#include "shell/parser/ast.h"
#include "shell/expand/expand.h"
#include "shell/shell.h"

struct job;

/* A simple command (POSIX.1-2017 XCU 2.9.1). Returns the exit status, also in sh->frame.status. */
int simple_exec(struct shell *sh, const struct ast_command *c, unsigned flags);
/* Is it `%job`, which csh and bash take as `fg %job`, and with `&` as `bg %job`? */
bool simple_names_job(struct shell *sh, const struct ast_command *c);

/*
 * A PURE_PROGRAM of a pipeline: its words, without effects. A failed expansion has been told,
 * and sh->frame.flow and sh->frame.status are set as for a command of the shell's own.
 */
enum words { WORDS_EXPANDED, WORDS_FAILED, WORDS_WANT_EFFECTS };
enum words simple_expand(struct shell *sh, const struct ast_command *c, struct fields *ret);
/*
 * Starts it in the job, where no copy of the shell is needed; `in`, `out`: -1 where the shell
 * has them. Else a copy calls simple_become().
 */
bool simple_spawn(struct shell *sh, const struct ast_command *c, const struct fields *f,
		  struct job *j, int in, int out);
void simple_become(struct shell *sh, const struct ast_command *c, const struct fields *f)
	__attribute__((noreturn));

#endif
