#ifndef MISH_PARSER_PARSER_H
#define MISH_PARSER_PARSER_H

#include <stdbool.h>

#include "shell/parser/alias.h"
#include "shell/parser/arena.h"
#include "shell/parser/ast.h"
#include "shell/parser/input.h"

/* The shell grammar (POSIX.1-2017 XCU 2.10; 2024 for `;&` and $'…'). */
struct parser;

enum parse_result {
	PARSE_OK,    /* *ret is a complete command, NULL for an empty line */
	PARSE_EOF,   /* no more input */
	PARSE_ERROR, /* parser_error() tells; the rest of the line is gone */
};

/* Borrows everything; `aliases` may be NULL. Lines count from `line`. */
struct parser *parser_new(struct input *in, const struct alias_table *aliases, int line);
void parser_free(struct parser *p); /* takes NULL */

/*
 * Reads one complete command: everything up to a newline that is not inside a
 * compound command. The tree is in `arena`.
 */
enum parse_result parser_next(struct parser *p, struct arena *arena, struct ast_list **ret);

/* In POSIX mode `a &>b`, `x+=y` mean what POSIX says; for the commands that are read from now on. */
void parser_set_posix(struct parser *p, bool on);
/* set -o remote: `@node command` runs there. */
void parser_set_remote(struct parser *p, bool on);
/* The text was printed from a command of one line: newlines do not count. */
void parser_set_one_line(struct parser *p, bool on);
/* bash's shopt extglob: `!(a)` is a pattern, and no subshell; likewise. In [[ … ]] it always is. */
void parser_set_extglob(struct parser *p, bool on);
/* NULL: aliases stand for themselves. */
void parser_set_aliases(struct parser *p, const struct alias_table *aliases);

/* What was wrong, as a fragment without file name; borrowed until the next call. */
const char *parser_error(const struct parser *p, int *ret_line);
/* Behind what was wrong, in the text that the input gave last; NULL: it is not in there. */
const char *parser_error_at(const struct parser *p);
/* True when nothing can follow the command that was just read: it may end the process. */
bool parser_at_end(const struct parser *p);

/* The assignment of an array's value that is a text, `(word …)`; NULL: it is none. */
const struct ast_assign *parser_array(struct arena *arena, const char *text);

/* True for the reserved words of XCU 2.4. */
bool parser_is_reserved(const char *word);

/*
 * What is between the brackets of NAME[…], from a string; NULL where it has a command to substitute, also by ${x@P}, or quotes
 * without an end.
 */
struct ast_word *parser_subscript(struct arena *arena, const char *text);

/* A word for expansion as if in double quotes, from a string: PS1, ENV (XCU 2.5.3). */
struct ast_word *parser_dquoted(struct arena *arena, const char *text, bool posix);

#endif
