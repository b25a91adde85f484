#include <config.h>

#include <stdlib.h>

#include "shell/interact/edit_keys.h"

/* What changes places in the line, or looks for one: words and characters. */

extern int el_cursor(EditLine *, int); /* exported, but not in <histedit.h> */

/* The word that the cursor is in, or before, or at the line's end the last, and the one before it change places. */
static unsigned char transpose_words(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el), at = l;
	size_t begin1, end1, begin2, end2;
	wchar_t *w;

	(void)ch;
	at.at = edit_word_end(&at);
	begin2 = at.at = edit_word_begin(&at, false);
	end2 = edit_word_end(&at);
	begin1 = at.at = edit_word_begin(&at, false);
	end1 = edit_word_end(&at);
	if (begin1 == begin2 || end1 > begin2 || begin2 == end2)
		return CC_ERROR;
	w = edit_copy_text(l.s, l.len);
	wmemcpy(w + begin1, l.s + begin2, end2 - begin2);
	wmemcpy(w + begin1 + (end2 - begin2), l.s + end1, begin2 - end1);
	wmemcpy(w + end2 - (end1 - begin1), l.s + begin1, end1 - begin1);
	edit_replace(edit_self(el), w, end2);
	free(w);
	return CC_REFRESH;
}

/* The character that comes next is looked for; false: the editor is left. */
static bool ask_character(struct edit *e, wchar_t *ret)
{
	bool was = e->busy, r;

	e->busy = true; /* half of a key is no time to leave */
	r = edit_key(e, ret);
	e->busy = was;
	return r;
}

static unsigned char search_character(EditLine *el, int step)
{
	struct edit_line l;
	wchar_t w;

	if (!ask_character(edit_self(el), &w))
		return CC_EOF;
	l = edit_line(el);
	for (size_t at = l.at + (size_t)step; at < l.len; at += (size_t)step) /* before the first one it is beyond them all */
		if (l.s[at] == w) {
			el_cursor(el, (int)at - (int)l.at);
			return CC_CURSOR;
		}
	return CC_ERROR;
}

static unsigned char to_character(EditLine *el, wint_t ch)
{
	(void)ch;
	return search_character(el, 1);
}

static unsigned char back_to_character(EditLine *el, wint_t ch)
{
	(void)ch;
	return search_character(el, -1);
}

/* A comment, for the history only. */
static unsigned char insert_comment(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	(void)ch;
	el_cursor(el, -(int)l.at);
	el_winsertstr(el, L"#");
	edit_type(edit_self(el), L'\r');
	return CC_REFRESH;
}

const struct edit_command edit_word_commands[] = {
	{ L"mish-transpose-words", transpose_words }, { L"mish-to-character", to_character },
	{ L"mish-back-to-character", back_to_character }, { L"mish-insert-comment", insert_comment }, { NULL, NULL },
};
