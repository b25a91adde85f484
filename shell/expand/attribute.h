#ifndef MISH_EXPAND_ATTRIBUTE_H
#define MISH_EXPAND_ATTRIBUTE_H

#include "shell/shell.h"

/* What `declare -i`, -l and -u make of a value that is assigned: in sh->arena, or NULL with a message. */
const char *attribute_convert(struct shell *sh, unsigned flags, const char *value);

#endif
