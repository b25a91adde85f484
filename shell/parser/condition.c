#include <config.h>

#include <string.h>

#include "shell/parser/chclass.h"
#include "shell/parser/parse.h"
#include "shell/parser/word.h"

/*
 * [[ … ]], as bash has it: words are neither split nor expanded to pathnames, and operators are
 * known when it is parsed.
 */

static struct ast_condition *parse_or(struct lexer *lx);

static struct ast_condition *condition_new(struct lexer *lx, enum ast_condition_kind kind)
{
	struct ast_condition *c = arena_zalloc(lx->arena, sizeof(*c));

	c->kind = kind;
	return c;
}

/* Is it a word, or what would be one here? */
static bool at_word(const struct lexer *lx)
{
	return lx->tok == TOK_WORD || lx->tok == TOK_IO_NUMBER;
}

static bool is_text(const struct lexer *lx, const char *text)
{
	return lx->tok == TOK_WORD && lx->name != NULL && strcmp(lx->name, text) == 0;
}

/* The operator between two words, or NULL. */
static const char *binary_op(const struct lexer *lx)
{
	static const char *const all[] = { "==", "=", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt",
					   "-ge", "-nt", "-ot", "-ef" };

	if (lx->tok == TOK_LESS)
		return "<";
	if (lx->tok == TOK_GREAT)
		return ">";
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (is_text(lx, all[i]))
			return all[i];
	return NULL;
}

static bool is_unary(const struct lexer *lx)
{
	const char *s = lx->tok == TOK_WORD ? lx->name : NULL;

	return s != NULL && s[0] == '-' && s[1] != '\0' && s[2] == '\0' &&
	       strchr("abcdefghknoprstuvwxzGLNOS", s[1]) != NULL;
}

/* Is `]]` behind what was read? Then that is no operator, but a word. */
static bool ends_behind(const struct lexer *lx)
{
	const char *s = lx->cur;

	while (s < lx->end && ch_is((unsigned char)*s, CH_BLANK))
		s++;
	return lx->end - s > 1 && s[0] == ']' && s[1] == ']';
}

/* What is behind =~: blanks end it only outside of parentheses. */
static struct ast_word *parse_regex(struct lexer *lx)
{
	struct builder b;
	struct ast_word *w;

	while (ch_is(lexer_peek_joined(lx), CH_BLANK))
		lexer_skip(lx, 1);
	builder_init(lx, &b);
	word_read_parts(lx, &b, WORD_REGEX, false);
	w = word_new(lx, builder_done(lx, &b));
	if (w->parts != NULL) {
		word_find_tildes(lx, w, 0, false);
		return w;
	}
	lexer_error(lx, "syntax error: a regular expression is needed behind `=~'");
	return NULL;
}

/* The operator was read, and what is on its left. */
static bool parse_right(struct lexer *lx, struct ast_condition *c)
{
	c->kind = AST_CONDITION_BINARY;
	if (strcmp(c->op, "=~") == 0) {
		c->right = parse_regex(lx);
	} else {
		token_next(lx);
		if (!at_word(lx)) {
			token_unexpected(lx);
			return false;
		}
		c->right = word_take(lx);
	}
	token_next(lx);
	return c->right != NULL;
}

/* A word, or an operator with its operands. */
static struct ast_condition *parse_test(struct lexer *lx)
{
	struct ast_condition *c;
	bool unary = is_unary(lx);

	if (!at_word(lx) || is_text(lx, "]]")) {
		token_unexpected(lx);
		return NULL;
	}
	c = condition_new(lx, AST_CONDITION_WORD);
	c->op = lx->name;
	c->left = word_take(lx);
	token_next(lx);
	if (unary && at_word(lx) && !is_text(lx, "]]") && (binary_op(lx) == NULL || ends_behind(lx))) {
		c->kind = AST_CONDITION_UNARY;
		c->left = word_take(lx);
		token_next(lx);
		return c;
	}
	c->op = binary_op(lx);
	return c->op == NULL || parse_right(lx, c) ? c : NULL;
}

static struct ast_condition *parse_group(struct lexer *lx)
{
	struct ast_condition *c;

	token_next(lx);
	c = parse_or(lx);
	if (c != NULL && lx->tok != TOK_RPAREN) {
		token_unexpected(lx);
		return NULL;
	}
	token_next(lx);
	return c;
}

static struct ast_condition *parse_not(struct lexer *lx)
{
	struct ast_condition *c;

	token_skip_newlines(lx);
	if (!lexer_enter(lx))
		return NULL;
	if (is_text(lx, "!")) {
		c = condition_new(lx, AST_CONDITION_NOT);
		token_next(lx);
		c->a = parse_not(lx);
		c = c->a != NULL ? c : NULL;
	} else {
		c = lx->tok == TOK_LPAREN ? parse_group(lx) : parse_test(lx);
	}
	lexer_leave(lx);
	token_skip_newlines(lx);
	return c;
}

/* Operands of && or ||, whichever `op` is: a list by `b`, so that a long one is not deep. */
static struct ast_condition *parse_chain(struct lexer *lx, enum token op, enum ast_condition_kind kind,
					 struct ast_condition *(*operand)(struct lexer *lx))
{
	struct ast_condition *first = NULL, **tail = &first, *c, *both;

	for (;;) {
		c = operand(lx);
		if (c == NULL)
			return NULL;
		*tail = c;
		if (lx->tok != op)
			return first;
		both = condition_new(lx, kind);
		both->a = c;
		*tail = both;
		tail = &both->b;
		token_next(lx);
	}
}

static struct ast_condition *parse_and(struct lexer *lx)
{
	return parse_chain(lx, TOK_AND_IF, AST_CONDITION_AND, parse_not);
}

static struct ast_condition *parse_or(struct lexer *lx)
{
	return parse_chain(lx, TOK_OR_IF, AST_CONDITION_OR, parse_and);
}

bool parse_condition(struct lexer *lx, struct ast_command *c)
{
	bool ok, extglob = lx->extglob;

	lx->extglob = true;
	lx->assign_ok = false;
	token_next(lx);
	c->condition = parse_or(lx);
	ok = c->condition != NULL && is_text(lx, "]]");
	if (!ok && lx->error == NULL)
		token_unexpected(lx);
	lx->assign_ok = true;
	lx->extglob = extglob;
	if (ok)
		token_next(lx);
	return ok;
}
