#ifndef MISH_BUILTIN_TABLE_H
#define MISH_BUILTIN_TABLE_H

#include "shell/exec/command.h"

/* The table of builtins (table.c): a row each; a builtin's function is in its family's file. */

/* NULL: there is none of that name. */
const struct builtin *table_find(const char *name);
/* The i-th in sorted order, NULL past the end. */
const struct builtin *table_at(size_t i);

#endif
