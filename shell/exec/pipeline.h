#ifndef MISH_EXEC_PIPELINE_H
#define MISH_EXEC_PIPELINE_H

#include "shell/jobs/job.h"
#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * Starts the stages of a pipeline (POSIX.1-2017 XCU 2.9.2), or a single command in a subshell
 * environment, as processes of the job. `ret`: where to read what the last stage prints (the
 * caller closes it; -1 on failure); NULL: it has the shell's standard output. Returns 0, or
 * -errno with those that began in the job.
 *
 * A stage needs a copy of the shell only where somebody could tell the difference. In the
 * foreground a program is started without one, and a builtin that prints little runs here: its
 * output waits in the pipe.
 */
int pipeline_start(struct shell *sh, const struct ast_command *c, struct job *j, enum job_mode mode,
		   int *ret);

/* Runs one of several stages, in the foreground; with lastpipe the last in this shell. A status. */
int pipeline_run(struct shell *sh, const struct ast_pipeline *pl);

/* Starts a coprocess (bash's): in NAME are the descriptors to read from it and to write to it. A status. */
int pipeline_coproc(struct shell *sh, const struct ast_command *c);

/* Without job control an asynchronous list reads /dev/null (XCU 2.9.3.1). -1: it need not. */
int pipeline_null(const struct job *j);

/*
 * The DEBUG action before a part that runs in another process: it runs in this shell, as in bash, but with functrace in the part's
 * own. False: it ends the line.
 */
bool pipeline_debug(struct shell *sh, const struct ast_command *c);

#endif
