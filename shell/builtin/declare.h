#ifndef MISH_BUILTIN_DECLARE_H
#define MISH_BUILTIN_DECLARE_H

#include "shell/shell.h"

/* What `set` prints: all variables that have a value, in a form that reads back. */
void declare_print_values(struct shell *sh);

#endif
