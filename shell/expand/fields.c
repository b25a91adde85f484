#include <config.h>

#include "shell/expand/fields.h"

#include <stdlib.h>
#include <string.h>

#include "shell/expand/glob.h"
#include "shell/expand/locale.h"
#include "shell/expand/pattern.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/chclass.h"
#include "shell/parser/strbuf.h"

void xword_init(struct xword *x)
{
	x->s = x->room;
	x->attr = x->attr_room;
	x->len = 0;
	x->cap = XWORD_ROOM;
	x->all_plain = true;
}

/* Makes room for more bytes; a word that gets too long for the struct goes to the heap. */
static void reserve(struct xword *x, size_t more)
{
	bool own = x->s != x->room;
	size_t cap = x->cap;

	if (more <= cap - x->len)
		return;
	while (cap - x->len < more)
		cap *= 2;
	x->s = xreallocarray(own ? x->s : NULL, cap, 1);
	x->attr = xreallocarray(own ? x->attr : NULL, cap, 1);
	if (!own) {
		memcpy(x->s, x->room, x->len);
		memcpy(x->attr, x->attr_room, x->len);
	}
	x->cap = cap;
}

void xword_add(struct xword *x, const char *s, size_t len, enum fields_attr attr)
{
	if (len == 0)
		return;
	reserve(x, len);
	memcpy(x->s + x->len, s, len);
	memset(x->attr + x->len, (int)attr, len);
	x->len += len;
	if (attr > ATTR_QUOTED)
		x->all_plain = false;
}

void xword_mark(struct xword *x, enum fields_attr attr)
{
	reserve(x, 1);
	x->s[x->len] = '\0';
	x->attr[x->len++] = (unsigned char)attr;
	x->all_plain = false;
}

void xword_release(struct xword *x)
{
	if (x->s != x->room) {
		free(x->s);
		free(x->attr);
	}
}

void fields_add(struct shell *sh, struct fields *f, char *s)
{
	if (f->n + 1 >= f->cap) {
		size_t cap = f->cap != 0 ? f->cap * 2 : 16;
		char **v = arena_alloc(sh->arena, cap * sizeof(*v));

		if (f->n != 0)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n++] = s;
	f->v[f->n] = NULL;
}

char *fields_join(struct shell *sh, const struct xword *x, const char *sep, size_t sep_len, size_t *ret_len)
{
	char *out = arena_alloc(sh->arena, x->len * (x->all_plain || sep_len == 0 ? 1 : sep_len) + 1);
	size_t n = 0;

	if (x->all_plain && x->len != 0) {
		memcpy(out, x->s, x->len);
		n = x->len;
	} else {
		for (size_t i = 0; i < x->len; i++) {
			if (x->attr[i] < ATTR_BREAK) {
				out[n++] = x->s[i];
			} else if (x->attr[i] == ATTR_BREAK) {
				memcpy(out + n, sep, sep_len);
				n += sep_len;
			}
		}
	}
	out[n] = '\0';
	if (ret_len != NULL)
		*ret_len = n;
	return out;
}

/*
 * The range [from, to) as a pattern; those of `special` that are quoted are escaped. `plain_groups`: @(…) and its like
 * are no groups.
 */
static char *escape(struct shell *sh, const struct xword *x, size_t from, size_t to, const char *special,
		    bool plain_groups)
{
	char *out = arena_alloc(sh->arena, 2 * (to - from) + 1);
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		if (x->attr[i] >= ATTR_BREAK) {
			if (x->attr[i] == ATTR_BREAK)
				out[n++] = ' ';
			continue;
		}
		if ((x->attr[i] == ATTR_QUOTED && strchr(special, x->s[i]) != NULL && x->s[i] != '\0') ||
		    (x->s[i] == '(' && plain_groups && i != from && strchr("?*+@!", x->s[i - 1]) != NULL))
			out[n++] = '\\';
		out[n++] = x->s[i];
	}
	out[n] = '\0';
	return out;
}

static char *as_pattern(struct shell *sh, const struct xword *x, size_t from, size_t to)
{
	return escape(sh, x, from, to, "*?[]\\-!^()|+@", !opt(sh, OPT_EXTGLOB));
}

/* Where in a bracket expression (XBD 9.3.5) a regular expression is: its characters come one by one. */
struct bracket {
	bool open;
	char class;  /* of [: :], [. .] or [= =], while in one */
	char before; /* the character before; '\0' at the beginning */
};

static void bracket_step(struct bracket *b, char c, char next)
{
	if (!b->open) {
		b->open = c == '[' && b->before != '\\';
		b->before = b->open || (c == '\\' && b->before == '\\') ? '\0' : c;
		return;
	}
	if (b->class != '\0') {
		if (c == ']' && b->before == b->class)
			b->class = '\0';
	} else if (c == ']' && b->before != '\0') {
		b->open = false;
	} else if (c == '[' && next != '\0' && strchr(":.=", next) != NULL) {
		b->class = next;
		c = '['; /* and no end, if that is next */
	} else if (c == '^' && b->before == '\0') {
		return; /* a `]' may still come first */
	}
	b->before = b->open ? c : '\0';
}

/* In brackets a backslash is one: what was quoted stands there as it is, as in bash. */
char *fields_regex(struct shell *sh, const struct xword *x)
{
	char *out = arena_alloc(sh->arena, 2 * x->len + 1);
	struct bracket b = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < x->len; i++) {
		char c = x->attr[i] == ATTR_BREAK ? ' ' : x->s[i];

		if (x->attr[i] > ATTR_BREAK)
			continue;
		if (x->attr[i] == ATTR_QUOTED && !b.open && c != '\0' && strchr(".[]{}()*+?^$|\\", c) != NULL) {
			out[n++] = '\\';
			b.before = '\0';
		} else {
			bracket_step(&b, c, i + 1 < x->len ? x->s[i + 1] : '\0');
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return out;
}

char *fields_pattern(struct shell *sh, const struct xword *x)
{
	return as_pattern(sh, x, 0, x->len);
}

/* With failglob the command is not run; expand_words() sees it by this. */
static void fail(struct shell *sh, const char *pattern)
{
	sh_discard(sh, "no match: %s", pattern);
}

/* No file matches: with failglob that is an error, with nullglob the field is gone. False: it is itself. */
static bool no_match(struct shell *sh, const struct xword *x, size_t from, size_t to)
{
	const char *pattern;

	if (!opt(sh, OPT_NULLGLOB) && !opt(sh, OPT_FAILGLOB))
		return false;
	pattern = as_pattern(sh, x, from, to);
	if (!pattern_is_active(pattern))
		return false;
	if (opt(sh, OPT_FAILGLOB))
		fail(sh, pattern);
	return true;
}

/* One finished field: pathname expansion if it has an active pattern character. */
static void field_done(struct shell *sh, const struct xword *x, size_t from, size_t to,
		       struct fields *ret)
{
	bool active = false;
	char *s;
	size_t n = 0;

	if (!opt(sh, OPT_NOGLOB))
		for (size_t i = from; i < to && !active; i++)
			active = (x->attr[i] == ATTR_LIT || x->attr[i] == ATTR_EXP) &&
				 (x->s[i] == '*' || x->s[i] == '?' || x->s[i] == '[' || x->s[i] == '(');
	if (active && (glob_expand(sh, as_pattern(sh, x, from, to), ret) || no_match(sh, x, from, to)))
		return;
	s = arena_alloc(sh->arena, to - from + 1);
	for (size_t i = from; i < to; i++)
		if (x->attr[i] < ATTR_BREAK)
			s[n++] = x->s[i];
	s[n] = '\0';
	fields_add(sh, ret, s);
}

static bool is_ifs_space(const char *ifs, char c)
{
	return ch_is(c, CH_WHITE) && strchr(ifs, c) != NULL;
}

void fields_split(struct shell *sh, const struct xword *x, struct fields *ret)
{
	const char *ifs = var_text(sh, "IFS");
	bool have = false, space_ended = false;
	size_t start = 0;

	if (x->all_plain) {
		if (x->len != 0)
			field_done(sh, x, 0, x->len, ret);
		return;
	}
	if (ifs == NULL)
		ifs = " \t\n";
	for (size_t i = 0, n; i < x->len; i += n) {
		char c = x->s[i];

		n = x->attr[i] < ATTR_BREAK ? locale_char(x->s + i, x->len - i) : 1;
		if (x->attr[i] == ATTR_BREAK) {
			if (have)
				field_done(sh, x, start, i, ret);
			have = space_ended = false;
			start = i + 1;
		} else if (x->attr[i] != ATTR_EXP || c == '\0' || !locale_has_char(ifs, x->s + i, n)) {
			if (!have)
				start = i;
			have = true;
			space_ended = false;
		} else if (is_ifs_space(ifs, c)) {
			if (have) {
				field_done(sh, x, start, i, ret);
				space_ended = true;
			}
			have = false;
		} else { /* another IFS character delimits a field, even an empty one */
			if (have || !space_ended)
				field_done(sh, x, have ? start : i, i, ret);
			start = i + n;
			have = space_ended = false;
		}
	}
	if (have)
		field_done(sh, x, start, x->len, ret);
}
