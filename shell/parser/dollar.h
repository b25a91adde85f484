#ifndef MISH_PARSER_DOLLAR_H
#define MISH_PARSER_DOLLAR_H

#include "shell/parser/word.h"

/* Expansions in words (XCU 2.6), and $'…' (POSIX.1-2024 XCU 2.2.4). */

/* What begins with the `$` that is the next character. */
void dollar_read(struct lexer *lx, struct builder *b, enum word_mode mode, bool dq);
/* A command substitution whose backquote is the next character. */
void dollar_read_backquote(struct lexer *lx, struct builder *b, bool dq);

/*
 * After `((`: arithmetic, if the text ends in a matching `))`. Otherwise it is a subshell, in a command
 * substitution for instance (XCU 2.6.3): puts all but the first `(` back and returns NULL.
 */
struct ast_word *dollar_read_arith(struct lexer *lx);

#endif
