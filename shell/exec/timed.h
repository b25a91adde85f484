#ifndef MISH_EXEC_TIMED_H
#define MISH_EXEC_TIMED_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * `time [-p] pipeline`: runs it by `run` and tells its times on standard error. In POSIX
 * mode, and with other options, `time` is the utility of that name (XCU time).
 */
int timed_pipeline(struct shell *sh, const struct ast_pipeline *pl, unsigned flags,
		   int (*run)(struct shell *sh, const struct ast_pipeline *pl, unsigned flags));

#endif
