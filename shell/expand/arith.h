#ifndef MISH_EXPAND_ARITH_H
#define MISH_EXPAND_ARITH_H

#include <stdint.h>

#include "shell/shell.h"

/*
 * Arithmetic (XCU 2.6.4): the operators of C but sizeof, on int64_t; overflow wraps.
 * Returns 0, or -1 with *why a fragment (caller frees); -ENOENT: a parameter is not set, under -u.
 */
int arith_eval(struct shell *sh, const char *expr, int64_t *ret, char **why);
/* The same; an error is told, and the running command abandoned with `status`. 0 or -1. */
int arith_number(struct shell *sh, int status, const char *expr, int64_t *ret);

#endif
