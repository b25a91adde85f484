#include <config.h>

#include "shell/interact/screen_frame.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAB_COLUMNS = 8 };

static struct row *add_row(struct frame *f)
{
	f->rows = xreallocarray(f->rows, f->n + 1, sizeof(*f->rows));
	f->rows[f->n] = (struct row){ 0 };
	return &f->rows[f->n++];
}

void frame_release(struct frame *f)
{
	for (size_t i = 0; i < f->n; i++) {
		strbuf_release(&f->rows[i].lead);
		strbuf_release(&f->rows[i].tail);
		free(f->rows[i].cells);
	}
	free(f->rows);
	*f = (struct frame){ 0 };
}

static struct row *last_row(struct frame *f)
{
	return &f->rows[f->n - 1];
}

/* The row in which so many more columns find room. */
static struct row *make_room(struct frame *f, int width, int columns)
{
	struct row *r = last_row(f);

	if (r->width + width <= columns)
		return r;
	r->soft = true;
	return add_row(f);
}

static void add_cell(struct frame *f, const char *s, size_t len, int width, int style, int columns)
{
	struct row *r = make_room(f, width, columns);
	struct cell *c;

	if (r->n == r->cap) {
		r->cap = r->cap != 0 ? 2 * r->cap : 16;
		r->cells = xreallocarray(r->cells, r->cap, sizeof(*r->cells));
	}
	c = &r->cells[r->n++];
	*c = (struct cell){ .len = (unsigned char)len, .width = (unsigned char)width, .style = (unsigned char)style };
	memcpy(c->s, s, len);
	r->width += width;
}

static void add_ascii(struct frame *f, const char *s, int style, int columns)
{
	for (; *s != '\0'; s++)
		add_cell(f, s, 1, 1, style, columns);
}

/* A character that combines with the one before it. */
static void combine(struct frame *f, const char *s, size_t len, int style, int columns)
{
	struct row *r = last_row(f);
	struct cell *c = r->n != 0 ? &r->cells[r->n - 1] : NULL;

	if (c == NULL) { /* there is none: it stands on a blank */
		add_cell(f, " ", 1, 1, style, columns);
		r = last_row(f);
		c = &r->cells[r->n - 1];
	}
	if (c->len + len > CELL_ROOM)
		return;
	memcpy(c->s + c->len, s, len);
	c->len += (unsigned char)len;
}

static void add_char(struct frame *f, wchar_t w, int style, int columns)
{
	char s[MB_LEN_MAX + 1], hex[8];
	mbstate_t st = { 0 };
	size_t len;
	int width;

	if (w == L'\t') {
		do
			add_cell(f, " ", 1, 1, style, columns);
		while (last_row(f)->width % TAB_COLUMNS != 0 && last_row(f)->width < columns);
		return;
	}
	if (w < L' ' || w == 0x7f) {
		add_ascii(f, (const char[]){ '^', (char)(w ^ 0x40), '\0' }, STYLE_CONTROL, columns);
		return;
	}
	width = wcwidth(w);
	len = width >= 0 ? wcrtomb(s, w, &st) : (size_t)-1;
	if (len != (size_t)-1 && len <= CELL_ROOM) {
		if (width == 0)
			combine(f, s, len, style, columns);
		else
			add_cell(f, s, len, width, style, columns);
		return;
	}
	if (w >= SCREEN_RAW_FIRST && w <= SCREEN_RAW_FIRST + 0xff)
		snprintf(hex, sizeof(hex), "\\x%02x", (unsigned)(w - SCREEN_RAW_FIRST));
	else
		snprintf(hex, sizeof(hex), "?");
	add_ascii(f, hex, STYLE_CONTROL, columns);
}

static void new_line(struct frame *f)
{
	last_row(f)->soft = false;
	add_row(f);
}

static void add_text(struct frame *f, const wchar_t *text, size_t len, int style, int columns)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == L'\n')
			new_line(f);
		else
			add_char(f, text[i], style, columns);
}

/* The length of an escape sequence (ECMA-48: CSI …, OSC … up to BEL or ST, or two bytes). */
static size_t sequence_length(const char *s)
{
	size_t n = 2;

	if (s[1] == '[') {
		while (s[n] >= 0x20 && s[n] <= 0x3f)
			n++;
		return s[n] != '\0' ? n + 1 : n;
	}
	if (s[1] == ']') {
		while (s[n] != '\0' && s[n] != '\a' && !(s[n] == '\033' && s[n + 1] == '\\'))
			n++;
		return s[n] == '\0' ? n : s[n] == '\a' ? n + 1 : n + 2;
	}
	return s[1] != '\0' ? 2 : 1;
}

/* Calls put() for each piece of a prompt; what has no width comes with 0. */
static void each_piece(const char *s, void (*put)(void *arg, const char *s, size_t len, int width), void *arg)
{
	bool shown = true;

	while (*s != '\0') {
		mbstate_t st = { 0 };
		wchar_t w = 0;
		size_t n = 1;
		int width = 0;

		if (*s == '\1') {
			shown = !shown;
			s++;
			continue;
		}
		if (*s == '\033') {
			n = sequence_length(s);
		} else if (shown) {
			n = mbrtowc(&w, s, strlen(s), &st);
			if (n == (size_t)-1 || n == (size_t)-2 || n == 0) {
				n = 1;
				width = 1;
			} else {
				width = wcwidth(w) > 0 ? wcwidth(w) : 0;
			}
		}
		put(arg, s, n, width);
		s += n;
	}
}

struct building {
	struct frame *f;
	int columns;
};

static void put_in_rows(void *arg, const char *s, size_t len, int width)
{
	struct building *b = arg;
	struct row *r;

	if (*s == '\n') {
		new_line(b->f);
		return;
	}
	if (*s == '\r')
		return;
	if (*s == '\t') {
		do {
			r = make_room(b->f, 1, b->columns);
			strbuf_addc(&r->lead, ' ');
			r->width = r->lead_width = r->lead_width + 1;
		} while (r->width % TAB_COLUMNS != 0 && r->width < b->columns);
		return;
	}
	r = make_room(b->f, width, b->columns);
	strbuf_add(&r->lead, s, len);
	r->width = r->lead_width = r->lead_width + width;
}

struct tail {
	struct strbuf text;
	int width;
};

static void put_in_tail(void *arg, const char *s, size_t len, int width)
{
	struct tail *t = arg;

	if (*s == '\n' || *s == '\r' || *s == '\t')
		return;
	strbuf_add(&t->text, s, len);
	t->width += width;
}

/* The right prompt, if a blank and the last column are left free. */
static void add_tail(struct frame *f, const char *right, int columns)
{
	struct tail t = { 0 };
	struct row *r = &f->rows[0];

	if (right == NULL || *right == '\0' || r->soft)
		return;
	each_piece(right, put_in_tail, &t);
	if (r->width + 1 + t.width < columns) {
		r->tail = t.text;
		r->tail_width = t.width;
	} else {
		strbuf_release(&t.text);
	}
}

static void note_cursor(struct frame *f, int width, int columns)
{
	struct row *r = make_room(f, width, columns);

	f->cursor_row = f->n - 1;
	f->cursor_col = r->width;
}

/* The columns that the character takes that is to come, for the cursor that stands on it. */
static int columns_of(wchar_t w)
{
	int n = w == L'\n' || w == L'\t' || w < L' ' ? 1 : wcwidth(w);

	return n > 0 ? n : 1;
}

struct frame frame_build(const struct screen_view *v, int columns)
{
	struct frame f = { 0 };
	struct building b = { &f, columns };

	add_row(&f);
	each_piece(v->prompt, put_in_rows, &b);
	for (size_t i = 0; i < v->len; i++) {
		if (i == v->cursor)
			note_cursor(&f, columns_of(v->text[i]), columns);
		add_text(&f, v->text + i, 1, v->styles != NULL ? v->styles[i] : STYLE_PLAIN, columns);
	}
	if (v->cursor >= v->len)
		note_cursor(&f, 1, columns);
	if (v->hint != NULL)
		add_text(&f, v->hint, wcslen(v->hint), STYLE_HINT, columns);
	if (v->below != NULL) {
		new_line(&f);
		add_text(&f, v->below, v->below_from, STYLE_PLAIN, columns);
		add_text(&f, v->below + v->below_from, v->below_to - v->below_from, STYLE_CONTROL, columns);
		add_text(&f, v->below + v->below_to, wcslen(v->below + v->below_to), STYLE_PLAIN, columns);
	}
	add_tail(&f, v->right, columns);
	return f;
}
