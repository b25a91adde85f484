#ifndef MISH_JOBS_BROUGHT_H
#define MISH_JOBS_BROUGHT_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * What placed commands (`@node command`) bring back besides their status: the CPU time that they took, and what was typed while they had
 * the keyboard and they did not read, which is for whoever comes next. Their mish-link leaves it in a file (struct brought).
 */

/* That file, which mish-link gets; -1: nothing in the pipeline (NULL: none) is placed. */
int brought_new(const struct ast_pipeline *pl);
/* Takes it, when the job has ended: adds to the times, and has the editor read first what was typed, if that is wanted. -1: nothing. */
void brought_take(struct shell *sh, int fd, bool typed);

#endif
