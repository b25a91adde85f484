#include <config.h>

#include "shell/parser/parser.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shell/parser/lexer.h"
#include "shell/parser/name.h"

struct parser {
	struct lexer lx;
};

enum { RESERVED_MAX = 5 }; /* bytes of the longest */

enum reserved {
	RES_NONE,
	RES_BANG,
	RES_CASE,
	RES_DO,
	RES_DONE,
	RES_ELIF,
	RES_ELSE,
	RES_ESAC,
	RES_FI,
	RES_FOR,
	RES_IF,
	RES_IN,
	RES_THEN,
	RES_UNTIL,
	RES_WHILE,
	RES_LBRACE,
	RES_RBRACE,
};

static const char *const reserved_names[] = {
	[RES_BANG] = "!",    [RES_CASE] = "case", [RES_DO] = "do",	 [RES_DONE] = "done",
	[RES_ELIF] = "elif", [RES_ELSE] = "else", [RES_ESAC] = "esac",	 [RES_FI] = "fi",
	[RES_FOR] = "for",   [RES_IF] = "if",	  [RES_IN] = "in",	 [RES_THEN] = "then",
	[RES_UNTIL] = "until", [RES_WHILE] = "while", [RES_LBRACE] = "{", [RES_RBRACE] = "}",
};

static struct ast_list *parse_compound_list(struct lexer *lx);
static struct ast_command *parse_command(struct lexer *lx);

const char *parser_reserved(const char *s, size_t len, int *ret_which)
{
	static const uint8_t first[] = { /* the first of those that begin so */
		['!'] = RES_BANG, ['c'] = RES_CASE, ['d'] = RES_DO, ['e'] = RES_ELIF, ['f'] = RES_FI,
		['i'] = RES_IF, ['t'] = RES_THEN, ['u'] = RES_UNTIL, ['w'] = RES_WHILE,
		['{'] = RES_LBRACE, ['}'] = RES_RBRACE,
	};
	size_t i = len != 0 && len <= RESERVED_MAX && (unsigned char)s[0] < sizeof(first) ?
			   first[(unsigned char)s[0]] :
			   RES_NONE;

	*ret_which = RES_NONE;
	if (i == RES_NONE)
		return NULL;
	for (; i < sizeof(reserved_names) / sizeof(reserved_names[0]) && reserved_names[i][0] == s[0]; i++)
		/* most other words differ in the second byte */
		if ((len == 1 || reserved_names[i][1] == s[1]) && strlen(reserved_names[i]) == len &&
		    memcmp(reserved_names[i], s, len) == 0) {
			*ret_which = (int)i;
			return reserved_names[i];
		}
	return NULL;
}

static enum reserved reserved(struct lexer *lx)
{
	return lx->tok == TOK_WORD && lx->name != NULL ? (enum reserved)lx->reserved : RES_NONE;
}

bool parser_is_reserved(const char *word)
{
	int which;

	return parser_reserved(word, strlen(word), &which) != NULL;
}

static const char *token_text(const struct lexer *lx)
{
	static const char *const texts[] = {
		[TOK_AND_IF] = "&&", [TOK_OR_IF] = "||", [TOK_DSEMI] = ";;",
		[TOK_SEMI_AND] = ";&", [TOK_SEMI] = ";", [TOK_AMP] = "&", [TOK_PIPE] = "|",
		[TOK_LPAREN] = "(", [TOK_RPAREN] = ")", [TOK_LESS] = "<", [TOK_GREAT] = ">",
		[TOK_DLESS] = "<<", [TOK_DLESSDASH] = "<<-", [TOK_DGREAT] = ">>",
		[TOK_LESSAND] = "<&", [TOK_GREATAND] = ">&", [TOK_LESSGREAT] = "<>",
		[TOK_CLOBBER] = ">|", [TOK_ERROR] = NULL,
	};

	if (lx->tok == TOK_WORD)
		return lx->name != NULL ? lx->name : lx->word->plain;
	return texts[lx->tok];
}

static void unexpected(struct lexer *lx)
{
	const char *s = token_text(lx);

	if (lx->tok == TOK_EOF) {
		lx->incomplete = true;
		lexer_error(lx, "syntax error: unexpected end of file");
	} else if (lx->tok == TOK_NEWLINE) {
		lexer_error(lx, "syntax error: unexpected newline");
	} else if (s != NULL) {
		lexer_error(lx, "syntax error: `%.60s' unexpected", s);
	} else {
		lexer_error(lx, "syntax error: word unexpected");
	}
}

static void skip_newlines(struct lexer *lx)
{
	while (lx->tok == TOK_NEWLINE)
		lexer_next(lx);
}

/* Takes the reserved word, or sets the error. */
static bool expect(struct lexer *lx, enum reserved r)
{
	if (reserved(lx) == r) {
		lexer_next(lx);
		return true;
	}
	unexpected(lx);
	return false;
}

/* A reserved word where it has its meaning is no alias (XCU 2.3.1). */
static bool command_alias(struct lexer *lx)
{
	enum reserved r = reserved(lx);

	return (r == RES_NONE || r == RES_IN) && lexer_alias(lx);
}

/*
 * After an alias whose value ends in a blank any word may be one (XCU 2.3.1), but not
 * the reserved words that are expected here.
 */
static void alias_after_blank(struct lexer *lx, enum reserved keep, enum reserved keep2)
{
	if (!lx->alias_next)
		return;
	while (reserved(lx) == RES_NONE || (reserved(lx) != keep && reserved(lx) != keep2))
		if (!lexer_alias(lx))
			return;
}

static bool at_redir(const struct lexer *lx)
{
	return lx->tok == TOK_IO_NUMBER || (lx->tok >= TOK_LESS && lx->tok <= TOK_CLOBBER);
}

/* ---- redirections (XCU 2.7) ---- */

static const struct {
	enum ast_redir_kind kind;
	int fd;
} redir_kinds[] = {
	[TOK_LESS] = { AST_REDIR_IN, 0 },	  [TOK_GREAT] = { AST_REDIR_OUT, 1 },
	[TOK_DLESS] = { AST_REDIR_HERE, 0 },	  [TOK_DLESSDASH] = { AST_REDIR_HERE, 0 },
	[TOK_DGREAT] = { AST_REDIR_APPEND, 1 },	  [TOK_LESSAND] = { AST_REDIR_DUP_IN, 0 },
	[TOK_GREATAND] = { AST_REDIR_DUP_OUT, 1 }, [TOK_LESSGREAT] = { AST_REDIR_RDWR, 0 },
	[TOK_CLOBBER] = { AST_REDIR_CLOBBER, 1 },
};

/* The delimiter is only quote-removed (XCU 2.7.4): the lexer expands nothing in it. */
static void here_delimiter(struct lexer *lx, struct ast_redir *r, bool strip_tabs)
{
	struct lex_here *h = arena_zalloc(lx->arena, sizeof(*h));
	const struct ast_word *w = lexer_take_word(lx);
	struct strbuf s = { 0 };

	if (w->parts == NULL && w->plain != NULL)
		strbuf_adds(&s, w->plain);
	for (const struct ast_part *p = w->parts; p != NULL; p = p->next) {
		strbuf_add(&s, p->text, p->len);
		r->here_quoted |= p->quoted;
	}
	r->here_end = arena_strndup(lx->arena, strbuf_str(&s), s.len);
	strbuf_release(&s);
	h->redir = r;
	h->strip_tabs = strip_tabs;
	*lx->here_tail = h;
	lx->here_tail = &h->next;
}

static struct ast_redir *parse_redir(struct lexer *lx)
{
	struct ast_redir *r = arena_zalloc(lx->arena, sizeof(*r));
	bool has_fd = lx->tok == TOK_IO_NUMBER, assign_ok = lx->assign_ok;
	int fd = lx->io_number;
	enum token op;

	if (has_fd)
		lexer_next(lx);
	op = lx->tok;
	r->kind = redir_kinds[op].kind;
	r->fd = has_fd ? fd : redir_kinds[op].fd;
	lx->no_expand = r->kind == AST_REDIR_HERE;
	lx->assign_ok = false;
	lexer_next(lx);
	alias_after_blank(lx, RES_NONE, RES_NONE);
	lx->no_expand = false;
	lx->assign_ok = assign_ok;
	if (lx->tok != TOK_WORD && lx->tok != TOK_IO_NUMBER) {
		unexpected(lx);
		return NULL;
	}
	if (r->kind == AST_REDIR_HERE)
		here_delimiter(lx, r, op == TOK_DLESSDASH);
	else
		r->target = lexer_take_word(lx);
	lexer_next(lx);
	return r;
}

static bool parse_redirs(struct lexer *lx, struct ast_redir ***tail)
{
	while (at_redir(lx)) {
		struct ast_redir *r = parse_redir(lx);

		if (r == NULL)
			return false;
		**tail = r;
		*tail = &r->next;
	}
	return true;
}

/* ---- simple commands and function definitions ---- */

static struct ast_command *command_new(struct lexer *lx, enum ast_kind kind)
{
	struct ast_command *c = arena_zalloc(lx->arena, sizeof(*c));

	c->kind = kind;
	c->line = lx->tok_line;
	return c;
}

static struct ast_assign *take_assign(struct lexer *lx)
{
	struct ast_assign *a = arena_zalloc(lx->arena, sizeof(*a));
	struct ast_word *w = lx->word;
	struct ast_part *p = w->parts;
	size_t n = lx->assign_len;

	a->name = arena_strndup(lx->arena, p->text, n);
	a->value = w;
	if (w->plain != NULL)
		w->plain += n + 1;
	p->text += n + 1;
	p->len -= n + 1;
	if (p->len == 0)
		w->parts = p->next;
	if (w->parts == NULL)
		w->plain = "";
	else if (w->plain == NULL && w->parts->next == NULL && w->parts->kind == AST_LIT)
		w->plain = w->parts->text; /* x=* is not expanded as a pathname */
	return a;
}

static struct ast_command *parse_function(struct lexer *lx, struct ast_command *c,
					  const char *name)
{
	lexer_next(lx);
	alias_after_blank(lx, RES_NONE, RES_NONE);
	if (lx->tok != TOK_RPAREN) {
		unexpected(lx);
		return NULL;
	}
	if (!name_valid(name)) {
		lexer_error(lx, "syntax error: bad function name `%.60s'", name);
		return NULL;
	}
	lx->assign_ok = true;
	lexer_next(lx);
	skip_newlines(lx);
	c->kind = AST_FUNCTION;
	c->function.name = name;
	if (!lexer_enter(lx))
		return NULL;
	c->function.body = parse_command(lx);
	lexer_leave(lx);
	if (c->function.body == NULL)
		return NULL;
	if (c->function.body->kind == AST_SIMPLE || c->function.body->kind == AST_FUNCTION) {
		lexer_error(lx, "syntax error: a function's body must be a compound command");
		return NULL;
	}
	return c;
}

/* Utilities whose NAME=value arguments are assignments (POSIX.1-2024 XCU 2.9.1.1). */
static bool is_declaration_utility(const char *name)
{
	switch (name[0]) {
	case 'e':
		return strcmp(name, "export") == 0;
	case 'r':
		return strcmp(name, "readonly") == 0;
	case 'l':
		return strcmp(name, "local") == 0;
	default:
		return false;
	}
}

static bool add_word(struct lexer *lx, struct ast_command *c, struct ast_word ***tail,
		     bool *declares)
{
	struct ast_word *w = lexer_take_word(lx);
	const char *name = lx->name;
	bool first = c->simple.words == NULL;

	if (first || *declares) {
		if (first && name != NULL)
			*declares = is_declaration_utility(name);
		/* `command export` declares too: the decision moves to the next word */
		else if (!first && name != NULL && strcmp(name, "command") == 0)
			*declares = true;
		if (!first)
			w->assignment = lx->assign_len != 0;
	} else if (c->simple.words->next == NULL && name != NULL &&
		   c->simple.words->plain != NULL &&
		   strcmp(c->simple.words->plain, "command") == 0) {
		*declares = is_declaration_utility(name);
	}
	**tail = w;
	*tail = &w->next;
	lx->assign_ok = *declares;
	lexer_next(lx);
	alias_after_blank(lx, RES_NONE, RES_NONE);
	if (first && name != NULL && lx->tok == TOK_LPAREN && c->simple.assigns == NULL &&
	    c->redirs == NULL)
		return parse_function(lx, c, name) != NULL;
	return true;
}

/* `first`: a word that was read before, NULL none. */
static struct ast_command *parse_simple(struct lexer *lx, struct ast_word *first)
{
	struct ast_command *c = command_new(lx, AST_SIMPLE);
	struct ast_assign **assign_tail = &c->simple.assigns;
	struct ast_word **word_tail = &c->simple.words;
	struct ast_redir **redir_tail = &c->redirs;
	bool declares = false, ok = true;

	if (first != NULL) {
		c->simple.words = first;
		word_tail = &first->next;
	}
	while (ok && c->kind == AST_SIMPLE) {
		if (at_redir(lx)) {
			ok = parse_redirs(lx, &redir_tail);
		} else if (lx->tok != TOK_WORD) {
			break;
		} else if (c->simple.words == NULL && lx->assign_len != 0) {
			*assign_tail = take_assign(lx);
			assign_tail = &(*assign_tail)->next;
			lexer_next(lx);
		} else {
			if (c->simple.words == NULL)
				while (lexer_alias(lx))
					;
			if (lx->tok == TOK_WORD &&
			    !(c->simple.words == NULL && lx->assign_len != 0))
				ok = add_word(lx, c, &word_tail, &declares);
		}
	}
	lx->assign_ok = true;
	if (ok && lx->error == NULL && c->kind == AST_SIMPLE && c->simple.words == NULL &&
	    c->simple.assigns == NULL && c->redirs == NULL)
		unexpected(lx);
	return ok && lx->error == NULL ? c : NULL;
}

/* ---- compound commands (XCU 2.9.4) ---- */

/* A compound-list that must not be empty. */
static struct ast_list *parse_body(struct lexer *lx)
{
	struct ast_list *l = parse_compound_list(lx);

	if (l == NULL && lx->error == NULL)
		unexpected(lx);
	return l;
}

static bool parse_if(struct lexer *lx, struct ast_command *c)
{
	lexer_next(lx);
	c->kind = AST_IF;
	c->cond.cond = parse_body(lx);
	if (c->cond.cond == NULL || !expect(lx, RES_THEN))
		return false;
	c->cond.then_body = parse_body(lx);
	if (c->cond.then_body == NULL)
		return false;
	if (reserved(lx) == RES_ELIF) {
		/* elif is an `if` alone in the else part: one shape to run and to print */
		struct ast_command *inner = command_new(lx, AST_IF);
		struct ast_list *l = arena_zalloc(lx->arena, sizeof(*l));

		l->andor->commands = inner;
		c->cond.else_body = l;
		if (!lexer_enter(lx))
			return false;
		bool ok = parse_if(lx, inner);

		lexer_leave(lx);
		return ok;
	}
	if (reserved(lx) == RES_ELSE) {
		lexer_next(lx);
		c->cond.else_body = parse_body(lx);
		if (c->cond.else_body == NULL)
			return false;
	}
	return expect(lx, RES_FI);
}

static bool parse_do_group(struct lexer *lx, struct ast_list **ret)
{
	if (!expect(lx, RES_DO))
		return false;
	*ret = parse_body(lx);
	return *ret != NULL && expect(lx, RES_DONE);
}

static bool parse_for(struct lexer *lx, struct ast_command *c)
{
	struct ast_word **tail = &c->loop_for.words;

	lx->assign_ok = false;
	lexer_next(lx);
	alias_after_blank(lx, RES_NONE, RES_NONE);
	if (lx->tok != TOK_WORD || lx->name == NULL || !name_valid(lx->name)) {
		if (lx->tok == TOK_WORD)
			lexer_error(lx, "syntax error: bad for loop variable");
		else
			unexpected(lx);
		return false;
	}
	c->loop_for.name = lx->name;
	lexer_next(lx);
	alias_after_blank(lx, RES_IN, RES_DO);
	if (lx->tok == TOK_SEMI) {
		lexer_next(lx);
		skip_newlines(lx);
	} else {
		skip_newlines(lx);
		if (reserved(lx) == RES_IN) {
			c->for_in = true;
			for (;;) {
				lexer_next(lx);
				alias_after_blank(lx, RES_NONE, RES_NONE);
				if (lx->tok != TOK_WORD)
					break;
				*tail = lexer_take_word(lx);
				tail = &lx->word->next;
			}
			if (lx->tok != TOK_SEMI && lx->tok != TOK_NEWLINE) {
				unexpected(lx);
				return false;
			}
			lx->assign_ok = true;
			lexer_next(lx);
			skip_newlines(lx);
		}
	}
	lx->assign_ok = true;
	while (reserved(lx) != RES_DO && lexer_alias(lx))
		skip_newlines(lx);
	return parse_do_group(lx, &c->loop_for.body);
}

static bool parse_case_item(struct lexer *lx, struct ast_case_item *item)
{
	struct ast_word **tail = &item->patterns;

	if (lx->tok == TOK_LPAREN) {
		lexer_next(lx);
		alias_after_blank(lx, RES_NONE, RES_NONE);
	}
	for (;;) {
		if (lx->tok != TOK_WORD && lx->tok != TOK_IO_NUMBER) {
			unexpected(lx);
			return false;
		}
		*tail = lexer_take_word(lx);
		tail = &lx->word->next;
		lexer_next(lx);
		alias_after_blank(lx, RES_NONE, RES_NONE);
		if (lx->tok != TOK_PIPE)
			break;
		lexer_next(lx);
		alias_after_blank(lx, RES_NONE, RES_NONE);
	}
	if (lx->tok != TOK_RPAREN) {
		unexpected(lx);
		return false;
	}
	lx->assign_ok = true;
	lexer_next(lx);
	item->body = parse_compound_list(lx);
	return lx->error == NULL;
}

static bool parse_case(struct lexer *lx, struct ast_command *c)
{
	struct ast_case_item **tail = &c->select.items;

	lx->assign_ok = false;
	lexer_next(lx);
	alias_after_blank(lx, RES_NONE, RES_NONE);
	if (lx->tok != TOK_WORD) {
		unexpected(lx);
		return false;
	}
	c->select.word = lexer_take_word(lx);
	lexer_next(lx);
	alias_after_blank(lx, RES_IN, RES_IN);
	skip_newlines(lx);
	if (!expect(lx, RES_IN))
		return false;
	for (;;) {
		struct ast_case_item *item;

		skip_newlines(lx);
		alias_after_blank(lx, RES_ESAC, RES_ESAC);
		skip_newlines(lx);
		if (reserved(lx) == RES_ESAC)
			break;
		item = arena_zalloc(lx->arena, sizeof(*item));
		*tail = item;
		tail = &item->next;
		if (!parse_case_item(lx, item))
			return false;
		if (lx->tok != TOK_DSEMI && lx->tok != TOK_SEMI_AND)
			break;
		item->fall_through = lx->tok == TOK_SEMI_AND;
		lx->assign_ok = false;
		lexer_next(lx);
	}
	lx->assign_ok = true;
	return expect(lx, RES_ESAC);
}

static bool parse_loop(struct lexer *lx, struct ast_command *c)
{
	lexer_next(lx);
	c->loop.cond = parse_body(lx);
	return c->loop.cond != NULL && parse_do_group(lx, &c->loop.body);
}

static bool parse_group(struct lexer *lx, struct ast_command *c)
{
	lexer_next(lx);
	c->list = parse_body(lx);
	if (c->list == NULL)
		return false;
	if (c->kind == AST_BRACE)
		return expect(lx, RES_RBRACE);
	if (lx->tok != TOK_RPAREN) {
		unexpected(lx);
		return false;
	}
	lexer_next(lx);
	return true;
}

static struct ast_command *parse_compound(struct lexer *lx, enum ast_kind kind,
					  bool (*parse)(struct lexer *, struct ast_command *))
{
	struct ast_command *c = command_new(lx, kind);
	struct ast_redir **tail = &c->redirs;

	if (!lexer_enter(lx))
		return NULL;
	bool ok = parse(lx, c) && parse_redirs(lx, &tail);

	lexer_leave(lx);
	return ok ? c : NULL;
}

static struct ast_command *parse_command(struct lexer *lx)
{
	while (command_alias(lx))
		skip_newlines(lx);
	if (lx->tok == TOK_LPAREN)
		return parse_compound(lx, AST_SUBSHELL, parse_group);
	switch (reserved(lx)) {
	case RES_NONE:
		return parse_simple(lx, NULL);
	case RES_LBRACE:
		return parse_compound(lx, AST_BRACE, parse_group);
	case RES_IF:
		return parse_compound(lx, AST_IF, parse_if);
	case RES_FOR:
		return parse_compound(lx, AST_FOR, parse_for);
	case RES_WHILE:
		return parse_compound(lx, AST_WHILE, parse_loop);
	case RES_UNTIL:
		return parse_compound(lx, AST_UNTIL, parse_loop);
	case RES_CASE:
		return parse_compound(lx, AST_CASE, parse_case);
	case RES_IN:
		return parse_simple(lx, NULL);
	default:
		unexpected(lx);
		return NULL;
	}
}

/* ---- pipelines and lists ---- */

/*
 * `time` before a command: not one of POSIX's reserved words, but XCU time lets it be one.
 * Alone it is a command like others.
 */
static bool parse_time(struct lexer *lx, struct ast_pipeline *p)
{
	struct ast_word *word = lexer_take_word(lx);

	lexer_next(lx);
	if (lx->tok != TOK_WORD && lx->tok != TOK_LPAREN) {
		p->commands = parse_simple(lx, word);
		return p->commands != NULL;
	}
	p->timed = true;
	if (lx->tok == TOK_WORD && lx->name != NULL && strcmp(lx->name, "-p") == 0) {
		word = lexer_take_word(lx);
		lexer_next(lx);
		p->time_p = lx->tok == TOK_LPAREN || reserved(lx) != RES_NONE;
		if (!p->time_p) {
			p->commands = parse_simple(lx, word);
			return p->commands != NULL;
		}
	}
	while (command_alias(lx))
		;
	return true;
}

static bool parse_pipeline(struct lexer *lx, struct ast_pipeline *p)
{
	struct ast_command **tail = &p->commands;

	while (command_alias(lx))
		;
	if (reserved(lx) == RES_BANG) {
		p->bang = true;
		lexer_next(lx);
	}
	if (lx->tok == TOK_WORD && lx->name != NULL && lx->name[0] == 't' && strcmp(lx->name, "time") == 0 &&
	    !parse_time(lx, p))
		return false;
	for (;;) {
		struct ast_command *c = *tail != NULL ? *tail : parse_command(lx);

		if (c == NULL)
			return false;
		*tail = c;
		tail = &c->next;
		if (lx->tok != TOK_PIPE)
			return true;
		lexer_next(lx);
		skip_newlines(lx);
	}
}

static bool parse_and_or(struct lexer *lx, struct ast_pipeline *p)
{
	while (parse_pipeline(lx, p)) {
		bool is_or = lx->tok == TOK_OR_IF;

		if (lx->tok != TOK_AND_IF && !is_or)
			return true;
		lexer_next(lx);
		skip_newlines(lx);
		while (command_alias(lx))
			skip_newlines(lx);
		p = p->next = arena_zalloc(lx->arena, sizeof(*p));
		p->is_or = is_or;
	}
	return false;
}

/* True where a compound-list ends. */
static bool at_list_end(struct lexer *lx)
{
	switch (lx->tok) {
	case TOK_EOF:
	case TOK_RPAREN:
	case TOK_DSEMI:
	case TOK_SEMI_AND:
	case TOK_ERROR:
		return true;
	default:
		break;
	}
	switch (reserved(lx)) {
	case RES_DO: case RES_DONE: case RES_ELIF: case RES_ELSE: case RES_ESAC: case RES_FI:
	case RES_THEN: case RES_RBRACE:
		return true;
	default:
		return false;
	}
}

/*
 * AND-OR lists separated by `;`, `&` and, with `multiline`, newlines. NULL with no
 * error: there was none.
 */
static struct ast_list *parse_list(struct lexer *lx, bool multiline)
{
	struct ast_list *first = NULL, **tail = &first;

	for (;;) {
		struct ast_list *l;

		if (multiline)
			skip_newlines(lx);
		while (command_alias(lx))
			if (multiline)
				skip_newlines(lx);
		if (at_list_end(lx) || lx->tok == TOK_NEWLINE)
			return lx->error == NULL ? first : NULL;
		l = arena_zalloc(lx->arena, sizeof(*l));
		if (!parse_and_or(lx, l->andor))
			return NULL;
		*tail = l;
		tail = &l->next;
		l->andor->async = lx->tok == TOK_AMP;
		if (lx->tok == TOK_SEMI || lx->tok == TOK_AMP)
			lexer_next(lx);
		else if (lx->tok != TOK_NEWLINE)
			return lx->error == NULL ? first : NULL;
	}
}

static struct ast_list *parse_compound_list(struct lexer *lx)
{
	struct ast_list *l;

	if (!lexer_enter(lx))
		return NULL;
	l = parse_list(lx, true);
	lexer_leave(lx);
	return l;
}

struct ast_list *parser_cmdsub(struct lexer *lx)
{
	/* a token of its own world: here-documents inside must end inside */
	struct lex_here *here = lx->here, **here_tail = lx->here_tail;
	bool no_expand = lx->no_expand, assign_ok = lx->assign_ok;
	const struct alias_table *aliases = lx->aliases;
	struct strbuf spare = lx->spare;
	enum token tok = lx->tok;
	int tok_line = lx->tok_line, line = lx->line;
	struct lex_source *tok_src = lx->tok_src;
	struct ast_list *l;

	lx->here = NULL;
	lx->here_tail = &lx->here;
	lx->no_expand = false;
	lx->aliases = NULL; /* they are those of when it runs, see subst.c */
	lx->assign_ok = true;
	lx->spare = (struct strbuf){ 0 };
	lexer_next(lx);
	l = parse_compound_list(lx);
	if (lx->error == NULL && lx->tok != TOK_RPAREN) {
		if (lx->tok == TOK_EOF) {
			lx->incomplete = true;
			lexer_error(lx, "syntax error: unterminated `$('");
			lx->error_line = line;
		} else {
			unexpected(lx);
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
	lx->tok = tok;
	lx->tok_line = tok_line;
	lx->tok_src = tok_src;
	return l;
}

struct ast_list *parser_whole(struct lexer *lx)
{
	struct ast_list *l;

	lexer_next(lx);
	l = parse_compound_list(lx);
	if (lx->error == NULL && lx->tok != TOK_EOF)
		unexpected(lx);
	if (lx->error == NULL && lx->here != NULL)
		lexer_error(lx, "unterminated here-document `%s'", lx->here->redir->here_end);
	return l;
}

/* ---- interface ---- */

struct parser *parser_new(struct input *in, const struct alias_table *aliases, int line)
{
	struct parser *p = xmalloc(sizeof(*p));

	lexer_init(&p->lx, in, NULL, aliases);
	p->lx.line = line;
	return p;
}

void parser_free(struct parser *p)
{
	if (p == NULL)
		return;
	lexer_release(&p->lx);
	free(p);
}

/* After an error in a script nothing more is run; a person gets a fresh line. */
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
	lx->no_expand = false;
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
	lexer_next(lx);
	if (lx->tok == TOK_EOF)
		return PARSE_EOF;
	l = parse_list(lx, false);
	if (lx->error == NULL && lx->here != NULL && lx->tok == TOK_EOF) {
		lx->incomplete = true;
		lexer_error(lx, "unterminated here-document `%s'", lx->here->redir->here_end);
	}
	if (lx->error == NULL && lx->tok != TOK_NEWLINE && lx->tok != TOK_EOF)
		unexpected(lx);
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

struct ast_word *parser_dquoted(struct arena *arena, const char *text)
{
	struct input_string is;
	struct lexer lx;
	struct ast_word *w;

	input_string_init(&is, "", 0);
	lexer_init(&lx, &is.in, arena, NULL);
	w = lexer_here_body(&lx, text, strlen(text), 1);
	if (lx.error != NULL)
		w = NULL;
	lexer_release(&lx);
	return w;
}

bool parser_at_end(const struct parser *p)
{
	const struct lexer *lx = &p->lx;
	const struct input_string *is = (const struct input_string *)lx->in;

	if (lx->tok == TOK_EOF)
		return true;
	return lx->src == NULL && lx->cur == lx->end && lx->in->one_piece && is->done;
}
