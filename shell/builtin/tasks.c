#include <config.h>

#include "shell/builtin/tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/builtin/builtin.h"
#include "shell/builtin/keyed.h"
#include "shell/expand/pattern.h"
#include "shell/expand/quote.h"

/* One shell to a process. A row's key is a pattern, its text the builtin that said it; the last that matches counts. */
static struct keyed rows;

/* Of the row that counts the builtin; 0: there is none. */
static char said_of(const char *command)
{
	const char *base = strrchr(command, '/') != NULL ? strrchr(command, '/') + 1 : command;

	for (size_t i = rows.n; i-- > 0;)
		if (pattern_match(rows.v[i].key, command, strlen(command)) || pattern_match(rows.v[i].key, base, strlen(base)))
			return rows.v[i].text[0];
	return '\0';
}

bool tasks_has(const char *command)
{
	return said_of(command) == 'p';
}

bool tasks_keeps(const char *command)
{
	return said_of(command) == 'k';
}

static int forget(struct shell *sh, const char *which, char **patterns)
{
	int status = 0;

	for (; *patterns != NULL; patterns++) {
		const char *text = keyed_get(&rows, *patterns);

		if (text == NULL || strcmp(text, which) != 0) {
			sh_warn(sh, "%s: %s: is not in the list", which, *patterns);
			status = 1;
			continue;
		}
		keyed_set(&rows, *patterns, NULL);
	}
	return status;
}

/* place [-d] pattern …, keep [-d] pattern …; alone: what is in the list, as lines that can be read again. */
int builtin_place(struct shell *sh, int argc, char **argv)
{
	bool del = false;
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "d")) != -1) {
		if (c == '?')
			return 2;
		del = true;
	}
	if (del)
		return optind < argc ? forget(sh, argv[0], argv + optind) : builtin_usage(sh, argv[0]);
	for (int i = optind; i < argc; i++) {
		keyed_set(&rows, argv[i], NULL); /* the newest is the last */
		keyed_set(&rows, argv[i], argv[0]);
	}
	for (size_t i = 0; optind == argc && i < rows.n; i++)
		if (strcmp(rows.v[i].text, argv[0]) == 0) {
			char *pattern = quote_str(rows.v[i].key);

			printf("%s %s\n", argv[0], pattern);
			free(pattern);
		}
	return 0;
}

/* ---- state ---- */

enum { TASKS_ROWS = 1 };

static void tasks_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	keyed_save(&rows, e, TASKS_ROWS);
}

static int tasks_load(struct shell *sh, const struct state_dec *d)
{
	(void)sh;
	return keyed_load(&rows, d, TASKS_ROWS);
}

const struct state_section tasks_section = {
	.name = "tasks", .version = 1, .save = tasks_save, .load = tasks_load,
};
