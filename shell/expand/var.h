#ifndef MISH_EXPAND_VAR_H
#define MISH_EXPAND_VAR_H

#include "shell/expand/value.h"
#include "shell/shell.h"

struct state_section;
extern const struct state_section var_section, clock_section;

/* Shell variables (XCU 2.5): one hash table; a variable is kept as NAME=value text. */
enum var_flag {
	VAR_EXPORT = 1 << 0,
	VAR_READONLY = 1 << 1,
	VAR_DYNAMIC = 1 << 2, /* LINENO, RANDOM, SECONDS: computed when looked at */

	VAR_ALL_FLAGS = VAR_EXPORT | VAR_READONLY | VAR_DYNAMIC,
};

struct var {
	struct var *next;
	char *text; /* NAME=value, or NAME when it has attributes but no value */
	size_t cap; /* bytes that text has room for; 0: not known */
	uint32_t name_len, hash;
	unsigned flags;
	bool borrowed; /* text is in the environment that the shell began with */
};

struct var_table *var_table_new(void);
void var_table_free(struct var_table *t);

/* Begins SECONDS and RANDOM; needs sh->pid. */
void var_clock_init(struct shell *sh);

/*
 * Makes exported variables of the environment. Entries whose names are no variable's are passed
 * on to commands. The strings are not copied: they must outlive the shell, and not change.
 */
void var_import(struct shell *sh, char **env);

/* The value, borrowed until the variable changes. */
struct value var_get(struct shell *sh, const char *name, size_t len);
/* … as text: most variables are for that. NULL when unset. */
const char *var_text(struct shell *sh, const char *name);
/* The variable itself, NULL when it does not exist. */
const struct var *var_find(const struct shell *sh, const char *name);
static inline const char *var_value(const struct var *v)
{
	return v->text[v->name_len] == '=' ? v->text + v->name_len + 1 : NULL;
}

/*
 * Assigns; the flags are added. A NULL value only adds flags. Exports too under -a.
 * Returns 0, or -EPERM (nothing changed) when it is readonly.
 */
int var_set(struct shell *sh, const char *name, const char *value, unsigned flags);
/* Returns 0, or -EPERM when it is readonly. */
int var_unset(struct shell *sh, const char *name);
/* Takes flags away. */
void var_clear_flags(struct shell *sh, const char *name, unsigned flags);

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

#endif
