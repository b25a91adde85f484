#ifndef MISH_EXPAND_CSH_VAR_H
#define MISH_EXPAND_CSH_VAR_H

#include "shell/expand/option.h"
#include "shell/shell.h"

/* Variables of tcsh's that steer the shell. */

/* `set name = value` was written: some are other variables, or options, here. A status. */
int csh_var_set(struct shell *sh, const char *name, const char *value);
/* Is the word of that length the name of one that means something in tcsh, and here? */
bool csh_var_is(const char *name, size_t len);
/* The name in tcsh of one of our variables; NULL: it has none. */
const char *csh_var_of(const char *ours);
/* The option that tcsh's `set name` turns on here, or (*ret_on false) off; NULL: it is none that is known. */
const struct option_info *csh_var_option(const char *name, bool *ret_on);

#endif
