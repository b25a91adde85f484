#ifndef MISH_EXPAND_ARRAY_ASSIGN_H
#define MISH_EXPAND_ARRAY_ASSIGN_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * NAME=(…) and NAME+=(…): the variable becomes what the elements' words come to. 0, or -1 with the message
 * printed and the running command abandoned.
 */
int array_assign(struct shell *sh, const char *name, const struct ast_assign *a, bool append);

#endif
