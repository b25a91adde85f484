#ifndef MISH_EXPAND_ELEMENT_H
#define MISH_EXPAND_ELEMENT_H

#include "shell/expand/array.h"
#include "shell/parser/ast.h"
#include "shell/shell.h"

/* Variables and elements of arrays as builtins and arithmetic name them: NAME or NAME[subscript]. */
struct element {
	const char *name, *subscript; /* in sh->arena; no subscript: NULL */
};

/* False: it is neither. In POSIX mode only a name is. */
bool element_split(struct shell *sh, const char *text, size_t len, struct element *ret);

/* As element_split(), in an expression, whose expansion has left the quotes of a name there: h['x']. */
bool element_in_arith(struct shell *sh, const char *text, size_t len, struct element *ret);

/*
 * NAME[subscript] in an expression that reads and assigns it: where the subscript assigns, too, what it comes to
 * is put in its place, in sh->arena, as it is evaluated once. Else, or on an error, the text itself.
 */
const char *element_once(struct shell *sh, const char *text, size_t *len);

/*
 * The key that a subscript means in that variable: the text itself, or what it comes to as arithmetic; a
 * number below 0 counts from the end. 0, or -1 with the message printed.
 */
int element_key(struct shell *sh, const char *name, const char *subscript, struct array_key *ret);

/* The value, borrowed; NULL when it is unset, or the subscript makes no sense (with the message). */
const char *element_get(struct shell *sh, const struct element *e);
/*
 * Assigns; `flags` are added to the variable. 0, or -1 with the message printed, which begins with `cmd` (NULL: an
 * assignment, and the running command is abandoned).
 */
int element_set(struct shell *sh, const char *cmd, const struct element *e, const char *value, unsigned flags);
/* 0, or -1 with the message printed. */
int element_unset(struct shell *sh, const char *cmd, const struct element *e);

/* Behind a name: the end of its […], or where there are no brackets. */
const char *element_end(const char *s);

/* Tells what came of an assignment, -errno of var_set() and its like: 0, or -1 with the message. */
int element_told(struct shell *sh, const char *cmd, const char *name, int r);

/* '@' or '*' for a subscript that means all elements, else '\0'. */
char element_all(const struct ast_word *subscript);

/*
 * What NAME+=value assigns: the sum, where the variable is for numbers. In sh->arena; NULL with the message printed.
 * A subscript is a number afterwards, for element_set(): it is evaluated once.
 */
char *element_appended(struct shell *sh, struct element *e, const char *value);

#endif
