#include <config.h>

#include <wctype.h>

#include "shell/interact/edit_keys.h"
#include "shell/parser/strbuf.h"

/* The line as libedit has it. */

extern int el_cursor(EditLine *, int); /* exported, but not in <histedit.h> */

struct edit *edit_self(EditLine *el)
{
	struct edit *e = NULL;

	el_wget(el, EL_CLIENTDATA, &e);
	return e;
}

/* Its `$' in vi's other mode leaves the cursor before an empty line. */
void edit_line_mend(EditLine *el)
{
	const LineInfoW *li = el_wline(el);

	if (li->cursor < li->buffer)
		el_cursor(el, (int)(li->buffer - li->cursor));
}

struct edit_line edit_line(EditLine *el)
{
	const LineInfoW *li = el_wline(el);

	return (struct edit_line){ li->buffer, (size_t)(li->lastchar - li->buffer), (size_t)(li->cursor - li->buffer) };
}

wchar_t *edit_copy_text(const wchar_t *s, size_t n)
{
	wchar_t *w = xreallocarray(NULL, n + 1, sizeof(*w));

	wmemcpy(w, s, n);
	w[n] = L'\0';
	return w;
}

size_t edit_line_end(const struct edit_line *l)
{
	size_t to = l->at;

	while (to < l->len && l->s[to] != L'\n')
		to++;
	return to;
}

size_t edit_line_begin(const struct edit_line *l, size_t at)
{
	while (at != 0 && l->s[at - 1] != L'\n')
		at--;
	return at;
}

bool edit_combines(wchar_t w)
{
	return w > 0x7f && wcwidth(w) == 0;
}

static bool is_letter(wchar_t w)
{
	return iswalnum((wint_t)w) || edit_combines(w);
}

size_t edit_word_end(const struct edit_line *l)
{
	size_t to = l->at;

	while (to < l->len && !is_letter(l->s[to]))
		to++;
	while (to < l->len && is_letter(l->s[to]))
		to++;
	return to;
}

size_t edit_word_begin(const struct edit_line *l, bool by_blanks)
{
	size_t from = l->at;

	while (from != 0 && (by_blanks ? iswspace((wint_t)l->s[from - 1]) : !is_letter(l->s[from - 1])))
		from--;
	while (from != 0 && (by_blanks ? !iswspace((wint_t)l->s[from - 1]) : is_letter(l->s[from - 1])))
		from--;
	return from;
}

void edit_cut(EditLine *el, size_t n)
{
	LineInfoW *li = (LineInfoW *)(uintptr_t)el_wline(el); /* libedit's own, which it only says is constant */
	wchar_t *to = (wchar_t *)(uintptr_t)(li->cursor - n);

	wmemmove(to, li->cursor, (size_t)(li->lastchar - li->cursor));
	li->cursor -= n;
	li->lastchar -= n;
}

void edit_replace(struct edit *e, const wchar_t *text, size_t cursor)
{
	const LineInfoW *li = el_wline(e->el);

	el_cursor(e->el, (int)(li->lastchar - li->cursor));
	edit_cut(e->el, (size_t)(li->lastchar - li->buffer));
	if (*text != L'\0')
		el_winsertstr(e->el, text);
	li = el_wline(e->el);
	el_cursor(e->el, (int)cursor - (int)(li->cursor - li->buffer));
}

locale_t edit_shell_locale(struct edit *e)
{
	(void)e;
	return uselocale(LC_GLOBAL_LOCALE);
}

void edit_own_locale(struct edit *e, locale_t was)
{
	(void)was;
	if (e->locale != (locale_t)0)
		uselocale(e->locale);
}
