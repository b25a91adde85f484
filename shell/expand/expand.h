#ifndef MISH_EXPAND_EXPAND_H
#define MISH_EXPAND_EXPAND_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * Word expansions (POSIX.1-2017 XCU 2.6). Results are in sh->arena. On failure the
 * message was printed and sh->frame.flow is set.
 */

/* Fields of a command line; args[n] is NULL. */
struct fields {
	char **v;
	size_t n, cap;
};

/* An argument NAME=(…) of declare and its like, which is `NAME=` among the fields. */
struct array_word {
	struct array_word *next; /* of this command */
	const char *arg;
	const struct ast_assign *elements;
};
/* NULL: the argument is no such word. */
const struct array_word *expand_array_of(const struct shell *sh, const char *arg);

/* All expansions, splitting and pathnames; appends. Returns 0 or -1. */
int expand_words(struct shell *sh, const struct ast_word *words, struct fields *ret);

/* No splitting, no pathnames: assignments, redirections, case words. NULL on failure. */
char *expand_string(struct shell *sh, const struct ast_word *w);
/* The same, with its length: a here-document's body. */
char *expand_text(struct shell *sh, const struct ast_word *w, size_t *ret_len);
/* A pattern: what was quoted is escaped with backslashes. */
char *expand_pattern(struct shell *sh, const struct ast_word *w);
/* Does the pattern match all of s, as case and [[ have it: with shopt nocasematch whatever the case? */
bool expand_matches(struct shell *sh, const char *pattern, const char *s);
/* An extended regular expression, likewise. */
char *expand_regex(struct shell *sh, const struct ast_word *w);

/* expand_string() of a text as if in double quotes (PS1, ENV); NULL on failure. */
char *expand_dquoted(struct shell *sh, const char *text);

/* What `~name` stands for: in sh->arena; NULL when there is no such user. */
char *expand_tilde(struct shell *sh, const char *name);

#endif
