#include <config.h>

#include "shell/expand/brace.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"

enum {
	WORDS_MAX = 1 << 22, /* of one word: more than a command line takes */
	DEPTH_MAX = 200,     /* of braces in braces, and of braces one after the other */
};

/* A character of unquoted text; or a part that is anything else. */
struct atom {
	char c;
	const struct ast_part *part; /* NULL: the character */
};

struct run {
	const struct atom *v;
	size_t n;
};

/* What was made so far of the word that is being made. */
struct made {
	struct atom *v;
	size_t n, cap;
};

struct expansion {
	struct shell *sh;
	struct ast_word *first, **tail;
	struct made made;
	size_t words;
	bool failed;
	bool assignment; /* of the word */
};

/* What comes behind the braces that are being expanded, from the innermost outwards. */
struct rest {
	struct run run;
	const struct rest *next;
};

static void expand(struct expansion *x, struct run r, const struct rest *rest, int depth);

static void fail(struct expansion *x, int max, const char *of_what)
{
	if (!x->failed)
		sh_abort(x->sh, 2, "brace expansion: more than %d %s", max, of_what);
	x->failed = true;
}

static bool is(const struct run *r, size_t i, char c)
{
	return i < r->n && r->v[i].part == NULL && r->v[i].c == c;
}

static void put(struct made *m, const struct run *r)
{
	if (m->n + r->n > m->cap) {
		m->cap = 2 * (m->n + r->n) + 16;
		m->v = xreallocarray(m->v, m->cap, sizeof(*m->v));
	}
	if (r->n != 0)
		memcpy(m->v + m->n, r->v, r->n * sizeof(*r->v));
	m->n += r->n;
}

/* ---- words from atoms, and back ---- */

/* The run of characters from *i on, as a part. */
static struct ast_part *literal(struct shell *sh, const struct made *m, size_t *i)
{
	struct ast_part *p = arena_zalloc(sh->arena, sizeof(*p));
	size_t start = *i;
	char *text;

	while (*i < m->n && m->v[*i].part == NULL)
		++*i;
	text = arena_alloc(sh->arena, *i - start + 1);
	for (size_t k = start; k < *i; k++)
		text[k - start] = m->v[k].c;
	text[*i - start] = '\0';
	p->text = text;
	p->len = *i - start;
	return p;
}

/* Makes an unquoted `~name` at the beginning what it is elsewhere (XCU 2.6.1). */
static void find_tilde(struct shell *sh, struct ast_word *w)
{
	struct ast_part *p = w->parts, *t;
	size_t n;

	if (p->kind != AST_LIT || p->quoted || p->text[0] != '~')
		return;
	n = strcspn(p->text, "/");
	if (n == p->len && p->next != NULL)
		return;
	t = arena_zalloc(sh->arena, sizeof(*t));
	t->kind = AST_TILDE;
	t->tilde = arena_strndup(sh->arena, p->text + 1, n - 1);
	t->next = n < p->len ? p : NULL;
	p->text += n;
	p->len -= n;
	w->parts = t;
}

static void emit(struct expansion *x)
{
	struct ast_word *w = arena_zalloc(x->sh->arena, sizeof(*w));
	struct ast_part **tail = &w->parts;

	if (++x->words > WORDS_MAX) {
		fail(x, WORDS_MAX, "words");
		return;
	}
	for (size_t i = 0; i < x->made.n;) {
		if (x->made.v[i].part == NULL) {
			*tail = literal(x->sh, &x->made, &i);
		} else {
			*tail = arena_alloc(x->sh->arena, sizeof(**tail));
			**tail = *x->made.v[i++].part;
			(*tail)->next = NULL;
		}
		tail = &(*tail)->next;
	}
	if (w->parts == NULL) /* {,a}: an empty word is none */
		return;
	find_tilde(x->sh, w);
	w->assignment = x->assignment;
	if (w->parts->next == NULL && w->parts->kind == AST_LIT && !w->parts->quoted &&
	    w->parts->text[strcspn(w->parts->text, "*?[")] == '\0')
		w->plain = w->parts->text;
	*x->tail = w;
	x->tail = &w->next;
}

/* ---- {first..last..step} ---- */

struct sequence {
	long long first, last, step;
	int width; /* of numbers with zeros in front */
	bool letters;
};

/* A number, from *i on. */
static bool read_number(const char *s, size_t *i, long long *ret, int *width)
{
	char *end;
	const char *digits = s + *i + (s[*i] == '-' || s[*i] == '+');

	errno = 0;
	*ret = strtoll(s + *i, &end, 10);
	if (end == s + *i || errno != 0 || digits[0] < '0' || digits[0] > '9')
		return false;
	if (digits[0] == '0' && end - digits > 1 && end - (s + *i) > *width)
		*width = (int)(end - (s + *i));
	*i = (size_t)(end - s);
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool read_sequence(const char *s, struct sequence *ret)
{
	size_t i = 0;
	int unused = 0;

	*ret = (struct sequence){ .step = 1 };
	if (is_letter(s[0]) && s[1] == '.' && s[2] == '.' && is_letter(s[3])) {
		ret->letters = true;
		ret->first = s[0];
		ret->last = s[3];
		i = 4;
	} else {
		if (!read_number(s, &i, &ret->first, &ret->width) || strncmp(s + i, "..", 2) != 0)
			return false;
		i += 2;
		if (!read_number(s, &i, &ret->last, &ret->width))
			return false;
	}
	if (strncmp(s + i, "..", 2) == 0) {
		i += 2;
		if (!read_number(s, &i, &ret->step, &unused) || ret->step < -INT32_MAX || ret->step > INT32_MAX)
			return false;
	}
	return s[i] == '\0';
}

/* What is between the braces, if it is a sequence. */
static bool as_sequence(const struct run *r, struct sequence *ret)
{
	char text[80];

	if (r->n >= sizeof(text))
		return false;
	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].part != NULL)
			return false;
		text[i] = r->v[i].c;
	}
	text[r->n] = '\0';
	return read_sequence(text, ret);
}

static void expand_sequence(struct expansion *x, const struct sequence *q, const struct rest *rest, int depth)
{
	unsigned long long step = (unsigned long long)(q->step < 0 ? -q->step : q->step);
	bool down = q->first > q->last;
	unsigned long long left = down ? (unsigned long long)q->first - (unsigned long long)q->last :
					 (unsigned long long)q->last - (unsigned long long)q->first;
	size_t kept = x->made.n;
	long long v = q->first;

	step = step == 0 ? 1 : step;
	for (;;) {
		char text[80];
		struct atom atoms[sizeof(text)];
		int n = q->letters ? snprintf(text, sizeof(text), "%c", (int)v) :
				     snprintf(text, sizeof(text), "%0*lld", q->width, v);

		for (int i = 0; i < n; i++)
			atoms[i] = (struct atom){ .c = text[i] };
		expand(x, (struct run){ atoms, (size_t)n }, rest, depth + 1);
		x->made.n = kept;
		if (x->failed || left < step)
			return;
		left -= step;
		v = down ? v - (long long)step : v + (long long)step;
	}
}

/* ---- {a,b} ---- */

/* The brace that closes the one at `open`; 0: there is none. *ret_commas: of this level. */
static size_t closing(const struct run *r, size_t open, size_t *ret_commas)
{
	int depth = 0;

	*ret_commas = 0;
	for (size_t i = open; i < r->n; i++) {
		depth += is(r, i, '{');
		if (is(r, i, '}') && --depth == 0)
			return i;
		*ret_commas += depth == 1 && is(r, i, ',');
	}
	return 0;
}

static void expand_list(struct expansion *x, struct run in, const struct rest *rest, int depth)
{
	size_t kept = x->made.n, start = 0;
	int inner = 0;

	for (size_t i = 0; i <= in.n && !x->failed; i++) {
		inner += (is(&in, i, '{') ? 1 : 0) - (is(&in, i, '}') ? 1 : 0);
		if (i < in.n && (inner != 0 || !is(&in, i, ',')))
			continue;
		expand(x, (struct run){ in.v + start, i - start }, rest, depth + 1);
		x->made.n = kept;
		start = i + 1;
	}
}

/* Appends r and then `rest`, with their braces expanded, to what was made. */
static void expand(struct expansion *x, struct run r, const struct rest *rest, int depth)
{
	size_t kept = x->made.n, commas, close;
	struct sequence q;

	for (size_t i = 0; i < r.n; i++) {
		struct run in, before = { r.v, i };
		struct rest more = { .next = rest };

		if (!is(&r, i, '{') || (close = closing(&r, i, &commas)) == 0)
			continue;
		in = (struct run){ r.v + i + 1, close - i - 1 };
		if (commas == 0 && !as_sequence(&in, &q))
			continue;
		if (depth >= DEPTH_MAX) {
			fail(x, DEPTH_MAX, "braces in, or behind, each other");
			return;
		}
		put(&x->made, &before);
		more.run = (struct run){ r.v + close + 1, r.n - close - 1 };
		if (commas != 0)
			expand_list(x, in, &more, depth);
		else
			expand_sequence(x, &q, &more, depth);
		x->made.n = kept;
		return;
	}
	put(&x->made, &r);
	if (rest != NULL)
		expand(x, rest->run, rest->next, depth);
	else
		emit(x);
	x->made.n = kept;
}

struct ast_word *brace_expand(struct shell *sh, const struct ast_word *w)
{
	struct expansion x = { .sh = sh, .tail = &x.first, .assignment = w->assignment };
	struct made all = { 0 };

	if (w->parts == NULL)
		for (const char *s = w->plain; *s != '\0'; s++)
			put(&all, &(struct run){ &(struct atom){ .c = *s }, 1 });
	for (const struct ast_part *p = w->parts; p != NULL; p = p->next) {
		if (p->kind != AST_LIT || p->quoted)
			put(&all, &(struct run){ &(struct atom){ .part = p }, 1 });
		else
			for (size_t i = 0; i < p->len; i++)
				put(&all, &(struct run){ &(struct atom){ .c = p->text[i] }, 1 });
	}
	expand(&x, (struct run){ all.v, all.n }, NULL, 0);
	free(all.v);
	free(x.made.v);
	return x.failed ? NULL : x.first;
}
