#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "shell/interact/edit_keys.h"
#include "shell/parser/strbuf.h"

/* What is taken away and comes back: kill and yank. */

extern int el_cursor(EditLine *, int); /* exported, but not in <histedit.h> */

/* Takes the text: the newest of what can be yanked. */
static void keep_kill(struct edit *e, wchar_t *text)
{
	free(e->kills[KILLS_MAX - 1]);
	memmove(e->kills + 1, e->kills, (KILLS_MAX - 1) * sizeof(e->kills[0]));
	e->kills[0] = text;
}

/* What is taken away between two places; kills one after the other are one, as in Emacs. */
static void kill_range(struct edit *e, size_t from, size_t to, bool backwards)
{
	struct edit_line l = edit_line(e->el);
	wchar_t *now = edit_copy_text(l.s + from, to - from), *both;

	if (from == to) {
		free(now);
		return;
	}
	if (e->last_command == L'k' && e->kills[0] != NULL) {
		both = xreallocarray(NULL, wcslen(e->kills[0]) + (to - from) + 1, sizeof(*both));
		wcscpy(both, backwards ? now : e->kills[0]);
		wcscat(both, backwards ? e->kills[0] : now);
		free(now);
		free(e->kills[0]);
		e->kills[0] = both;
	} else {
		keep_kill(e, now);
	}
	e->this_command = L'k';
	el_cursor(e->el, (int)to - (int)l.at);
	el_deletestr(e->el, (int)(to - from));
}

static unsigned char kill_to_end(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);
	size_t to = edit_line_end(&l);

	(void)ch;
	kill_range(edit_self(el), l.at, to == l.at && to < l.len ? to + 1 : to, false);
	return CC_REFRESH;
}

static unsigned char kill_all(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	(void)ch;
	kill_range(edit_self(el), 0, l.len, true);
	return CC_REFRESH;
}

static unsigned char kill_to_begin(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	(void)ch;
	kill_range(edit_self(el), edit_line_begin(&l, l.at), l.at, true);
	return CC_REFRESH;
}

static unsigned char kill_word(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	(void)ch;
	kill_range(edit_self(el), l.at, edit_word_end(&l), false);
	return CC_REFRESH;
}

static unsigned char kill_word_before(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	(void)ch;
	kill_range(edit_self(el), edit_word_begin(&l, false), l.at, true);
	return CC_REFRESH;
}

/* … as paths have them: a part of one, with the slash behind it. */
static unsigned char kill_path_word(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);
	size_t from = l.at;

	(void)ch;
	while (from != 0 && (iswspace((wint_t)l.s[from - 1]) || l.s[from - 1] == L'/'))
		from--;
	while (from != 0 && !iswspace((wint_t)l.s[from - 1]) && l.s[from - 1] != L'/')
		from--;
	kill_range(edit_self(el), from, l.at, true);
	return CC_REFRESH;
}

static unsigned char yank_one(struct edit *e, size_t which)
{
	struct edit_line l = edit_line(e->el);

	if (e->kills[which] == NULL)
		return CC_REFRESH_BEEP;
	e->yanked_at = l.at;
	e->yanked = wcslen(e->kills[which]);
	e->yanked_which = which;
	e->this_command = L'y';
	return el_winsertstr(e->el, e->kills[which]) == 0 ? CC_REFRESH : CC_REFRESH_BEEP;
}

static unsigned char yank(EditLine *el, wint_t ch)
{
	(void)ch;
	return yank_one(edit_self(el), 0);
}

static unsigned char yank_another(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	size_t next = (e->yanked_which + 1) % KILLS_MAX;

	(void)ch;
	if (e->last_command != L'y')
		return CC_REFRESH_BEEP;
	if (e->kills[next] == NULL)
		next = 0;
	edit_cut(el, e->yanked);
	return yank_one(e, next);
}

/* ---- the region: between the mark and the cursor ---- */

/* Where it begins and ends; false: there is no mark in this line. */
static bool find_region(const struct edit *e, const struct edit_line *l, size_t *ret_from, size_t *ret_to)
{
	size_t mark = e->mark < l->len ? e->mark : l->len;

	if (!e->marked)
		return false;
	*ret_from = mark < l->at ? mark : l->at;
	*ret_to = mark < l->at ? l->at : mark;
	return true;
}

static unsigned char set_mark(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);

	(void)ch;
	e->mark = edit_line(el).at;
	e->marked = true;
	return CC_NORM;
}

static unsigned char exchange_mark(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);
	size_t from, to;

	(void)ch;
	if (!find_region(e, &l, &from, &to))
		return CC_ERROR;
	el_cursor(el, (int)(from == l.at ? to : from) - (int)l.at);
	e->mark = l.at;
	return CC_CURSOR;
}

static unsigned char kill_region(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);
	size_t from, to;

	(void)ch;
	if (!find_region(e, &l, &from, &to))
		return CC_ERROR;
	kill_range(e, from, to, from < l.at);
	e->marked = false;
	return CC_REFRESH;
}

/* ^W is kill-region for tcsh's people, for others the word before; nobody means the word who has just set the mark. */
static unsigned char kill_region_or_word(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);

	if (e->marked)
		return kill_region(el, ch);
	kill_range(e, edit_word_begin(&l, true), l.at, true);
	return CC_REFRESH;
}

static unsigned char copy_region(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);
	size_t from, to;

	(void)ch;
	if (!find_region(e, &l, &from, &to))
		return CC_ERROR;
	if (from != to)
		keep_kill(e, edit_copy_text(l.s + from, to - from));
	e->marked = false;
	return CC_NORM;
}

const struct edit_command edit_kill_commands[] = {
	{ L"mish-kill-end", kill_to_end }, { L"mish-kill-line", kill_all }, { L"mish-kill-word", kill_word },
	{ L"mish-kill-word-before", kill_word_before }, { L"mish-yank", yank }, { L"mish-yank-another", yank_another },
	{ L"mish-kill-begin", kill_to_begin }, { L"mish-kill-path-word", kill_path_word }, { L"mish-kill-region-word", kill_region_or_word }, { L"mish-set-mark", set_mark },
	{ L"mish-exchange-mark", exchange_mark }, { L"mish-kill-region", kill_region }, { L"mish-copy-region", copy_region },
	{ NULL, NULL },
};
