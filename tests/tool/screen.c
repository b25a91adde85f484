#include <config.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vterm.h>

/*
 * screen ROWS COLS [styles]: what a terminal shows after the bytes on standard input, by
 * libvterm. The sequence ESC [ 8 ; rows ; cols t in them resizes it, as the test
 * driver notes where it did. Prints the rows and `cursor ROW COL`.
 */

static size_t resize_at(const char *s, size_t len, int *rows, int *cols)
{
	char buf[32];
	size_t n = len < sizeof(buf) - 1 ? len : sizeof(buf) - 1;
	int used = 0;

	memcpy(buf, s, n);
	buf[n] = '\0';
	return sscanf(buf, "\033[8;%d;%dt%n", rows, cols, &used) == 2 ? (size_t)used : 0;
}

/* The colour of a cell as the terminal's number for it, -1 for the default; reverse, bold and underlined add hundreds. */
static int style_of(VTermScreen *screen, const VTermScreenCell *cell)
{
	int n = VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) ? -1 : VTERM_COLOR_IS_INDEXED(&cell->fg) ? cell->fg.indexed.idx : 99;

	(void)screen;
	return n + 100 * (int)cell->attrs.reverse + 200 * (int)cell->attrs.bold + 400 * (int)cell->attrs.underline;
}

/* A row with what is not plain in braces: {1:text}. */
static void print_styled(VTermScreen *screen, int row, int cols)
{
	int style = -1, blanks = 0;

	for (int col = 0; col < cols;) {
		VTermScreenCell cell;
		char s[64];
		size_t n;
		int now;

		vterm_screen_get_cell(screen, (VTermPos){ .row = row, .col = col }, &cell);
		now = style_of(screen, &cell);
		n = vterm_screen_get_text(screen, s, sizeof(s),
					  (VTermRect){ .start_row = row, .end_row = row + 1, .start_col = col, .end_col = col + cell.width });
		col += cell.width > 0 ? cell.width : 1;
		if (now == -1 && (n == 0 || s[0] == ' ') && style == -1) {
			blanks++;
			continue;
		}
		for (; blanks != 0; blanks--)
			putchar(' ');
		if (now != style && style != -1)
			putchar('}');
		if (now != style && now != -1)
			printf("{%d:", now);
		style = now;
		printf("%.*s", (int)n, n != 0 ? s : " ");
	}
	printf("%s\n", style != -1 ? "}" : "");
}

static char *read_all(size_t *ret_len)
{
	size_t cap = 1 << 16, len = 0;
	char *s = malloc(cap);
	ssize_t n;

	while (s != NULL && (n = read(STDIN_FILENO, s + len, cap - len)) > 0) {
		len += (size_t)n;
		if (len == cap)
			s = realloc(s, cap *= 2);
	}
	*ret_len = len;
	return s;
}

int main(int argc, char **argv)
{
	int rows = argc > 2 ? atoi(argv[1]) : 24, cols = argc > 2 ? atoi(argv[2]) : 80;
	VTerm *vt = vterm_new(rows, cols);
	VTermScreen *screen = vterm_obtain_screen(vt);
	VTermPos pos;
	bool styles = argc > 3;
	size_t len, from = 0;
	char *s = read_all(&len);

	if (s == NULL)
		return 99;
	vterm_set_utf8(vt, 1);
	vterm_screen_enable_altscreen(screen, 1);
	vterm_screen_reset(screen, 1);
	for (size_t i = 0; i < len; i++) {
		size_t skip = s[i] == '\033' ? resize_at(s + i, len - i, &rows, &cols) : 0;

		if (skip == 0)
			continue;
		vterm_input_write(vt, s + from, i - from);
		vterm_set_size(vt, rows, cols);
		i += skip - 1;
		from = i + 1;
	}
	vterm_input_write(vt, s + from, len - from);
	for (int r = 0; r < rows; r++) {
		char line[4096];
		VTermRect rect = { .start_row = r, .end_row = r + 1, .start_col = 0, .end_col = cols };
		size_t n = vterm_screen_get_text(screen, line, sizeof(line), rect);

		while (n != 0 && line[n - 1] == ' ')
			n--;
		if (styles)
			print_styled(screen, r, cols);
		else
			printf("%.*s\n", (int)n, line);
	}
	vterm_state_get_cursorpos(vterm_obtain_state(vt), &pos);
	printf("cursor %d %d\n", pos.row, pos.col);
	free(s);
	vterm_free(vt);
	return 0;
}
