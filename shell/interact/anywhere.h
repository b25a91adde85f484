#ifndef MISH_INTERACT_ANYWHERE_H
#define MISH_INTERACT_ANYWHERE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * Would a command that nobody sent elsewhere find there what it finds here? Its programs have to be in directories that all systems have, or below `shared` of
 * mishd.conf(5); so have the working directory, and the files that it names with a slash in front. What cannot be told from the text counts as no: functions,
 * command substitutions, commands about this shell, its place or its jobs, or this node's processes. What a pattern finds may be a link to elsewhere: that is not looked at. NULL: yes; else why not (caller frees).
 */
char *anywhere_obstacle(struct shell *sh, const struct ast_list *list);

#endif
