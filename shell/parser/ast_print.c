#include <config.h>

#include "shell/parser/ast_print.h"

#include <stdlib.h>
#include <string.h>

#include "shell/parser/name.h"
#include "shell/parser/parser.h"

enum context {
	CTX_WORD, /* outside quotes */
	CTX_DQ,	  /* inside double quotes, or in ${} inside them */
	CTX_HERE, /* in the body of a here-document */
};

struct printer {
	struct strbuf *out;
	int indent;
	bool arith; /* inside $((…)) */
	bool brief; /* one line, no here-documents */
	const struct ast_redir **here;
	size_t n_here; /* bodies that the next newline has to bring */
};

static void print_list(struct printer *p, const struct ast_list *l);
static void print_command(struct printer *p, const struct ast_command *c);
static void print_parts(struct printer *p, const struct ast_part *part, enum context ctx,
			bool in_brace);
static void print_arith(struct printer *p, const struct ast_word *w);
static void print_word(struct printer *p, const struct ast_word *w);

static void put(struct printer *p, const char *s)
{
	strbuf_adds(p->out, s);
}

/* Prints the bodies of the here-documents that began on the line that ends. */
static void flush_here(struct printer *p)
{
	for (size_t i = 0; i < p->n_here; i++) {
		const struct ast_redir *r = p->here[i];
		struct printer body = { .out = p->out };

		if (r->here_quoted) {
			if (r->target->parts != NULL)
				strbuf_add(p->out, r->target->parts->text, r->target->parts->len);
		} else {
			print_parts(&body, r->target->parts, CTX_HERE, false);
		}
		put(p, r->here_end);
		strbuf_addc(p->out, '\n');
	}
	free(p->here);
	p->here = NULL;
	p->n_here = 0;
}

static void newline(struct printer *p)
{
	if (p->brief) {
		strbuf_addc(p->out, ' ');
		return;
	}
	strbuf_addc(p->out, '\n');
	flush_here(p);
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
			put(p, "'\\''");
		else if (*s == '\\' && end - s > 1 && s[1] == '\n')
			put(p, "'\"\\\\\"'"); /* no line may end so in a here-document around us */
		else
			strbuf_addc(p->out, *s);
	}
	strbuf_addc(p->out, '\'');
}

/* The name is one of POSIX's, or wants a word before it. */
static void put_function_head(struct printer *p, const char *name)
{
	if (!name_valid(name) || parser_is_reserved(name))
		put(p, "function ");
	put(p, name);
	put(p, "() ");
}

/* A list up to the parenthesis that closes it. */
static void print_inside(struct printer *p, const struct ast_list *l)
{
	struct printer sub = { .out = p->out, .indent = p->indent + 1, .brief = p->brief };

	if (l != NULL) {
		/* the blank keeps $( ( apart from $(( */
		strbuf_addc(p->out, ' ');
		print_list(&sub, l);
		if (sub.n_here != 0) {
			strbuf_addc(p->out, '\n');
			flush_here(&sub);
		}
	}
	put(p, ")");
}

/* ${name: -1}, which without the blank is another operator. */
static bool begins_like_operator(const struct ast_word *w)
{
	const struct ast_part *p = w->parts;

	return p != NULL && p->kind == AST_LIT && p->len != 0 && strchr("-=?+", p->text[0]) != NULL;
}

/* What is in the brackets reads as outside of quotes wherever it stands. */
static void print_subscript(struct printer *p, const struct ast_word *w)
{
	if (w == NULL)
		return;
	put(p, "[");
	print_parts(p, w->parts, CTX_WORD, false);
	put(p, "]");
}

static void print_array(struct printer *p, const struct ast_assign *a)
{
	put(p, "(");
	for (; a != NULL; a = a->next) {
		print_subscript(p, a->subscript);
		if (a->subscript != NULL)
			put(p, a->append ? "+=" : "=");
		print_word(p, a->value);
		if (a->next != NULL)
			put(p, " ");
	}
	put(p, ")");
}

static void print_param(struct printer *p, const struct ast_part *part, enum context ctx)
{
	static const char *const ops[] = {
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
		put(p, "$");
		put(p, part->param.name);
		return;
	}
	put(p, op == AST_PARAM_LENGTH ? "${#" : part->indirect || op == AST_PARAM_NAMES ? "${!" : "${");
	put(p, part->param.name);
	print_subscript(p, ast_subscript(part));
	if (arg != NULL && part->colon)
		put(p, ":");
	if (arg != NULL)
		put(p, ops[op]);
	for (; arg != NULL; arg = arg->next) {
		if (op == AST_PARAM_SLICE && begins_like_operator(arg))
			put(p, " ");
		print_parts(p, arg->parts, op == AST_PARAM_SLICE ? CTX_DQ : op >= AST_PARAM_PREFIX ? CTX_WORD : ctx, true);
		if (arg->next != NULL)
			put(p, op == AST_PARAM_SLICE ? ":" : "/");
	}
	put(p, "}");
}

/* A part of a word, quoted so that it reads as the same part in its context. */
static void print_part(struct printer *p, const struct ast_part *part, enum context ctx,
		       bool in_brace)
{
	bool dq = part->quoted && ctx == CTX_WORD && part->kind != AST_LIT && part->kind != AST_ARRAY;
	enum context inner = dq ? CTX_DQ : ctx;

	if (dq)
		put(p, "\"");
	switch (part->kind) {
	case AST_LIT:
		if (part->len == 0 && ctx != CTX_WORD)
			put(p, "\"\"");
		else
			print_lit(p, part, ctx, in_brace);
		break;
	case AST_PARAM:
		print_param(p, part, inner);
		break;
	case AST_CMDSUB:
		put(p, "$(");
		print_inside(p, part->cmd);
		break;
	case AST_ARITH:
		put(p, "$((");
		print_arith(p, part->arith);
		put(p, "))");
		break;
	case AST_PROCESS_IN:
	case AST_PROCESS_OUT:
		put(p, part->kind == AST_PROCESS_IN ? "<(" : ">(");
		print_inside(p, part->cmd);
		break;
	case AST_ARRAY:
		print_array(p, part->array);
		break;
	case AST_TILDE:
		put(p, "~");
		put(p, part->tilde);
		break;
	}
	if (dq)
		put(p, "\"");
}

static void print_parts(struct printer *p, const struct ast_part *part, enum context ctx,
			bool in_brace)
{
	for (; part != NULL; part = part->next)
		print_part(p, part, ctx, in_brace);
}

static void print_word(struct printer *p, const struct ast_word *w)
{
	struct ast_part literal = { .kind = AST_LIT };

	if (w->parts == NULL && w->plain != NULL) {
		literal.text = w->plain;
		literal.len = strlen(w->plain);
	}
	print_parts(p, w->parts == NULL && literal.len != 0 ? &literal : w->parts, CTX_WORD, false);
}

static void print_redirs(struct printer *p, const struct ast_redir *r, bool blank)
{
	static const char *const ops[] = {
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
				put(p, " "); /* < >(…) is not <>, nor > ! csh's >! */
			print_word(p, r->target);
			continue;
		}
		if (r->here_quoted)
			strbuf_addf(p->out, "'%s'", r->here_end);
		else
			put(p, r->here_end);
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
		print_word(p, w);
	}
}

/* `<in if`: behind a redirection the word is no reserved one, at the front it would be. */
static bool needs_redirs_first(const struct ast_command *c)
{
	const struct ast_word *w = c->simple.words;
	const struct ast_part *p = w != NULL ? w->parts : NULL;
	const char *text = w != NULL ? w->plain : NULL;

	if (c->redirs == NULL || text == NULL || (p != NULL && (p->next != NULL || p->quoted)))
		return false;
	return parser_is_reserved(text) || strcmp(text, "time") == 0;
}

/* `timed`: behind the word `time`, which is followed by a word, whatever it is. */
static void print_simple(struct printer *p, const struct ast_command *c, bool timed)
{
	bool blank = false;

	for (const struct ast_assign *a = c->simple.assigns; a != NULL; a = a->next) {
		if (blank)
			strbuf_addc(p->out, ' ');
		blank = true;
		put(p, a->name);
		print_subscript(p, a->subscript);
		put(p, a->append ? "+=" : "=");
		print_word(p, a->value);
	}
	if (!blank && !timed && needs_redirs_first(c)) {
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
	put(p, keyword);
	p->indent++;
	newline(p);
	print_list(p, body);
	p->indent--;
	newline(p);
}

/* The text between a keyword and the next one, on the keyword's line. */
static void print_cond(struct printer *p, const char *keyword, const struct ast_list *cond)
{
	put(p, keyword);
	p->indent++;
	print_list(p, cond);
	p->indent--;
	newline(p);
}

static void print_case(struct printer *p, const struct ast_command *c)
{
	put(p, "case ");
	print_word(p, c->select.word);
	put(p, " in");
	for (const struct ast_case_item *i = c->select.items; i != NULL; i = i->next) {
		newline(p);
		put(p, "(");
		for (const struct ast_word *w = i->patterns; w != NULL; w = w->next) {
			print_word(p, w);
			put(p, w->next != NULL ? " | " : ")");
		}
		p->indent++;
		newline(p);
		if (i->body != NULL) {
			print_list(p, i->body);
			newline(p);
		}
		put(p, i->fall_through ? ";&" : i->goes_on ? ";;&" : ";;");
		p->indent--;
	}
	newline(p);
	put(p, "esac");
}

static void print_if(struct printer *p, const struct ast_command *c)
{
	print_cond(p, "if ", c->cond.cond);
	print_block(p, "then", c->cond.then_body);
	if (c->cond.else_body != NULL)
		print_block(p, "else", c->cond.else_body);
	put(p, "fi");
}

/* The text of $((…)) and ((…)). */
static void print_arith(struct printer *p, const struct ast_word *w)
{
	struct printer sub = { .out = p->out, .arith = true, .brief = p->brief };

	print_parts(&sub, w->parts, CTX_HERE, false);
}

/* `outer`: what it is an operand of; AST_CONDITION_WORD: of nothing. */
static void print_condition(struct printer *p, const struct ast_condition *c, enum ast_condition_kind outer)
{
	enum ast_condition_kind kind = c->kind;
	bool bare = outer == AST_CONDITION_WORD || (outer == AST_CONDITION_OR && kind == AST_CONDITION_AND);

	switch (c->kind) {
	case AST_CONDITION_OR:
	case AST_CONDITION_AND:
		put(p, bare ? "" : "( ");
		for (; c->kind == kind; c = c->b) {
			print_condition(p, c->a, kind);
			put(p, kind == AST_CONDITION_OR ? " || " : " && ");
		}
		print_condition(p, c, kind);
		put(p, bare ? "" : " )");
		return;
	case AST_CONDITION_NOT:
		put(p, "! ");
		print_condition(p, c->a, kind);
		return;
	case AST_CONDITION_UNARY:
		put(p, c->op);
		put(p, " ");
		break;
	case AST_CONDITION_WORD:
	case AST_CONDITION_BINARY:
		break;
	}
	print_word(p, c->left);
	if (c->kind != AST_CONDITION_BINARY)
		return;
	strbuf_addf(p->out, " %s ", c->op);
	print_word(p, c->right);
}

static void print_for_let(struct printer *p, const struct ast_command *c)
{
	put(p, "for ((");
	print_arith(p, c->loop_let.init);
	put(p, ";");
	print_arith(p, c->loop_let.cond);
	put(p, ";");
	print_arith(p, c->loop_let.step);
	put(p, "))");
	put(p, p->brief ? ";" : "");
	newline(p);
	print_block(p, "do", c->loop_let.body);
	put(p, "done");
}

/* A compound command (XCU 2.9.4) as source text. */
static void print_compound(struct printer *p, const struct ast_command *c)
{
	switch (c->kind) {
	case AST_SUBSHELL:
		print_block(p, "(", c->list);
		put(p, ")");
		break;
	case AST_BRACE:
		print_block(p, "{", c->list);
		put(p, "}");
		break;
	case AST_IF:
		print_if(p, c);
		break;
	case AST_FOR:
	case AST_SELECT:
		put(p, c->kind == AST_FOR ? "for " : "select ");
		put(p, c->loop_for.name);
		if (c->for_in) {
			put(p, " in");
			print_words(p, c->loop_for.words, true);
		}
		put(p, p->brief && c->for_in ? ";" : "");
		newline(p);
		print_block(p, "do", c->loop_for.body);
		put(p, "done");
		break;
	case AST_WHILE:
	case AST_UNTIL:
		print_cond(p, c->kind == AST_WHILE ? "while " : "until ", c->loop.cond);
		print_block(p, "do", c->loop.body);
		put(p, "done");
		break;
	case AST_CASE:
		print_case(p, c);
		break;
	case AST_FUNCTION:
		put_function_head(p, c->function.name);
		print_command(p, c->function.body);
		break;
	case AST_COPROC:
		put(p, "coproc ");
		if (c->function.body->kind != AST_SIMPLE && c->function.body->kind != AST_COPROC &&
		    c->function.body->kind != AST_FUNCTION)
			strbuf_addf(p->out, "%s ", c->function.name);
		print_command(p, c->function.body);
		break;
	case AST_LET:
		put(p, "((");
		print_arith(p, c->let);
		put(p, "))");
		break;
	case AST_FOR_LET:
		print_for_let(p, c);
		break;
	case AST_CONDITION:
		put(p, "[[ ");
		print_condition(p, c->condition, AST_CONDITION_WORD);
		put(p, " ]]");
		break;
	case AST_SIMPLE:
		break;
	}
}

static void print_command(struct printer *p, const struct ast_command *c)
{
	if (c->kind == AST_SIMPLE) {
		print_simple(p, c, false);
		return;
	}
	print_compound(p, c);
	print_redirs(p, c->redirs, true);
}

static void print_pipeline(struct printer *p, const struct ast_pipeline *pl)
{
	for (; pl != NULL; pl = pl->next) {
		if (pl->bang)
			put(p, "! ");
		if (pl->timed)
			put(p, pl->time_p ? "time -p " : "time ");
		for (const struct ast_command *c = pl->commands; c != NULL; c = c->next) {
			if (c == pl->commands && c->kind == AST_SIMPLE)
				print_simple(p, c, pl->timed);
			else
				print_command(p, c);
			if (c->next != NULL)
				put(p, " | ");
		}
		if (pl->next != NULL)
			put(p, pl->next->is_or ? " || " : " && ");
	}
}

static void print_list(struct printer *p, const struct ast_list *l)
{
	for (; l != NULL; l = l->next) {
		print_pipeline(p, l->andor);
		if (l->andor->async)
			put(p, " &");
		else if (p->brief)
			put(p, ";");
		if (l->next != NULL)
			newline(p);
	}
}

void ast_print_list(struct strbuf *out, const struct ast_list *list)
{
	struct printer p = { .out = out };

	print_list(&p, list);
	newline(&p);
}

void ast_print_command(struct strbuf *out, const struct ast_command *c)
{
	struct printer p = { .out = out };

	print_command(&p, c);
	newline(&p);
}

void ast_print_word(struct strbuf *out, const struct ast_word *w)
{
	struct printer p = { .out = out };

	print_word(&p, w);
}

void ast_print_pipeline_brief(struct strbuf *out, const struct ast_pipeline *pl)
{
	struct printer p = { .out = out, .brief = true };

	print_pipeline(&p, pl);
}

void ast_print_function(struct strbuf *out, const char *name, const struct ast_command *body)
{
	put_function_head(&(struct printer){ .out = out }, name);
	ast_print_command(out, body);
}
