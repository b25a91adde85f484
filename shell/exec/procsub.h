#ifndef MISH_EXEC_PROCSUB_H
#define MISH_EXEC_PROCSUB_H

#include "shell/shell.h"

/* Our ends of the pipes of process substitutions (subst.h), as long as the command runs that has their names. */

/* Takes the descriptor. */
void procsub_add(struct shell *sh, int fd);
/* Closes those that were added since sh->frame.procsubs was `mark`. */
void procsub_close(struct shell *sh, struct procsub *mark);

#endif
