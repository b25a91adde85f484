#include <config.h>

#include "shell/interact/edit_menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "shell/expand/var.h"
#include "shell/move/nodes.h"
#include "shell/parser/strbuf.h"
#include "wire/text.h"

enum { ASK_ABOVE = 100 }; /* more names are listed only when that is wanted */

/* What is shown of a name: of a path its last component. What is no file may have slashes, too, as a branch of git's: it is whole. */
static const char *shown(const struct complete_list *l, const char *s)
{
	size_t len = strlen(s);

	if (!l->is_file || s[strspn(s, "/")] == '\0')
		return s;
	while (s[len - 1] == '/')
		len--;
	while (len != 0 && s[len - 1] != '/')
		len--;
	return s + len;
}

/* Columns of a name. */
static int width_of(const char *s)
{
	size_t n;
	wchar_t *w = edit_text_decode(s, strlen(s), &n);
	int width = wcswidth(w, n);

	free(w);
	return width >= 0 ? width : (int)n;
}

/* How the names stand: in columns, one below the other; with notes there is one column. */
struct grid {
	char **names, **notes; /* clean; owned, and NULL for none */
	size_t n, columns, rows;
	int width;   /* of the widest name */
	int screen;  /* columns of the terminal */
	int height;  /* … and its rows */
};

static char *clean(const char *s)
{
	char *copy = xstrndup(s, strlen(s));

	text_clean(copy);
	return copy;
}

static void grid_init(struct grid *g, const struct edit *e, const struct complete_list *l)
{
	struct winsize ws;

	*g = (struct grid){ .n = l->all.n, .screen = 80, .height = 24, .names = xcalloc(l->all.n + 1, sizeof(char *)),
			    .notes = xcalloc(l->all.n + 1, sizeof(char *)) };
	if (ioctl(fileno(e->in), TIOCGWINSZ, &ws) == 0 && ws.ws_col != 0) {
		g->screen = ws.ws_col;
		g->height = ws.ws_row != 0 ? ws.ws_row : 24;
	}
	for (size_t i = 0; i < g->n; i++) {
		g->names[i] = clean(shown(l, l->all.v[i]));
		g->notes[i] = l->all.notes != NULL && l->all.notes[i] != NULL ? clean(l->all.notes[i]) : NULL;
		if (width_of(g->names[i]) > g->width)
			g->width = width_of(g->names[i]);
	}
	g->columns = g->screen > g->width + 2 ? (size_t)(g->screen / (g->width + 2)) : 1;
	if (l->all.notes != NULL && g->n < ASK_ABOVE)
		g->columns = 1;
	g->rows = (g->n + g->columns - 1) / g->columns;
	g->columns = (g->n + g->rows - 1) / g->rows;
}

static void grid_release(struct grid *g)
{
	for (size_t i = 0; i < g->n; i++) {
		free(g->names[i]);
		free(g->notes[i]);
	}
	free(g->names);
	free(g->notes);
}

/* As many characters of a note as have room behind its name. */
static void put_note(struct strbuf *b, const char *note, int room)
{
	struct strbuf text = { 0 };
	size_t n = strlen(note), most = room > 0 ? (size_t)room * MB_CUR_MAX : 0;
	char *shown;

	if (n > most) /* it is a command's: of any length */
		n = edit_text_whole(note, most);
	while (n != 0) {
		shown = xstrndup(note, n);
		strbuf_clear(&text);
		strbuf_addf(&text, "(%s%s)", shown, n < strlen(note) ? "…" : "");
		free(shown);
		if (width_of(text.s) <= room) {
			strbuf_adds(b, text.s);
			break;
		}
		while (n != 0 && ((unsigned char)note[--n] & 0xc0) == 0x80)
			;
	}
	strbuf_release(&text);
}

/* One row; *ret_from and *ret_to are where name `i` stands in it, if it does. */
static void put_row(const struct grid *g, size_t row, size_t i, struct strbuf *b, size_t *ret_from, size_t *ret_to)
{
	for (size_t k = row; k < g->n; k += g->rows) {
		size_t from = b->len;
		bool last = k + g->rows >= g->n;

		strbuf_adds(b, g->names[k]);
		if (k == i) {
			*ret_from = from;
			*ret_to = b->len;
		}
		if (!last || (g->columns == 1 && g->notes[k] != NULL))
			strbuf_addf(b, "%*s", g->width + 2 - width_of(g->names[k]), "");
		if (g->columns == 1 && g->notes[k] != NULL)
			put_note(b, g->notes[k], g->screen - g->width - 3);
	}
}

/* Lists nodes with their loads. */
static void list_nodes(struct edit *e, const struct complete_list *l)
{
	const char *name, *load;

	edit_leave(e);
	for (size_t i = 0; (name = nodes_at(e->sh, i, &load)) != NULL; i++)
		for (size_t k = 0; k < l->all.n; k++)
			if (strcmp(name, l->all.v[k]) == 0)
				fprintf(e->out, "%-20s %s\n", name, load);
	for (size_t k = 0; k < l->all.n; k++)
		if (strcmp(l->all.v[k], "home") == 0)
			fputs("home\n", e->out);
	fflush(e->out);
}

static void show_below(struct edit *e, const char *s)
{
	free(e->below);
	e->below = s != NULL ? edit_text_decode(s, strlen(s), NULL) : NULL;
}

/* So many names are only shown when that is wanted. */
static bool is_confirmed(struct edit *e, size_t n)
{
	const char *listmax = var_text(e->sh, "listmax"); /* tcsh's; 0: never asked */
	size_t max = listmax != NULL ? strtoull(listmax, NULL, 10) : ASK_ABOVE;
	wchar_t key = L'n';
	char s[80];

	if (n <= max || max == 0)
		return true;
	snprintf(s, sizeof(s), "show all %zu? (y or n)", n);
	show_below(e, s);
	edit_keys_suggest_none(e);
	e->busy = true;
	(void)edit_key(e, &key);
	e->busy = e->choosing = false;
	show_below(e, NULL);
	return key == L'y' || key == L' ' || key == L'\t';
}

void edit_menu_list(struct edit *e, struct complete_list *l)
{
	struct grid g;
	size_t from, to;

	if (l->is_node) {
		list_nodes(e, l);
		return;
	}
	if (!is_confirmed(e, l->all.n))
		return;
	grid_init(&g, e, l);
	edit_leave(e);
	for (size_t r = 0; r < g.rows; r++) {
		struct strbuf b = { 0 };

		put_row(&g, r, g.n, &b, &from, &to);
		fprintf(e->out, "%s\r\n", b.s);
		strbuf_release(&b);
	}
	fflush(e->out);
	grid_release(&g);
}

/* ---- the menu ---- */

/* The rows around the chosen name below the line, with that one marked. */
static void show_menu(struct edit *e, const struct grid *g, size_t i)
{
	size_t rows = (size_t)g->height / 2, top = i % g->rows, from = 0, to = 0;
	struct strbuf b = { 0 };

	if (rows == 0)
		rows = 1;
	top = top < rows ? 0 : top - rows + 1;
	for (size_t r = top; r < g->rows && r < top + rows; r++) {
		if (r != top)
			strbuf_addc(&b, '\n');
		put_row(g, r, i, &b, &from, &to);
	}
	show_below(e, b.s);
	e->below_from = edit_text_chars(b.s, from);
	e->below_to = edit_text_chars(b.s, to);
	strbuf_release(&b);
}

/* Where a key leads from name i; g->n: nowhere, the menu ends. */
static size_t after_key(const struct grid *g, size_t i, wchar_t key)
{
	size_t last = g->n - 1;

	if (key == L'\t' || key == edit_keys_private("[B") || key == (L'N' & 0x1f))
		return i < last ? i + 1 : 0;
	if (key == edit_keys_private("[Z") || key == edit_keys_private("[A") || key == (L'P' & 0x1f))
		return i != 0 ? i - 1 : last;
	if (key == edit_keys_private("[C"))
		return i + g->rows <= last ? i + g->rows : i % g->rows;
	if (key == edit_keys_private("[D"))
		return i >= g->rows ? i - g->rows : i + (last - i) / g->rows * g->rows;
	return g->n;
}

size_t edit_menu_choose(struct edit *e, struct complete_list *l, void (*show)(void *arg, size_t i), void *arg)
{
	struct grid g;
	size_t i = 0, next;
	wchar_t key = L'\033';

	grid_init(&g, e, l);
	edit_keys_suggest_none(e); /* what was looked for in the last pause is for another line */
	e->busy = e->choosing = true; /* no time to leave */
	for (;;) {
		show(arg, i);
		show_menu(e, &g, i);
		key = L'\033';
		if (!edit_key(e, &key) || (next = after_key(&g, i, key)) == g.n)
			break;
		i = next;
	}
	e->busy = false;
	show_below(e, NULL);
	e->below_from = e->below_to = 0;
	if (key == L'\033' || key == (L'G' & 0x1f))
		show(arg, g.n);
	else if (key != L'\r' && key != L'\n' && e->next != 0)
		e->next--; /* it is for the line */
	grid_release(&g);
	return key == L'\r' || key == L'\n' ? i : l->all.n;
}
