#ifndef MISH_INTERACT_CORRECT_H
#define MISH_INTERACT_CORRECT_H

#include "shell/shell.h"

/* tcsh's `set correct = cmd`, here `shopt -s correct`: a line whose command is one slip of the hand away from another is asked about. */
enum correct_answer {
	CORRECT_RUN,   /* the line, which may be another one now */
	CORRECT_EDIT,  /* it is wanted for editing, in sh->line.text */
	CORRECT_ABORT, /* it is not to be run */
};

enum correct_answer correct_line(struct shell *sh, char **line);
/* tcsh's rmstar: where that is set, `rm *` is asked about. False: it is not to be run. */
bool correct_allows(struct shell *sh, const char *line);

#endif
