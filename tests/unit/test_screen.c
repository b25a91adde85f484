#include <config.h>

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "shell/interact/screen.h"
#include "tests/unit/unit.h"

/*
 * What is drawn bit by bit is what is drawn at once, on a terminal (libvterm), whatever was edited before; and what stood
 * above it stays.
 */

struct terminal {
	VTerm *vt;
	VTermScreen *screen;
	int rows, cols;
};

static struct terminal terminal_new(int rows, int cols)
{
	struct terminal t = { .vt = vterm_new(rows, cols), .rows = rows, .cols = cols };

	vterm_set_utf8(t.vt, 1);
	t.screen = vterm_obtain_screen(t.vt);
	vterm_screen_reset(t.screen, 1);
	return t;
}

static void feed(struct terminal *t, struct strbuf *out)
{
	vterm_input_write(t->vt, strbuf_str(out), out->len);
	strbuf_clear(out);
}

/* A row without the blanks at its end, in buf. */
static const char *row_text(struct terminal *t, int row, char *buf, size_t room)
{
	VTermRect rect = { .start_row = row, .end_row = row + 1, .start_col = 0, .end_col = t->cols };
	size_t n = vterm_screen_get_text(t->screen, buf, room - 1, rect);

	while (n != 0 && buf[n - 1] == ' ')
		n--;
	buf[n] = '\0';
	return buf;
}

static VTermPos cursor(struct terminal *t)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &pos);
	return pos;
}

static void assert_rows(struct terminal *t, const char *const *rows)
{
	char buf[4096];

	for (int i = 0; rows[i] != NULL; i++)
		assert_string_equal(row_text(t, i, buf, sizeof(buf)), rows[i]);
}

static struct screen *begin(struct terminal *t, struct strbuf *out)
{
	struct screen *s = screen_new();

	screen_set_size(s, t->rows, t->cols);
	screen_begin(s, true, out);
	return s;
}

static void test_rows(void **state)
{
	struct terminal t = terminal_new(6, 20);
	struct strbuf out = { 0 };
	struct screen *s = begin(&t, &out);
	struct screen_view v = { .prompt = "one\n\1\033[1m\1two> ", .text = L"echo some long text that wraps", .len = 30, .cursor = 30,
				 .right = "R", .hint = L" gray" };
	VTermPos pos;

	(void)state;
	screen_draw(s, &v, &out);
	feed(&t, &out);
	assert_rows(&t, (const char *const[]){ "one               R", "two> echo some long", "text that wraps gray", "", NULL } );
	pos = cursor(&t);
	assert_int_equal(pos.row, 2);
	assert_int_equal(pos.col, 15);
	v.hint = NULL;
	v.right = NULL;
	v.text = L"a\nb\tc\x01é";
	v.len = 7;
	v.cursor = 2;
	screen_draw(s, &v, &out);
	feed(&t, &out);
	assert_rows(&t, (const char *const[]){ "one", "two> a", "b       c^Aé", "", "", NULL } );
	assert_int_equal(cursor(&t).row, 2);
	assert_int_equal(cursor(&t).col, 0);
	screen_leave(s, &out);
	feed(&t, &out);
	assert_int_equal(cursor(&t).row, 2);
	screen_free(s);
	strbuf_release(&out);
	vterm_free(t.vt);
}

/* Output without a newline stays, and is marked; what stands above is not touched. */
static void test_mark(void **state)
{
	struct terminal t = terminal_new(5, 10);
	struct strbuf out = { 0 };
	struct screen *s;
	struct screen_view v = { .prompt = "$ " };

	(void)state;
	strbuf_adds(&out, "out\r\npart");
	s = begin(&t, &out);
	screen_draw(s, &v, &out);
	feed(&t, &out);
	assert_rows(&t, (const char *const[]){ "out", "part⏎", "$", "", NULL });
	screen_leave(s, &out);
	strbuf_adds(&out, "\r\n");
	screen_begin(s, true, &out);
	screen_draw(s, &v, &out);
	feed(&t, &out);
	assert_rows(&t, (const char *const[]){ "out", "part⏎", "$", "$", "", NULL });
	screen_free(s);
	strbuf_release(&out);
	vterm_free(t.vt);
}

/* ---- at random ---- */

static unsigned long seed;

static unsigned rnd(unsigned n)
{
	seed = seed * 6364136223846793005ul + 1442695040888963407ul;
	return (unsigned)(seed >> 33) % n;
}

/* Some version of libvterm does not survive what combines after it got another size: then there is none. */
static wchar_t random_char(bool combining)
{
	static const wchar_t some[] = L"abc xyz/-é日本😀\t\n\x01\u0301\u200d";

	return rnd(40) == 0 ? SCREEN_RAW_FIRST + 0x80 + (wchar_t)rnd(0x80) : some[rnd(sizeof(some) / sizeof(some[0]) - (combining ? 1 : 3))];
}

struct text {
	wchar_t s[400];
	size_t len, cursor;
};

static void edit(struct text *x, bool combining)
{
	size_t n = 1 + rnd(rnd(8) == 0 ? 60 : 2);

	switch (rnd(4)) {
	case 0:
		x->cursor = rnd((unsigned)x->len + 1);
		break;
	case 1: /* takes something away */
		n = n < x->cursor ? n : x->cursor;
		wmemmove(x->s + x->cursor - n, x->s + x->cursor, x->len - x->cursor);
		x->len -= n;
		x->cursor -= n;
		break;
	default:
		for (; n != 0 && x->len + 1 < sizeof(x->s) / sizeof(x->s[0]); n--) {
			wmemmove(x->s + x->cursor + 1, x->s + x->cursor, x->len - x->cursor);
			x->s[x->cursor++] = random_char(combining);
			x->len++;
		}
	}
}

/* What a fresh terminal shows of it. */
static void assert_as_at_once(struct terminal *t, int above, const struct screen_view *v, const char *what)
{
	struct terminal other = terminal_new(t->rows, t->cols);
	struct strbuf out = { 0 };
	struct screen *s;
	char a[4096], b[4096];
	int shift;

	for (int i = 0; i < above; i++)
		strbuf_addf(&out, "above %d\r\n", i);
	s = begin(&other, &out);
	screen_draw(s, v, &out);
	feed(&other, &out);
	/* the one may have scrolled more than the other: the last row that is drawn tells */
	shift = cursor(t).row - cursor(&other).row;
	for (int i = 0; i < t->rows; i++)
		if (i + shift >= 0 && i + shift < t->rows && strcmp(row_text(t, i + shift, a, sizeof(a)), row_text(&other, i, b, sizeof(b))) != 0)
			fail_msg("%s: row %d is `%s', at once `%s'", what, i + shift, a, b);
	if (cursor(t).col != cursor(&other).col)
		fail_msg("%s: the cursor is at %d, at once at %d", what, cursor(t).col, cursor(&other).col);
	screen_free(s);
	strbuf_release(&out);
	vterm_free(other.vt);
}

static void test_random(void **state)
{
	static const char *const prompts[] = { "$ ", "\1\033[32m\1host\1\033[m\1:~% ", "a prompt\nof two rows> ", "a very long prompt that itself wraps at the right margin $ ", "日本 " };

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct terminal t = terminal_new(4 + (int)rnd(20), 8 + (int)rnd(60));
		struct strbuf out = { 0 };
		struct text x = { .len = 0 };
		struct screen_view v = { .prompt = prompts[rnd(5)], .right = rnd(2) ? "right" : NULL, .text = x.s };
		int above = (int)rnd(3);
		struct screen *s;
		char what[64];

		for (int i = 0; i < above; i++)
			strbuf_addf(&out, "above %d\r\n", i);
		s = begin(&t, &out);
		for (unsigned step = 0; step < 40; step++) {
			edit(&x, round % 2 != 0);
			x.s[x.len] = L'\0';
			v.len = x.len;
			v.cursor = x.cursor;
			v.hint = rnd(3) == 0 ? L"sug gestion" : NULL;
			v.below = rnd(6) == 0 ? L"(search) é" : NULL;
			screen_draw(s, &v, &out);
			feed(&t, &out);
			snprintf(what, sizeof(what), "round %u, step %u", round, step);
			assert_as_at_once(&t, above, &v, what);
			if (round % 2 == 0 && rnd(8) == 0) { /* another size, on a terminal that does not break rows anew */
				t.cols = 8 + (int)rnd(60);
				vterm_set_size(t.vt, t.rows, t.cols);
				screen_resize(s, t.rows, t.cols, false, &out);
				screen_begin(s, false, &out);
				above = 0;
			}
		}
		screen_free(s);
		strbuf_release(&out);
		vterm_free(t.vt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_random),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
