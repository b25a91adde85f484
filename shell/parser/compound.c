#include <config.h>

#include <string.h>

#include "shell/parser/at.h"
#include "shell/parser/chclass.h"
#include "shell/parser/dollar.h"
#include "shell/parser/hint.h"
#include "shell/parser/name.h"
#include "shell/parser/parse.h"
#include "shell/parser/word.h"

/* Compound commands (XCU 2.9.4) and function definitions (2.9.5). */

/* A compound-list that must not be empty. */
static struct ast_list *parse_body(struct lexer *lx)
{
	struct ast_list *l = parse_compound_list(lx);

	if (l == NULL && lx->error == NULL)
		token_unexpected(lx);
	return l;
}

/* csh's `if (…) command`: a subshell, and something else behind it. */
static void hint_at_if(struct lexer *lx, const struct ast_list *cond)
{
	const struct ast_command *c = cond->andor->commands;

	if (cond->next == NULL && (c->kind == AST_SUBSHELL || c->kind == AST_LET) && c->next == NULL)
		lexer_error(lx, "syntax error: `then' is missing (here it is written: %s)", hint_for("if"));
}

/* if … then … [elif … then …] [else …] fi */
static bool parse_if(struct lexer *lx, struct ast_command *c)
{
	token_next(lx);
	c->kind = AST_IF;
	c->cond.cond = parse_body(lx);
	if (c->cond.cond == NULL)
		return false;
	if (token_reserved(lx) != RES_THEN && lx->tok == TOK_WORD && lx->error == NULL)
		hint_at_if(lx, c->cond.cond);
	if (!token_expect(lx, RES_THEN))
		return false;
	c->cond.then_body = parse_body(lx);
	if (c->cond.then_body == NULL)
		return false;
	if (token_reserved(lx) == RES_ELIF) {
		/* an elif part becomes an else part that is one `if` */
		struct ast_command *inner = parse_command_new(lx, AST_IF);
		struct ast_list *l = arena_zalloc(lx->arena, sizeof(*l));

		l->andor->commands = inner;
		c->cond.else_body = l;
		if (!lexer_enter(lx))
			return false;
		bool ok = parse_if(lx, inner);

		lexer_leave(lx);
		return ok;
	}
	if (token_reserved(lx) == RES_ELSE) {
		token_next(lx);
		c->cond.else_body = parse_body(lx);
		if (c->cond.else_body == NULL)
			return false;
	}
	return token_expect(lx, RES_FI);
}

static bool parse_do_group(struct lexer *lx, struct ast_list **ret)
{
	if (!token_expect(lx, RES_DO))
		return false;
	*ret = parse_body(lx);
	return *ret != NULL && token_expect(lx, RES_DONE);
}

/* One of the three in for ((…; …; …)), and the character that ends it. */
static struct ast_word *parse_let(struct lexer *lx, int end)
{
	struct ast_word *w;
	struct builder b;

	while (ch_is(lexer_peek_joined(lx), CH_WHITE))
		lexer_getc(lx);
	builder_init(lx, &b);
	word_read_parts(lx, &b, WORD_SEMI, true);
	w = word_new(lx, builder_done(lx, &b));
	if (lx->error == NULL && lexer_getc(lx) != end)
		lexer_error(lx, "syntax error: `for ((' wants three expressions with `;' between them");
	return w;
}

/* for ((init; cond; step)) do … done, or { … }; the parentheses were not read yet. */
static bool parse_for_let(struct lexer *lx, struct ast_command *c)
{
	struct ast_word **tail = &c->loop_let.words;

	c->kind = AST_FOR_LET;
	lexer_getc(lx);
	for (const char *end = ";;)"; *end != '\0' && lx->error == NULL; end++) {
		*tail = parse_let(lx, *end);
		tail = &(*tail)->next;
	}
	if (lx->error == NULL && lexer_getc(lx) != ')')
		lexer_error(lx, "syntax error: `for ((' wants `))'");
	lx->assign_ok = true;
	token_next(lx);
	if (lx->tok == TOK_SEMI)
		token_next(lx);
	token_skip_newlines(lx);
	if (token_reserved(lx) != RES_LBRACE)
		return parse_do_group(lx, &c->loop_let.body);
	token_next(lx);
	c->loop_let.body = parse_body(lx);
	return c->loop_let.body != NULL && token_expect(lx, RES_RBRACE);
}

/* for name [in word …] do … done; without `in`, the positional parameters. */
static bool parse_for(struct lexer *lx, struct ast_command *c)
{
	struct ast_word **tail = &c->loop_for.words;

	lx->assign_ok = false;
	token_next(lx);
	if (c->kind == AST_FOR && lx->tok == TOK_LPAREN && lexer_peek_joined(lx) == '(')
		return parse_for_let(lx, c);
	token_alias_after_blank(lx, RES_NONE, RES_NONE);
	if (lx->tok != TOK_WORD || lx->name == NULL || !name_valid(lx->name)) {
		if (lx->tok == TOK_WORD)
			lexer_error(lx, "syntax error: bad for loop variable");
		else
			token_unexpected(lx);
		return false;
	}
	c->loop_for.name = lx->name;
	token_next(lx);
	token_alias_after_blank(lx, RES_IN, RES_DO);
	if (lx->tok == TOK_SEMI) {
		token_next(lx);
		token_skip_newlines(lx);
	} else {
		token_skip_newlines(lx);
		if (token_reserved(lx) == RES_IN) {
			c->for_in = true;
			for (;;) {
				token_next(lx);
				token_alias_after_blank(lx, RES_NONE, RES_NONE);
				if (lx->tok != TOK_WORD)
					break;
				*tail = word_take(lx);
				tail = &lx->word->next;
			}
			if (lx->tok != TOK_SEMI && lx->tok != TOK_NEWLINE) {
				token_unexpected(lx);
				return false;
			}
			lx->assign_ok = true;
			token_next(lx);
			token_skip_newlines(lx);
		}
	}
	lx->assign_ok = true;
	while (token_reserved(lx) != RES_DO && token_alias(lx))
		token_skip_newlines(lx);
	return parse_do_group(lx, &c->loop_for.body);
}

/* [(]pattern[|pattern…]) list ;; or ;& */
static bool parse_case_item(struct lexer *lx, struct ast_case_item *item)
{
	struct ast_word **tail = &item->patterns;

	if (lx->tok == TOK_LPAREN) {
		token_next(lx);
		token_alias_after_blank(lx, RES_NONE, RES_NONE);
	}
	for (;;) {
		if (lx->tok != TOK_WORD && lx->tok != TOK_IO_NUMBER) {
			token_unexpected(lx);
			return false;
		}
		*tail = word_take(lx);
		tail = &lx->word->next;
		token_next(lx);
		token_alias_after_blank(lx, RES_NONE, RES_NONE);
		if (lx->tok != TOK_PIPE)
			break;
		token_next(lx);
		token_alias_after_blank(lx, RES_NONE, RES_NONE);
	}
	if (lx->tok != TOK_RPAREN) {
		token_unexpected(lx);
		return false;
	}
	lx->assign_ok = true;
	token_next(lx);
	item->body = parse_compound_list(lx);
	return lx->error == NULL;
}

/* case word in item … esac; the last item may lack its ;; */
static bool parse_case(struct lexer *lx, struct ast_command *c)
{
	struct ast_case_item **tail = &c->select.items;

	lx->assign_ok = false;
	token_next(lx);
	token_alias_after_blank(lx, RES_NONE, RES_NONE);
	if (lx->tok != TOK_WORD) {
		token_unexpected(lx);
		return false;
	}
	c->select.word = word_take(lx);
	token_next(lx);
	token_alias_after_blank(lx, RES_IN, RES_IN);
	token_skip_newlines(lx);
	if (!token_expect(lx, RES_IN))
		return false;
	for (;;) {
		struct ast_case_item *item;

		token_skip_newlines(lx);
		token_alias_after_blank(lx, RES_ESAC, RES_ESAC);
		token_skip_newlines(lx);
		if (token_reserved(lx) == RES_ESAC)
			break;
		item = arena_zalloc(lx->arena, sizeof(*item));
		*tail = item;
		tail = &item->next;
		if (!parse_case_item(lx, item))
			return false;
		if (lx->tok != TOK_DSEMI && lx->tok != TOK_SEMI_AND && lx->tok != TOK_DSEMI_AND)
			break;
		item->fall_through = lx->tok == TOK_SEMI_AND;
		item->goes_on = lx->tok == TOK_DSEMI_AND;
		lx->assign_ok = false;
		token_next(lx);
	}
	lx->assign_ok = true;
	return token_expect(lx, RES_ESAC);
}

static bool parse_loop(struct lexer *lx, struct ast_command *c)
{
	token_next(lx);
	c->loop.cond = parse_body(lx);
	return c->loop.cond != NULL && parse_do_group(lx, &c->loop.body);
}

static bool parse_group(struct lexer *lx, struct ast_command *c)
{
	token_next(lx);
	c->list = parse_body(lx);
	if (c->list == NULL)
		return false;
	if (c->kind == AST_BRACE)
		return token_expect(lx, RES_RBRACE);
	if (lx->tok != TOK_RPAREN) {
		token_unexpected(lx);
		return false;
	}
	token_next(lx);
	return true;
}

static struct ast_command *parse_compound(struct lexer *lx, enum ast_kind kind,
					  bool (*parse)(struct lexer *, struct ast_command *))
{
	struct ast_command *c = parse_command_new(lx, kind);
	struct ast_redir **tail = &c->redirs;

	if (!lexer_enter(lx))
		return NULL;
	bool ok = parse(lx, c) && parse_redirs(lx, &tail);

	lexer_leave(lx);
	return ok ? c : NULL;
}

/* A name is POSIX's; bash takes any plain word, but for what expands. */
static bool is_function_name(const struct lexer *lx, const char *s)
{
	return lx->posix ? name_valid(s) : *s != '\0' && s[strcspn(s, "$`\"'\\<>&|;()*?[]{}=~!\n")] == '\0';
}

/* A command in another. */
static struct ast_command *parse_inner(struct lexer *lx)
{
	struct ast_command *c;

	if (!lexer_enter(lx))
		return NULL;
	c = parse_command(lx);
	lexer_leave(lx);
	return c;
}

/* The body of a function whose name and parentheses were read. */
static struct ast_command *parse_function_body(struct lexer *lx, struct ast_command *c)
{
	const char *name = c->function.name;

	if (!is_function_name(lx, name)) {
		lexer_error(lx, "syntax error: bad function name `%.*s%s'", LEX_SHOWN_MAX,
			    name, strlen(name) > LEX_SHOWN_MAX ? "…" : "");
		return NULL;
	}
	lx->assign_ok = true;
	token_skip_newlines(lx);
	c->function.body = parse_inner(lx);
	if (c->function.body == NULL)
		return NULL;
	if (c->function.body->kind == AST_SIMPLE || c->function.body->kind == AST_FUNCTION) {
		lexer_error(lx, "syntax error: a function's body must be a compound command");
		return NULL;
	}
	return c;
}

/* `()`, which is the rest of a definition's head. */
static bool parse_parens(struct lexer *lx, const char *name)
{
	const char *hint;

	token_next(lx);
	token_alias_after_blank(lx, RES_NONE, RES_NONE);
	hint = lx->tok != TOK_RPAREN ? hint_for(name) : NULL;
	if (hint != NULL)
		lexer_error(lx, "syntax error: `(' unexpected (here it is written: %s)", hint);
	if (lx->tok != TOK_RPAREN) {
		token_unexpected(lx);
		return false;
	}
	token_next(lx);
	return true;
}

/* What follows the name, from `(` on (XCU 2.9.5). */
static struct ast_command *parse_function(struct lexer *lx, struct ast_command *c)
{
	return parse_parens(lx, c->function.name) ? parse_function_body(lx, c) : NULL;
}

/* function name [()] body */
static struct ast_command *parse_function_word(struct lexer *lx)
{
	struct ast_command *c = parse_command_new(lx, AST_FUNCTION);

	token_next(lx);
	if (lx->tok != TOK_WORD || lx->name == NULL) {
		token_unexpected(lx);
		return NULL;
	}
	c->function.name = lx->name;
	token_next(lx);
	/* `function f (…)`: a subshell is a body, too */
	while (lx->tok == TOK_LPAREN && ch_is(lexer_peek_joined(lx), CH_BLANK))
		lexer_skip(lx, 1);
	if (lx->tok == TOK_LPAREN && lexer_peek_joined(lx) == ')' && !parse_parens(lx, NULL))
		return NULL;
	return parse_function_body(lx, c);
}

/* A simple command or a function definition. */
static struct ast_command *parse_simple_or_function(struct lexer *lx)
{
	struct ast_command *c = parse_simple(lx, NULL);

	return c != NULL && c->kind == AST_FUNCTION ? parse_function(lx, c) : c;
}

/* ((expression)), or a subshell that begins with a subshell; the second parenthesis was not read yet. */
static struct ast_command *parse_let_command(struct lexer *lx)
{
	struct ast_command *c = parse_command_new(lx, AST_LET);
	struct ast_redir **tail = &c->redirs;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return NULL;
	c->let = dollar_read_arith(lx);
	lexer_leave(lx);
	if (c->let == NULL)
		return lx->error == NULL ? parse_compound(lx, AST_SUBSHELL, parse_group) : NULL;
	token_next(lx);
	return parse_redirs(lx, &tail) ? c : NULL;
}

/* Does a compound command begin behind the word that was read? Then that is the coprocess's name. */
static bool compound_ahead(const struct lexer *lx)
{
	static const char *const words[] = { "{", "[[", "if", "while", "until", "for", "case", "select" };
	const char *s = lx->cur;

	while (s < lx->end && ch_is((unsigned char)*s, CH_BLANK))
		s++;
	if (s < lx->end && *s == '(')
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(lx->end - s) >= n && memcmp(s, words[i], n) == 0 && (s + n == lx->end || ch_is((unsigned char)s[n], CH_ENDS_WORD)))
			return true;
	}
	return false;
}

/* coproc [name] command; a simple command has no name but COPROC. */
static struct ast_command *parse_coproc(struct lexer *lx)
{
	struct ast_command *c = parse_command_new(lx, AST_COPROC);

	c->function.name = "COPROC";
	lx->assign_ok = true;
	token_next(lx);
	if (lx->tok == TOK_WORD && lx->name != NULL && lx->reserved == RES_NONE && name_valid(lx->name) &&
	    compound_ahead(lx)) {
		c->function.name = lx->name;
		token_next(lx);
	}
	c->function.body = parse_inner(lx);
	return c->function.body != NULL ? c : NULL;
}

/* @, @node before a blank. */
static bool is_place(struct lexer *lx)
{
	return lx->remote && !lx->posix && lx->tok == TOK_WORD && lx->name != NULL && ch_is(lexer_peek_joined(lx), CH_BLANK) &&
	       at_is_place(lx->name, strlen(lx->name), lx->cur, lx->end);
}

static struct ast_command *parse_placed(struct lexer *lx)
{
	struct ast_command *c = parse_command_new(lx, AST_PLACED);

	c->function.name = lx->name + 1;
	lx->assign_ok = true;
	token_next(lx);
	c->function.body = parse_inner(lx);
	return c->function.body != NULL ? c : NULL;
}

struct ast_command *parse_command(struct lexer *lx)
{
	while (token_command_alias(lx))
		token_skip_newlines(lx);
	if (lx->tok == TOK_LPAREN && lexer_peek_joined(lx) == '(')
		return parse_let_command(lx);
	if (lx->tok == TOK_LPAREN)
		return parse_compound(lx, AST_SUBSHELL, parse_group);
	switch (token_reserved(lx)) {
	case RES_NONE:
		if (!lx->posix && lx->tok == TOK_WORD && lx->name != NULL && strcmp(lx->name, "coproc") == 0)
			return parse_coproc(lx);
		return is_place(lx) ? parse_placed(lx) : parse_simple_or_function(lx);
	case RES_IN:
		return parse_simple_or_function(lx);
	case RES_FUNCTION:
		return parse_function_word(lx);
	case RES_CONDITION:
		return parse_compound(lx, AST_CONDITION, parse_condition);
	case RES_LBRACE:
		return parse_compound(lx, AST_BRACE, parse_group);
	case RES_IF:
		return parse_compound(lx, AST_IF, parse_if);
	case RES_SELECT:
		return parse_compound(lx, AST_SELECT, parse_for);
	case RES_FOR:
		return parse_compound(lx, AST_FOR, parse_for);
	case RES_WHILE:
		return parse_compound(lx, AST_WHILE, parse_loop);
	case RES_UNTIL:
		return parse_compound(lx, AST_UNTIL, parse_loop);
	case RES_CASE:
		return parse_compound(lx, AST_CASE, parse_case);
	default:
		token_unexpected(lx);
		return NULL;
	}
}
