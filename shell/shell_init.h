#ifndef MISH_SHELL_SHELL_INIT_H
#define MISH_SHELL_SHELL_INIT_H

#include "shell/shell.h"

/* A shell with its modules wired together, variables from the environment (see var_import()). */
struct shell *shell_new(char **env);
void shell_free(struct shell *sh); /* takes NULL */

/* Every section of the state, in the order of loading; NULL-terminated. */
struct state_section;
extern const struct state_section *const shell_sections[];

#endif
