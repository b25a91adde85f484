#ifndef MISH_EXPAND_VAR_H
#define MISH_EXPAND_VAR_H

#include "shell/expand/value.h"
#include "shell/shell.h"

/* Shell variables (XCU 2.5): one hash table; a variable is kept as NAME=value text. */
enum var_flag {
	VAR_EXPORT = 1 << 0,
	VAR_READONLY = 1 << 1,
	VAR_DYNAMIC = 1 << 2, /* LINENO, RANDOM, SECONDS: computed when looked at */
	VAR_INDEXED = 1 << 3, /* an array by number; from here on bash's */
	VAR_BY_NAME = 1 << 4, /* an array by name */
	VAR_INTEGER = 1 << 5, /* what is assigned is arithmetic */
	VAR_LOWER = 1 << 6,   /* … in lower case */
	VAR_UPPER = 1 << 7,
	VAR_REFERENCE = 1 << 8, /* its value is the name of the variable that is meant */

	VAR_ARRAY = VAR_INDEXED | VAR_BY_NAME,
	VAR_CONVERTS = VAR_INTEGER | VAR_LOWER | VAR_UPPER,
	VAR_ALL_FLAGS = 2 * VAR_REFERENCE - 1,
};

struct var {
	struct var *next;
	char *text; /* NAME=value, or NAME when it has attributes but no value, or is an array */
	struct array *array; /* NULL: not one, or never assigned to */
	size_t cap; /* bytes that text has room for; 0: not known */
	uint32_t name_len, hash;
	unsigned flags;
	bool borrowed; /* text is in the environment that the shell began with, or a constant */
	bool pooled;   /* memory of the table's */
};

/* Exported functions are entries MISH_FUNC_name%%=source of the environment. */
#define VAR_FUNCTION "MISH_FUNC_"

struct var_table *var_table_new(void);
void var_table_free(struct var_table *t);

/*
 * Makes exported variables of the environment. Entries whose names are no variable's are passed
 * on to commands. The strings are not copied: they must outlive the shell, and not change.
 */
void var_import(struct shell *sh, char **env);

/* Makes room for so many more at once: those that each shell begins with. Once, before any other. */
void var_reserve(struct shell *sh, size_t n);

/* The value, borrowed until the variable changes. */
struct value var_get(struct shell *sh, const char *name, size_t len);
/* … as text: most variables are for that. NULL when unset. */
const char *var_text(struct shell *sh, const char *name);
/* The variable itself, a reference, too; NULL when it does not exist. */
const struct var *var_find(const struct shell *sh, const char *name);
static inline const char *var_value(const struct var *v)
{
	return v->text[v->name_len] == '=' ? v->text + v->name_len + 1 :
	       v->array != NULL		   ? array_get(v->array, array_first(v->array)) :
					     NULL;
}

/*
 * Assigns, to the first element of an array; the flags are added. A NULL value only adds flags. Exports
 * too under -a. Returns 0, -EPERM (nothing changed) when it is readonly, or -EINVAL: its attributes make
 * nothing of the value, and a message was printed.
 */
int var_set(struct shell *sh, const char *name, const char *value, unsigned flags);
/* ---- arrays ---- */

/*
 * Makes it an array, of which a value that it has is the first element. 0, -EPERM, or -EEXIST: it is an array of the
 * other kind.
 */
int var_make_array(struct shell *sh, const char *name, bool by_name);
/* Assigns an element, of a variable that becomes an array if it is none. As var_set(). */
int var_set_element(struct shell *sh, const char *name, struct array_key key, const char *value);
/* Replaces all of an array by `a`, which is taken. As var_set(). */
int var_set_array(struct shell *sh, const char *name, struct array *a);
/* 0 or -EPERM. */
int var_unset_element(struct shell *sh, const char *name, struct array_key key);
/* The name that is meant: that of a reference's variable, borrowed, or `name`. */
const char *var_target(const struct shell *sh, const char *name);

/* Returns 0, or -EPERM when it is readonly. Of a reference it is the variable that is meant. */
int var_unset(struct shell *sh, const char *name);
/* Takes flags away. */
void var_clear_flags(struct shell *sh, const char *name, unsigned flags);

/*
 * An entry of the environment whose name is no variable's: `name` ends in its `=`. NULL: none. For exported functions.
 */
void var_set_foreign(struct shell *sh, const char *name, const char *value);

/* NULL-terminated NAME=value array of the exported ones; valid until one changes. */
char **var_environ(struct shell *sh);

/* All variables in sorted order (caller frees the array, not what it points to). */
const struct var **var_sorted(const struct shell *sh, size_t *ret_n);

/*
 * Scopes, for functions (`local`) and for assignments before a command. Leaving one
 * restores what var_local() saved in it, newest first.
 */
void var_scope_enter(struct shell *sh);
void var_scope_leave(struct shell *sh);
/* Saves the variable in the innermost scope; false: it is saved there already, or there is none. */
bool var_local(struct shell *sh, const char *name);
/*
 * A variable that a calling function has made local is taken away from that function, and what it had before is there again:
 * what `unset` does in bash, and how functions there give values to their callers. False: it is no such variable.
 */
bool var_scope_reveal(struct shell *sh, const char *name);

/* ---- for a state ---- */

/* Removes what a state brings: all variables but those that are bound to this host. */
void var_forget_travellers(struct shell *sh);
/* Makes a variable as it was; `array` (NULL none) is taken. */
void var_restore(struct shell *sh, const char *name, const char *value, unsigned flags, struct array *array);

#endif
