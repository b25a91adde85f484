#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/expand/arith.h"
#include "shell/expand/element.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"
#include "shell/parser/at.h"
#include "shell/parser/strbuf.h"

/* What people of tcsh type: setenv, unsetenv, rehash, repeat, limit, unlimit and @. */

static int bad_name(struct shell *sh, const char *cmd, const char *name)
{
	sh_warn(sh, "%s: %s: bad variable name", cmd, name);
	return 1;
}

int builtin_setenv(struct shell *sh, int argc, char **argv)
{
	if (argc == 1) {
		for (char **e = var_environ(sh); *e != NULL; e++)
			puts(*e);
		return 0;
	}
	if (argc > 3)
		return builtin_usage(sh, argv[0]);
	if (!name_valid(argv[1]))
		return bad_name(sh, argv[0], argv[1]);
	if (var_set(sh, argv[1], argc > 2 ? argv[2] : "", VAR_EXPORT) == 0)
		return 0;
	sh_warn(sh, "%s: %s: is read-only", argv[0], argv[1]);
	return 1;
}

int builtin_unsetenv(struct shell *sh, int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++)
		if (!name_valid(argv[i])) {
			status = bad_name(sh, argv[0], argv[i]);
		} else if (var_unset(sh, argv[i]) < 0) {
			sh_warn(sh, "%s: %s: is read-only", argv[0], argv[i]);
			status = 1;
		}
	return status;
}

int builtin_rehash(struct shell *sh, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	cmd_hash_clear(sh->hash);
	return 0;
}

int builtin_repeat(struct shell *sh, int argc, char **argv)
{
	struct strbuf b = { 0 };
	char *end;
	long n;

	if (argc < 3)
		return builtin_usage(sh, argv[0]);
	n = strtol(argv[1], &end, 10);
	if (*end != '\0' || end == argv[1] || n < 0) {
		sh_warn(sh, "%s: %s: bad number", argv[0], argv[1]);
		return 1;
	}
	for (int i = 2; i < argc; i++) {
		char *q = i == 2 ? xstrdup(argv[i]) : quote_str(argv[i]); /* the first may be an alias */

		strbuf_addf(&b, "%s%s", i > 2 ? " " : "", q);
		free(q);
	}
	for (; n > 0 && sh->frame.flow.kind == FLOW_NONE; n--)
		source_string(sh, b.s, argv[0], 0);
	strbuf_release(&b);
	return sh->frame.status;
}

/* tcsh's names of limits, and ulimit's letters. */
static const struct {
	char name[15];
	char letter;
} limits[] = {
	{ "cputime", 't' }, { "filesize", 'f' }, { "datasize", 'd' }, { "stacksize", 's' }, { "coredumpsize", 'c' },
	{ "memoryuse", 'm' }, { "vmemoryuse", 'v' }, { "descriptors", 'n' }, { "openfiles", 'n' }, { "memorylocked", 'l' },
	{ "maxproc", 'u' }, { "maxlocks", 'x' },
};

static int run_ulimit(struct shell *sh, bool hard, char letter, const char *value)
{
	char option[4] = { '-', letter, '\0', '\0' }, name[] = "ulimit", how[] = "-S";
	char *copy = xstrdup(value != NULL ? value : "");
	char *argv[] = { name, how, option, value != NULL ? copy : NULL, NULL };
	int status;

	how[1] = hard ? 'H' : 'S';
	status = builtin_ulimit(sh, value != NULL ? 4 : 3, argv);
	free(copy);
	return status;
}

/* A number of KiB, with k, m or g behind it. The text for ulimit, in `buf`. */
static const char *in_units(const char *s, char buf[32])
{
	char *end;
	unsigned long long n = strtoull(s, &end, 10);

	if (end == s || strchr("kmgKMG", *end) == NULL || *end == '\0')
		return s;
	snprintf(buf, 32, "%llu", n << (*end == 'm' || *end == 'M' ? 10 : *end == 'g' || *end == 'G' ? 20 : 0));
	return buf;
}

int builtin_limit(struct shell *sh, int argc, char **argv)
{
	bool un = argv[0][0] == 'u', hard = argc > 1 && strcmp(argv[1], "-h") == 0;
	char buf[32];
	int i = 1 + hard, status = 0;

	if (i == argc && !un)
		return run_ulimit(sh, hard, 'a', NULL);
	for (size_t k = 0; k < sizeof(limits) / sizeof(limits[0]); k++) {
		const char *value = un ? "unlimited" : i + 1 < argc ? in_units(argv[i + 1], buf) : NULL;

		if (i < argc && strncmp(limits[k].name, argv[i], strlen(argv[i])) != 0)
			continue;
		status |= run_ulimit(sh, hard, limits[k].letter, value);
		if (i < argc)
			return status;
	}
	if (i == argc)
		return status; /* unlimit: all */
	sh_warn(sh, "%s: %s: no such limit", argv[0], argv[i]);
	return 1;
}

/* @ name = expression, @ name += expression, @ name++; with blanks, or without. */
int builtin_at(struct shell *sh, int argc, char **argv)
{
	struct strbuf b = { 0 };
	struct element e;
	size_t len;
	int64_t v;
	int r;

	for (int i = 1; i < argc; i++)
		strbuf_addf(&b, "%s ", argv[i]);
	len = at_target(strbuf_str(&b), b.s + b.len);
	if (len == 0 || !at_assigns(b.s + len, b.s + b.len) || !element_split(sh, b.s, len, &e)) {
		strbuf_release(&b);
		sh_warn(sh, "@: `@ name = expression' is wanted");
		return 1;
	}
	r = arith_number(sh, 1, b.s, &v);
	strbuf_release(&b);
	return r < 0 ? 1 : 0;
}
