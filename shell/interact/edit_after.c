#include <config.h>

#include <stdlib.h>

#include "shell/exec/hist.h"
#include "shell/interact/edit_keys.h"

/* What the line after the one that is entered next begins with: one that was put aside, the same one, the history's next. */

/* Takes the text; `entry`: of the history, + 1, or 0. */
static void set_after(struct edit *e, wchar_t *text, size_t entry)
{
	edit_after_free(e);
	e->after = text;
	e->after_entry = entry;
}

/* True, with a bell for those who call: there is one already, or the rest of a command is with the parser. */
static bool is_taken(const struct edit *e)
{
	return e->after != NULL || !e->fresh;
}

static unsigned char push_line(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);

	(void)ch;
	if (is_taken(e))
		return CC_REFRESH_BEEP;
	set_after(e, edit_copy_text(l.s, l.len), 0);
	edit_replace(e, L"", 0);
	return CC_REFRESH;
}

static unsigned char accept_and_hold(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);

	(void)ch;
	if (is_taken(e))
		return CC_REFRESH_BEEP;
	set_after(e, edit_copy_text(l.s, l.len), 0);
	edit_type(e, L'\r');
	return CC_NORM;
}

static unsigned char accept_and_next(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	const struct hist_entry *h = e->hist_pos < hist_count(e->sh->hist) ? hist_at(e->sh->hist, e->hist_pos) : NULL;

	(void)ch;
	if (is_taken(e))
		return CC_REFRESH_BEEP;
	if (h != NULL) /* else there is none behind it */
		set_after(e, edit_text_decode(h->text, edit_entry_length(h->text), NULL), e->hist_pos + 1);
	edit_type(e, L'\r');
	return CC_NORM;
}

const struct edit_command edit_after_commands[] = {
	{ L"mish-push-line", push_line }, { L"mish-accept-hold", accept_and_hold }, { L"mish-accept-next", accept_and_next }, { NULL, NULL },
};
