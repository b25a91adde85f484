#include <config.h>

#include "shell/exec/menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/command.h"
#include "shell/expand/locale.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"
#include "wire/text.h"

enum { COLUMNS = 80, TAB = 8, BEHIND_NUMBER = 2 /* ") " */ };

static size_t digits(size_t n)
{
	size_t d = 1;

	for (; n >= 10; n /= 10)
		d++;
	return d;
}

/* The words as they are shown (caller frees): names of files steer no terminal. */
static char **shown_words(const struct fields *f)
{
	char **v = xreallocarray(NULL, f->n + 1, sizeof(*v));
	bool steers = isatty(STDERR_FILENO);

	for (size_t i = 0; i < f->n; i++) {
		v[i] = xstrdup(f->v[i]);
		if (steers)
			text_clean(v[i]);
	}
	v[f->n] = NULL;
	return v;
}

static size_t width(const char *s)
{
	return locale_columns(s, strlen(s));
}

static void indent(size_t from, size_t to)
{
	while (from < to)
		if (to / TAB > from / TAB) {
			putc('\t', stderr);
			from += TAB - from % TAB;
		} else {
			putc(' ', stderr);
			from++;
		}
}

/* In columns that are filled from above, where they do not fit side by side in one row. */
static void print_menu(struct shell *sh, const struct fields *f)
{
	const char *text = var_text(sh, "COLUMNS");
	size_t screen = text != NULL && atoi(text) > 0 ? (size_t)atoi(text) : COLUMNS;
	size_t number = digits(f->n), widest = 0, columns, rows;
	char **shown = shown_words(f);

	locale_need();
	for (size_t i = 0; i < f->n; i++)
		widest = width(shown[i]) > widest ? width(shown[i]) : widest;
	widest += number + BEHIND_NUMBER + 2;
	columns = screen / widest != 0 ? screen / widest : 1;
	rows = (f->n + columns - 1) / columns;
	if (rows == 1)
		rows = f->n;
	for (size_t row = 0; row < rows; row++) {
		size_t place = 0;

		for (size_t i = row; i < f->n; i += rows) {
			size_t room = i == row ? digits(rows) : number;

			if (i != row)
				place += widest;
			fprintf(stderr, "%*zu) %s", (int)room, i + 1, shown[i]);
			if (i + rows < f->n)
				indent(place + room + BEHIND_NUMBER + width(shown[i]), place + widest);
		}
		putc('\n', stderr);
	}
	for (size_t i = 0; i < f->n; i++)
		free(shown[i]);
	free(shown);
}

const char *menu_ask(struct shell *sh, const struct fields *words, bool show)
{
	static char name[] = "read";
	char *argv[] = { name, NULL };
	const struct builtin *b = sh->hooks.find_builtin(name);
	const char *prompt, *reply;

	for (;;) {
		unsigned long n;
		char *end;

		if (show)
			print_menu(sh, words);
		prompt = var_text(sh, "PS3");
		fputs(prompt != NULL ? prompt : "#? ", stderr);
		fflush(stderr);
		if (b->run(sh, 1, argv) != 0) {
			putc('\n', stdout);
			return NULL;
		}
		reply = var_text(sh, "REPLY");
		show = reply == NULL || *reply == '\0';
		if (show)
			continue;
		n = strtoull(reply, &end, 10);
		return *end == '\0' && n >= 1 && n <= words->n ? words->v[n - 1] : "";
	}
}
