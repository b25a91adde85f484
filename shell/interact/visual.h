#ifndef MISH_INTERACT_VISUAL_H
#define MISH_INTERACT_VISUAL_H

#include "shell/shell.h"

/* The half-typed line in $VISUAL, $EDITOR or vi(1): what is saved there is the line then, and is not run. */
void visual_run(struct shell *sh);

#endif
