#include <config.h>

#include <stdlib.h>
#include <wctype.h>

#include "shell/interact/edit_keys.h"

/* What vi's other mode has, and libedit has not: text objects, counts of insertions, completion; and what nobody has here. */

extern int el_cursor(EditLine *, int); /* exported, but not in <histedit.h> */

enum { REPEATED_MAX = 1 << 16 }; /* characters that a count may insert */

struct range {
	size_t from, to;
};

/* A key that belongs to the one before; false: the editor is left, or the person gives up. */
static bool ask(struct edit *e, wchar_t *ret)
{
	bool was = e->busy, r;

	e->busy = true; /* half of a key is no time to leave */
	r = edit_key(e, ret);
	e->busy = was;
	return r && *ret != L'\033';
}

/* ---- text objects ---- */

static int class_of(wchar_t w, bool big)
{
	return iswspace((wint_t)w) ? 0 : big || iswalnum((wint_t)w) || w == L'_' || edit_combines(w) ? 1 : 2;
}

/* iw, aw, iW, aW */
static bool word_at(const struct edit_line *l, bool big, bool around, struct range *ret)
{
	size_t from = l->at, to = l->at;
	int class;

	if (l->at >= l->len)
		return false;
	class = class_of(l->s[l->at], big);
	while (from != 0 && class_of(l->s[from - 1], big) == class)
		from--;
	while (to < l->len && class_of(l->s[to], big) == class)
		to++;
	if (around && to < l->len && iswspace((wint_t)l->s[to]))
		while (to < l->len && iswspace((wint_t)l->s[to]))
			to++;
	else if (around)
		while (from != 0 && iswspace((wint_t)l->s[from - 1]))
			from--;
	*ret = (struct range){ from, to };
	return true;
}

/* i" and its like: the quotes that the cursor is in, or the next ones. */
static bool quotes_at(const struct edit_line *l, wchar_t quote, struct range *ret)
{
	size_t open = 0;
	bool in = false;

	for (size_t i = 0; i < l->len; i++) {
		if (l->s[i] == L'\\' && quote != L'\'') {
			i++;
		} else if (l->s[i] == quote) {
			if (in && i >= l->at) {
				*ret = (struct range){ open, i + 1 };
				return true;
			}
			in = !in;
			open = i;
		}
	}
	return false;
}

/* i( and its like: the brackets that the cursor is in, or on. */
static bool brackets_at(const struct edit_line *l, wchar_t open, wchar_t close, struct range *ret)
{
	size_t from = l->at, to, depth = 0;

	for (;; from--) {
		if (from < l->len && l->s[from] == close && from != l->at)
			depth++;
		else if (from < l->len && l->s[from] == open && depth-- == 0)
			break;
		if (from == 0)
			return false;
	}
	depth = 0;
	for (to = from + 1; to < l->len; to++) {
		if (l->s[to] == open)
			depth++;
		else if (l->s[to] == close && depth-- == 0)
			break;
	}
	*ret = (struct range){ from, to + 1 };
	return to < l->len;
}

static bool find_object(const struct edit_line *l, wchar_t name, bool around, struct range *ret)
{
	static const wchar_t brackets[] = L"()b{}B[]r<>a"; /* three names each */
	const wchar_t *at = wcschr(brackets, name);
	bool found;

	if (name == L'\0')
		return false;
	if (name == L'w' || name == L'W')
		return word_at(l, name == L'W', around, ret);
	if (at == NULL && wcschr(L"\"'`", name) == NULL)
		return false;
	at = at != NULL ? brackets + (at - brackets) / 3 * 3 : NULL;
	found = at != NULL ? brackets_at(l, at[0], at[1], ret) : quotes_at(l, name, ret);
	if (found && !around) {
		ret->from++;
		ret->to--;
	}
	return found;
}

/* The rest is libedit's: it deletes, or keeps, so many characters. */
static void type_operation(struct edit *e, wchar_t operator, size_t n)
{
	wchar_t count[24];

	if (n == 0) {
		if (operator == L'c')
			edit_type(e, L'i');
		return;
	}
	swprintf(count, sizeof(count) / sizeof(count[0]), L"%zu", n);
	edit_type(e, operator);
	for (const wchar_t *w = count; *w != L'\0'; w++)
		edit_type(e, *w);
	edit_type(e, L'l');
}

static unsigned char object(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);
	struct range r;
	wchar_t name;

	(void)ch;
	e->commanding = true;
	if (!ask(e, &name) || !find_object(&l, name, e->around, &r))
		return CC_REFRESH_BEEP;
	el_cursor(el, (int)r.from - (int)l.at);
	type_operation(e, e->object_operator, r.to - r.from);
	return CC_CURSOR;
}

/* ---- completion (XCU sh, "Command Line Editing": \, = and *) ---- */

/* Behind the word that the cursor is in; returns how far that is. */
static int to_word_end(EditLine *el)
{
	struct edit_line l = edit_line(el);
	size_t to = l.at;

	while (to < l.len && !iswspace((wint_t)l.s[to]))
		to++;
	el_cursor(el, (int)(to - l.at));
	return (int)(to - l.at);
}

static unsigned char complete(EditLine *el, wint_t ch)
{
	struct edit_line l;
	unsigned char r;

	to_word_end(el);
	r = ch == L'*' ? edit_insert_all(el, ch) : edit_complete(el, ch);
	l = edit_line(el);
	edit_type(edit_self(el), l.at == l.len ? L'a' : L'i'); /* from the end libedit takes the cursor back by one, here */
	return r;
}

static unsigned char list(EditLine *el, wint_t ch)
{
	int far = to_word_end(el);
	unsigned char r = edit_list(el, ch);

	el_cursor(el, -far);
	return r;
}

/* ---- what is not there: the keys that belong to it are no text either ---- */

static unsigned char missing(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	wchar_t w = (wchar_t)ch;
	bool more = true;

	if (w == L'"') /* a register, and what is done with it */
		more = ask(e, &w) && ask(e, &w);
	else if (w == L'g' || w == L'z')
		more = ask(e, &w) && wcschr(L"uU~?qw", w) != NULL;
	else if (wcschr(L"<>!", w) == NULL)
		more = ask(e, &w) && false;
	while (more && w >= L'1' && w <= L'9')
		more = ask(e, &w);
	if (more && (wcschr(L"<>!", (wchar_t)ch) != NULL || ch == L'g' || wcschr(L"dcy<>!", w) != NULL)) /* and up to where */
		for (more = ask(e, &w); more && w >= L'0' && w <= L'9'; more = ask(e, &w))
			;
	else
		more = false;
	if (more && wcschr(L"fFtTia'`g[]", w) != NULL)
		(void)ask(e, &w);
	e->operator = 0;
	e->commanding = true;
	return CC_REFRESH_BEEP;
}

const struct edit_command edit_vi_commands[] = {
	{ L"mish-vi-object", object }, { L"mish-vi-complete", complete }, { L"mish-vi-list", list }, { L"mish-vi-missing", missing }, { NULL, NULL },
};

/* ---- before libedit gets a key ---- */

/* The text that was typed behind 5i, four times more. */
static void repeat(struct edit *e)
{
	struct edit_line l = edit_line(e->el);
	size_t n = e->repeat_begun && l.at > e->repeat_from ? l.at - e->repeat_from : 0;
	wchar_t *text = edit_copy_text(l.s + (l.at - n), n);

	for (size_t i = 1; n != 0 && i < e->repeat && i * n < REPEATED_MAX; i++)
		(void)el_winsertstr(e->el, text);
	free(text);
}

wchar_t edit_vi_key(struct edit *e, wchar_t w)
{
	if (w == L'\033' && e->repeat != 0 && !e->commanding)
		repeat(e);
	if (w == L'\033' || w == L'\r' || w == L'\n')
		e->repeat = 0;
	if (!e->commanding)
		return w;
	if ((w == L'i' || w == L'a') && e->operator != 0 && wcschr(L"dcy", e->operator) != NULL) {
		e->object_operator = e->operator;
		e->around = w == L'a';
		e->operator = 0;
		return EDIT_VI_OBJECT;
	}
	if (w >= (e->count != 0 ? L'0' : L'1') && w <= L'9' && e->operator == 0) {
		e->count = e->count < REPEATED_MAX ? e->count * 10 + (size_t)(w - L'0') : e->count;
		return w;
	}
	if (w != L'\0' && wcschr(L"iIaA", w) != NULL && e->operator == 0) {
		e->repeat = e->count > 1 ? e->count : 0;
		e->repeat_begun = false;
	}
	e->count = 0;
	return w;
}

void edit_vi_note(struct edit *e)
{
	if (e->repeat == 0 || e->repeat_begun)
		return;
	e->repeat_begun = true;
	e->repeat_from = edit_line(e->el).at;
}
