#include <config.h>

#include "shell/parser/parser.h"

#include <stdlib.h>
#include <string.h>

#include "shell/parser/parse.h"
#include "shell/parser/word.h"

struct parser {
	struct lexer lx;
};

/* ---- pipelines and lists (XCU 2.9.2, 2.9.3) ---- */

/*
 * `time` before a command: not one of POSIX's reserved words, but XCU time lets it be one.
 * Alone it is a command like others.
 */
static bool parse_time(struct lexer *lx, struct ast_pipeline *p)
{
	struct ast_word *word = word_take(lx);

	token_next(lx);
	if (lx->tok != TOK_WORD && lx->tok != TOK_LPAREN) {
		p->commands = parse_simple(lx, word);
		return p->commands != NULL;
	}
	p->timed = true;
	if (lx->tok == TOK_WORD && lx->name != NULL && strcmp(lx->name, "-p") == 0) {
		word = word_take(lx);
		token_next(lx);
		p->time_p = lx->tok == TOK_LPAREN || token_reserved(lx) != RES_NONE;
		if (!p->time_p) {
			p->commands = parse_simple(lx, word);
			return p->commands != NULL;
		}
	}
	while (token_command_alias(lx))
		;
	return true;
}

static bool parse_pipeline(struct lexer *lx, struct ast_pipeline *p)
{
	struct ast_command **tail = &p->commands;

	while (token_command_alias(lx))
		;
	if (token_reserved(lx) == RES_BANG) {
		p->bang = true;
		token_next(lx);
	}
	if (lx->tok == TOK_WORD && lx->name != NULL && lx->name[0] == 't' &&
	    strcmp(lx->name, "time") == 0 && !parse_time(lx, p))
		return false;
	for (;;) {
		struct ast_command *c = *tail != NULL ? *tail : parse_command(lx);

		if (c == NULL)
			return false;
		*tail = c;
		tail = &c->next;
		if (lx->tok == TOK_PIPE_AMP) {
			while (c->kind == AST_COPROC || c->kind == AST_PLACED) /* as `2>&1 |` would be read */
				c = c->function.body;
			parse_join_stderr(lx, c);
		} else if (lx->tok != TOK_PIPE) {
			return true;
		}
		token_next(lx);
		token_skip_newlines(lx);
	}
}

static bool parse_and_or(struct lexer *lx, struct ast_pipeline *p)
{
	while (parse_pipeline(lx, p)) {
		bool is_or = lx->tok == TOK_OR_IF;

		if (lx->tok != TOK_AND_IF && !is_or)
			return true;
		token_next(lx);
		token_skip_newlines(lx);
		while (token_command_alias(lx))
			token_skip_newlines(lx);
		p = p->next = arena_zalloc(lx->arena, sizeof(*p));
		p->is_or = is_or;
	}
	return false;
}

/* True where a list ends. */
static bool at_list_end(struct lexer *lx)
{
	switch (lx->tok) {
	case TOK_EOF:
	case TOK_RPAREN:
	case TOK_DSEMI:
	case TOK_DSEMI_AND:
	case TOK_SEMI_AND:
	case TOK_ERROR:
		return true;
	default:
		break;
	}
	switch (token_reserved(lx)) {
	case RES_DO: case RES_DONE: case RES_ELIF: case RES_ELSE: case RES_ESAC: case RES_FI:
	case RES_THEN: case RES_RBRACE:
		return true;
	default:
		return false;
	}
}

/*
 * AND-OR lists separated by `;`, `&` and, with `multiline`, newlines. NULL without an error:
 * the list is empty.
 */
static struct ast_list *parse_list(struct lexer *lx, bool multiline)
{
	struct ast_list *first = NULL, **tail = &first;

	for (;;) {
		struct ast_list *l;

		if (multiline)
			token_skip_newlines(lx);
		while (token_command_alias(lx))
			if (multiline)
				token_skip_newlines(lx);
		if (at_list_end(lx) || lx->tok == TOK_NEWLINE)
			return lx->error == NULL ? first : NULL;
		l = arena_zalloc(lx->arena, sizeof(*l));
		if (!parse_and_or(lx, l->andor))
			return NULL;
		*tail = l;
		tail = &l->next;
		l->andor->async = lx->tok == TOK_AMP;
		if (lx->tok == TOK_SEMI || lx->tok == TOK_AMP)
			token_next(lx);
		else if (lx->tok != TOK_NEWLINE)
			return lx->error == NULL ? first : NULL;
	}
}

struct ast_list *parse_compound_list(struct lexer *lx)
{
	struct ast_list *l;

	if (!lexer_enter(lx))
		return NULL;
	l = parse_list(lx, true);
	lexer_leave(lx);
	return l;
}

/* ---- for words ---- */

/* A list up to its end, which is read: `)`, or `}` of `${ list; }`. */
static struct ast_list *parse_inside(struct lexer *lx, bool braces)
{
	/* it is read as if it stood alone: its here-documents must end inside */
	struct lex_here *here = lx->here, **here_tail = lx->here_tail;
	bool no_expand = lx->no_expand, assign_ok = lx->assign_ok, in_braces = lx->in_braces;
	const struct alias_table *aliases = lx->aliases;
	struct strbuf spare = lx->spare;
	enum token tok = lx->tok;
	int tok_line = lx->tok_line, line = lx->line;
	struct lex_source *tok_src = lx->tok_src;
	struct ast_list *l;

	lx->here = NULL;
	lx->here_tail = &lx->here;
	lx->no_expand = false;
	lx->aliases = NULL; /* those count that there are when it runs: see subst.c */
	lx->assign_ok = true;
	lx->in_braces = braces;
	lx->spare = (struct strbuf){ 0 };
	lx->tok = TOK_NEWLINE; /* a command begins */
	token_next(lx);
	l = parse_compound_list(lx);
	if (lx->error == NULL && (braces ? token_reserved(lx) != RES_RBRACE : lx->tok != TOK_RPAREN)) {
		if (lx->tok == TOK_EOF) {
			lx->incomplete = true;
			lexer_error(lx, "syntax error: unterminated `$%s'", braces ? "{ " : "(");
			lx->error_line = line;
		} else {
			token_unexpected(lx);
		}
	}
	if (lx->error == NULL && lx->here != NULL)
		lexer_error(lx, "unterminated here-document `%s'", lx->here->redir->here_end);
	strbuf_release(&lx->spare);
	lx->spare = spare;
	lx->here = here;
	lx->here_tail = here != NULL ? here_tail : &lx->here;
	lx->no_expand = no_expand;
	lx->aliases = aliases;
	lx->assign_ok = assign_ok;
	lx->in_braces = in_braces;
	lx->tok = tok;
	lx->tok_line = tok_line;
	lx->tok_src = tok_src;
	return l;
}

/* struct lexer_grammar */
static struct ast_list *parse_cmdsub(struct lexer *lx)
{
	return parse_inside(lx, false);
}

static struct ast_list *parse_braces(struct lexer *lx)
{
	return parse_inside(lx, true);
}

static struct ast_list *parse_whole(struct lexer *lx)
{
	struct ast_list *l;

	token_next(lx);
	l = parse_compound_list(lx);
	if (lx->error == NULL && lx->tok != TOK_EOF)
		token_unexpected(lx);
	if (lx->error == NULL && lx->here != NULL)
		lexer_error(lx, "unterminated here-document `%s'", lx->here->redir->here_end);
	return l;
}

static const struct lexer_grammar grammar = { .cmdsub = parse_cmdsub, .braces = parse_braces, .whole = parse_whole };

/* ---- interface ---- */

bool parser_is_reserved(const char *word)
{
	enum reserved which;

	return reserved_find(word, strlen(word), &which) != NULL;
}

struct parser *parser_new(struct input *in, const struct alias_table *aliases, int line)
{
	struct parser *p = xmalloc(sizeof(*p));

	lexer_init(&p->lx, in, NULL, aliases, &grammar);
	p->lx.line = line;
	return p;
}

void parser_set_posix(struct parser *p, bool on)
{
	p->lx.posix = on;
}

void parser_set_remote(struct parser *p, bool on)
{
	p->lx.remote = on;
}

void parser_set_one_line(struct parser *p, bool on)
{
	p->lx.one_line = on;
}

void parser_set_extglob(struct parser *p, bool on)
{
	p->lx.extglob = on;
}

void parser_set_aliases(struct parser *p, const struct alias_table *aliases)
{
	p->lx.aliases = aliases;
}

void parser_free(struct parser *p)
{
	if (p == NULL)
		return;
	lexer_release(&p->lx);
	free(p);
}

/* After an error: forgets the rest of the line, so that a person goes on with the next one. */
static void resync(struct lexer *lx)
{
	while (lx->src != NULL) {
		lx->cur = lx->end;
		lexer_peek(lx);
	}
	lx->cur = lx->end;
	lx->here = NULL;
	lx->here_tail = &lx->here;
	lx->depth = 0;
	lx->taping = 0;
	strbuf_clear(&lx->tape);
	lx->no_expand = lx->in_array = lx->declares = false;
	lx->assign_ok = true;
}

enum parse_result parser_next(struct parser *p, struct arena *arena, struct ast_list **ret)
{
	struct lexer *lx = &p->lx;
	struct ast_list *l;

	free(lx->error);
	lx->error = NULL;
	lx->incomplete = false;
	lx->put_back = 0;
	lx->arena = arena;
	lx->fresh = true;
	if (lx->in->interactive)
		lx->at_eof = false; /* ^D ends one command, not what comes after it */
	lexer_collect(lx);
	token_next(lx);
	if (lx->tok == TOK_EOF)
		return PARSE_EOF;
	l = parse_list(lx, false);
	if (lx->error == NULL && lx->here != NULL && lx->tok == TOK_EOF) {
		lx->incomplete = true;
		lexer_error(lx, "unterminated here-document `%s'", lx->here->redir->here_end);
	}
	if (lx->error == NULL && lx->tok != TOK_NEWLINE && lx->tok != TOK_EOF)
		token_unexpected(lx);
	if (lx->error != NULL) {
		resync(lx);
		return PARSE_ERROR;
	}
	*ret = l;
	return PARSE_OK;
}

const char *parser_error(const struct parser *p, int *ret_line)
{
	if (ret_line != NULL)
		*ret_line = p->lx.error_line;
	return p->lx.error != NULL ? p->lx.error : "syntax error";
}

const char *parser_error_at(const struct parser *p)
{
	return p->lx.error_at;
}

struct ast_word *parser_dquoted(struct arena *arena, const char *text, bool posix)
{
	struct input_string is;
	struct lexer lx;
	struct ast_word *w;

	input_string_init(&is, "", 0);
	lexer_init(&lx, &is.in, arena, NULL, &grammar);
	lx.posix = posix;
	w = word_text(&lx, text, strlen(text), 1);
	if (lx.error != NULL)
		w = NULL;
	lexer_release(&lx);
	return w;
}

static struct ast_list *no_command(struct lexer *lx)
{
	lexer_error(lx, "syntax error: a command in a subscript that is a text");
	return NULL;
}

struct ast_word *parser_subscript(struct arena *arena, const char *text)
{
	static const struct lexer_grammar none = { no_command, no_command, no_command };
	struct strbuf s = { 0 };
	struct input_string is;
	struct lexer lx;
	struct ast_word *w;

	if (strstr(text, "${") != NULL && strchr(text, '@') != NULL) /* ${y@P} would run what y says */
		return NULL;
	strbuf_addf(&s, "[%s]", text);
	input_string_init(&is, s.s, s.len);
	lexer_init(&lx, &is.in, arena, NULL, &none);
	(void)lexer_peek(&lx); /* its first piece */
	w = word_subscript(&lx);
	if (lx.error != NULL || lexer_peek(&lx) != LEX_EOF)
		w = NULL;
	lexer_release(&lx);
	strbuf_release(&s);
	return w;
}

const struct ast_assign *parser_array(struct arena *arena, const char *text)
{
	struct strbuf s = { 0 };
	struct input_string is;
	struct ast_list *l = NULL;
	const struct ast_assign *a = NULL;
	struct parser *p;

	strbuf_addf(&s, "a=%s", text);
	input_string_init(&is, s.s, s.len);
	p = parser_new(&is.in, NULL, 1);
	if (parser_next(p, arena, &l) == PARSE_OK && l != NULL && l->next == NULL && !l->andor->async && l->andor->next == NULL &&
	    l->andor->commands->next == NULL && l->andor->commands->kind == AST_SIMPLE && l->andor->commands->simple.words == NULL)
		a = l->andor->commands->simple.assigns;
	if (a != NULL && (a->next != NULL || a->value->parts == NULL || a->value->parts->kind != AST_ARRAY))
		a = NULL;
	parser_free(p);
	strbuf_release(&s);
	return a;
}

bool parser_at_end(const struct parser *p)
{
	const struct lexer *lx = &p->lx;
	const struct input_string *is = (const struct input_string *)lx->in;

	if (lx->tok == TOK_EOF)
		return true;
	return lx->src == NULL && lx->cur == lx->end && lx->in->one_piece && is->done;
}
