#include <config.h>

#include "shell/parser/ast_print.h"

#include <stdlib.h>
#include <string.h>

#include "shell/parser/name.h"
#include "shell/parser/parser.h"
#include "shell/parser/printer.h"

static void print_list(struct printer *p, const struct ast_list *l);
static void print_command(struct printer *p, const struct ast_command *c);

/* The name is one of POSIX's, or wants a word before it. */
static void put_function_head(struct printer *p, const char *name)
{
	if (!name_valid(name) || parser_is_reserved(name))
		printer_put(p, "function ");
	printer_put(p, name);
	printer_put(p, "() ");
}

static void print_redirs(struct printer *p, const struct ast_redir *r, bool blank)
{
	static const char ops[][4] = {
		[AST_REDIR_IN] = "<",	   [AST_REDIR_OUT] = ">",     [AST_REDIR_CLOBBER] = ">|",
		[AST_REDIR_APPEND] = ">>", [AST_REDIR_RDWR] = "<>",   [AST_REDIR_DUP_IN] = "<&",
		[AST_REDIR_DUP_OUT] = ">&", [AST_REDIR_HERE] = "<<",   [AST_REDIR_HERE_STRING] = "<<<",
	};

	for (; r != NULL; r = r->next) {
		if (blank)
			strbuf_addc(p->out, ' ');
		blank = true;
		if (r->var != NULL)
			strbuf_addf(p->out, "{%s}%s", r->var, ops[r->kind]);
		else
			strbuf_addf(p->out, "%d%s", r->fd, ops[r->kind]);
		if (r->kind != AST_REDIR_HERE) {
			if ((r->target->parts != NULL && r->target->parts->kind >= AST_PROCESS_IN) ||
			    (r->target->plain != NULL && strcmp(r->target->plain, "!") == 0))
				printer_put(p, " "); /* < >(…) is not <>, nor > ! csh's >! */
			printer_word(p, r->target);
			continue;
		}
		if (r->here_quoted)
			strbuf_addf(p->out, "'%s'", r->here_end);
		else
			printer_put(p, r->here_end);
		if (p->brief)
			continue;
		p->here = xreallocarray(p->here, p->n_here + 1, sizeof(struct ast_redir *));
		p->here[p->n_here++] = r;
	}
}

static void print_words(struct printer *p, const struct ast_word *w, bool blank)
{
	for (; w != NULL; w = w->next) {
		if (blank)
			strbuf_addc(p->out, ' ');
		blank = true;
		printer_word(p, w);
	}
}

/* What a simple command stands behind; `time` is followed by a word, whatever it is. */
enum behind { BEHIND_NOTHING, BEHIND_TIME, BEHIND_COPROC };

/*
 * `<in if`: behind a redirection the word is no reserved one, at the front it would be. And `coproc <in name if`: without one
 * between them the first would be the coprocess's name.
 */
static bool needs_redirs_first(const struct ast_command *c, enum behind behind)
{
	const struct ast_word *w = c->simple.words;
	const struct ast_part *p = w != NULL ? w->parts : NULL;
	const char *text = w != NULL ? w->plain : NULL;

	if (c->redirs == NULL || behind != BEHIND_NOTHING)
		return c->redirs != NULL && behind == BEHIND_COPROC;
	if (text == NULL || (p != NULL && (p->next != NULL || p->quoted)))
		return false;
	return parser_is_reserved(text) || strcmp(text, "time") == 0 || strcmp(text, "coproc") == 0;
}

static void print_simple(struct printer *p, const struct ast_command *c, enum behind behind)
{
	bool blank = false;

	for (const struct ast_assign *a = c->simple.assigns; a != NULL; a = a->next) {
		if (blank)
			strbuf_addc(p->out, ' ');
		blank = true;
		printer_put(p, a->name);
		printer_subscript(p, a->subscript);
		printer_put(p, a->append ? "+=" : "=");
		printer_word(p, a->value);
	}
	if (!blank && needs_redirs_first(c, behind)) {
		print_redirs(p, c->redirs, false);
		print_words(p, c->simple.words, true);
		return;
	}
	print_words(p, c->simple.words, blank);
	print_redirs(p, c->redirs, blank || c->simple.words != NULL);
}

/* `keyword` body on lines of its own, indented, ending before what closes it. */
static void print_block(struct printer *p, const char *keyword, const struct ast_list *body)
{
	printer_put(p, keyword);
	p->indent++;
	printer_newline(p);
	print_list(p, body);
	p->indent--;
	printer_newline(p);
}

/* The text between a keyword and the next one, on the keyword's line. */
static void print_cond(struct printer *p, const char *keyword, const struct ast_list *cond)
{
	printer_put(p, keyword);
	p->indent++;
	print_list(p, cond);
	p->indent--;
	printer_newline(p);
}

static void print_case(struct printer *p, const struct ast_command *c)
{
	printer_put(p, "case ");
	printer_word(p, c->select.word);
	printer_put(p, " in");
	for (const struct ast_case_item *i = c->select.items; i != NULL; i = i->next) {
		printer_newline(p);
		printer_put(p, "(");
		for (const struct ast_word *w = i->patterns; w != NULL; w = w->next) {
			printer_word(p, w);
			printer_put(p, w->next != NULL ? " | " : ")");
		}
		p->indent++;
		printer_newline(p);
		if (i->body != NULL) {
			print_list(p, i->body);
			printer_newline(p);
		}
		printer_put(p, i->fall_through ? ";&" : i->goes_on ? ";;&" : ";;");
		p->indent--;
	}
	printer_newline(p);
	printer_put(p, "esac");
}

static void print_if(struct printer *p, const struct ast_command *c)
{
	print_cond(p, "if ", c->cond.cond);
	print_block(p, "then", c->cond.then_body);
	if (c->cond.else_body != NULL)
		print_block(p, "else", c->cond.else_body);
	printer_put(p, "fi");
}

/* `outer`: what it is an operand of; AST_CONDITION_WORD: of nothing. */
static void print_condition(struct printer *p, const struct ast_condition *c, enum ast_condition_kind outer)
{
	enum ast_condition_kind kind = c->kind;
	bool bare = outer == AST_CONDITION_WORD || (outer == AST_CONDITION_OR && kind == AST_CONDITION_AND);

	switch (c->kind) {
	case AST_CONDITION_OR:
	case AST_CONDITION_AND:
		printer_put(p, bare ? "" : "( ");
		for (; c->kind == kind; c = c->b) {
			print_condition(p, c->a, kind);
			printer_put(p, kind == AST_CONDITION_OR ? " || " : " && ");
		}
		print_condition(p, c, kind);
		printer_put(p, bare ? "" : " )");
		return;
	case AST_CONDITION_NOT:
		printer_put(p, "! ");
		print_condition(p, c->a, kind);
		return;
	case AST_CONDITION_UNARY:
		printer_put(p, c->op);
		printer_put(p, " ");
		break;
	case AST_CONDITION_WORD:
	case AST_CONDITION_BINARY:
		break;
	}
	printer_word(p, c->left);
	if (c->kind != AST_CONDITION_BINARY)
		return;
	strbuf_addf(p->out, " %s ", c->op);
	printer_word(p, c->right);
}

static void print_for_let(struct printer *p, const struct ast_command *c)
{
	printer_put(p, "for ((");
	for (const struct ast_word *w = c->loop_let.words; w != NULL; w = w->next) {
		printer_arith(p, w);
		printer_put(p, w->next != NULL ? ";" : "");
	}
	printer_put(p, "))");
	printer_put(p, p->brief ? ";" : "");
	printer_newline(p);
	print_block(p, "do", c->loop_let.body);
	printer_put(p, "done");
}

/* A compound command (XCU 2.9.4) as source text. */
static void print_compound(struct printer *p, const struct ast_command *c)
{
	switch (c->kind) {
	case AST_SUBSHELL:
		print_block(p, "(", c->list);
		printer_put(p, ")");
		break;
	case AST_BRACE:
		print_block(p, "{", c->list);
		printer_put(p, "}");
		break;
	case AST_IF:
		print_if(p, c);
		break;
	case AST_FOR:
	case AST_SELECT:
		printer_put(p, c->kind == AST_FOR ? "for " : "select ");
		printer_put(p, c->loop_for.name);
		if (c->for_in) {
			printer_put(p, " in");
			print_words(p, c->loop_for.words, true);
		}
		printer_put(p, p->brief && c->for_in ? ";" : "");
		printer_newline(p);
		print_block(p, "do", c->loop_for.body);
		printer_put(p, "done");
		break;
	case AST_WHILE:
	case AST_UNTIL:
		print_cond(p, c->kind == AST_WHILE ? "while " : "until ", c->loop.cond);
		print_block(p, "do", c->loop.body);
		printer_put(p, "done");
		break;
	case AST_CASE:
		print_case(p, c);
		break;
	case AST_FUNCTION:
		put_function_head(p, c->function.name);
		print_command(p, c->function.body);
		break;
	case AST_COPROC:
		printer_put(p, "coproc ");
		if (c->function.body->kind != AST_SIMPLE && c->function.body->kind != AST_COPROC &&
		    c->function.body->kind != AST_FUNCTION)
			strbuf_addf(p->out, "%s ", c->function.name);
		if (c->function.body->kind == AST_SIMPLE)
			print_simple(p, c->function.body, BEHIND_COPROC);
		else
			print_command(p, c->function.body);
		break;
	case AST_PLACED:
		strbuf_addf(p->out, "@%s ", c->function.name);
		print_command(p, c->function.body);
		break;
	case AST_LET:
		printer_put(p, "((");
		printer_arith(p, c->let);
		printer_put(p, "))");
		break;
	case AST_FOR_LET:
		print_for_let(p, c);
		break;
	case AST_CONDITION:
		printer_put(p, "[[ ");
		print_condition(p, c->condition, AST_CONDITION_WORD);
		printer_put(p, " ]]");
		break;
	case AST_SIMPLE:
		break;
	}
}

static void print_command(struct printer *p, const struct ast_command *c)
{
	if (c->kind == AST_SIMPLE) {
		print_simple(p, c, BEHIND_NOTHING);
		return;
	}
	print_compound(p, c);
	print_redirs(p, c->redirs, true);
}

static void print_pipeline(struct printer *p, const struct ast_pipeline *pl)
{
	for (; pl != NULL; pl = pl->next) {
		if (pl->bang)
			printer_put(p, "! ");
		if (pl->timed)
			printer_put(p, pl->time_p ? "time -p " : "time ");
		for (const struct ast_command *c = pl->commands; c != NULL; c = c->next) {
			if (c == pl->commands && c->kind == AST_SIMPLE)
				print_simple(p, c, pl->timed ? BEHIND_TIME : BEHIND_NOTHING);
			else
				print_command(p, c);
			if (c->next != NULL)
				printer_put(p, " | ");
		}
		if (pl->next != NULL)
			printer_put(p, pl->next->is_or ? " || " : " && ");
	}
}

static void print_list(struct printer *p, const struct ast_list *l)
{
	for (; l != NULL; l = l->next) {
		print_pipeline(p, l->andor);
		if (l->andor->async)
			printer_put(p, " &");
		else if (p->brief)
			printer_put(p, ";");
		if (l->next != NULL)
			printer_newline(p);
	}
}

void ast_print_list(struct strbuf *out, const struct ast_list *list)
{
	struct printer p = { .out = out, .list = print_list };

	print_list(&p, list);
	printer_newline(&p);
}

void ast_print_command(struct strbuf *out, const struct ast_command *c)
{
	struct printer p = { .out = out, .list = print_list };

	print_command(&p, c);
	printer_newline(&p);
}

void ast_print_word(struct strbuf *out, const struct ast_word *w)
{
	struct printer p = { .out = out, .list = print_list };

	printer_word(&p, w);
}

void ast_print_pipeline_brief(struct strbuf *out, const struct ast_pipeline *pl)
{
	struct printer p = { .out = out, .brief = true, .list = print_list };

	print_pipeline(&p, pl);
}

void ast_print_function(struct strbuf *out, const char *name, const struct ast_command *body)
{
	put_function_head(&(struct printer){ .out = out, .list = print_list }, name);
	ast_print_command(out, body);
}
