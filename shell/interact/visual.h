#ifndef MISH_INTERACT_VISUAL_H
#define MISH_INTERACT_VISUAL_H

#include "shell/shell.h"

/* The half-typed line in $VISUAL, $EDITOR or vi(1): what is saved there is the line then, and is not run. */
void visual_run(struct shell *sh);
/* Runs sh->line.run, a command that a key has: READLINE_LINE and READLINE_POINT are the line, and the line is then what they are. */
void visual_key(struct shell *sh);
/* Help about the command of the line: `helpcommand` where there is one, else help or man(1); or what it is. */
void visual_about(struct shell *sh, bool help);

#endif
