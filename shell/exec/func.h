#ifndef MISH_EXEC_FUNC_H
#define MISH_EXEC_FUNC_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

struct state_section;
extern const struct state_section func_section;

/* Functions: each holds the arena of its tree, which is that of the command that defined it. */
struct func {
	const struct ast_command *body;
	struct arena *arena;
	char *file; /* where it was defined; "": typed */
	int line;   /* … and on which line of it */
};

struct func_table *func_table_new(void);
void func_table_free(struct func_table *t); /* takes NULL */

/* `body` lives in sh->frame.ast; the definition is on `line`. */
void func_define(struct shell *sh, const char *name, const struct ast_command *body, int line);
/* Returns 0, or -ENOENT. */
int func_unset(struct shell *sh, const char *name);

/* export -f: commands get it in their environment, and a mish among them has it. 0 or -ENOENT. */
int func_export(struct shell *sh, const char *name, bool on);
/* Takes functions out of the environment: not for a setuid shell. */
void func_import(struct shell *sh, char *const *env);

bool func_exists(const struct shell *sh, const char *name);
/* … and is what a command of this name runs now: in an alias of csh's its own name is something else, as in every alias (XCU 2.3.1). */
bool func_answers(const struct shell *sh, const char *name);
/* The function, kept alive until func_release(); NULL when there is none. */
struct func *func_acquire(struct shell *sh, const char *name);
void func_release(struct func *f);

/* The i-th name in sorted order, NULL past the end. */
const char *func_at(const struct shell *sh, size_t i);
/* The text of csh's alias with arguments (`alias ll 'ls -l \!*'`) that a function stands for; NULL: it is one like any other. */
const char *func_csh_alias(const struct shell *sh, const char *name);
/* Notes it, until the function is defined anew. */
void func_set_csh_alias(struct shell *sh, const char *name, const char *text);
/* Source text (caller frees). */
char *func_source(struct shell *sh, const char *name);

#endif
