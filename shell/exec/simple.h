#ifndef MISH_EXEC_SIMPLE_H
#define MISH_EXEC_SIMPLE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

struct job;

/* A simple command (POSIX.1-2017 XCU 2.9.1). Returns the exit status, also in sh->status. */
int simple_exec(struct shell *sh, const struct ast_command *c, unsigned flags);

/*
 * One stage of a pipeline, that is PURE_PROGRAM, in the job. A failed expansion has been
 * told, and sh->flow and sh->status are set as for a command of the shell's own.
 */
enum stage {
	STAGE_STARTED,
	STAGE_FORK, /* only a copy of the shell can tell what becomes of it */
	STAGE_FAILED,
};
enum stage simple_stage(struct shell *sh, const struct ast_command *c, struct job *j, int in,
			int out);

#endif
