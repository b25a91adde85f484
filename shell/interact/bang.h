#ifndef MISH_INTERACT_BANG_H
#define MISH_INTERACT_BANG_H

#include "shell/exec/hist.h"

/*
 * History substitution in a line that was typed, as csh began it: `!!`, `!n`, `!-n`,
 * `!text`, `!?text?`, `!$`, word designators after a colon, the modifiers h t r e p q s & g,
 * and `^old^new^`. Never in scripts.
 */
enum bang_result {
	BANG_NONE,    /* nothing to replace */
	BANG_CHANGED, /* *ret is the line (caller frees) */
	BANG_PRINT,   /* as changed, but only to be shown and remembered (`:p`) */
	BANG_ERROR,   /* *ret says why (caller frees) */
};

/* … for hist_set_expander(): what is not changed comes as it is. */
bool bang_of_text(const struct hist *h, const char *text, char **ret);
/* `before`: the lines of the same command that came before it, as something may be open there. */
enum bang_result bang_expand(const struct hist *h, const char *before, const char *line, char **ret);

#endif
