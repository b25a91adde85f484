#ifndef MISH_EXPAND_CSH_VAR_H
#define MISH_EXPAND_CSH_VAR_H

#include "shell/shell.h"

/* Variables of tcsh's that steer the shell. */

/* `set name = value` was written: some are other variables, or options, here. */
void csh_var_set(struct shell *sh, const char *name, const char *value);
/* How `set name` is written here; NULL: it is no option that is known. */
const char *csh_var_hint(const char *name);

#endif
