#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/expand/quote.h"
#include "shell/parser/alias.h"
#include "shell/parser/strbuf.h"

static void print_alias(const char *name, const char *value)
{
	char *q = quote_str(value);

	printf("%s=", name);
	/* always quoted, so that the output can be read by eye and by the shell */
	if (*q == '\'')
		fputs(q, stdout);
	else
		printf("'%s'", q);
	putchar('\n');
	free(q);
}

int builtin_alias(struct shell *sh, int argc, char **argv)
{
	const char *name, *value;
	int status = 0, i = 1;

	if (argc > 1 && strcmp(argv[1], "--") == 0)
		i++;
	if (argc > 1 && strcmp(argv[1], "-p") == 0)
		i++;
	if (i == argc)
		for (size_t k = 0; (name = alias_at(sh->aliases, k, &value)) != NULL; k++)
			print_alias(name, value);
	for (; i < argc; i++) {
		char *eq = strchr(argv[i], '=');

		if (eq != NULL && eq != argv[i]) {
			char *n = xstrndup(argv[i], (size_t)(eq - argv[i]));

			alias_set(sh->aliases, n, eq + 1);
			free(n);
			continue;
		}
		value = alias_get(sh->aliases, argv[i]);
		if (value == NULL) {
			sh_warn(sh, "alias: %s: not found", argv[i]);
			status = 1;
		} else {
			print_alias(argv[i], value);
		}
	}
	return status;
}

int builtin_unalias(struct shell *sh, int argc, char **argv)
{
	int status = 0, c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "a")) != -1) {
		if (c == '?')
			return 2;
		alias_clear(sh->aliases);
		return 0;
	}
	if (optind == argc)
		return builtin_usage(sh, "unalias");
	for (int i = optind; i < argc; i++)
		if (alias_unset(sh->aliases, argv[i]) < 0) {
			sh_warn(sh, "unalias: %s: not found", argv[i]);
			status = 1;
		}
	return status;
}
