#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "shell/expand/var.h"
#include "shell/interact/edit_keys.h"
#include "shell/interact/hook.h"
#include "shell/parser/strbuf.h"

/* The line on the terminal: screen.h knows how, here is when, and what the editor has to show. */

/*
 * What a program that was killed may have left on: keypad, insert mode, mouse, other characters, attributes, a hidden cursor;
 * the scroll region is screen_begin()'s. And pastes come between marks, so that nothing in them is taken for a key.
 */
static const char at_begin[] = "\033[?1l\033>\033[4l\033[?25h\033[?7h\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033(B\017\033[m\033[?2004h";
#define END_OF_PASTES "\033[?2004l"

static void flush(struct edit *e, struct strbuf *out)
{
	fwrite(strbuf_str(out), 1, out->len, e->out);
	fflush(e->out);
	strbuf_release(out);
}

static bool terminal_size(const struct edit *e, int *rows, int *cols)
{
	struct winsize ws;

	if (ioctl(fileno(e->in), TIOCGWINSZ, &ws) < 0 || ws.ws_col == 0)
		return false;
	*rows = ws.ws_row != 0 ? ws.ws_row : 24;
	*cols = ws.ws_col;
	return true;
}

static void show(struct edit *e, bool last, struct strbuf *out)
{
	const LineInfoW *li = el_wline(e->el);
	size_t len = (size_t)(li->lastchar - li->buffer);
	unsigned char *styles = edit_styles(e, li->buffer, len);
	struct screen_view v = {
		.prompt = e->prompt, .right = last ? NULL : e->right, .text = li->buffer, .len = len, .styles = styles,
		.cursor = last ? len : (size_t)(li->cursor - li->buffer), .hint = last ? NULL : e->hint, .below = last ? NULL : e->below,
		.plain = var_text(e->sh, "NO_COLOR") != NULL, .below_from = e->below_from, .below_to = e->below_to,
	};

	if (last && len != 0 && li->buffer[len - 1] == L'\n') /* what Enter put there */
		v.cursor = --v.len;

	screen_draw(e->screen, &v, out);
	free(styles);
	e->shown = true;
}

void edit_draw(struct edit *e)
{
	struct strbuf out = { 0 };

	show(e, false, &out);
	flush(e, &out);
}

void edit_leave_with(struct edit *e, const char *behind)
{
	struct strbuf out = { 0 };

	if (e->shown) {
		show(e, true, &out);
		strbuf_adds(&out, behind);
		screen_leave(e->screen, &out);
		strbuf_addc(&out, '\n'); /* the terminal's driver makes CR LF of it */
	}
	e->shown = false;
	flush(e, &out);
}

void edit_leave(struct edit *e)
{
	edit_leave_with(e, "");
}

void edit_take_away(struct edit *e)
{
	struct strbuf out = { 0 };

	if (e->shown)
		screen_erase(e->screen, &out);
	e->shown = false;
	flush(e, &out);
}

void edit_beep(struct edit *e)
{
	locale_t was = edit_shell_locale(e);
	bool done = hook_beep(e->sh);

	edit_own_locale(e, was);
	if (!done)
		putc('\a', e->out);
	fflush(e->out);
}

void edit_clear(struct edit *e)
{
	struct strbuf out = { 0 };

	edit_take_away(e);
	strbuf_adds(&out, "\033[?6l\033[H\033[2J"); /* where the cursor goes anyway, origin mode ends for good */
	flush(e, &out);
}

void edit_begin(struct edit *e)
{
	struct strbuf out = { 0 };
	int rows, cols;

	if (terminal_size(e, &rows, &cols))
		screen_set_size(e->screen, rows, cols);
	strbuf_adds(&out, at_begin);
	screen_begin(e->screen, e->fresh, &out);
	e->shown = true;
	flush(e, &out);
}

void edit_resized(struct edit *e)
{
	struct strbuf out = { 0 };
	int rows = 24, cols = 80, col, plain;
	bool reflowed = false;

	if (!terminal_size(e, &rows, &cols))
		return;
	if (e->shown && screen_resize_matters(e->screen, cols)) {
		int other = screen_resize_column(e->screen, cols, &plain);

		reflowed = edit_ask_column(e, &col) && col == other && col != plain;
	}
	screen_resize(e->screen, rows, cols, reflowed, &out);
	flush(e, &out);
}

void edit_end_pastes(struct edit *e)
{
	fputs(END_OF_PASTES, e->out);
	fflush(e->out);
}
