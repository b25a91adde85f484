#include <config.h>

#include "shell/interact/screen.h"
#include "shell/interact/screen_frame.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct screen {
	int height, width;
	struct frame shown;
	size_t top;	/* the first row that is shown */
	size_t existing; /* rows that there are on the terminal; 0: nothing is shown */
	size_t row;	/* where the cursor is, from the first one */
	int col;	/* `width`: behind the last column, before the terminal goes on to the next row */
	int style;
	bool plain; /* no colours */
};

/* ---- on the terminal ---- */

static void set_style(struct screen *s, int style, struct strbuf *out)
{
	static const char *const sgr[] = {
		[STYLE_PLAIN] = "", [STYLE_CONTROL] = "7", [STYLE_HINT] = "90", [STYLE_ERROR] = "31",
		[STYLE_STRING] = "33", [STYLE_MATCH] = "4",
	};

	const char *how = s->plain && style == STYLE_HINT ? "2" : sgr[style]; /* dim: it is not to look like what was typed */

	if (style == s->style)
		return;
	strbuf_addf(out, "\033[0%s%sm", *how != '\0' ? ";" : "", how);
	s->style = style;
}

static void go_column(struct screen *s, int col, struct strbuf *out)
{
	if (col == s->col)
		return;
	if (s->col >= s->width || col == 0 || col < s->col / 2) {
		strbuf_addc(out, '\r');
		s->col = 0;
	}
	if (col < s->col)
		strbuf_addf(out, "\033[%dD", s->col - col);
	else if (col > s->col)
		strbuf_addf(out, "\033[%dC", col - s->col);
	s->col = col;
}

/* Rows from the first one that is shown; those that are not there yet are made. */
static void go(struct screen *s, size_t row, int col, struct strbuf *out)
{
	if (s->col >= s->width && row != s->row)
		go_column(s, 0, out);
	if (row < s->row)
		strbuf_addf(out, "\033[%zuA", s->row - row);
	for (; s->row < row && s->row + 1 < s->existing; s->row++)
		strbuf_adds(out, "\033[B");
	if (row < s->row)
		s->row = row;
	for (; s->row < row; s->row++, s->existing++) {
		strbuf_adds(out, "\r\n");
		s->col = 0;
	}
	go_column(s, col, out);
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->len == b->len && a->style == b->style && memcmp(a->s, b->s, a->len) == 0;
}

static bool same_text(const struct strbuf *a, const struct strbuf *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->s, b->s, a->len) == 0);
}

static void put_cells(struct screen *s, const struct row *r, size_t from, struct strbuf *out)
{
	for (size_t i = from; i < r->n; i++) {
		set_style(s, r->cells[i].style, out);
		strbuf_add(out, r->cells[i].s, r->cells[i].len);
		s->col += r->cells[i].width;
	}
	set_style(s, STYLE_PLAIN, out);
}

/* Goes from the end of a full row to the next one so that the terminal knows that they are one line. */
static void wrap(struct screen *s, struct strbuf *out)
{
	for (; s->col < s->width; s->col++)
		strbuf_addc(out, ' ');
	strbuf_adds(out, " \r");
	s->row++;
	if (s->row + 1 > s->existing)
		s->existing = s->row + 1;
	s->col = 0;
}

/* What is new in a row; `old` NULL: it is empty. */
static void draw_row(struct screen *s, size_t at, const struct row *old, const struct row *r, bool goes_on, struct strbuf *out)
{
	bool lead = old == NULL ? r->lead.len != 0 : !same_text(&old->lead, &r->lead), tail = old != NULL && !same_text(&old->tail, &r->tail);
	int col = r->lead_width;
	size_t i = 0;

	while (!lead && old != NULL && i < r->n && i < old->n && same_cell(&old->cells[i], &r->cells[i]))
		col += r->cells[i++].width;
	if (lead || i < r->n || (old != NULL && old->n > i) || goes_on) {
		if (goes_on)
			wrap(s, out);
		else
			go(s, at, lead ? 0 : col, out);
		if (lead) {
			strbuf_add(out, strbuf_str(&r->lead), r->lead.len);
			s->col = r->lead_width;
		} else if (goes_on) {
			i = 0;
		}
		put_cells(s, r, i, out);
		if (goes_on && !lead) {
			/* behind the text: in the first column it would tell some terminals (tmux) that the row is a line of its own */
			if (s->col < s->width)
				strbuf_adds(out, "\033[K");
			tail = r->tail.len != 0;
		}
	}
	if (s->row == at && s->col == r->width && r->width < s->width && (tail || (old != NULL && old->width > r->width))) {
		strbuf_adds(out, "\033[K");
		tail = r->tail.len != 0;
	} else if (tail && r->width == s->width) { /* it was drawn over */
		tail = false;
	} else if (tail) {
		go(s, at, r->width, out);
		strbuf_adds(out, "\033[K");
		tail = r->tail.len != 0;
	} else if (old == NULL) {
		tail = r->tail.len != 0;
	}
	if (!tail)
		return;
	go(s, at, s->width - 1 - r->tail_width, out);
	strbuf_add(out, r->tail.s, r->tail.len);
	s->col += r->tail_width;
}

/* The first row to be shown: the cursor's is among them. */
static size_t choose_top(const struct screen *s, const struct frame *f)
{
	size_t height = (size_t)s->height, top = s->existing != 0 ? s->top : 0;

	if (f->n <= height)
		return 0;
	if (f->cursor_row < top)
		top = f->cursor_row;
	if (f->cursor_row >= top + height)
		top = f->cursor_row - height + 1;
	return top + height > f->n ? f->n - height : top;
}

static void clear(struct screen *s, struct strbuf *out)
{
	go(s, 0, 0, out);
	strbuf_adds(out, "\033[J");
	frame_release(&s->shown);
	s->existing = 1;
}

static size_t visible(const struct screen *s, const struct frame *f, size_t top)
{
	size_t n = f->n - top;

	return n < (size_t)s->height ? n : (size_t)s->height;
}

void screen_draw(struct screen *s, const struct screen_view *v, struct strbuf *out)
{
	struct frame f = frame_build(v, s->width);
	size_t top = choose_top(s, &f), n = visible(s, &f, top), before;

	s->plain = v->plain;
	if (s->existing == 0) {
		s->existing = 1;
		s->row = 0;
		s->col = 0;
	} else if (top != s->top) {
		clear(s, out);
	}
	before = s->shown.n > top ? visible(s, &s->shown, top) : 0;
	for (size_t i = 0; i < n; i++) {
		const struct row *old = i < before ? &s->shown.rows[top + i] : NULL;
		const struct row *above = i != 0 ? &f.rows[top + i - 1] : NULL;

		draw_row(s, i, old, &f.rows[top + i],
			 old == NULL && above != NULL && above->soft && s->row == i - 1 && s->col == above->width, out);
	}
	if (n < before) {
		go(s, n, 0, out);
		strbuf_adds(out, "\033[J");
	}
	go(s, f.cursor_row - top, f.cursor_col, out);
	frame_release(&s->shown);
	s->shown = f;
	s->top = top;
}

/* ---- before and after ---- */

struct screen *screen_new(void)
{
	struct screen *s = xcalloc(1, sizeof(*s));

	s->height = 24;
	s->width = 80;
	return s;
}

void screen_free(struct screen *s)
{
	if (s == NULL)
		return;
	frame_release(&s->shown);
	free(s);
}

void screen_set_size(struct screen *s, int rows, int cols)
{
	s->height = rows > 0 ? rows : 24;
	s->width = cols > 1 ? cols : 80;
}

static void forget(struct screen *s)
{
	frame_release(&s->shown);
	s->existing = s->row = s->top = 0;
	s->col = 0;
	s->style = STYLE_PLAIN;
}

/*
 * A scroll region and origin mode of a program that was killed. Taking them away moves the cursor, which is kept in the
 * terminal: at the beginning of a row, as many forget a wrap that is to come. Where that brings origin mode back (xterm) it is
 * without a region, and does nothing.
 */
#define NO_REGION "\0337\033[?6l\033[r\0338"

void screen_begin(struct screen *s, bool mark, struct strbuf *out)
{
	forget(s);
	if (mark) {
		char sign[MB_LEN_MAX + 1];
		mbstate_t st = { 0 };
		size_t n = wcwidth(L'⏎') == 1 ? wcrtomb(sign, L'⏎', &st) : (size_t)-1;

		/* as wide as the row: from its beginning the cursor stays in it, from anywhere else it gets to the next */
		strbuf_adds(out, "\033[0;7m");
		strbuf_add(out, n != (size_t)-1 ? sign : "%", n != (size_t)-1 ? n : 1);
		strbuf_adds(out, "\033[0m");
		for (int i = 1; i < s->width; i++)
			strbuf_addc(out, ' ');
	}
	strbuf_adds(out, "\r" NO_REGION "\033[K");
}

void screen_leave(struct screen *s, struct strbuf *out)
{
	if (s->existing == 0)
		return;
	go(s, s->shown.n != 0 ? visible(s, &s->shown, s->top) - 1 : 0, s->col, out); /* there were more rows, perhaps */
	forget(s);
}

void screen_erase(struct screen *s, struct strbuf *out)
{
	if (s->existing == 0)
		return;
	clear(s, out);
	forget(s);
}

/* ---- another size ---- */

/* Columns of the line that a row belongs to, up to the row. */
static int columns_before(const struct screen *s, size_t at, size_t *ret_first)
{
	int n = 0;

	while (at > s->top && s->shown.rows[at - 1].soft)
		n += s->shown.rows[--at].width;
	*ret_first = at;
	return n;
}

static int occupied(const struct screen *s, const struct row *r)
{
	return r->tail.len != 0 ? s->width - 1 : r->width;
}

/* Rows above the cursor, from the first one that is shown, where the terminal breaks lines anew. */
static size_t rows_reflowed(const struct screen *s, int cols)
{
	size_t first, rows = 0;
	int n = 0;

	columns_before(s, s->top + s->row, &first);
	for (size_t i = s->top; i < first; i++) {
		n += occupied(s, &s->shown.rows[i]);
		if (s->shown.rows[i].soft)
			continue;
		rows += n > cols ? (size_t)((n - 1) / cols) + 1 : 1;
		n = 0;
	}
	return rows + (size_t)((columns_before(s, s->top + s->row, &first) + s->col) / cols);
}

bool screen_resize_matters(const struct screen *s, int cols)
{
	return s->existing != 0 && s->shown.n != 0 && rows_reflowed(s, cols) != s->row;
}

int screen_resize_column(const struct screen *s, int cols, int *ret_other)
{
	size_t first;

	*ret_other = s->col < cols ? s->col : cols - 1;
	return (columns_before(s, s->top + s->row, &first) + s->col) % cols;
}

void screen_resize(struct screen *s, int rows, int cols, bool reflowed, struct strbuf *out)
{
	size_t up = s->row;

	if (s->existing != 0 && s->shown.n != 0) {
		if (reflowed)
			up = rows_reflowed(s, cols);
		if (up >= (size_t)rows)
			up = (size_t)rows - 1;
		strbuf_addc(out, '\r');
		if (up != 0)
			strbuf_addf(out, "\033[%zuA", up);
		strbuf_adds(out, "\033[J");
	}
	forget(s);
	screen_set_size(s, rows, cols);
}
