#include <config.h>

#include <stdint.h>
#include <string.h>

#include "shell/parser/hint.h"
#include "shell/parser/name.h"
#include "shell/parser/parse.h"
#include "shell/parser/word.h"

struct ast_command *parse_command_new(struct lexer *lx, enum ast_kind kind)
{
	struct ast_command *c = arena_zalloc(lx->arena, sizeof(*c));

	c->kind = kind;
	c->line = lx->tok_line;
	return c;
}

static bool at_redir(const struct lexer *lx)
{
	return lx->tok == TOK_IO_NUMBER || (lx->tok >= TOK_LESS && lx->tok <= TOK_AMP_DGREAT);
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
	[TOK_CLOBBER] = { AST_REDIR_CLOBBER, 1 }, [TOK_TLESS] = { AST_REDIR_HERE_STRING, 0 },
	[TOK_AMP_GREAT] = { AST_REDIR_OUT, 1 },	  [TOK_AMP_DGREAT] = { AST_REDIR_APPEND, 1 },
};

/* The delimiter is only quote-removed (XCU 2.7.4): the lexer expands nothing in it. */
static void here_delimiter(struct lexer *lx, struct ast_redir *r, bool strip_tabs)
{
	struct lex_here *h = arena_zalloc(lx->arena, sizeof(*h));
	const struct ast_word *w = word_take(lx);
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

/* 2>&1 */
static struct ast_redir *join_stderr(struct lexer *lx)
{
	static const struct ast_word one = { .plain = "1" };
	struct ast_redir *r = arena_zalloc(lx->arena, sizeof(*r));

	r->kind = AST_REDIR_DUP_OUT;
	r->fd = 2;
	r->target = (struct ast_word *)(uintptr_t)&one;
	return r;
}

void parse_join_stderr(struct lexer *lx, struct ast_command *c)
{
	struct ast_redir **tail = c->kind == AST_FUNCTION ? &c->function.body->redirs : &c->redirs;

	while (*tail != NULL)
		tail = &(*tail)->next;
	*tail = join_stderr(lx);
}

static struct ast_redir *parse_redir(struct lexer *lx)
{
	struct ast_redir *r = arena_zalloc(lx->arena, sizeof(*r));
	bool has_fd = lx->tok == TOK_IO_NUMBER, assign_ok = lx->assign_ok;
	int fd = lx->io_number;
	const char *var = has_fd ? lx->io_var : NULL;
	enum token op;

	if (has_fd)
		token_next(lx);
	op = lx->tok;
	r->kind = redir_kinds[op].kind;
	r->var = var;
	r->fd = has_fd && var == NULL ? fd : redir_kinds[op].fd;
	lx->no_expand = r->kind == AST_REDIR_HERE;
	lx->assign_ok = false;
	token_next(lx);
	token_alias_after_blank(lx, RES_NONE, RES_NONE);
	lx->no_expand = false;
	lx->assign_ok = assign_ok;
	if (lx->tok != TOK_WORD && lx->tok != TOK_IO_NUMBER) {
		token_unexpected(lx);
		return NULL;
	}
	if (r->kind == AST_REDIR_HERE)
		here_delimiter(lx, r, op == TOK_DLESSDASH);
	else
		r->target = word_take(lx);
	if (op == TOK_AMP_GREAT || op == TOK_AMP_DGREAT)
		r->next = join_stderr(lx);
	token_next(lx);
	return r;
}

bool parse_redirs(struct lexer *lx, struct ast_redir ***tail)
{
	while (at_redir(lx)) {
		struct ast_redir *r = parse_redir(lx);

		if (r == NULL)
			return false;
		**tail = r;
		while (r->next != NULL) /* `&>` is two */
			r = r->next;
		*tail = &r->next;
	}
	return true;
}

/* ---- simple commands (XCU 2.9.1) ---- */

/* Makes the current word, which begins with NAME=, an assignment: cuts it in two. */
static struct ast_assign *take_assign(struct lexer *lx)
{
	struct ast_assign *a = arena_zalloc(lx->arena, sizeof(*a));
	struct ast_word *w = lx->word;
	struct ast_part *p = w->parts;
	size_t n = lx->assign_len;

	a->name = arena_strndup(lx->arena, p->text, n);
	a->subscript = lx->subscript;
	a->append = p->text[n] == '+';
	n += a->append;
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

/* The current word, as an element: with `[subscript]=` or `+=` cut off, if it begins so. */
static struct ast_assign *take_element(struct lexer *lx)
{
	struct ast_assign *a = arena_zalloc(lx->arena, sizeof(*a));
	struct ast_word *w = word_take(lx);
	struct ast_part *p = w->parts;

	a->value = w;
	a->subscript = lx->subscript;
	if (a->subscript == NULL)
		return a;
	a->append = p->text[0] == '+';
	p->text += 1 + a->append;
	p->len -= 1u + a->append;
	if (p->len == 0)
		w->parts = p->next;
	w->braces = false;
	w->plain = w->parts == NULL ? "" : w->parts->next == NULL && w->parts->kind == AST_LIT ? w->parts->text : NULL;
	return a;
}

/* An array's value, of which the `(` was read; NULL with an error. */
static struct ast_part *parse_elements(struct lexer *lx)
{
	struct ast_part *p = arena_zalloc(lx->arena, sizeof(*p));
	struct ast_assign **tail = &p->array;
	bool assign_ok = lx->assign_ok;

	p->kind = AST_ARRAY;
	p->quoted = true;
	if (!lexer_enter(lx))
		return NULL;
	lx->assign_ok = false;
	lx->in_array = true;
	while (token_next(lx) == TOK_WORD || lx->tok == TOK_NEWLINE)
		if (lx->tok == TOK_WORD) {
			*tail = take_element(lx);
			tail = &(*tail)->next;
		}
	lx->in_array = false;
	lx->assign_ok = assign_ok;
	if (lx->tok != TOK_RPAREN)
		token_unexpected(lx);
	lexer_leave(lx);
	return lx->error == NULL ? p : NULL;
}

static struct ast_part *parse_array(struct lexer *lx)
{
	lexer_getc(lx);
	return parse_elements(lx);
}

/* Is an array's value behind the word that was read, which is NAME= or NAME+=? */
static bool at_array(struct lexer *lx)
{
	const struct ast_part *p = lx->word != NULL ? lx->word->parts : NULL;

	return !lx->posix && lx->assign_len != 0 && lx->subscript == NULL && p != NULL && p->next == NULL &&
	       p->len == lx->assign_len + 1 + (p->text[lx->assign_len] == '+') && lexer_peek(lx) == '(';
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
	case 'd':
		return strcmp(name, "declare") == 0;
	case 't':
		return strcmp(name, "typeset") == 0;
	default:
		return false;
	}
}

/* `builtin` is bash's. */
static bool is_prefix_utility(const struct lexer *lx, const char *name)
{
	return strcmp(name, "command") == 0 || (!lx->posix && strcmp(name, "builtin") == 0);
}

/* Appends the current word. *declares: arguments are assignments, as they are export's. */
static void add_word(struct lexer *lx, struct ast_command *c, struct ast_word ***tail,
		     bool *declares)
{
	struct ast_word *w = word_take(lx);
	const char *name = lx->name;
	bool first = c->simple.words == NULL;

	if (first || *declares) {
		if (first && name != NULL)
			*declares = is_declaration_utility(name);
		/* `command export` declares too: the decision moves to the next word */
		else if (!first && name != NULL && is_prefix_utility(lx, name))
			*declares = true;
		if (!first)
			w->assignment = lx->assign_len != 0;
		if (w->assignment && at_array(lx)) {
			w->parts->next = parse_array(lx);
			w->plain = NULL;
		}
	} else if (c->simple.words->next == NULL && name != NULL &&
		   c->simple.words->plain != NULL &&
		   is_prefix_utility(lx, c->simple.words->plain)) {
		*declares = is_declaration_utility(name);
	}
	**tail = w;
	*tail = &w->next;
	lx->assign_ok = lx->declares = *declares;
	token_next(lx);
	token_alias_after_blank(lx, RES_NONE, RES_NONE);
	if (first && name != NULL && lx->tok == TOK_LPAREN && c->simple.assigns == NULL &&
	    c->redirs == NULL) {
		c->kind = AST_FUNCTION;
		c->function.name = name;
		c->function.body = NULL;
	}
}

/* Puts the words of an array behind each other, with `:` between them: $path is $PATH. */
static struct ast_part *join_path(struct lexer *lx, const struct ast_assign *a)
{
	struct ast_part *first = NULL, **tail = &first;

	for (; a != NULL; a = a->next) {
		struct ast_part *p = a->value->parts;

		if (p == NULL) {
			p = arena_zalloc(lx->arena, sizeof(*p));
			p->text = a->value->plain != NULL ? a->value->plain : "";
			p->len = strlen(p->text);
		}
		*tail = p;
		for (; p != NULL; tail = &p->next, p = p->next)
			if (p->kind == AST_PARAM && strcmp(p->param.name, "path") == 0)
				p->param.name = "PATH";
		if (a->next != NULL) {
			*tail = arena_zalloc(lx->arena, sizeof(**tail));
			(*tail)->text = ":";
			(*tail)->len = 1;
			(*tail)->quoted = true;
			tail = &(*tail)->next;
		}
	}
	return first;
}

/* `set name = (…)` and `set name=(…)` of csh's: the words become an assignment. False: it is something else. */
static bool parse_csh_set(struct lexer *lx, struct ast_command *c)
{
	const struct ast_word *w = c->simple.words, *name = w->next, *eq = name != NULL ? name->next : NULL;
	struct ast_assign *a;
	struct ast_part *array;
	size_t len;

	if (lx->posix || c->simple.assigns != NULL || c->redirs != NULL || w->plain == NULL || strcmp(w->plain, "set") != 0 ||
	    name == NULL || name->plain == NULL || (len = name_length(name->plain)) == 0 ||
	    strcmp(name->plain + len, eq != NULL ? "" : "=") != 0 ||
	    (eq != NULL && (eq->next != NULL || eq->plain == NULL || strcmp(eq->plain, "=") != 0)))
		return false;
	array = parse_elements(lx);
	if (array == NULL)
		return false;
	token_next(lx);
	a = arena_zalloc(lx->arena, sizeof(*a));
	a->name = arena_strndup(lx->arena, name->plain, len);
	if (strcmp(a->name, "path") == 0) {
		a->name = "PATH";
		array = join_path(lx, array->array);
	}
	a->value = word_new(lx, array);
	c->simple.words = NULL;
	c->simple.assigns = a;
	return true;
}

/* A `(` behind words: what csh people would have written here. */
static void open_paren(struct lexer *lx, struct ast_command *c)
{
	const char *hint;

	if (parse_csh_set(lx, c) || lx->error != NULL)
		return;
	hint = hint_for(c->simple.words->plain);
	if (hint != NULL)
		lexer_error(lx, "syntax error: `(' unexpected (here it is written: %s)", hint);
}

struct ast_command *parse_simple(struct lexer *lx, struct ast_word *first)
{
	struct ast_command *c = parse_command_new(lx, AST_SIMPLE);
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
			bool array = at_array(lx);

			*assign_tail = take_assign(lx);
			if (array) {
				(*assign_tail)->value->parts = parse_array(lx);
				(*assign_tail)->value->plain = NULL;
			}
			assign_tail = &(*assign_tail)->next;
			token_next(lx);
		} else {
			if (c->simple.words == NULL)
				while (token_alias(lx))
					;
			if (lx->tok == TOK_WORD &&
			    !(c->simple.words == NULL && lx->assign_len != 0))
				add_word(lx, c, &word_tail, &declares);
		}
	}
	lx->assign_ok = true;
	lx->declares = false;
	if (ok && c->kind == AST_SIMPLE && lx->tok == TOK_LPAREN && c->simple.words != NULL && lx->error == NULL)
		open_paren(lx, c);
	if (ok && lx->error == NULL && c->kind == AST_SIMPLE && c->simple.words == NULL &&
	    c->simple.assigns == NULL && c->redirs == NULL)
		token_unexpected(lx);
	return ok && lx->error == NULL ? c : NULL;
}
