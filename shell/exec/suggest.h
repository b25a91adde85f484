#ifndef MISH_EXEC_SUGGEST_H
#define MISH_EXEC_SUGGEST_H

#include "shell/shell.h"

/*
 * A command that is one slip of the hand away from a name that is none: two letters exchanged, one too many, missing
 * or another. In sh->arena; NULL: there is none.
 */
const char *suggest_command(struct shell *sh, const char *name);
/* … and a file, by its last component. */
const char *suggest_file(struct shell *sh, const char *path);

#endif
