#include <config.h>

#include "shell/builtin/abbr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/builtin/builtin.h"
#include "shell/builtin/keyed.h"
#include "shell/expand/quote.h"
#include "shell/parser/strbuf.h"

/* One shell to a process. A row's text begins with a letter: where on the line the word may stand. */
static struct keyed rows;
enum { OF_COMMANDS = 'c', ANYWHERE = 'a' };

bool abbr_none(void)
{
	return rows.n == 0;
}

const char *abbr_text(const char *word, bool is_command)
{
	const char *text = keyed_get(&rows, word);

	return text != NULL && (is_command || *text == ANYWHERE) ? text + 1 : NULL;
}

static void print_all(bool names)
{
	for (size_t i = 0; i < rows.n; i++) {
		char *name = quote_str(rows.v[i].key), *text = quote_always(rows.v[i].text + 1);

		if (names)
			puts(name);
		else
			printf("abbr -a %s%s %s\n", rows.v[i].text[0] == ANYWHERE ? "-p anywhere " : "", name, text);
		free(name);
		free(text);
	}
}

static int add(const char *name, char **words, char where)
{
	struct strbuf b = { 0 };

	strbuf_addc(&b, where);
	for (; *words != NULL; words++)
		strbuf_addf(&b, "%s%s", b.len > 1 ? " " : "", *words);
	keyed_set(&rows, name, b.s);
	strbuf_release(&b);
	return 0;
}

static int erase(struct shell *sh, char **names)
{
	int status = 0;

	for (; *names != NULL; names++) {
		if (keyed_get(&rows, *names) == NULL) {
			sh_warn(sh, "abbr: %s: there is no such abbreviation", *names);
			status = 1;
		}
		keyed_set(&rows, *names, NULL);
	}
	return status;
}

static char *short_option(char *s)
{
	static char names[][2][12] = { { "--add", "-a" }, { "--erase", "-e" }, { "--list", "-l" }, { "--query", "-q" }, { "--show", "-s" }, { "--position", "-p" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], s) == 0)
			return names[i][1];
	return s;
}

/* abbr [-a] [-p command|anywhere] name text …; -e name …; -l; -q name; alone: all of them. */
int builtin_abbr(struct shell *sh, int argc, char **argv)
{
	char where = OF_COMMANDS, what = '\0';
	int c;

	/* fish's long words for them */
	for (int i = 1; i < argc && argv[i][0] == '-'; i += strcmp(argv[i], "-p") == 0 ? 2 : 1)
		argv[i] = short_option(argv[i]);
	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "aelqsgUp:")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'p' && strcmp(optarg, "command") != 0 && strcmp(optarg, "anywhere") != 0) {
			sh_warn(sh, "abbr: %s: is `command' or `anywhere'", optarg);
			return 2;
		}
		if (c == 'p')
			where = *optarg == 'a' ? ANYWHERE : OF_COMMANDS;
		else if (strchr("aelqs", c) != NULL)
			what = (char)c;
	}
	if (what == 'e')
		return erase(sh, argv + optind);
	if (what == 'q')
		return optind < argc && keyed_get(&rows, argv[optind]) == NULL;
	if (optind < argc && argc - optind < 2)
		return builtin_usage(sh, argv[0]);
	if (optind < argc && argv[optind][strcspn(argv[optind], " \t\n")] != '\0') {
		sh_warn(sh, "abbr: %s: an abbreviation is one word", argv[optind]);
		return 2;
	}
	if (optind < argc)
		return add(argv[optind], argv + optind + 1, where);
	print_all(what == 'l');
	return 0;
}

/* ---- state ---- */

enum { ABBR_ROWS = 1 };

static void abbr_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	keyed_save(&rows, e, ABBR_ROWS);
}

static int abbr_load(struct shell *sh, const struct state_dec *d)
{
	(void)sh;
	return keyed_load(&rows, d, ABBR_ROWS);
}

const struct state_section abbr_section = {
	.name = "abbreviations", .version = 1, .save = abbr_save, .load = abbr_load,
};
