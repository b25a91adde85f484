#include <config.h>

#include "shell/parser/word.h"

#include <string.h>

#include "shell/parser/chclass.h"
#include "shell/parser/dollar.h"
#include "shell/parser/name.h"
#include "shell/parser/reserved.h"

struct ast_word *word_new(struct lexer *lx, struct ast_part *parts)
{
	struct ast_word *w = arena_zalloc(lx->arena, sizeof(*w));

	w->parts = parts;
	return w;
}

/*
 * Cuts the tilde-prefix (XCU 2.6.1) at `at` out of the unquoted literal *pp. The login
 * name ends at a slash, in an assignment at a colon too, or at the end of the word;
 * anything quoted or expanded in it makes it a plain tilde. Returns where to go on.
 */
static struct ast_part **tilde_cut(struct lexer *lx, struct ast_part **pp, size_t at,
				   bool colon)
{
	struct ast_part *p = *pp, *t, *rest = p->next;
	size_t end = at + 1;

	while (end < p->len && p->text[end] != '/' && !(colon && p->text[end] == ':'))
		end++;
	if ((end == p->len && p->next != NULL) || (!lx->posix && memchr(p->text + at, '{', end - at) != NULL))
		return NULL; /* the braces are expanded before */
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

void word_find_tildes(struct lexer *lx, struct ast_word *w, size_t from, bool assignment)
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

/* ---- quoting ---- */

static void read_single_quoted(struct lexer *lx, struct builder *b)
{
	int line = lx->line, c;

	lexer_getc(lx);
	builder_open(lx, b, true);
	while ((c = lexer_getc(lx)) != '\'') {
		if (c == LEX_EOF) {
			lexer_unterminated(lx, "quoted string", line);
			return;
		}
		builder_char(lx, b, c, true);
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

	word_read_parts(lx, b, WORD_DQ, true);
	if (b->tail == tail && b->lit.len == len)
		builder_open(lx, b, true); /* "" is an empty field, but "$@" may be no field */
	if (lexer_getc(lx) == LEX_EOF)
		lexer_unterminated(lx, "quoted string", line);
	lexer_leave(lx);
}

static bool in_braces(enum word_mode mode)
{
	return mode == WORD_BRACE || mode == WORD_SLASH || mode == WORD_COLON || mode == WORD_LENGTH;
}

static bool in_brackets(enum word_mode mode)
{
	return mode == WORD_SUBSCRIPT || mode == WORD_BRACKET;
}

static bool is_arith(enum word_mode mode)
{
	return mode == WORD_ARITH || mode == WORD_SEMI || mode == WORD_BRACKET;
}

static void read_backslash(struct lexer *lx, struct builder *b, enum word_mode mode, bool dq)
{
	int c;

	lexer_getc(lx);
	c = lexer_peek(lx);
	if (c == '\n') {
		lexer_getc(lx);
		return;
	}
	if (c == LEX_EOF) {
		builder_char(lx, b, '\\', true);
		return;
	}
	if (!dq) {
		builder_char(lx, b, lexer_getc(lx), true);
		return;
	}
	if (c == '$' || c == '`' || c == '\\' || (c == '"' && mode != WORD_TEXT) ||
	    (c == '}' && in_braces(mode)))
		builder_char(lx, b, lexer_getc(lx), true);
	else
		builder_char(lx, b, '\\', true);
}

/* Characters that are just themselves, the common case: as many as are there in one piece. */
static void read_run(struct lexer *lx, struct builder *b, enum word_mode mode, bool dq)
{
	const unsigned stop = dq ? CH_IN_DQUOTES : CH_UNQUOTED;
	const char *s = lx->cur;

	while (s < lx->end && !ch_is(*s, stop) &&
	       !(is_arith(mode) && (*s == '(' || *s == ')')) && !(mode == WORD_SEMI && *s == ';') && !(mode == WORD_SLASH && *s == '/') &&
	       !(mode == WORD_GROUP && (*s == '(' || *s == ')')) && !(in_brackets(mode) && (*s == '[' || *s == ']')) &&
	       !(mode == WORD_COLON && strchr(":?()", *s) != NULL && *s != '\0'))
		s++;
	if (s == lx->cur)
		return;
	builder_open(lx, b, dq);
	strbuf_add(&b->lit, lx->cur, (size_t)(s - lx->cur));
	lexer_skip(lx, (size_t)(s - lx->cur));
}

/* Do the parts end before c, which is the next character, inside of so many parentheses? */
static bool ends_parts(struct lexer *lx, enum word_mode mode, int c, int depth)
{
	switch (mode) {
	case WORD_PLAIN:
		return ch_is(c, CH_ENDS_WORD);
	case WORD_DQ:
		return c == '"';
	case WORD_BRACE:
	case WORD_LENGTH:
		return c == '}';
	case WORD_SLASH:
		return c == '}' || c == '/';
	case WORD_COLON:
		return c == '}' || (c == ':' && depth == 0);
	case WORD_SUBSCRIPT:
	case WORD_BRACKET:
		return c == ']' && depth == 0;
	case WORD_TEXT:
		return false;
	case WORD_ARITH:
	case WORD_GROUP:
		return c == ')' && depth == 0;
	case WORD_SEMI:
		return (c == ')' || c == ';') && depth == 0;
	case WORD_REGEX:
		return c == '\n' || (depth == 0 && (ch_is(c, CH_BLANK) || strchr(")&;", c) != NULL ||
						    (c == '|' && lexer_peek2(lx) == '|')));
	}
	return true;
}

/* Is the last character an unquoted one of those before a group? */
static bool begins_group(const struct builder *b)
{
	return b->open && !b->quoted && b->lit.len != 0 && strchr("?*+@!", b->lit.s[b->lit.len - 1]) != NULL;
}

static void read_group(struct lexer *lx, struct builder *b)
{
	int line = lx->line;

	if (!lexer_enter(lx))
		return;
	builder_char(lx, b, lexer_getc(lx), false);
	word_read_parts(lx, b, WORD_GROUP, false);
	if (lx->error == NULL && lexer_peek(lx) == LEX_EOF)
		lexer_unterminated(lx, "`('", line);
	else if (lx->error == NULL)
		builder_char(lx, b, lexer_getc(lx), false);
	lexer_leave(lx);
}

bool word_at_process(const struct lexer *lx)
{
	return !lx->posix && lx->end - lx->cur > 1 && (*lx->cur == '<' || *lx->cur == '>') && lx->cur[1] == '(';
}

static void read_process(struct lexer *lx, struct builder *b)
{
	enum ast_part_kind kind = lexer_getc(lx) == '<' ? AST_PROCESS_IN : AST_PROCESS_OUT;
	struct ast_list *l;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return;
	l = lx->grammar->cmdsub(lx);
	builder_part(lx, b, kind, false)->cmd = l;
	lexer_leave(lx);
}

void word_read_parts(struct lexer *lx, struct builder *b, enum word_mode mode, bool dq)
{
	bool counts = (is_arith(mode) && mode != WORD_BRACKET) || mode == WORD_REGEX || mode == WORD_COLON || mode == WORD_GROUP;
	int depth = 0;

	while (lx->error == NULL) {
		read_run(lx, b, mode, dq);
		int c = lexer_peek(lx);

		if ((c == '<' || c == '>') && mode == WORD_PLAIN && word_at_process(lx)) {
			read_process(lx, b);
			continue;
		}
		if (c == '(' && mode == WORD_PLAIN && lx->extglob && begins_group(b)) {
			read_group(lx, b);
			continue;
		}
		if (c == LEX_EOF || ends_parts(lx, mode, c, depth))
			return;
		if (counts)
			depth += (c == '(') - (c == ')');
		if (in_brackets(mode))
			depth += (c == '[') - (c == ']');
		if (mode == WORD_COLON) /* a?b:c */
			depth += (c == '?') - (c == ':');
		if (c == '\\' && !(mode == WORD_PLAIN && lexer_peek2(lx) == '\n'))
			read_backslash(lx, b, mode, dq);
		else if (c == '\\')
			lexer_peek_joined(lx);
		else if (c == '\'' && !dq)
			read_single_quoted(lx, b);
		else if (c == '"' && (is_arith(mode) || mode == WORD_COLON || mode == WORD_LENGTH)) /* that is arithmetic, too */
			lexer_getc(lx);
		else if (c == '"' && (mode == WORD_PLAIN || mode == WORD_REGEX || mode == WORD_SUBSCRIPT || mode == WORD_GROUP || in_braces(mode)))
			read_double_quoted(lx, b);
		else if (c == '$' && !lx->no_expand)
			dollar_read(lx, b, mode, dq);
		else if (c == '`' && !lx->no_expand)
			dollar_read_backquote(lx, b, dq);
		else
			builder_char(lx, b, lexer_getc(lx), dq);
	}
}

/* Sets w->plain if nothing in the word can expand. */
static void find_plain(struct lexer *lx, struct ast_word *w)
{
	struct ast_part *p = w->parts;
	bool opened = false;

	for (struct ast_part *q = p; q != NULL; q = q->next) {
		if (q->kind != AST_LIT)
			return;
		for (const char *s = q->quoted ? "" : q->text; *s != '\0'; s++) {
			if (*s == '*' || *s == '?' || *s == '(' || (*s == ']' && opened))
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

struct ast_word *word_subscript(struct lexer *lx)
{
	struct builder b;
	struct ast_word *w;
	int line = lx->line;

	lexer_getc(lx);
	if (!lexer_enter(lx))
		return NULL;
	builder_init(lx, &b);
	word_read_parts(lx, &b, WORD_SUBSCRIPT, false);
	w = word_new(lx, builder_done(lx, &b));
	if (lx->error == NULL && lexer_getc(lx) == LEX_EOF)
		lexer_unterminated(lx, "`['", line);
	lexer_leave(lx);
	return lx->error == NULL ? w : NULL;
}

/*
 * The `]` of the brackets that begin at `s`; NULL: not on this line. bash looks no further either, but in a substitution. In `${name[` only a
 * brace that ends it says that there is none; else, where the line ends, it or a quote is what is missing.
 */
static const char *subscript_end(const char *s, const char *end, bool in_braces)
{
	char inner[32]; /* what closes the substitutions that are open */
	int depth = 0, parens = 0;
	size_t n = 0;

	for (; s < end && (*s != '\n' || n != 0) && n < sizeof(inner); s++) {
		if (*s == '\\' && s + 1 < end) {
			s++;
		} else if (*s == '\'' || *s == '"' || *s == '`') {
			const char *close = memchr(s + 1, *s, (size_t)(end - s - 1));

			if (close == NULL)
				break;
			s = close;
		} else if (*s == '$' && s + 1 < end && (s[1] == '{' || s[1] == '(' || s[1] == '$')) {
			if (*++s != '$')
				inner[n++] = *s == '{' ? '}' : ')';
		} else if (n != 0) {
			if (*s == '(' && inner[n - 1] == ')')
				inner[n++] = ')';
			else if (*s == inner[n - 1])
				n--;
		} else if (*s == '[') {
			depth++;
		} else if (*s == ']' && --depth == 0) {
			return s;
		} else if (*s == '}' && in_braces) {
			return NULL;
		} else if (*s == '(') {
			parens++;
		} else if (*s == ')' && parens-- == 0) {
			return NULL; /* the end of a substitution that it would be in */
		}
	}
	return in_braces ? s : NULL;
}

bool word_has_subscript(const struct lexer *lx)
{
	return subscript_end(lx->cur, lx->end, true) != NULL;
}

/* Past any <backslash><newline> (XCU 2.2.1). */
static const char *skip_joins(const char *s, const char *end)
{
	while (end - s > 1 && s[0] == '\\' && s[1] == '\n')
		s += 2;
	return s;
}

/* Does NAME[…]= or NAME[…]+= begin here, or (`element`) that without a name? */
static bool subscript_ahead(const struct lexer *lx, bool element)
{
	const char *s = lx->cur, *end = lx->end;

	while (!element && s < end && name_char((unsigned char)*s))
		s = skip_joins(s + 1, end);
	if ((!element && (s == lx->cur || !name_start((unsigned char)*lx->cur))) || s == end || *s != '[')
		return false;
	s = subscript_end(s, end, false);
	if (s == NULL)
		return false;
	s = skip_joins(s + 1, end);
	if (s < end && *s == '+')
		s = skip_joins(s + 1, end);
	return s < end && *s == '=';
}

static bool may_have_subscript(const struct lexer *lx)
{
	return !lx->posix && (lx->in_array || (lx->assign_ok && !lx->declares));
}

/* NAME[…]=, or […]= in the parentheses of an array: the subscript to lx->subscript, and the rest as NAME=. */
static void read_subscript(struct lexer *lx, struct builder *b)
{
	if (!may_have_subscript(lx) || !subscript_ahead(lx, lx->in_array))
		return;
	builder_open(lx, b, false);
	while (lexer_peek_joined(lx) != '[')
		builder_char(lx, b, lexer_getc(lx), false);
	lx->subscript = word_subscript(lx);
}

/* Length of NAME in a word that begins with NAME= or NAME+=, all of it unquoted; else 0. */
static size_t assignment_name(const struct lexer *lx, const struct ast_part *p)
{
	size_t n = 0;

	if (p == NULL || p->kind != AST_LIT || p->quoted ||
	    !name_start((unsigned char)p->text[0]))
		return 0;
	while (n < p->len && name_char((unsigned char)p->text[n]))
		n++;
	if (lx->declares && !lx->posix && n < p->len && p->text[n] == '[') { /* an element's */
		const char *end = memchr(p->text + n, ']', p->len - n);

		n = end != NULL ? (size_t)(end + 1 - p->text) : n;
	}
	if (n < p->len && p->text[n] == '=')
		return n;
	return !lx->posix && p->len - n > 1 && p->text[n] == '+' && p->text[n + 1] == '=' ? n : 0;
}

/*
 * Most words are plain characters up to a blank or an operator. Word and text are allocated
 * together. False, with nothing read: the word is not so plain.
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
	if (s == lx->cur || s == lx->end || !ch_is(*s, CH_ENDS_WORD) ||
	    ((*s == '<' || *s == '>') && lx->end - s > 1 && s[1] == '(') ||
	    (*s == '(' && lx->extglob && strchr("@+!", s[-1]) != NULL))
		return false;
	len = (size_t)(s - lx->cur);
	if (may_have_subscript(lx) && (lx->in_array ? *lx->cur == '[' : memchr(lx->cur, '[', len) != NULL) &&
	    subscript_ahead(lx, lx->in_array))
		return false;
	lx->assign_len = 0;
	lx->name = reserved_find(lx->cur, len, &lx->reserved);
	if (lx->name == NULL) {
		all = arena_alloc(lx->arena, sizeof(*all) + len + 1);
		memcpy(all->text, lx->cur, len);
		all->text[len] = '\0';
		all->word = (struct ast_word){ .plain = all->text, .braces = memchr(all->text, '{', len) != NULL };
		lx->name = all->text;
		lx->word = &all->word;
	}
	lexer_skip(lx, len);
	return true;
}

struct ast_word *word_take(struct lexer *lx)
{
	if (lx->word == NULL)
		lx->word = word_new(lx, NULL);
	if (lx->word->parts == NULL && lx->word->plain == NULL)
		lx->word->plain = lx->name; /* a reserved word's is static */
	return lx->word;
}

void word_read(struct lexer *lx)
{
	struct builder b;
	struct ast_word *w;
	struct ast_part *p;

	bool in_array = lx->in_array;
	struct ast_word *subscript;
	size_t value;

	lx->subscript = NULL;
	if (plain_word(lx))
		return;
	builder_init(lx, &b);
	read_subscript(lx, &b);
	subscript = lx->subscript;
	lx->in_array = false; /* a substitution in it is a command like any other, with words of its own */
	word_read_parts(lx, &b, WORD_PLAIN, false);
	w = word_new(lx, builder_done(lx, &b));
	p = w->parts;
	lx->name = p != NULL && p->next == NULL && p->kind == AST_LIT && !p->quoted ? p->text
										    : NULL;
	(void)reserved_find(lx->name, lx->name != NULL ? p->len : 0, &lx->reserved);
	lx->in_array = in_array;
	lx->subscript = subscript;
	lx->assign_len = assignment_name(lx, p);
	if (!lx->assign_ok)
		lx->assign_len = 0;
	lx->name = lx->subscript != NULL ? NULL : lx->name;
	value = lx->assign_len != 0 || (in_array && subscript != NULL) ? lx->assign_len + 1 : 0; /* where it begins */
	if (!lx->no_expand)
		word_find_tildes(lx, w, value != 0 ? value + (p->text[value - 1] == '+') : 0, value != 0);
	for (const struct ast_part *q = w->parts; q != NULL && !w->braces; q = q->next)
		w->braces = q->kind == AST_LIT && !q->quoted && memchr(q->text, '{', q->len) != NULL;
	find_plain(lx, w);
	lx->word = w;
}

struct ast_word *word_text(struct lexer *lx, const char *text, size_t len, int line)
{
	struct input_string is;
	struct lexer sub;
	struct builder b;
	struct ast_word *w;

	lexer_sub_init(&sub, lx, &is, text, len, line);
	builder_init(&sub, &b);
	word_read_parts(&sub, &b, WORD_TEXT, true);
	w = word_new(lx, builder_done(&sub, &b));
	lexer_sub_done(&sub, lx);
	return w;
}
