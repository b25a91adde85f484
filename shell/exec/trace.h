#ifndef MISH_EXEC_TRACE_H
#define MISH_EXEC_TRACE_H

#include <stdio.h>

#include "shell/expand/expand.h"
#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * set -x: to standard error as it was before this command's redirections, and after what the
 * expansions of its own assignments trace.
 */
struct trace {
	FILE *f; /* into memory; NULL: no -x */
	char *s;
	size_t len;
	int fd;
};

/* Begins the line, after the words were expanded. */
void trace_begin(struct shell *sh, struct trace *t);
/* Ends the line, and prints it; words NULL: the command came to nothing. */
void trace_end(struct trace *t, const struct fields *words);
/* NAME=value, or an array as it is written. */
void trace_assignment(FILE *f, const struct ast_assign *a, const char *value);
/* The line of a [[ … ]] or ((…)), as it is written. */
void trace_command(struct shell *sh, const struct ast_command *c);

#endif
