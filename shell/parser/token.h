#ifndef MISH_PARSER_TOKEN_H
#define MISH_PARSER_TOKEN_H

#include "shell/parser/lexer.h"

/*
 * Token recognition (XCU 2.3), aliases (2.3.1) and the bodies of here-documents (2.7.4), which
 * are read with the newline before them.
 */

/* Reads the next token into lx->tok and the fields after it. */
enum token token_next(struct lexer *lx);

/* If the current word is an alias that is not being substituted, replaces it. */
bool token_alias(struct lexer *lx);
/* The same at the beginning of a command, where reserved words are no aliases (XCU 2.3.1). */
bool token_command_alias(struct lexer *lx);
/*
 * After an alias whose value ends in a blank any word may be one (XCU 2.3.1): replaces it,
 * unless it is one of the reserved words that are expected here.
 */
void token_alias_after_blank(struct lexer *lx, enum reserved keep, enum reserved keep2);

/* Which reserved word the token would be at the beginning of a command. */
static inline enum reserved token_reserved(const struct lexer *lx)
{
	return lx->tok == TOK_WORD && lx->name != NULL ? lx->reserved : RES_NONE;
}

/* Takes the reserved word; false, with the error set, when it is not there. */
bool token_expect(struct lexer *lx, enum reserved r);
void token_skip_newlines(struct lexer *lx);
/* The error that the grammar has no place for this token. */
void token_unexpected(struct lexer *lx);

#endif
