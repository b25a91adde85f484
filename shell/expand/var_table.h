#ifndef MISH_EXPAND_VAR_TABLE_H
#define MISH_EXPAND_VAR_TABLE_H

#include "shell/expand/var.h"

/* The table itself: for var.c and var_scope.c only. */
struct scope;
struct var_table {
	struct var **bucket;
	size_t n_buckets; /* a power of two */
	size_t n;
	struct var *pool; /* for the first ones; the next free one is at n_pooled */
	size_t n_pooled, n_pool;
	struct scope *scope;
	char **env; /* cache; NULL when something exported changed */
	uint64_t env_options; /* sh->options as they were then: SHELLOPTS may be exported */
	char **foreign; /* entries of the first environment whose names are no variable's */
	size_t n_foreign;
	char **own; /* entries like these, of exported functions */
	size_t n_own;
};

/* NULL: there is none. */
struct var *var_table_find(const struct shell *sh, const char *name, size_t len);
struct var *var_table_make(struct var_table *t, const char *name);
/* … whose text a new one borrows. */
struct var *var_table_make_constant(struct var_table *t, const char *name);
void var_table_remove(struct shell *sh, const char *name);
/* Replaces the text, which the variable then owns. */
void var_give_text(struct var *v, char *text, size_t cap);
/* Something exported changed. */
void var_env_changed(struct var_table *t);
/* Others keep what depends on a variable; while the shell is made nobody does. */
void var_tell(struct shell *sh, const char *name);

void var_scopes_free(struct var_table *t);

#endif
