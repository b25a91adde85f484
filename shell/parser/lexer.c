#include <config.h>

#include "shell/parser/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/parser/chclass.h"

enum { LEX_MAX_DEPTH = 1000 }; /* commands and expansions inside each other: for the stack */

void lexer_init(struct lexer *lx, struct input *in, struct arena *arena,
		const struct alias_table *aliases, const struct lexer_grammar *grammar)
{
	*lx = (struct lexer){ .in = in, .arena = arena, .aliases = aliases,
			      .grammar = grammar, .line = 1, .fresh = true, .assign_ok = true };
	lx->here_tail = &lx->here;
}

static void source_free(struct lex_source *s)
{
	free(s->alias);
	free(s->text);
	free(s);
}

void lexer_collect(struct lexer *lx)
{
	/* a source that is still being read may have one of them as its guard */
	while (lx->src == NULL && lx->popped != NULL) {
		struct lex_source *s = lx->popped;

		lx->popped = s->next_popped;
		source_free(s);
	}
	lx->tok_src = lx->src;
}

void lexer_release(struct lexer *lx)
{
	while (lx->src != NULL) {
		struct lex_source *s = lx->src;

		lx->src = s->prev;
		source_free(s);
	}
	lexer_collect(lx);
	free(lx->error);
	lx->error = NULL;
	strbuf_release(&lx->spare);
	strbuf_release(&lx->clean);
	strbuf_release(&lx->tape);
}

enum token lexer_error(struct lexer *lx, const char *fmt, ...)
{
	va_list ap;

	lx->tok = TOK_ERROR;
	if (lx->error != NULL)
		return TOK_ERROR;
	va_start(ap, fmt);
	if (vasprintf(&lx->error, fmt, ap) < 0)
		lx->error = xstrdup("syntax error");
	va_end(ap);
	lx->error_line = lx->line;
	lx->error_at = lx->src == NULL ? lx->cur : NULL;
	return TOK_ERROR;
}

void lexer_unterminated(struct lexer *lx, const char *what, int line)
{
	lx->incomplete = true;
	lexer_error(lx, "syntax error: unterminated %s", what);
	lx->error_line = line;
}

bool lexer_enter(struct lexer *lx)
{
	if (lx->depth >= LEX_MAX_DEPTH) {
		lexer_error(lx, "syntax error: nested too deeply");
		return false;
	}
	lx->depth++;
	return true;
}

void lexer_leave(struct lexer *lx)
{
	lx->depth--;
}

void lexer_push(struct lexer *lx, char *text, size_t len, char *alias)
{
	struct lex_source *s = xcalloc(1, sizeof(*s));

	s->prev = lx->src;
	/* not prev: the name may be the last word of an alias whose text was read to its end */
	s->guard = alias != NULL ? lx->tok_src : lx->src;
	s->alias = alias;
	s->text = text;
	s->ends_blank = alias != NULL && len > 0 && ch_is(text[len - 1], CH_BLANK);
	s->cur = lx->cur;
	s->end = lx->end;
	lx->cur = text;
	lx->end = text + len;
	lx->src = s;
}

static void source_pop(struct lexer *lx)
{
	struct lex_source *s = lx->src;

	lx->cur = s->cur;
	lx->end = s->end;
	lx->src = s->prev;
	if (s->ends_blank)
		lx->alias_next = true;
	/* it is still the guard of a token that began inside it: freed between commands */
	s->next_popped = lx->popped;
	lx->popped = s;
}

/* NUL bytes can be in no word: text that has any is read from a copy without them. */
static void drop_nuls(struct lexer *lx, const char **s, size_t *len)
{
	if (memchr(*s, '\0', *len) == NULL)
		return;
	strbuf_clear(&lx->clean);
	for (size_t i = 0; i < *len; i++)
		if ((*s)[i] != '\0')
			strbuf_addc(&lx->clean, (*s)[i]);
	*s = strbuf_str(&lx->clean);
	*len = lx->clean.len;
}

int lexer_refill(struct lexer *lx)
{
	const char *s;
	size_t len;

	for (;;) {
		if (lx->cur < lx->end)
			return (unsigned char)*lx->cur;
		if (lx->src != NULL) {
			source_pop(lx);
			continue;
		}
		if (lx->at_eof || !lx->in->refill(lx->in, lx->fresh, &s, &len)) {
			lx->at_eof = true;
			return LEX_EOF;
		}
		if (lx->in->echo != NULL)
			lx->in->echo(lx->in, s, len);
		drop_nuls(lx, &s, &len);
		lx->cur = s;
		lx->end = s + len;
	}
}

int lexer_join(struct lexer *lx)
{
	int c;

	while ((c = lexer_peek(lx)) == '\\' && lexer_peek2(lx) == '\n') {
		lexer_skip(lx, 1);
		lexer_getc(lx);
	}
	return c;
}

void lexer_sub_init(struct lexer *sub, struct lexer *lx, struct input_string *is,
		    const char *text, size_t len, int line)
{
	input_string_init(is, text, len);
	lexer_init(sub, &is->in, lx->arena, NULL, lx->grammar);
	sub->line = line;
	sub->depth = lx->depth;
	sub->posix = lx->posix;
	sub->remote = lx->remote;
}

void lexer_sub_done(struct lexer *sub, struct lexer *lx)
{
	if (sub->error != NULL && lx->error == NULL) {
		lx->error = sub->error;
		lx->error_line = sub->error_line;
		sub->error = NULL;
	}
	lexer_release(sub);
}
