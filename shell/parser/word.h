#ifndef MISH_PARSER_WORD_H
#define MISH_PARSER_WORD_H

#include "shell/parser/builder.h"

/* Words: quoting (XCU 2.2) and tilde-prefixes (2.6.1). The expansions in them are dollar.h's.
 */

/* Reads the word that begins at the next character into lx->word and the fields after it. */
void word_read(struct lexer *lx);
/*
 * The word that was read, to be part of a command. Only now it takes memory, if it is a
 * reserved word: most of those never are part of one.
 */
struct ast_word *word_take(struct lexer *lx);
/* Does <(…) or >(…) begin here? */
bool word_at_process(const struct lexer *lx);
/* The body of a here-document, or any text with its quoting rules, as a word. */
struct ast_word *word_text(struct lexer *lx, const char *text, size_t len, int line);

/* ---- for dollar.c: ${name-word} and $((…)) have words inside ---- */

/* What ends a run of parts depends on where they stand. */
enum word_mode {
	WORD_PLAIN, /* a blank, a newline or an operator */
	WORD_DQ,    /* `"` */
	WORD_BRACE, /* `}`, in ${name-…} */
	WORD_SLASH, /* the same, and `/`: the pattern of ${name/…/…} */
	WORD_COLON, /* the same, and `:`: the offset of ${name:…:…} */
	WORD_LENGTH, /* `}`: the length of ${name:…:…} */
	WORD_SUBSCRIPT, /* the `]` that is not opened inside */
	WORD_GROUP, /* the `)` that is not opened inside: of @(…) */
	WORD_TEXT,  /* the end of the input: a here-document's body */
	WORD_ARITH, /* the `)` that is not opened inside: the text of $((…)) */
	WORD_SEMI,  /* the same, and `;`: of for ((…;…;…)) */
	WORD_BRACKET, /* the `]` that is not opened inside: the text of $[…] */
	WORD_REGEX, /* a blank outside of parentheses, or `&`, `;`: behind =~ */
};

/*
 * Reads parts up to what ends them, which is left unread. `dq`: by the rules of double quotes,
 * and all parts are quoted.
 */
void word_read_parts(struct lexer *lx, struct builder *b, enum word_mode mode, bool dq);
struct ast_word *word_new(struct lexer *lx, struct ast_part *parts);
/* `[` is next: is it closed on this line? */
bool word_has_subscript(const struct lexer *lx);
/* `[` is next: what is in the brackets, which are read. NULL with an error. */
struct ast_word *word_subscript(struct lexer *lx);
/*
 * Finds tilde-prefixes in a word, from byte `from` of its first part on; in an assignment also
 * after colons.
 */
void word_find_tildes(struct lexer *lx, struct ast_word *w, size_t from, bool assignment);

#endif
