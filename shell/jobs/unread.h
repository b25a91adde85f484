#ifndef MISH_JOBS_UNREAD_H
#define MISH_JOBS_UNREAD_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/* What was typed while a placed command (`@node command`) had the keyboard, and that did not read: it is for whoever comes next. */

/* A file for it, which mish-link gets; -1: nothing in the pipeline (NULL: none) is placed, or nobody types. */
int unread_new(const struct shell *sh, const struct ast_pipeline *pl);
/* Has the editor read it first. -1: nothing. */
void unread_take(struct shell *sh, int fd);

#endif
