#ifndef MISH_INTERACT_COMPLETE_SPEC_H
#define MISH_INTERACT_COMPLETE_SPEC_H

#include "shell/interact/edit.h"
#include "shell/interact/place.h"

/*
 * What `complete` has registered for the command at that place; bash-completion is loaded for it where it is there, once. `known`:
 * where the user has registered nothing for it by name, the shell itself knows better. False: nothing, or it leaves the word to files.
 */
bool complete_by_spec(struct shell *sh, const char *line, size_t cursor, const struct place *p, enum complete_by by, bool known,
		      struct complete_list *ret);

#endif
