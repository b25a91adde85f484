#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
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

/* What \!*, \!^, \!$ and \!:1 of a csh alias are in a function. False: there is none of them at s. */
static bool csh_argument(const char **s, struct strbuf *body)
{
	const char *p = *s + (**s == '\\');

	if (*p != '!' || p[1] == '\0')
		return false;
	p++;
	p += *p == ':' && p[1] != '\0';
	if (*p == '*')
		strbuf_adds(body, "\"$@\"");
	else if (*p == '^')
		strbuf_adds(body, "\"$1\"");
	else if (*p == '$')
		strbuf_adds(body, "\"${@: -1}\"");
	else if (*p >= '0' && *p <= '9')
		strbuf_addf(body, "\"$%c\"", *p);
	else
		return false;
	*s = p + 1;
	return true;
}

/* alias name words, as csh has it: with arguments in the middle it becomes a function. */
static int csh_alias(struct shell *sh, const char *name, char *const *words)
{
	struct strbuf text = { 0 }, body = { 0 };
	bool arguments = false;

	for (; *words != NULL; words++)
		strbuf_addf(&text, "%s%s", text.len != 0 ? " " : "", *words);
	for (const char *s = strbuf_str(&text); *s != '\0';)
		if (csh_argument(&s, &body))
			arguments = true;
		else
			strbuf_addc(&body, *s++);
	if (arguments) {
		strbuf_clear(&text);
		strbuf_addf(&text, "%s() {\n%s\n}", name, body.s);
		(void)alias_unset(sh->aliases, name);
		source_string(sh, text.s, "alias", 0);
	} else {
		alias_set(sh->aliases, name, strbuf_str(&text));
	}
	strbuf_release(&text);
	strbuf_release(&body);
	return arguments ? sh->frame.status : 0;
}

int builtin_alias(struct shell *sh, int argc, char **argv)
{
	const char *name, *value;
	int status = 0, i = 1;

	if (argc > 1 && strcmp(argv[1], "--") == 0)
		i++;
	if (argc > 1 && strcmp(argv[1], "-p") == 0)
		i++;
	if (argc - i > 1 && strchr(argv[i], '=') == NULL && !opt(sh, OPT_POSIX) && alias_get(sh->aliases, argv[i + 1]) == NULL)
		return csh_alias(sh, argv[i], argv + i + 1);
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
