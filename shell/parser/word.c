#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/parser/chclass.h"
#include "shell/parser/lexer.h"
#include "shell/parser/name.h"

/*
 * Words: quoting (XCU 2.2) and the recognition of expansions (2.6), as parts. What
 * ends a piece of word depends on where it stands:
 */
enum mode {
	MODE_WORD,  /* a blank or an operator */
	MODE_DQ,    /* `"` */
	MODE_BRACE, /* `}`, in ${name-…} */
	MODE_TEXT,  /* the end of the input: a here-document's body */
	MODE_ARITH, /* the `)` that is not opened inside: the text of $((…)) */
};

enum { PUT_BACK_MAX = 64 }; /* each may read all again that is inside */

struct builder {
	struct ast_part *first, **tail;
	struct strbuf lit;
	bool open;   /* a literal part is being collected */
	bool quoted; /* … and is quoted */
};

static void read_parts(struct lexer *lx, struct builder *b, enum mode mode, bool dq);

static void builder_init(struct lexer *lx, struct builder *b)
{
	*b = (struct builder){ .lit = lx->spare };
	b->tail = &b->first;
	lx->spare = (struct strbuf){ 0 };
	strbuf_clear(&b->lit);
}

static struct ast_part *part_new(struct lexer *lx, struct builder *b, enum ast_part_kind kind,
				 bool quoted)
{
	struct ast_part *p = arena_zalloc(lx->arena, sizeof(*p));

	p->kind = kind;
	p->quoted = quoted;
	*b->tail = p;
	b->tail = &p->next;
	return p;
}

static void lit_flush(struct lexer *lx, struct builder *b)
{
	struct ast_part *p;

	if (!b->open)
		return;
	b->open = false;
	p = part_new(lx, b, AST_LIT, b->quoted);
	p->text = arena_strndup(lx->arena, strbuf_str(&b->lit), b->lit.len);
	p->len = b->lit.len;
	strbuf_clear(&b->lit);
}

static void lit_open(struct lexer *lx, struct builder *b, bool quoted)
{
	if (b->open && b->quoted != quoted)
		lit_flush(lx, b);
	b->open = true;
	b->quoted = quoted;
}

static void lit_char(struct lexer *lx, struct builder *b, int c, bool quoted)
{
	lit_open(lx, b, quoted);
	if (c != '\0') /* $'\0': it can be in no word */
		strbuf_addc(&b->lit, (char)c);
}

static struct ast_part *builder_done(struct lexer *lx, struct builder *b)
{
	lit_flush(lx, b);
	if (lx->spare.s == NULL)
		lx->spare = b->lit;
	else
		strbuf_release(&b->lit);
	return b->first;
}

static struct ast_word *word_new(struct lexer *lx, struct ast_part *parts)
{
	struct ast_word *w = arena_zalloc(lx->arena, sizeof(*w));

	w->parts = parts;
	return w;
}

static void unterminated(struct lexer *lx, const char *what, int line)
{
	lx->incomplete = true;
	lexer_error(lx, "syntax error: unterminated %s", what);
	lx->error_line = line;
}

/*
 * Cuts the tilde-prefix (XCU 2.6.1) at `at` out of the unquoted literal *pp. The login
 * name ends at a slash, in an assignment at a colon too, or at the end of the word;
 * anything quoted or expanded in it makes it a plain tilde. Returns where to go on.
 */
static struct ast_part **tilde_cut(struct lexer *lx, struct ast_part **pp, size_t at, bool colon)
{
	struct ast_part *p = *pp, *t, *rest = p->next;
	size_t end = at + 1;

	while (end < p->len && p->text[end] != '/' && !(colon && p->text[end] == ':'))
		end++;
	if (end == p->len && p->next != NULL)
		return NULL;
	t = arena_zalloc(lx->arena, sizeof(*t));
	t->kind = AST_TILDE;
	t->tilde = arena_strndup(lx->arena, p->text + at + 1, end - at - 1);
	if (end < p->len) {
		struct ast_part *r = arena_zalloc(lx->arena, sizeof(*r));

		*r = *p;
		r->text = p->text + end;
		r->len = p->len - end;
		r->next = rest;
		rest = r;
	}
	t->next = rest;
	if (at == 0) {
		*pp = t;
	} else { /* a copy: the text may be in use as the token's name */
		p->text = arena_strndup(lx->arena, p->text, at);
		p->len = at;
		p->next = t;
	}
	return &t->next;
}

/* Finds tilde-prefixes in a word from byte `from` of its first part on. */
static void find_tildes(struct lexer *lx, struct ast_word *w, size_t from, bool assignment)
{
	struct ast_part **pp = &w->parts;
	bool may_start = true; /* at the start of the word, or after an unquoted colon */

	while (*pp != NULL) {
		struct ast_part *p = *pp, **next = &p->next;
		size_t i = from;

		from = 0;
		if (p->kind != AST_LIT || p->quoted) {
			may_start = false;
			pp = next;
			continue;
		}
		for (; i < p->len; i++) {
			if (may_start && p->text[i] == '~') {
				struct ast_part **cut = tilde_cut(lx, pp, i, assignment);

				if (cut != NULL) {
					next = cut;
					may_start = false;
					break;
				}
			}
			may_start = assignment && p->text[i] == ':';
			if (!assignment)
				return;
		}
		pp = next;
	}
}

/* ---- expansions ---- */

static void lexer_sub_init(struct lexer *sub, struct lexer *lx, struct input_string *is,
			   const char *text, size_t len, int line)
{
	input_string_init(is, text, len);
	lexer_init(sub, &is->in, lx->arena, NULL);
	sub->line = line;
	sub->depth = lx->depth;
}

static void lexer_sub_done(struct lexer *sub, struct lexer *lx)
{
	if (sub->error != NULL && lx->error == NULL) {
		lx->error = sub->error;
		lx->error_line = sub->error_line;
		sub->error = NULL;
	}
	lexer_release(sub);
}

/* The text up to the closing backquote, with the backslashes that protect it removed. */
static void read_backquote(struct lexer *lx, struct builder *b, bool dq)
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
		unterminated(lx, "backquote", line);
	} else if (lexer_enter(lx)) {
		lit_flush(lx, b);
		lexer_sub_init(&sub, lx, &is, strbuf_str(&text), text.len, line);
		part_new(lx, b, AST_CMDSUB, dq)->cmd = parser_whole(&sub);
		lexer_sub_done(&sub, lx);
		lexer_leave(lx);
	}
	strbuf_release(&text);
}

/*
 * After `$((`: arithmetic, if it is that up to the matching `))`. Otherwise it was a subshell in
 * a command substitution (XCU 2.6.3): puts all back.
 */
static bool read_arith(struct lexer *lx, struct builder *b, bool dq)
{
	size_t start = lx->tape.len;
	struct ast_part *parts;
	struct builder inner;
	int depth = lx->depth, n;
	char *s = NULL;
	bool ok;

	lit_flush(lx, b);
	lx->taping++;
	builder_init(lx, &inner);
	read_parts(lx, &inner, MODE_ARITH, true);
	parts = builder_done(lx, &inner);
	ok = lx->error == NULL && lexer_getc(lx) == ')' && lexer_peek_joined(lx) == ')';
	if (ok)
		lexer_getc(lx);
	lx->taping--;
	if (ok) {
		part_new(lx, b, AST_ARITH, dq)->arith = word_new(lx, parts);
	} else if (lx->put_back++ < PUT_BACK_MAX) {
		free(lx->error);
		lx->error = NULL;
		lx->incomplete = false;
		lx->depth = depth;
		n = asprintf(&s, "(%s", strbuf_str(&lx->tape) + start);
		if (n >= 0)
			lexer_push(lx, s, (size_t)n, NULL);
		lx->tape.len = start;
	} else {
		lexer_error(lx, "syntax error: missing `))'");
	}
	if (lx->taping == 0)
		strbuf_clear(&lx->tape);
	return ok;
}

static void read_paren(struct lexer *lx, struct builder *b, bool dq)
{
	struct ast_list *cmd;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return;
	if (lexer_peek_joined(lx) == '(') {
		lexer_getc(lx);
		if (read_arith(lx, b, dq)) {
			lexer_leave(lx);
			return;
		}
	}
	lit_flush(lx, b);
	cmd = parser_cmdsub(lx);
	part_new(lx, b, AST_CMDSUB, dq)->cmd = cmd;
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
	if (name_start(c)) { /* mostly all of it is there, in one piece */
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

/* The operator of ${name…}; false when there is none that we know. */
static bool read_param_op(struct lexer *lx, struct ast_part *p)
{
	int c = lexer_peek_joined(lx);

	if (c == ':') {
		p->colon = true;
		lexer_getc(lx);
		c = lexer_peek_joined(lx);
		if (c == LEX_EOF || strchr("-=?+", c) == NULL)
			return false;
	}
	lexer_getc(lx);
	switch (c) {
	case '-':
		p->op = AST_PARAM_DEFAULT;
		return true;
	case '=':
		p->op = AST_PARAM_ASSIGN;
		return true;
	case '?':
		p->op = AST_PARAM_ERROR;
		return true;
	case '+':
		p->op = AST_PARAM_ALTERNATIVE;
		return true;
	case '#':
	case '%':
		p->op = c == '#' ? AST_PARAM_PREFIX : AST_PARAM_SUFFIX;
		if (lexer_peek_joined(lx) == c) {
			lexer_getc(lx);
			p->op = c == '#' ? AST_PARAM_PREFIX_LONG : AST_PARAM_SUFFIX_LONG;
		}
		return true;
	}
	return false;
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

static void read_brace(struct lexer *lx, struct builder *b, bool dq)
{
	struct ast_part *p;
	int line = lx->line;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return;
	lit_flush(lx, b);
	p = part_new(lx, b, AST_PARAM, dq);
	if (is_length(lx)) {
		lexer_getc(lx);
		p->op = AST_PARAM_LENGTH;
	}
	p->param.name = read_param_name(lx, true);
	if (p->param.name == NULL) {
		if (lexer_peek(lx) == LEX_EOF)
			unterminated(lx, "`${'", line);
		else
			lexer_error(lx, "bad substitution");
	} else if (lexer_peek_joined(lx) == '}') {
		lexer_getc(lx);
	} else if (lexer_peek(lx) == LEX_EOF) {
		unterminated(lx, "`${'", line);
	} else if (p->op == AST_PARAM_LENGTH || !read_param_op(lx, p)) {
		lexer_error(lx, "bad substitution");
	} else {
		bool pattern = p->op >= AST_PARAM_PREFIX;
		struct builder inner;

		builder_init(lx, &inner);
		read_parts(lx, &inner, MODE_BRACE, dq && !pattern);
		p->param.arg = word_new(lx, builder_done(lx, &inner));
		if (!dq || pattern)
			find_tildes(lx, p->param.arg, 0, false);
		if (lexer_getc(lx) == LEX_EOF)
			unterminated(lx, "`${'", line);
	}
	lexer_leave(lx);
}

static void put_utf8(struct lexer *lx, struct builder *b, unsigned long u)
{
	if (u < 0x80) {
		lit_char(lx, b, (int)u, true);
	} else if (u < 0x800) {
		lit_char(lx, b, (int)(0xc0 | u >> 6), true);
		lit_char(lx, b, (int)(0x80 | (u & 0x3f)), true);
	} else if (u < 0x10000) {
		lit_char(lx, b, (int)(0xe0 | u >> 12), true);
		lit_char(lx, b, (int)(0x80 | (u >> 6 & 0x3f)), true);
		lit_char(lx, b, (int)(0x80 | (u & 0x3f)), true);
	} else {
		lit_char(lx, b, (int)(0xf0 | (u >> 18 & 7)), true);
		lit_char(lx, b, (int)(0x80 | (u >> 12 & 0x3f)), true);
		lit_char(lx, b, (int)(0x80 | (u >> 6 & 0x3f)), true);
		lit_char(lx, b, (int)(0x80 | (u & 0x3f)), true);
	}
}

/* False: there are none. */
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

/* $'…' (POSIX.1-2024 XCU 2.2.4); the `$` was read. */
static void read_dollar_quote(struct lexer *lx, struct builder *b)
{
	static const char from[] = "abefnrtv\\'\"?", to[] = "\a\b\033\f\n\r\t\v\\'\"?";
	int line = lx->line, c;

	lexer_getc(lx);
	lit_open(lx, b, true);
	while ((c = lexer_getc(lx)) != '\'' && c != LEX_EOF) {
		const char *s;
		unsigned long n = 0;

		if (c != '\\') {
			lit_char(lx, b, c, true);
			continue;
		}
		c = lexer_peek(lx);
		if (c >= '0' && c <= '7') {
			(void)read_digits(lx, 3, 8, &n);
			lit_char(lx, b, (int)(n & 0xff), true);
			continue;
		}
		if (c == LEX_EOF)
			break;
		lexer_getc(lx);
		if ((s = strchr(from, c)) != NULL && c != '\0')
			lit_char(lx, b, to[s - from], true);
		else if (c == 'x' && read_digits(lx, 2, 16, &n))
			lit_char(lx, b, (int)(n & 0xff), true);
		else if ((c == 'u' || c == 'U') && read_digits(lx, c == 'u' ? 4 : 8, 16, &n))
			put_utf8(lx, b, n);
		else if (c == 'c' && (c = lexer_getc(lx)) != LEX_EOF)
			lit_char(lx, b, c == '?' ? 0x7f : c & 0x1f, true);
		else if (c != LEX_EOF) {
			lit_char(lx, b, '\\', true);
			lit_char(lx, b, c, true);
		}
	}
	if (c == LEX_EOF)
		unterminated(lx, "quoted string", line);
}

static void read_dollar(struct lexer *lx, struct builder *b, enum mode mode, bool dq)
{
	const char *name;
	int c;

	lexer_getc(lx);
	c = lexer_peek_joined(lx);
	if (c == '{') {
		read_brace(lx, b, dq);
	} else if (c == '(') {
		read_paren(lx, b, dq);
	} else if (c == '\'' && !dq && mode != MODE_ARITH) {
		read_dollar_quote(lx, b);
	} else if ((name = read_param_name(lx, false)) != NULL) {
		lit_flush(lx, b);
		part_new(lx, b, AST_PARAM, dq)->param.name = name;
	} else {
		/* quoted: printed before a quote it must not become $'…' */
		lit_char(lx, b, '$', true);
	}
}

/* ---- quoting ---- */

static void read_single_quoted(struct lexer *lx, struct builder *b)
{
	int line = lx->line, c;

	lexer_getc(lx);
	lit_open(lx, b, true);
	while ((c = lexer_getc(lx)) != '\'') {
		if (c == LEX_EOF) {
			unterminated(lx, "quoted string", line);
			return;
		}
		lit_char(lx, b, c, true);
	}
}

static void read_double_quoted(struct lexer *lx, struct builder *b)
{
	int line = lx->line;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return;
	struct ast_part **tail = b->tail;
	size_t len = b->lit.len;

	read_parts(lx, b, MODE_DQ, true);
	if (b->tail == tail && b->lit.len == len)
		lit_open(lx, b, true); /* "" is an empty field, but "$@" may be none */
	if (lexer_getc(lx) == LEX_EOF)
		unterminated(lx, "quoted string", line);
	lexer_leave(lx);
}

static void read_backslash(struct lexer *lx, struct builder *b, enum mode mode, bool dq)
{
	int c;

	lexer_getc(lx);
	c = lexer_peek(lx);
	if (c == '\n') {
		lexer_getc(lx);
		return;
	}
	if (c == LEX_EOF) {
		lit_char(lx, b, '\\', true);
		return;
	}
	if (!dq) {
		lit_char(lx, b, lexer_getc(lx), true);
		return;
	}
	if (c == '$' || c == '`' || c == '\\' || (c == '"' && mode != MODE_TEXT) ||
	    (c == '}' && mode == MODE_BRACE))
		lit_char(lx, b, lexer_getc(lx), true);
	else
		lit_char(lx, b, '\\', true);
}

/* Characters that are just themselves, the common case: as many as are there in one piece. */
static void read_run(struct lexer *lx, struct builder *b, enum mode mode, bool dq)
{
	const unsigned stop = dq ? CH_IN_DQUOTES : CH_UNQUOTED;
	const char *s = lx->cur;

	while (s < lx->end && !ch_is(*s, stop) &&
	       !(mode == MODE_ARITH && (*s == '(' || *s == ')')))
		s++;
	if (s == lx->cur)
		return;
	lit_open(lx, b, dq);
	strbuf_add(&b->lit, lx->cur, (size_t)(s - lx->cur));
	lexer_skip(lx, (size_t)(s - lx->cur));
}

static void read_parts(struct lexer *lx, struct builder *b, enum mode mode, bool dq)
{
	int depth = 0;

	while (lx->error == NULL) {
		read_run(lx, b, mode, dq);
		int c = lexer_peek(lx);

		if (mode == MODE_ARITH && c == ')' && depth-- == 0)
			return;
		depth += mode == MODE_ARITH && c == '(';
		if (c == LEX_EOF || (mode == MODE_DQ && c == '"') ||
		    (mode == MODE_BRACE && c == '}') || (mode == MODE_WORD && ch_is(c, CH_ENDS_WORD)))
			return;
		if (c == '\\' && !(mode == MODE_WORD && lexer_peek2(lx) == '\n'))
			read_backslash(lx, b, mode, dq);
		else if (c == '\\')
			lexer_peek_joined(lx);
		else if (c == '\'' && !dq)
			read_single_quoted(lx, b);
		else if (c == '"' && mode == MODE_ARITH)
			lexer_getc(lx);
		else if (c == '"' && (mode == MODE_WORD || mode == MODE_BRACE))
			read_double_quoted(lx, b);
		else if (c == '$' && !lx->no_expand)
			read_dollar(lx, b, mode, dq);
		else if (c == '`' && !lx->no_expand)
			read_backquote(lx, b, dq);
		else
			lit_char(lx, b, lexer_getc(lx), dq);
	}
}

/* Notes what a word is when nothing in it can expand. */
static void find_plain(struct lexer *lx, struct ast_word *w)
{
	struct ast_part *p = w->parts;
	bool opened = false;

	for (struct ast_part *q = p; q != NULL; q = q->next) {
		if (q->kind != AST_LIT)
			return;
		for (const char *s = q->quoted ? "" : q->text; *s != '\0'; s++) {
			if (*s == '*' || *s == '?' || (*s == ']' && opened))
				return;
			opened |= *s == '['; /* alone it is the name of a utility */
		}
	}
	if (p != NULL && p->next == NULL) {
		w->plain = p->text;
	} else if (p != NULL) {
		struct strbuf s = { 0 };

		for (; p != NULL; p = p->next)
			strbuf_add(&s, p->text, p->len);
		w->plain = arena_strndup(lx->arena, s.s, s.len);
		strbuf_release(&s);
	}
}

/* Length of NAME in a word that begins with NAME=, all of it unquoted; else 0. */
static size_t assignment_name(const struct ast_part *p)
{
	size_t n = 0;

	if (p == NULL || p->kind != AST_LIT || p->quoted || !name_start((unsigned char)p->text[0]))
		return 0;
	while (n < p->len && name_char((unsigned char)p->text[n]))
		n++;
	return n < p->len && p->text[n] == '=' ? n : 0;
}

/*
 * Most words: plain characters up to a blank or an operator, in one piece of memory. False
 * with nothing read: it takes a closer look.
 */
static bool plain_word(struct lexer *lx)
{
	struct {
		struct ast_word word;
		char text[];
	} *all;
	const char *s = lx->cur;
	size_t len;

	while (s < lx->end && !ch_is(*s, CH_NOT_PLAIN))
		s++;
	if (s == lx->cur || s == lx->end || !ch_is(*s, CH_ENDS_WORD))
		return false;
	len = (size_t)(s - lx->cur);
	lx->assign_len = 0;
	lx->name = parser_reserved(lx->cur, len, &lx->reserved);
	if (lx->name == NULL) {
		all = arena_alloc(lx->arena, sizeof(*all) + len + 1);
		memcpy(all->text, lx->cur, len);
		all->text[len] = '\0';
		all->word = (struct ast_word){ .plain = all->text };
		lx->name = all->text;
		lx->word = &all->word;
	}
	lexer_skip(lx, len);
	return true;
}

struct ast_word *lexer_take_word(struct lexer *lx)
{
	if (lx->word == NULL)
		lx->word = word_new(lx, NULL);
	if (lx->word->parts == NULL && lx->word->plain == NULL)
		lx->word->plain = lx->name; /* a reserved word's is static */
	return lx->word;
}

void lexer_word(struct lexer *lx)
{
	struct builder b;
	struct ast_word *w;
	struct ast_part *p;

	if (plain_word(lx))
		return;
	builder_init(lx, &b);
	read_parts(lx, &b, MODE_WORD, false);
	w = word_new(lx, builder_done(lx, &b));
	p = w->parts;
	lx->name = p != NULL && p->next == NULL && p->kind == AST_LIT && !p->quoted ? p->text : NULL;
	(void)parser_reserved(lx->name, lx->name != NULL ? p->len : 0, &lx->reserved);
	lx->assign_len = assignment_name(p);
	if (!lx->assign_ok)
		lx->assign_len = 0;
	if (!lx->no_expand)
		find_tildes(lx, w, lx->assign_len != 0 ? lx->assign_len + 1 : 0,
			    lx->assign_len != 0);
	find_plain(lx, w);
	lx->word = w;
}

struct ast_word *lexer_here_body(struct lexer *lx, const char *text, size_t len, int line)
{
	struct input_string is;
	struct lexer sub;
	struct builder b;
	struct ast_word *w;

	lexer_sub_init(&sub, lx, &is, text, len, line);
	builder_init(&sub, &b);
	read_parts(&sub, &b, MODE_TEXT, true);
	w = word_new(lx, builder_done(&sub, &b));
	lexer_sub_done(&sub, lx);
	return w;
}
