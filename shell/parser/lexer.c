#include <config.h>

#include "shell/parser/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/parser/chclass.h"

enum { LEX_MAX_DEPTH = 1000, LEX_MAX_ALIAS_DEPTH = 500 };

void lexer_init(struct lexer *lx, struct input *in, struct arena *arena,
		const struct alias_table *aliases)
{
	*lx = (struct lexer){ .in = in, .arena = arena, .aliases = aliases, .line = 1,
			      .fresh = true, .assign_ok = true };
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
	/* what is still being read may be guarded by what was */
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
	return TOK_ERROR;
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
	/* an alias's last word was read past its end: prev would not know of it */
	s->guard = alias != NULL ? lx->tok_src : lx->src;
	s->alias = alias;
	s->text = text;
	s->ends_blank = alias != NULL && len > 0 &&
			ch_is(text[len - 1], CH_BLANK);
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
	/* its name still guards the token that began inside it: freed with the command */
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

static bool alias_is_active(const struct lexer *lx, const char *name)
{
	int depth = 0;

	for (const struct lex_source *s = lx->tok_src; s != NULL; s = s->guard)
		if (s->alias != NULL && (strcmp(s->alias, name) == 0 ||
					 ++depth > LEX_MAX_ALIAS_DEPTH))
			return true;
	return false;
}

bool lexer_alias(struct lexer *lx)
{
	const char *text;

	if (lx->aliases == NULL || lx->tok != TOK_WORD || lx->name == NULL)
		return false;
	text = alias_get(lx->aliases, lx->name);
	if (text == NULL || alias_is_active(lx, lx->name))
		return false;
	lexer_push(lx, xstrdup(text), strlen(text), xstrdup(lx->name));
	lexer_next(lx);
	return true;
}

/* One line of a here-document, without its newline; false at the end of input. */
static bool here_line(struct lexer *lx, struct strbuf *b, bool join, bool strip_tabs)
{
	size_t start = b->len;
	bool any = false;
	int c;

	if (strip_tabs)
		while (lexer_peek(lx) == '\t') {
			lexer_getc(lx);
			any = true;
		}
	while ((c = lexer_getc(lx)) != LEX_EOF) {
		size_t slashes = 0;

		any = true;
		if (c != '\n') {
			strbuf_addc(b, (char)c);
			continue;
		}
		while (join && slashes < b->len - start && b->s[b->len - 1 - slashes] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			return true;
		b->s[--b->len] = '\0';
	}
	return any;
}

static bool here_read(struct lexer *lx, const struct lex_here *h)
{
	struct ast_redir *r = h->redir;
	struct strbuf body = { 0 };
	size_t end_len = strlen(r->here_end);
	int line = lx->line;
	bool found = false;

	for (;;) {
		size_t start = body.len;

		if (!here_line(lx, &body, !r->here_quoted, h->strip_tabs))
			break;
		if (body.len - start == end_len &&
		    memcmp(strbuf_str(&body) + start, r->here_end, end_len) == 0) {
			body.len = start;
			found = true;
			break;
		}
		strbuf_addc(&body, '\n');
	}
	if (!found) {
		lx->incomplete = true;
		lexer_error(lx, "unterminated here-document `%s'", r->here_end);
	} else if (r->here_quoted) {
		struct ast_word *w = arena_zalloc(lx->arena, sizeof(*w));

		if (body.len != 0) {
			w->parts = arena_zalloc(lx->arena, sizeof(*w->parts));
			w->parts->kind = AST_LIT;
			w->parts->quoted = true;
			w->parts->text = arena_strndup(lx->arena, body.s, body.len);
			w->parts->len = body.len;
		}
		r->target = w;
	} else {
		r->target = lexer_here_body(lx, strbuf_str(&body), body.len, line);
	}
	strbuf_release(&body);
	return found;
}

static enum token newline(struct lexer *lx)
{
	lexer_getc(lx);
	while (lx->here != NULL) {
		struct lex_here *h = lx->here;

		lx->here = h->next;
		if (lx->here == NULL)
			lx->here_tail = &lx->here;
		if (!here_read(lx, h))
			return TOK_ERROR;
	}
	return lx->error != NULL ? TOK_ERROR : TOK_NEWLINE;
}

static bool next_is(struct lexer *lx, int c)
{
	if (lexer_peek_joined(lx) != c)
		return false;
	lexer_getc(lx);
	return true;
}

static enum token operator(struct lexer *lx, int c)
{
	lexer_getc(lx);
	switch (c) {
	case '&':
		return next_is(lx, '&') ? TOK_AND_IF : TOK_AMP;
	case '|':
		return next_is(lx, '|') ? TOK_OR_IF : TOK_PIPE;
	case ';':
		if (next_is(lx, ';'))
			return TOK_DSEMI;
		return next_is(lx, '&') ? TOK_SEMI_AND : TOK_SEMI;
	case '(':
		return TOK_LPAREN;
	case ')':
		return TOK_RPAREN;
	case '<':
		if (next_is(lx, '<'))
			return next_is(lx, '-') ? TOK_DLESSDASH : TOK_DLESS;
		if (next_is(lx, '&'))
			return TOK_LESSAND;
		return next_is(lx, '>') ? TOK_LESSGREAT : TOK_LESS;
	default:
		if (next_is(lx, '>'))
			return TOK_DGREAT;
		if (next_is(lx, '&'))
			return TOK_GREATAND;
		return next_is(lx, '|') ? TOK_CLOBBER : TOK_GREAT;
	}
}

static int skip_blanks(struct lexer *lx)
{
	for (;;) {
		int c = lexer_peek_joined(lx);

		if (c == '#') {
			while ((c = lexer_peek(lx)) != '\n' && c != LEX_EOF)
				lexer_skip(lx, 1);
			return c;
		}
		if (!ch_is(c, CH_BLANK))
			return c;
		lexer_skip(lx, 1);
	}
}

static bool is_io_number(struct lexer *lx)
{
	int c, n = 0;

	if (lx->name == NULL)
		return false;
	c = lexer_peek_joined(lx);
	if ((c != '<' && c != '>') || strlen(lx->name) > 9)
		return false;
	for (const char *s = lx->name; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return false;
		n = n * 10 + (*s - '0');
	}
	lx->io_number = n;
	return true;
}

enum token lexer_next(struct lexer *lx)
{
	int c;

	if (lx->error != NULL)
		return lx->tok = TOK_ERROR;
	lx->alias_next = false;
	c = skip_blanks(lx);
	lx->tok_line = lx->line;
	lx->tok_src = lx->src;
	lx->word = NULL;
	lx->name = NULL;
	if (c == LEX_EOF)
		return lx->tok = TOK_EOF;
	if (c == '\n')
		return lx->tok = newline(lx);
	lx->fresh = false;
	if (ch_is(c, CH_OPERATOR))
		return lx->tok = operator(lx, c);
	bool alias_next = lx->alias_next;

	lexer_word(lx);
	lx->alias_next = alias_next;
	if (lx->error != NULL)
		return lx->tok = TOK_ERROR;
	lx->tok = is_io_number(lx) ? TOK_IO_NUMBER : TOK_WORD;
	return lx->tok;
}
