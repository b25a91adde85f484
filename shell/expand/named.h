#ifndef MISH_EXPAND_NAMED_H
#define MISH_EXPAND_NAMED_H

#include "shell/expand/element.h"

/*
 * What a text that a program made names, as for unset, read, printf -v and test -v: as element_split(), and what
 * is in its brackets is expanded once more, as in bash: `unset 'h[$k]'`. A command in it does not run, as the
 * text may be anybody's: then, and where the quotes have no end, it is taken as it is. False: no name, or the
 * expansion failed, with a message and sh->frame.flow.
 */
bool named_element(struct shell *sh, const char *text, struct element *ret);

/* What a reference to an element (declare -n r='a[1]') reads, NULL nothing; and assigns, 0 or -EINVAL with a message. */
const char *named_get(struct shell *sh, const char *text);
int named_set(struct shell *sh, const char *text, const char *value);

#endif
