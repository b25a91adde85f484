#include <config.h>

#include "shell/parser/token.h"

#include <string.h>

#include "shell/parser/chclass.h"
#include "shell/parser/name.h"
#include "shell/parser/word.h"

enum {
	ALIAS_DEPTH_MAX = 500, /* aliases inside aliases: each one searches all around it */
	IO_NUMBER_DIGITS = 9,  /* of a descriptor's number; more digits are a word */
};

/* True inside the text of this alias: it is not substituted again (XCU 2.3.1). */
static bool alias_is_active(struct lexer *lx, const char *name)
{
	int depth = 0;

	for (const struct lex_source *s = lx->tok_src; s != NULL; s = s->guard) {
		if (s->alias == NULL)
			continue;
		if (strcmp(s->alias, name) == 0)
			return true;
		if (++depth > ALIAS_DEPTH_MAX) {
			lexer_error(lx, "syntax error: aliases nested too deeply");
			return true;
		}
	}
	return false;
}

bool token_alias(struct lexer *lx)
{
	const char *text;

	if (lx->aliases == NULL || lx->tok != TOK_WORD || lx->name == NULL)
		return false;
	text = alias_get(lx->aliases, lx->name);
	if (text == NULL || alias_is_active(lx, lx->name))
		return false;
	lexer_push(lx, xstrdup(text), strlen(text), xstrdup(lx->name));
	token_next(lx);
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

/* The body of one here-document, up to its delimiter. */
static bool here_read(struct lexer *lx, const struct lex_here *h)
{
	struct ast_redir *r = h->redir;
	struct strbuf body = { 0 };
	size_t end_len = strlen(r->here_end);
	int line = lx->line;
	bool found = false;

	lx->in->in_body = true;
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
	lx->in->in_body = false;
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
		r->target = word_text(lx, strbuf_str(&body), body.len, line);
	}
	strbuf_release(&body);
	return found;
}

/* A newline, and the bodies of the here-documents before it. */
static enum token read_newline(struct lexer *lx)
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

/* csh's `>!` and a blank: whatever noclobber says. */
static bool skip_bang(struct lexer *lx)
{
	if (!lx->posix && lexer_peek(lx) == '!' && ch_is(lexer_peek2(lx), CH_BLANK)) {
		lexer_getc(lx);
		return true;
	}
	return false;
}

static enum token read_operator(struct lexer *lx, int c)
{
	lexer_getc(lx);
	switch (c) {
	case '&':
		if (next_is(lx, '&'))
			return TOK_AND_IF;
		if (lx->posix || !next_is(lx, '>'))
			return TOK_AMP;
		return next_is(lx, '>') ? TOK_AMP_DGREAT : TOK_AMP_GREAT;
	case '|':
		if (next_is(lx, '|'))
			return TOK_OR_IF;
		return !lx->posix && next_is(lx, '&') ? TOK_PIPE_AMP : TOK_PIPE;
	case ';':
		if (next_is(lx, ';'))
			return next_is(lx, '&') ? TOK_DSEMI_AND : TOK_DSEMI;
		return next_is(lx, '&') ? TOK_SEMI_AND : TOK_SEMI;
	case '(':
		return TOK_LPAREN;
	case ')':
		return TOK_RPAREN;
	case '<':
		if (next_is(lx, '<'))
			return next_is(lx, '-') ? TOK_DLESSDASH : next_is(lx, '<') ? TOK_TLESS : TOK_DLESS;
		if (next_is(lx, '&'))
			return TOK_LESSAND;
		return next_is(lx, '>') ? TOK_LESSGREAT : TOK_LESS;
	default:
		if (next_is(lx, '>')) {
			(void)skip_bang(lx);
			return TOK_DGREAT;
		}
		if (next_is(lx, '&'))
			return TOK_GREATAND;
		return next_is(lx, '|') || skip_bang(lx) ? TOK_CLOBBER : TOK_GREAT;
	}
}

/* Skips blanks and a comment; returns the next character, unread. */
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

/* {name}, or {name[…]}, in front of < or >. */
static bool is_io_variable(struct lexer *lx)
{
	size_t len = strlen(lx->name), n = len > 2 ? name_length(lx->name + 1) : 0;

	if (lx->posix || len < 3 || lx->name[0] != '{' || lx->name[len - 1] != '}' ||
	    n == 0 || (n != len - 2 && (lx->name[1 + n] != '[' || strchr(lx->name, ']') != lx->name + len - 2)))
		return false;
	lx->io_var = arena_strndup(lx->arena, lx->name + 1, len - 2);
	return true;
}

/* True for digits in front of < or >, which are the descriptor of a redirection. */
static bool is_io_number(struct lexer *lx)
{
	int c, n = 0;

	if (lx->name == NULL)
		return false;
	c = lexer_peek_joined(lx);
	if ((c != '<' && c != '>') || word_at_process(lx))
		return false;
	if (is_io_variable(lx))
		return true;
	if (strlen(lx->name) > IO_NUMBER_DIGITS)
		return false;
	for (const char *s = lx->name; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return false;
		n = n * 10 + (*s - '0');
	}
	lx->io_number = n;
	return true;
}

/* The `}` that ends `${ list; }`: a word that ends there. */
static enum token take_brace(struct lexer *lx)
{
	lexer_getc(lx);
	lx->name = "}";
	lx->reserved = RES_RBRACE;
	lx->assign_len = 0;
	lx->subscript = NULL;
	lx->word = arena_zalloc(lx->arena, sizeof(*lx->word));
	lx->word->plain = lx->name;
	return lx->tok = TOK_WORD;
}

static bool ends_command(enum token t)
{
	return t == TOK_SEMI || t == TOK_NEWLINE || t == TOK_AMP || t == TOK_RPAREN;
}

enum token token_next(struct lexer *lx)
{
	enum token before = lx->tok;
	int c;

	if (lx->error != NULL)
		return lx->tok = TOK_ERROR;
	lx->alias_next = false;
	c = skip_blanks(lx);
	lx->tok_line = lx->line;
	lx->tok_src = lx->src;
	lx->word = NULL;
	lx->name = NULL;
	lx->io_var = NULL;
	if (c == LEX_EOF)
		return lx->tok = TOK_EOF;
	if (c == '\n')
		return lx->tok = read_newline(lx);
	lx->fresh = false;
	if (ch_is(c, CH_OPERATOR) && !((c == '<' || c == '>') && word_at_process(lx)))
		return lx->tok = read_operator(lx, c);
	if (c == '}' && lx->in_braces && ends_command(before))
		return take_brace(lx);
	bool alias_next = lx->alias_next;

	word_read(lx);
	lx->alias_next = alias_next;
	if (lx->error != NULL)
		return lx->tok = TOK_ERROR;
	lx->tok = is_io_number(lx) ? TOK_IO_NUMBER : TOK_WORD;
	return lx->tok;
}

/* ---- what the grammar asks of a token ---- */

/* The token as a message shows it; NULL: a word with quotes or expansions. */
static const char *token_text(const struct lexer *lx)
{
	static const char *const texts[] = {
		[TOK_AND_IF] = "&&",	 [TOK_OR_IF] = "||",	 [TOK_DSEMI] = ";;",
		[TOK_SEMI_AND] = ";&",	 [TOK_SEMI] = ";",	 [TOK_AMP] = "&",
		[TOK_PIPE] = "|",	 [TOK_LPAREN] = "(",	 [TOK_RPAREN] = ")",
		[TOK_LESS] = "<",	 [TOK_GREAT] = ">",	 [TOK_DLESS] = "<<",
		[TOK_DLESSDASH] = "<<-", [TOK_DGREAT] = ">>",	 [TOK_LESSAND] = "<&",
		[TOK_GREATAND] = ">&",	 [TOK_LESSGREAT] = "<>", [TOK_CLOBBER] = ">|",
		[TOK_TLESS] = "<<<",	 [TOK_AMP_GREAT] = "&>", [TOK_AMP_DGREAT] = "&>>", [TOK_PIPE_AMP] = "|&", [TOK_DSEMI_AND] = ";;&",
		[TOK_ERROR] = NULL,
	};

	if (lx->tok == TOK_WORD)
		return lx->name != NULL ? lx->name : lx->word->plain;
	return texts[lx->tok];
}

void token_unexpected(struct lexer *lx)
{
	const char *s = token_text(lx);

	if (lx->tok == TOK_EOF) {
		lx->incomplete = true;
		lexer_error(lx, "syntax error: unexpected end of file");
	} else if (lx->tok == TOK_NEWLINE) {
		lexer_error(lx, "syntax error: unexpected newline");
	} else if (s != NULL) {
		lexer_error(lx, "syntax error: `%.*s%s' unexpected", LEX_SHOWN_MAX, s,
			    strlen(s) > LEX_SHOWN_MAX ? "…" : "");
	} else {
		lexer_error(lx, "syntax error: word unexpected");
	}
}

void token_skip_newlines(struct lexer *lx)
{
	while (lx->tok == TOK_NEWLINE)
		token_next(lx);
}

bool token_expect(struct lexer *lx, enum reserved r)
{
	if (token_reserved(lx) == r) {
		token_next(lx);
		return true;
	}
	token_unexpected(lx);
	return false;
}

bool token_command_alias(struct lexer *lx)
{
	enum reserved r = token_reserved(lx);

	return (r == RES_NONE || r == RES_IN) && token_alias(lx);
}

void token_alias_after_blank(struct lexer *lx, enum reserved keep, enum reserved keep2)
{
	if (!lx->alias_next)
		return;
	while (token_reserved(lx) == RES_NONE ||
	       (token_reserved(lx) != keep && token_reserved(lx) != keep2))
		if (!token_alias(lx))
			return;
}
