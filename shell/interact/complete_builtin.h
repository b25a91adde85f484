#ifndef MISH_INTERACT_COMPLETE_BUILTIN_H
#define MISH_INTERACT_COMPLETE_BUILTIN_H

#include "shell/exec/command.h"
#include "shell/interact/edit.h"
#include "shell/interact/place.h"

/* Is it one of those whose operands we know? */
bool complete_builtin_knows(const struct builtin *b);
/* The operands that the word at the place may be. False: it is for files. */
bool complete_builtin_operands(struct shell *sh, const char *line, const struct place *p, const char *command, enum complete_by by,
			       const char *word, struct complete_list *l);
/* What begins with a dash, of what is ours. False: the command is none of that. */
bool complete_builtin_dashed(struct complete_list *l, const struct builtin *b, const char *command, const char *word);
/* Is that the word before the one that begins at `at`? */
bool complete_builtin_is_before(const char *line, size_t at, const char *word);

#endif
