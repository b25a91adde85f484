#ifndef MISH_BUILTIN_BIND_LIST_H
#define MISH_BUILTIN_BIND_LIST_H

#include "shell/builtin/bind.h"

/* What keys do, as tcsh's bindkey and bash's bind tell it: by the editor, and by what is bound since it was last asked. */

/* The user's, as commands that bind them again. */
void bind_list_own(void);
/* All, or that key's; a status. */
int bind_list_all(struct shell *sh);
int bind_list_key(struct shell *sh, enum bind_map map, const char *key);
/* bind -p, -P, -s, -S and -X, by their letters. */
void bind_list_inputrc(struct shell *sh, enum bind_map map, char letter);
/* bind -q: the keys of a command; a status. */
int bind_list_keys_of(struct shell *sh, enum bind_map map, const char *name);

#endif
