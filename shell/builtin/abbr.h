#ifndef MISH_BUILTIN_ABBR_H
#define MISH_BUILTIN_ABBR_H

#include "shell/shell.h"

/* fish's abbreviations: in the editor a word that is one becomes its text, once a blank or Enter is typed behind it. */

struct state_section;
extern const struct state_section abbr_section;

/* What stands for a word, of a command or elsewhere on the line; NULL: nothing. */
const char *abbr_text(const char *word, bool is_command);
/* Is there none at all? */
bool abbr_none(void);

#endif
