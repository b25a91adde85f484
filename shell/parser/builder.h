#ifndef MISH_PARSER_BUILDER_H
#define MISH_PARSER_BUILDER_H

#include "shell/parser/lexer.h"

/*
 * The parts of one word while it is read. Literal text is collected here until another part
 * follows, so that neighbours with the same quoting become one part (see ast.h).
 */
struct builder {
	struct ast_part *first, **tail;
	struct strbuf lit;
	bool open;   /* a literal part is being collected */
	bool quoted; /* … and it is quoted */
};

/* Borrows the lexer's spare buffer, which builder_done() gives back. */
void builder_init(struct lexer *lx, struct builder *b);
/* The finished parts; NULL: an empty word. */
struct ast_part *builder_done(struct lexer *lx, struct builder *b);

/* Ends the literal part that is being collected, if any. */
void builder_flush(struct lexer *lx, struct builder *b);
/* Appends an empty part behind the literal text so far. */
struct ast_part *builder_part(struct lexer *lx, struct builder *b, enum ast_part_kind kind,
			      bool quoted);

/* Begins a literal part, which may stay empty: "" is a word. */
static inline void builder_open(struct lexer *lx, struct builder *b, bool quoted)
{
	if (b->open && b->quoted != quoted)
		builder_flush(lx, b);
	b->open = true;
	b->quoted = quoted;
}

static inline void builder_char(struct lexer *lx, struct builder *b, int c, bool quoted)
{
	builder_open(lx, b, quoted);
	if (c != '\0') /* $'\0': no word can contain it */
		strbuf_addc(&b->lit, (char)c);
}

#endif
