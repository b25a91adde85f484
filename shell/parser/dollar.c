#include <config.h>

#include "shell/parser/dollar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/parser/chclass.h"
#include "shell/parser/name.h"

/*
 * How often in one command `$((` may turn out to be a subshell in a substitution: each time
 * what is inside is read again, so that deep ones would take for ever.
 */
enum { PUT_BACK_MAX = 64 };

/* The text up to the closing backquote, with the backslashes that protect it removed. */
void dollar_read_backquote(struct lexer *lx, struct builder *b, bool dq)
{
	struct strbuf text = { 0 };
	struct input_string is;
	struct lexer sub;
	int line = lx->line, c;

	lexer_getc(lx);
	while ((c = lexer_getc(lx)) != '`' && c != LEX_EOF) {
		int n = c == '\\' ? lexer_peek(lx) : 0;

		if (n == '$' || n == '`' || n == '\\' || (dq && n == '"'))
			c = lexer_getc(lx);
		strbuf_addc(&text, (char)c);
	}
	if (c == LEX_EOF) {
		lexer_unterminated(lx, "backquote", line);
	} else if (lexer_enter(lx)) {
		lexer_sub_init(&sub, lx, &is, strbuf_str(&text), text.len, line);
		builder_part(lx, b, AST_CMDSUB, dq)->cmd = sub.grammar->whole(&sub);
		lexer_sub_done(&sub, lx);
		lexer_leave(lx);
	}
	strbuf_release(&text);
}

struct ast_word *dollar_read_arith(struct lexer *lx)
{
	size_t start = lx->tape.len;
	struct ast_part *parts;
	struct builder inner;
	int depth = lx->depth, n;
	struct ast_word *ret = NULL;
	char *s = NULL;
	bool ok;

	lx->taping++;
	builder_init(lx, &inner);
	word_read_parts(lx, &inner, WORD_ARITH, true);
	parts = builder_done(lx, &inner);
	ok = lx->error == NULL && lexer_getc(lx) == ')' && lexer_peek_joined(lx) == ')';
	if (ok)
		lexer_getc(lx);
	lx->taping--;
	if (ok) {
		ret = word_new(lx, parts);
	} else if (lx->put_back++ < PUT_BACK_MAX) {
		free(lx->error);
		lx->error = NULL;
		lx->incomplete = false;
		lx->depth = depth;
		n = asprintf(&s, "(%s", strbuf_str(&lx->tape) + start);
		if (n >= 0)
			lexer_push(lx, s, (size_t)n, NULL);
		/* an outer `$((` has what follows on its tape once: it will be read again */
		strbuf_cut(&lx->tape, lx->taping != 0 ? start - 1 : 0);
	} else {
		lexer_error(lx, "syntax error: missing `))' "
				"(a subshell in `$(' is written `$( (')");
	}
	if (lx->taping == 0)
		strbuf_clear(&lx->tape);
	return ret;
}

/* `$(` or `$((`. */
static void read_paren(struct lexer *lx, struct builder *b, bool dq)
{
	struct ast_list *cmd;
	struct ast_word *arith;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return;
	if (lexer_peek_joined(lx) == '(') {
		lexer_getc(lx);
		arith = dollar_read_arith(lx);
		if (arith != NULL) {
			builder_part(lx, b, AST_ARITH, dq)->arith = arith;
			lexer_leave(lx);
			return;
		}
	}
	cmd = lx->grammar->cmdsub(lx);
	builder_part(lx, b, AST_CMDSUB, dq)->cmd = cmd;
	lexer_leave(lx);
}

/*
 * Does `$[…]` begin here, on this line, which can be written as `$((…))`, too? Where its end depends on what
 * quotes what (brackets of any kind that do not match, or besides quotes; a backquote) it is a text.
 */
static bool is_bracket_arith(const struct lexer *lx)
{
	static const char opens[] = "[({", closes[] = "])}";
	int depth[3] = { 0 };
	bool inner = false, quoted = false;

	for (const char *s = lx->cur; s < lx->end && *s != '\n' && *s != '`' && *s != '\0'; s++) {
		const char *o = strchr(opens, *s), *c = strchr(closes, *s);

		if (o != NULL)
			depth[o - opens]++;
		if (c != NULL && --depth[c - closes] < 0)
			return false;
		if (depth[0] == 0)
			return depth[1] == 0 && depth[2] == 0 && !(inner && quoted);
		inner |= (o != NULL && s != lx->cur) || c != NULL;
		quoted |= *s == '\\' || *s == '\'' || *s == '"';
	}
	return false;
}

/* `$[…]`, bash's old spelling of `$((…))`. */
static void read_bracket(struct lexer *lx, struct builder *b, bool dq)
{
	struct builder inner;
	int line = lx->line;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return;
	builder_init(lx, &inner);
	word_read_parts(lx, &inner, WORD_BRACKET, true);
	builder_part(lx, b, AST_ARITH, dq)->arith = word_new(lx, builder_done(lx, &inner));
	if (lx->error == NULL && lexer_getc(lx) == LEX_EOF)
		lexer_unterminated(lx, "`$['", line);
	lexer_leave(lx);
}

static bool is_special_param(int c)
{
	return c > 0 && strchr("@*#?-$!0", c) != NULL;
}

/* The parameter's name at the input, or NULL (with nothing read) when there is none. */
static const char *read_param_name(struct lexer *lx, bool braces)
{
	int c = lexer_peek_joined(lx);
	struct strbuf s = { 0 };
	const char *ret, *end = lx->cur;

	if (c == LEX_EOF)
		return NULL;
	if (name_start(c)) { /* mostly all of the name is in this piece of input */
		while (end < lx->end && name_char((unsigned char)*end))
			end++;
		if (end < lx->end && *end != '\\') {
			ret = arena_strndup(lx->arena, lx->cur, (size_t)(end - lx->cur));
			lexer_skip(lx, (size_t)(end - lx->cur));
			return ret;
		}
		do {
			strbuf_addc(&s, (char)lexer_getc(lx));
			c = lexer_peek_joined(lx);
		} while (c != LEX_EOF && name_char(c));
	} else if (braces && c >= '0' && c <= '9') {
		do {
			strbuf_addc(&s, (char)lexer_getc(lx));
			c = lexer_peek_joined(lx);
		} while (c >= '0' && c <= '9');
	} else if (is_special_param(c) || (c >= '0' && c <= '9')) {
		char one = (char)lexer_getc(lx);

		return arena_strndup(lx->arena, &one, 1);
	} else {
		return NULL;
	}
	ret = arena_strndup(lx->arena, s.s, s.len);
	strbuf_release(&s);
	return ret;
}

/* The operators of ${name…} that have an argument, the longest spelling first. */
static const struct brace_op {
	char text[3];
	enum ast_param_op op;
	enum word_mode mode; /* what ends the first argument; what begins a second one is left */
} brace_ops[] = {
	{ "##", AST_PARAM_PREFIX_LONG, WORD_BRACE }, { "#", AST_PARAM_PREFIX, WORD_BRACE },
	{ "%%", AST_PARAM_SUFFIX_LONG, WORD_BRACE }, { "%", AST_PARAM_SUFFIX, WORD_BRACE },
	{ "-", AST_PARAM_DEFAULT, WORD_BRACE },	     { "=", AST_PARAM_ASSIGN, WORD_BRACE },
	{ "?", AST_PARAM_ERROR, WORD_BRACE },	     { "+", AST_PARAM_ALTERNATIVE, WORD_BRACE },
	{ "//", AST_PARAM_REPLACE_ALL, WORD_SLASH }, { "/#", AST_PARAM_REPLACE_PREFIX, WORD_SLASH },
	{ "/%", AST_PARAM_REPLACE_SUFFIX, WORD_SLASH }, { "/", AST_PARAM_REPLACE, WORD_SLASH },
	{ "^^", AST_PARAM_UPPER, WORD_BRACE },	     { "^", AST_PARAM_UPPER_FIRST, WORD_BRACE },
	{ ",,", AST_PARAM_LOWER, WORD_BRACE },	     { ",", AST_PARAM_LOWER_FIRST, WORD_BRACE },
	{ ":", AST_PARAM_SLICE, WORD_COLON },	     { "@", AST_PARAM_TRANSFORM, WORD_BRACE },
};

/* Is the next character this one? Then it is read. */
static bool takes(struct lexer *lx, int c)
{
	if (lexer_peek_joined(lx) != c)
		return false;
	lexer_getc(lx);
	return true;
}

/* Reads the operator of ${name…}, of one or two characters. NULL, with nothing read: there is none. */
static const struct brace_op *read_param_op(struct lexer *lx, struct ast_part *p)
{
	int c = lexer_peek_joined(lx);

	if (c == ':') {
		lexer_getc(lx);
		c = lexer_peek_joined(lx);
		p->colon = c != LEX_EOF && strchr("-=?+", c) != NULL;
		if (!p->colon)
			c = ':';
	}
	for (size_t i = 0; i < sizeof(brace_ops) / sizeof(brace_ops[0]) && c > 0; i++) {
		const struct brace_op *op = &brace_ops[i];

		if (op->text[0] != c)
			continue;
		if (c != ':' || p->colon)
			lexer_getc(lx);
		for (; op->text[1] != '\0' && !takes(lx, op->text[1]); op++)
			;
		p->op = op->op;
		return op;
	}
	return NULL;
}

/* `${#` is a length unless what follows makes it the parameter `#` with an operator. */
static bool is_length(struct lexer *lx)
{
	int c;

	if (lexer_peek_joined(lx) != '#')
		return false;
	c = lexer_peek2(lx);
	if (c == '}')
		return false;
	if (c != LEX_EOF && strchr("-?#", c) != NULL) {
		/* ${#-} ${#?} ${##} are lengths; ${#-x}, ${#?x}, ${##x} are not */
		return lx->end - lx->cur > 2 && lx->cur[2] == '}';
	}
	return c == LEX_EOF || strchr(":=+%", c) == NULL;
}

/* What a person typed up to the closing brace, which makes no sense to us. It may never be expanded. */
static void read_bad(struct lexer *lx, struct ast_part *p, bool dq, const char *before)
{
	size_t start = lx->tape.len;
	struct strbuf text = { 0 };
	struct builder inner;

	lx->taping++;
	builder_init(lx, &inner);
	word_read_parts(lx, &inner, WORD_BRACE, dq && lexer_peek(lx) != '['); /* in brackets quotes count, as where they are a subscript's */
	(void)builder_done(lx, &inner);
	lx->taping--;
	strbuf_addf(&text, "%s%s", before, strbuf_str(&lx->tape) + start);
	if (lx->taping == 0)
		strbuf_clear(&lx->tape);
	p->op = AST_PARAM_BAD;
	p->colon = p->indirect = false;
	p->param.name = arena_strndup(lx->arena, strbuf_str(&text), text.len);
	p->param.arg = NULL;
	p->subscript = false;
	strbuf_release(&text);
}

/* One argument of an operator. A pattern's quotes count also in double quotes, where a word's do not. */
static struct ast_word *read_arg(struct lexer *lx, const struct brace_op *op, enum word_mode mode, bool dq)
{
	bool arithmetic = op->op == AST_PARAM_SLICE;
	struct builder inner;
	struct ast_word *w;

	dq = arithmetic || (dq && op->op < AST_PARAM_PREFIX);
	bool blank = false;

	for (int c; arithmetic && (c = lexer_peek_joined(lx), ch_is(c, CH_WHITE) || c == '"'); blank = true)
		lexer_getc(lx); /* a quote says nothing there */
	builder_init(lx, &inner);
	if (blank && (lexer_peek_joined(lx) == '}' || lexer_peek_joined(lx) == ':'))
		builder_char(lx, &inner, '0', true); /* ${x: }: a blank expression is 0, and none is an error */
	if (op->op == AST_PARAM_REPLACE_ALL && mode == WORD_SLASH && lexer_peek(lx) == '/') /* ${name////_}: the first is itself */
		builder_char(lx, &inner, lexer_getc(lx), dq);
	word_read_parts(lx, &inner, mode, dq);
	w = word_new(lx, builder_done(lx, &inner));
	if (!dq)
		word_find_tildes(lx, w, 0, false);
	return w;
}

/* The arguments of an operator, up to the brace. */
static void read_args(struct lexer *lx, const struct brace_op *op, struct ast_part *p, bool dq)
{
	struct ast_word *arg = read_arg(lx, op, op->mode, dq);

	*(p->subscript ? &p->param.arg->next : &p->param.arg) = arg;
	if (op->mode != WORD_BRACE && lexer_peek(lx) != '}' && lexer_peek(lx) != LEX_EOF && lx->error == NULL) {
		lexer_getc(lx);
		arg->next = read_arg(lx, op, op->mode == WORD_COLON ? WORD_LENGTH : WORD_BRACE, dq);
	}
}

/* `!` before a name: the parameter that its value names, or, before a `*` or `@` behind it, all such names. */
static bool is_indirect(struct lexer *lx)
{
	int c;

	if (lexer_peek_joined(lx) != '!')
		return false;
	c = lexer_peek2(lx);
	return c != LEX_EOF && (name_start(c) || (c >= '0' && c <= '9') ||
				(c == '#' && lx->end - lx->cur > 2 && lx->cur[2] == '}'));
}

/* ${!prefix*}: the star was not read yet. */
static bool read_names(struct lexer *lx, struct ast_part *p)
{
	int c = lexer_peek_joined(lx);
	char which[2] = { (char)c, '\0' };
	struct ast_part *lit;

	if (!p->indirect || (c != '*' && c != '@') || lexer_peek2(lx) != '}')
		return false;
	lexer_getc(lx);
	lit = arena_zalloc(lx->arena, sizeof(*lit));
	lit->text = arena_strndup(lx->arena, which, 1);
	lit->len = 1;
	p->op = AST_PARAM_NAMES;
	p->indirect = false;
	p->param.arg = word_new(lx, lit);
	return true;
}

/* ${name[…]…}: the brackets, whose text is added to `before`. */
static void read_subscript(struct lexer *lx, struct ast_part *p, struct strbuf *before)
{
	size_t start = lx->tape.len;

	if (lx->posix || p->param.name == NULL || !name_start((unsigned char)*p->param.name) ||
	    lexer_peek_joined(lx) != '[' || !word_has_subscript(lx))
		return;
	lx->taping++;
	p->param.arg = word_subscript(lx);
	p->subscript = p->param.arg != NULL;
	lx->taping--;
	strbuf_adds(before, strbuf_str(&lx->tape) + start);
	if (lx->taping == 0)
		strbuf_clear(&lx->tape);
}

/* The rest of `${` behind the name, without the brace. */
static void read_rest(struct lexer *lx, struct ast_part *p, bool dq)
{
	const char *name = p->param.name;
	const struct brace_op *op;
	struct strbuf before = { 0 };

	if (lexer_peek_joined(lx) == '}' || lexer_peek(lx) == LEX_EOF)
		return;
	strbuf_addf(&before, "%s%s%s", p->op == AST_PARAM_LENGTH ? "#" : "", p->indirect ? "!" : "",
		    name != NULL ? name : "");
	read_subscript(lx, p, &before);
	if (lexer_peek_joined(lx) == '}' || lexer_peek(lx) == LEX_EOF) {
		strbuf_release(&before);
		return;
	}
	if (name == NULL || p->op == AST_PARAM_LENGTH)
		read_bad(lx, p, dq, strbuf_str(&before));
	else if (!read_names(lx, p)) {
		op = read_param_op(lx, p);
		if (op == NULL)
			read_bad(lx, p, dq, strbuf_str(&before));
		else
			read_args(lx, op, p, dq);
	}
	strbuf_release(&before);
}

/* `${` */
/* `${ list; }` and `${| list; }` behind the brace (bash 5.3, ksh, mksh). */
static void read_commands(struct lexer *lx, struct builder *b, bool dq)
{
	bool reply = lexer_peek(lx) == '|';
	struct ast_list *cmd;

	lexer_getc(lx);
	cmd = lx->grammar->braces(lx);
	builder_part(lx, b, reply ? AST_CMDSUB_REPLY : AST_CMDSUB_HERE, dq)->cmd = cmd;
}

static void read_brace(struct lexer *lx, struct builder *b, bool dq)
{
	struct ast_part *p;
	int line = lx->line;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return;
	if (!lx->posix && (ch_is(lexer_peek(lx), CH_WHITE) || lexer_peek(lx) == '|')) {
		read_commands(lx, b, dq);
		lexer_leave(lx);
		return;
	}
	p = builder_part(lx, b, AST_PARAM, dq);
	if (is_length(lx)) {
		lexer_getc(lx);
		p->op = AST_PARAM_LENGTH;
	} else if (is_indirect(lx)) {
		lexer_getc(lx);
		p->indirect = true;
	}
	p->param.name = read_param_name(lx, true);
	if (p->param.name == NULL && lexer_peek(lx) == '}') { /* ${} */
		p->op = AST_PARAM_BAD;
		p->param.name = "";
	}
	read_rest(lx, p, dq);
	if (lx->error == NULL && lexer_getc(lx) == LEX_EOF)
		lexer_unterminated(lx, "`${'", line);
	lexer_leave(lx);
}

/* The character of that code, as UTF-8 whatever the locale. */
static void put_utf8(struct lexer *lx, struct builder *b, unsigned long u)
{
	if (u < 0x80) {
		builder_char(lx, b, (int)u, true);
	} else if (u < 0x800) {
		builder_char(lx, b, (int)(0xc0 | u >> 6), true);
		builder_char(lx, b, (int)(0x80 | (u & 0x3f)), true);
	} else if (u < 0x10000) {
		builder_char(lx, b, (int)(0xe0 | u >> 12), true);
		builder_char(lx, b, (int)(0x80 | (u >> 6 & 0x3f)), true);
		builder_char(lx, b, (int)(0x80 | (u & 0x3f)), true);
	} else {
		builder_char(lx, b, (int)(0xf0 | (u >> 18 & 7)), true);
		builder_char(lx, b, (int)(0x80 | (u >> 12 & 0x3f)), true);
		builder_char(lx, b, (int)(0x80 | (u >> 6 & 0x3f)), true);
		builder_char(lx, b, (int)(0x80 | (u & 0x3f)), true);
	}
}

/* A number of at most `max` digits. False: there is none. */
static bool read_digits(struct lexer *lx, int max, int base, unsigned long *ret)
{
	unsigned long n = 0;
	int left = max;

	for (; left > 0; left--) {
		int c = lexer_peek(lx), v;

		if (c >= '0' && c <= '9')
			v = c - '0';
		else if (c >= 'a' && c <= 'f')
			v = c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			v = c - 'A' + 10;
		else
			break;
		if (v >= base)
			break;
		n = n * (unsigned)base + (unsigned)v;
		lexer_getc(lx);
	}
	*ret = n;
	return left != max;
}

/* The code of a character of $'…'; a NUL ends the text, as in bash, whatever follows. */
static void put_code(struct lexer *lx, struct builder *b, unsigned long u, bool byte)
{
	int c = 0;

	if (u != 0 && byte)
		builder_char(lx, b, (int)(u & 0xff), true);
	else if (u != 0)
		put_utf8(lx, b, u);
	while (u == 0 && (c = lexer_peek(lx)) != '\'' && c != LEX_EOF) {
		lexer_getc(lx);
		if (c == '\\')
			lexer_getc(lx);
	}
}

/* $'…' (POSIX.1-2024 XCU 2.2.4); the `$` was read. */
static void read_dollar_quote(struct lexer *lx, struct builder *b)
{
	static const char from[] = "abeEfnrtv\\'\"?", to[] = "\a\b\033\033\f\n\r\t\v\\'\"?";
	int line = lx->line, c;

	lexer_getc(lx);
	builder_open(lx, b, true);
	while ((c = lexer_getc(lx)) != '\'' && c != LEX_EOF) {
		const char *s;
		unsigned long n = 0;

		if (c != '\\') {
			builder_char(lx, b, c, true);
			continue;
		}
		c = lexer_peek(lx);
		if (c >= '0' && c <= '7') {
			(void)read_digits(lx, 3, 8, &n);
			put_code(lx, b, n & 0xff, true);
			continue;
		}
		if (c == LEX_EOF)
			break;
		lexer_getc(lx);
		if ((s = strchr(from, c)) != NULL && c != '\0')
			builder_char(lx, b, to[s - from], true);
		else if (c == 'x' && read_digits(lx, 2, 16, &n))
			put_code(lx, b, n, true);
		else if ((c == 'u' || c == 'U') && read_digits(lx, c == 'u' ? 4 : 8, 16, &n))
			put_code(lx, b, n, false);
		else if (c == 'c' && (c = lexer_getc(lx)) != LEX_EOF)
			builder_char(lx, b, c == '?' ? 0x7f : c & 0x1f, true);
		else if (c != LEX_EOF) {
			builder_char(lx, b, '\\', true);
			builder_char(lx, b, c, true);
		}
	}
	if (c == LEX_EOF)
		lexer_unterminated(lx, "quoted string", line);
}

void dollar_read(struct lexer *lx, struct builder *b, enum word_mode mode, bool dq)
{
	const char *name;
	int c;

	lexer_getc(lx);
	c = lexer_peek_joined(lx);
	if (c == '{') {
		read_brace(lx, b, dq);
	} else if (c == '(') {
		read_paren(lx, b, dq);
	} else if (c == '\'' && !dq) {
		read_dollar_quote(lx, b);
	} else if (c == '[' && !lx->posix && mode != WORD_REGEX && is_bracket_arith(lx)) {
		read_bracket(lx, b, dq);
	} else if (c == '"' && !dq && !lx->posix && mode != WORD_TEXT) {
		; /* $"…", which may be translated: it never is */
	} else if ((name = read_param_name(lx, false)) != NULL) {
		builder_part(lx, b, AST_PARAM, dq)->param.name = name;
	} else {
		/* quoted: printed before a quote it must not become $'…'; in a regular expression it is an anchor */
		builder_char(lx, b, '$', mode != WORD_REGEX || c == '"' || c == '\'' || c == '\\');
	}
}
