#include <config.h>

#include "shell/parser/printer.h"

#include <stdlib.h>
#include <string.h>

#include "shell/parser/name.h"

enum context {
	CTX_WORD, /* outside quotes */
	CTX_DQ,	  /* inside double quotes, or in ${} inside them */
	CTX_HERE, /* in the body of a here-document */
};

static void print_parts(struct printer *p, const struct ast_part *part, enum context ctx,
			bool in_brace);

void printer_put(struct printer *p, const char *s)
{
	strbuf_adds(p->out, s);
}

/* Prints the bodies of the here-documents that began on the line that ends. */
static void printer_flush_here(struct printer *p)
{
	for (size_t i = 0; i < p->n_here; i++) {
		const struct ast_redir *r = p->here[i];
		struct printer body = { .out = p->out, .list = p->list };

		if (r->here_quoted) {
			if (r->target->parts != NULL)
				strbuf_add(p->out, r->target->parts->text, r->target->parts->len);
		} else {
			print_parts(&body, r->target->parts, CTX_HERE, false);
		}
		printer_put(p, r->here_end);
		strbuf_addc(p->out, '\n');
	}
	free(p->here);
	p->here = NULL;
	p->n_here = 0;
}

void printer_newline(struct printer *p)
{
	if (p->brief) {
		strbuf_addc(p->out, ' ');
		return;
	}
	strbuf_addc(p->out, '\n');
	printer_flush_here(p);
	for (int i = 0; i < p->indent; i++)
		strbuf_addc(p->out, '\t');
}

/* Literal text, with the quoting that its place asks for. */
static void print_lit(struct printer *p, const struct ast_part *part, enum context ctx,
		      bool in_brace)
{
	const char *s = part->text, *end = s + part->len;

	if (ctx != CTX_WORD) {
		for (; s < end; s++) {
			if (*s == '$' || *s == '`' || *s == '\\' ||
			    (*s == '"' && (ctx == CTX_DQ || in_brace || p->arith)) || (*s == '}' && in_brace))
				strbuf_addc(p->out, '\\');
			strbuf_addc(p->out, *s);
		}
		return;
	}
	if (!part->quoted) {
		strbuf_add(p->out, s, part->len);
		return;
	}
	strbuf_addc(p->out, '\'');
	for (; s < end; s++) {
		if (*s == '\'')
			printer_put(p, "'\\''");
		else if (*s == '\\' && end - s > 1 && s[1] == '\n')
			printer_put(p, "'\"\\\\\"'"); /* no line may end so in a here-document around us */
		else
			strbuf_addc(p->out, *s);
	}
	strbuf_addc(p->out, '\'');
}

/* A list up to the parenthesis that closes it. */
void printer_inside(struct printer *p, const struct ast_list *l)
{
	struct printer sub = { .out = p->out, .indent = p->indent + 1, .brief = p->brief, .list = p->list };

	if (l != NULL) {
		/* the blank keeps $( ( apart from $(( */
		strbuf_addc(p->out, ' ');
		p->list(&sub, l);
		if (sub.n_here != 0) {
			strbuf_addc(p->out, '\n');
			printer_flush_here(&sub);
		}
	}
	printer_put(p, ")");
}

/* ${ list; } and ${| list; } */
static void put_braces(struct printer *p, const struct ast_part *part)
{
	struct printer sub = { .out = p->out, .indent = p->indent + 1, .brief = p->brief, .list = p->list };

	printer_put(p, part->kind == AST_CMDSUB_REPLY ? "${|" : "${");
	printer_put(p, " ");
	if (part->cmd != NULL) {
		p->list(&sub, part->cmd);
		printer_put(p, p->brief ? " " : "\n");
		printer_flush_here(&sub);
	}
	printer_put(p, "}");
}

/* ${name: -1}, which without the blank is another operator. */
static bool begins_like_operator(const struct ast_word *w)
{
	const struct ast_part *p = w->parts;

	return p != NULL && p->kind == AST_LIT && p->len != 0 && strchr("-=?+", p->text[0]) != NULL;
}

/* What is in the brackets reads as outside of quotes wherever it stands. */
void printer_subscript(struct printer *p, const struct ast_word *w)
{
	if (w == NULL)
		return;
	printer_put(p, "[");
	print_parts(p, w->parts, CTX_WORD, false);
	printer_put(p, "]");
}

static void print_array(struct printer *p, const struct ast_assign *a)
{
	printer_put(p, "(");
	for (; a != NULL; a = a->next) {
		printer_subscript(p, a->subscript);
		if (a->subscript != NULL)
			printer_put(p, a->append ? "+=" : "=");
		printer_word(p, a->value);
		if (a->next != NULL)
			printer_put(p, " ");
	}
	printer_put(p, ")");
}

static void print_param(struct printer *p, const struct ast_part *part, enum context ctx)
{
	static const char ops[][3] = {
		[AST_PARAM_DEFAULT] = "-", [AST_PARAM_ASSIGN] = "=", [AST_PARAM_ERROR] = "?",
		[AST_PARAM_ALTERNATIVE] = "+", [AST_PARAM_PREFIX] = "#",
		[AST_PARAM_PREFIX_LONG] = "##", [AST_PARAM_SUFFIX] = "%",
		[AST_PARAM_SUFFIX_LONG] = "%%", [AST_PARAM_REPLACE] = "/", [AST_PARAM_REPLACE_ALL] = "//",
		[AST_PARAM_REPLACE_PREFIX] = "/#", [AST_PARAM_REPLACE_SUFFIX] = "/%",
		[AST_PARAM_UPPER_FIRST] = "^", [AST_PARAM_UPPER] = "^^", [AST_PARAM_LOWER_FIRST] = ",",
		[AST_PARAM_LOWER] = ",,", [AST_PARAM_SLICE] = ":", [AST_PARAM_TRANSFORM] = "@",
		[AST_PARAM_NAMES] = "",
	};
	enum ast_param_op op = part->op;
	const struct ast_part *next = part->next;
	const struct ast_word *arg = op > AST_PARAM_LENGTH && op != AST_PARAM_BAD ? ast_argument(part) : NULL;

	/* as most people write it, where the name ends without braces */
	if (op == AST_PARAM_PLAIN && !part->indirect && !part->subscript && (next == NULL || part->quoted != next->quoted) &&
	    (part->param.name[0] == '\0' || part->param.name[1] == '\0' || name_start((unsigned char)part->param.name[0]))) {
		printer_put(p, "$");
		printer_put(p, part->param.name);
		return;
	}
	printer_put(p, op == AST_PARAM_LENGTH ? "${#" : part->indirect || op == AST_PARAM_NAMES ? "${!" : "${");
	printer_put(p, part->param.name);
	printer_subscript(p, ast_subscript(part));
	if (arg != NULL && part->colon)
		printer_put(p, ":");
	if (arg != NULL)
		printer_put(p, ops[op]);
	for (; arg != NULL; arg = arg->next) {
		if (op == AST_PARAM_SLICE && begins_like_operator(arg))
			printer_put(p, " ");
		print_parts(p, arg->parts, op == AST_PARAM_SLICE ? CTX_DQ : op >= AST_PARAM_PREFIX ? CTX_WORD : ctx, true);
		if (arg->next != NULL)
			printer_put(p, op == AST_PARAM_SLICE ? ":" : "/");
	}
	printer_put(p, "}");
}

/* A part of a word, quoted so that it reads as the same part in its context. */
static void print_part(struct printer *p, const struct ast_part *part, enum context ctx,
		       bool in_brace)
{
	bool dq = part->quoted && ctx == CTX_WORD && part->kind != AST_LIT && part->kind != AST_ARRAY;
	enum context inner = dq ? CTX_DQ : ctx;

	if (dq)
		printer_put(p, "\"");
	switch (part->kind) {
	case AST_LIT:
		if (part->len == 0 && ctx != CTX_WORD)
			printer_put(p, "\"\"");
		else
			print_lit(p, part, ctx, in_brace);
		break;
	case AST_PARAM:
		print_param(p, part, inner);
		break;
	case AST_CMDSUB:
		printer_put(p, "$(");
		printer_inside(p, part->cmd);
		break;
	case AST_ARITH:
		printer_put(p, "$((");
		printer_arith(p, part->arith);
		printer_put(p, "))");
		break;
	case AST_PROCESS_IN:
	case AST_PROCESS_OUT:
		printer_put(p, part->kind == AST_PROCESS_IN ? "<(" : ">(");
		printer_inside(p, part->cmd);
		break;
	case AST_CMDSUB_HERE:
	case AST_CMDSUB_REPLY:
		put_braces(p, part);
		break;
	case AST_ARRAY:
		print_array(p, part->array);
		break;
	case AST_TILDE:
		printer_put(p, "~");
		printer_put(p, part->tilde);
		break;
	}
	if (dq)
		printer_put(p, "\"");
}

static void print_parts(struct printer *p, const struct ast_part *part, enum context ctx,
			bool in_brace)
{
	for (; part != NULL; part = part->next)
		print_part(p, part, ctx, in_brace);
}

void printer_word(struct printer *p, const struct ast_word *w)
{
	struct ast_part literal = { .kind = AST_LIT };

	if (w->parts == NULL && w->plain != NULL) {
		literal.text = w->plain;
		literal.len = strlen(w->plain);
	}
	print_parts(p, w->parts == NULL && literal.len != 0 ? &literal : w->parts, CTX_WORD, false);
}

/* The text of $((…)) and ((…)). */
void printer_arith(struct printer *p, const struct ast_word *w)
{
	struct printer sub = { .out = p->out, .arith = true, .brief = p->brief, .list = p->list };

	print_parts(&sub, w->parts, CTX_HERE, false);
}
