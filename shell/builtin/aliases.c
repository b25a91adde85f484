#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/exec.h"
#include "shell/exec/func.h"
#include "shell/exec/source.h"
#include "shell/expand/pattern.h"
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

/* As tcsh shows it: what stands in the place of the arguments is csh's alone. */
static void print_csh_alias(const char *name, const char *text)
{
	printf("%s\t", name);
	for (const char *s = text; *s != '\0'; s++)
		if (*s != '\\' || s[1] != '!')
			putchar(*s);
	putchar('\n');
}

/* An alias without arguments, in the place of one with them. */
static void set_alias(struct shell *sh, const char *name, const char *value)
{
	if (func_csh_alias(sh, name) != NULL)
		(void)func_unset(sh, name);
	alias_set(sh->aliases, name, value);
}

/* One bound of a range of csh's: a number, ^ or $, which is -1. False: there is none at *s. */
static bool csh_bound(const char **s, long *ret)
{
	char *end;

	if (**s >= '0' && **s <= '9') {
		*ret = strtol(*s, &end, 10);
		*s = end;
		return true;
	}
	if (**s != '^' && **s != '$')
		return false;
	*ret = *(*s)++ == '^' ? 1 : -1;
	return true;
}

/* The words from a number on to another, `to` -1: to the last, -2: but for the last. Word 0 is the alias. */
static void put_range(struct strbuf *body, const char *name, long from, long to)
{
	if (from == 0)
		strbuf_addf(body, "%s ", name);
	from += from == 0;
	if (to == -1)
		strbuf_addf(body, "\"${@:%ld}\"", from);
	else if (to == -2)
		strbuf_addf(body, "\"${@:%ld:$#>%ld?$#-%ld:0}\"", from, from, from);
	else
		strbuf_addf(body, "\"${@:%ld:%ld}\"", from, to >= from ? to - from + 1 : 0);
}

/* What \!*, \!^, \!$, \!:1, \!:2*, \!:2-3 and so on of a csh alias are in its function. False: there is none of them at s. */
static bool csh_argument(const char **s, const char *name, struct strbuf *body)
{
	const char *p = *s + (**s == '\\');
	long from = 0, to;

	if (*p != '!' || p[1] == '\0')
		return false;
	p++;
	p += *p == ':' && p[1] != '\0';
	if (*p == '*') {
		p++;
		strbuf_adds(body, "\"$@\"");
	} else if (!csh_bound(&p, &from) && (*p != '-' || p[-1] != ':')) {
		return false;
	} else if (*p == '*') {
		p++;
		put_range(body, name, from, -1);
	} else if (*p == '-') {
		p++;
		put_range(body, name, from, csh_bound(&p, &to) ? to : -2);
	} else if (from == 0) {
		strbuf_adds(body, name);
	} else {
		strbuf_addf(body, from > 0 ? "\"${%ld}\"" : "\"${@: -1}\"", from);
	}
	*s = p;
	return true;
}

/* alias name words, as csh has it: with arguments in the middle it becomes a function. */
static int csh_alias(struct shell *sh, const char *name, char *const *words)
{
	struct strbuf text = { 0 }, body = { 0 }, function = { 0 };
	bool arguments = false;

	for (; *words != NULL; words++)
		strbuf_addf(&text, "%s%s", text.len != 0 ? " " : "", *words);
	for (const char *s = strbuf_str(&text); *s != '\0';)
		if (csh_argument(&s, name, &body))
			arguments = true;
		else
			strbuf_addc(&body, *s++);
	if (arguments) {
		strbuf_addf(&function, "%s() {\n%s\n}", name, body.s);
		(void)alias_unset(sh->aliases, name);
		source_string(sh, function.s, "alias", 0);
		func_set_csh_alias(sh, name, text.s);
	} else {
		set_alias(sh, name, strbuf_str(&text));
	}
	strbuf_release(&text);
	strbuf_release(&body);
	strbuf_release(&function);
	return arguments ? sh->frame.status : 0;
}

/* The name's alias, of either kind. False: it has none. */
static bool print_one(struct shell *sh, const char *name)
{
	const char *value = alias_get(sh->aliases, name), *csh = func_csh_alias(sh, name);

	if (value != NULL)
		print_alias(name, value);
	else if (csh != NULL)
		print_csh_alias(name, csh);
	return value != NULL || csh != NULL;
}

static void print_all(struct shell *sh)
{
	size_t a = 0, f = 0;
	const char *alias, *function;

	for (;;) {
		alias = alias_at(sh->aliases, a, NULL);
		while ((function = func_at(sh, f)) != NULL && func_csh_alias(sh, function) == NULL)
			f++;
		if (alias == NULL && function == NULL)
			break;
		if (function == NULL || (alias != NULL && strcmp(alias, function) <= 0)) {
			print_one(sh, alias);
			a++;
		} else {
			print_one(sh, function);
			f++;
		}
	}
}

int builtin_alias(struct shell *sh, int argc, char **argv)
{
	int status = 0, i = 1;

	if (argc > 1 && strcmp(argv[1], "--") == 0)
		i++;
	if (argc > 1 && strcmp(argv[1], "-p") == 0)
		i++;
	if (argc - i > 1 && strchr(argv[i], '=') == NULL && !opt(sh, OPT_POSIX) && alias_get(sh->aliases, argv[i + 1]) == NULL)
		return csh_alias(sh, argv[i], argv + i + 1);
	if (i == argc)
		print_all(sh);
	for (; i < argc; i++) {
		char *eq = strchr(argv[i], '=');

		if (eq != NULL && eq != argv[i]) {
			char *n = xstrndup(argv[i], (size_t)(eq - argv[i]));

			set_alias(sh, n, eq + 1);
			free(n);
		} else if (!print_one(sh, argv[i])) {
			sh_warn(sh, "alias: %s: not found", argv[i]);
			status = 1;
		}
	}
	return status;
}

/* Those whose names the pattern matches, as csh has it; false: it matches none, or is one name. */
static bool unset_matching(struct shell *sh, const char *pattern)
{
	bool any = false;
	const char *name;

	if (opt(sh, OPT_POSIX) || !pattern_is_active(pattern))
		return false;
	for (size_t i = 0; (name = alias_at(sh->aliases, i, NULL)) != NULL;)
		if (pattern_match(pattern, name, strlen(name)))
			any |= alias_unset(sh->aliases, name) == 0;
		else
			i++;
	for (size_t i = 0; (name = func_at(sh, i)) != NULL;)
		if (func_csh_alias(sh, name) != NULL && pattern_match(pattern, name, strlen(name)))
			any |= func_unset(sh, name) == 0;
		else
			i++;
	return any;
}

static bool unset_one(struct shell *sh, const char *name)
{
	if (alias_unset(sh->aliases, name) == 0)
		return true;
	return func_csh_alias(sh, name) != NULL && func_unset(sh, name) == 0;
}

int builtin_unalias(struct shell *sh, int argc, char **argv)
{
	int status = 0, c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "a")) != -1) {
		if (c == '?')
			return 2;
		unset_matching(sh, "*");
		alias_clear(sh->aliases); /* in POSIX mode, too, which knows no patterns */
		return 0;
	}
	if (optind == argc)
		return builtin_usage(sh, "unalias");
	for (int i = optind; i < argc; i++)
		if (!unset_one(sh, argv[i]) && !unset_matching(sh, argv[i])) {
			sh_warn(sh, "unalias: %s: not found", argv[i]);
			status = 1;
		}
	return status;
}
