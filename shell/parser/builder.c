#include <config.h>

#include "shell/parser/builder.h"

void builder_init(struct lexer *lx, struct builder *b)
{
	*b = (struct builder){ .lit = lx->spare };
	b->tail = &b->first;
	lx->spare = (struct strbuf){ 0 };
	strbuf_clear(&b->lit);
}

static struct ast_part *part_new(struct lexer *lx, struct builder *b, enum ast_part_kind kind,
				 bool quoted)
{
	struct ast_part *p = arena_zalloc(lx->arena, sizeof(*p));

	p->kind = kind;
	p->quoted = quoted;
	*b->tail = p;
	b->tail = &p->next;
	return p;
}

void builder_flush(struct lexer *lx, struct builder *b)
{
	struct ast_part *p;

	if (!b->open)
		return;
	b->open = false;
	p = part_new(lx, b, AST_LIT, b->quoted);
	p->text = arena_strndup(lx->arena, strbuf_str(&b->lit), b->lit.len);
	p->len = b->lit.len;
	strbuf_clear(&b->lit);
}

struct ast_part *builder_part(struct lexer *lx, struct builder *b, enum ast_part_kind kind,
			      bool quoted)
{
	builder_flush(lx, b);
	return part_new(lx, b, kind, quoted);
}

struct ast_part *builder_done(struct lexer *lx, struct builder *b)
{
	builder_flush(lx, b);
	if (lx->spare.s == NULL)
		lx->spare = b->lit;
	else
		strbuf_release(&b->lit);
	return b->first;
}
