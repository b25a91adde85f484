#ifndef MISH_EXPAND_GLOB_H
#define MISH_EXPAND_GLOB_H

#include "shell/expand/expand.h"

/*
 * Pathname expansion (XCU 2.14.3): appends the sorted matches. Returns false, with
 * nothing appended, when there is none: the field then stays as it was.
 */
bool glob_expand(struct shell *sh, const char *pattern, struct fields *ret);

#endif
