#ifndef MISH_EXPAND_PARAM_H
#define MISH_EXPAND_PARAM_H

#include "shell/shell.h"

struct state_section;
extern const struct state_section param_section;

/* Positional parameters, counted from 1 (XCU 2.5.1). */
struct param_list {
	char **v; /* owned strings; v[0] is $1 */
	size_t n;
};

struct param_list *param_list_new(void);
void param_list_free(struct param_list *p); /* takes NULL */

/* Copies n strings in place of the old ones. */
void param_set(struct shell *sh, char *const *v, size_t n);
/* Drops the first n (n <= count). */
void param_shift(struct shell *sh, size_t n);

/* For a function call: makes p the parameters; returns those before, for the caller to put back. */
struct param_list *param_swap(struct shell *sh, struct param_list *p);

enum { PARAM_ROOM = 64 }; /* for a number, or the letters of $- */

/*
 * The value of a parameter other than @ and *: positional, special or variable.
 * NULL when unset. Borrowed: from the parameter, or from buf.
 */
const char *param_get(struct shell *sh, const char *name, char buf[PARAM_ROOM]);

#endif
