#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "shell/interact/edit_keys.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/text.h"

/* The tab key: what complete.c has found goes into the line, or is listed. */

enum { ASK_ABOVE = 100 }; /* more names are listed only when that is wanted */

/* A newline in a name would run what follows it, once Enter is typed. */
static void put_control(struct strbuf *b, char c, char quote)
{
	char q[2] = { quote, '\0' };

	strbuf_addf(b, "%s$'\\x%02x'%s", q, (unsigned)(unsigned char)c, q);
}

static void insert(EditLine *el, const char *s)
{
	wchar_t *w = edit_text_decode(s, strlen(s), NULL);

	if (*w != L'\0')
		el_winsertstr(el, w);
	free(w);
}

static void insert_quoted(EditLine *el, const char *s, const struct complete_list *l)
{
	const char *special = l->is_variable || l->is_plain || l->quote == '\'' ? ""
			      : l->quote == '"' ? "\\\"$`" : " \t\\'\"$`&|;()<>*?[{}#!";
	struct strbuf b = { 0 };

	if (*s == '~' && l->start == l->word && l->quote == '\0' && !l->is_tilde && !l->is_plain)
		strbuf_addc(&b, '\\');
	for (; *s != '\0'; s++) {
		if (*s == '\'' && l->quote == '\'') {
			strbuf_adds(&b, "'\\''");
			continue;
		}
		if ((unsigned char)*s < ' ' || *s == 0x7f) {
			put_control(&b, *s, l->quote);
			continue;
		}
		if (strchr(special, *s) != NULL)
			strbuf_addc(&b, '\\');
		strbuf_addc(&b, *s);
	}
	insert(el, strbuf_str(&b));
	strbuf_release(&b);
}

static size_t common_prefix(const struct complete_list *l)
{
	size_t n = strlen(l->all.v[0]);

	for (size_t i = 1; i < l->all.n; i++) {
		size_t k = 0;

		while (k < n && l->all.v[0][k] == l->all.v[i][k])
			k++;
		n = k;
	}
	return edit_text_whole(l->all.v[0], n);
}

static const char *base(const char *s)
{
	size_t len = strlen(s);

	while (len > 1 && s[len - 1] == '/')
		len--;
	while (len != 0 && s[len - 1] != '/')
		len--;
	return s + len;
}

/* Lists nodes with their loads. */
static void show_nodes(struct edit *e, const struct complete_list *l)
{
	const char *name, *load;

	edit_leave(e);
	for (size_t i = 0; (name = session_node(e->sh, i, &load)) != NULL; i++)
		for (size_t k = 0; k < l->all.n; k++)
			if (strcmp(name, l->all.v[k]) == 0)
				fprintf(e->out, "%-20s %s\n", name, load);
	for (size_t k = 0; k < l->all.n; k++)
		if (strcmp(l->all.v[k], "home") == 0)
			fputs("home\n", e->out);
	fflush(e->out);
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

/* So many names are only shown when that is wanted. */
static bool is_confirmed(struct edit *e, size_t n)
{
	wchar_t key = L'n';
	char s[80];

	if (n <= ASK_ABOVE)
		return true;
	snprintf(s, sizeof(s), "show all %zu? (y or n)", n);
	free(e->below);
	e->below = edit_text_decode(s, strlen(s), NULL);
	e->busy = true;
	(void)edit_key(e, &key);
	e->busy = false;
	free(e->below);
	e->below = NULL;
	return key == L'y' || key == L' ' || key == L'\t';
}

static void show_list(struct edit *e, struct complete_list *l)
{
	int width = 0, cols = 80;
	size_t columns, rows;
	struct winsize ws;

	if (l->is_node) {
		show_nodes(e, l);
		return;
	}
	if (!is_confirmed(e, l->all.n))
		return;
	if (ioctl(fileno(e->in), TIOCGWINSZ, &ws) == 0 && ws.ws_col != 0)
		cols = ws.ws_col;
	for (size_t i = 0; i < l->all.n; i++) {
		text_clean(l->all.v[i]); /* only to be shown from here on */
		if (width_of(base(l->all.v[i])) > width)
			width = width_of(base(l->all.v[i]));
	}
	columns = cols > width + 2 ? (size_t)(cols / (width + 2)) : 1;
	rows = (l->all.n + columns - 1) / columns;
	edit_leave(e);
	for (size_t r = 0; r < rows; r++)
		for (size_t i = r; i < l->all.n; i += rows) {
			const char *name = base(l->all.v[i]);

			fprintf(e->out, "%s%*s", name, i + rows < l->all.n ? width + 2 - width_of(name) : 0, "");
			if (i + rows >= l->all.n)
				fputs("\r\n", e->out);
		}
	fflush(e->out);
}

/* How the candidates of the word before the cursor change the line. */
static unsigned char take(struct edit *e, struct complete_list *l, const char *line, size_t cursor)
{
	size_t common = common_prefix(l);
	/* they differ in what was typed, or have nothing of it */
	bool shorter = l->all.n > 1 && common < l->typed && (l->all.fold || common == 0);
	char *head = xstrndup(l->all.v[0], common);
	unsigned char r = CC_REFRESH;

	if (!shorter) {
		el_deletestr(e->el, (int)edit_text_chars(line + l->start, cursor - l->start));
		insert_quoted(e->el, head, l);
	}
	if (l->all.n == 1 && !l->no_space && !(l->is_file && common != 0 && head[common - 1] == '/')) {
		const char close[] = { l->is_variable ? '\0' : l->quote, '\0' };

		insert(e->el, close);
		if (!l->is_variable || l->quote == '\0')
			insert(e->el, " ");
	} else if (l->all.n > 1) {
		if ((common == l->typed || shorter) && e->last_command == L't')
			show_list(e, l);
		else
			r = CC_REFRESH_BEEP;
		e->this_command = L't';
	}
	free(head);
	return r;
}

/* The tab key. */
unsigned char edit_complete(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	const LineInfoW *li = el_wline(el);
	char *line = edit_text_encode(li->buffer, (size_t)(li->lastchar - li->buffer));
	size_t cursor = edit_text_bytes(li->buffer, (size_t)(li->cursor - li->buffer));
	struct complete_list l = { 0 };
	unsigned char r = CC_REFRESH_BEEP;
	locale_t was;

	(void)ch;
	if (strspn(line, " \t") >= cursor) { /* indentation */
		free(line);
		el_winsertstr(el, L"\t");
		return CC_REFRESH;
	}
	was = edit_shell_locale(e);
	complete_line(e->sh, line, cursor, &l);
	edit_own_locale(e, was);
	if (l.all.n != 0)
		r = take(e, &l, line, cursor);
	candidates_release(&l.all);
	free(line);
	return r;
}
