#include <config.h>

#include "shell/builtin/builtin.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

enum { OPT_SPEC_ROOM = 64 }; /* bytes for the option letters of a builtin, and "+:" */

void builtin_opt_begin(void)
{
	optind = 0; /* glibc: start anew */
	opterr = 0;
}

int builtin_opt(struct shell *sh, int argc, char **argv, const char *spec)
{
	char s[OPT_SPEC_ROOM];
	int c, n;

	n = snprintf(s, sizeof(s), "+:%s", spec);
	assert(n > 0 && n < (int)sizeof(s)); /* each builtin's spec is a literal */
	c = getopt(argc, argv, s);
	if (c == ':') {
		sh_warn(sh, "%s: -%c: an argument is needed", argv[0], optopt);
		builtin_usage(sh, argv[0]);
		return '?';
	}
	if (c == '?') {
		sh_warn(sh, "%s: -%c: unknown option", argv[0], optopt);
		builtin_usage(sh, argv[0]);
	}
	return c;
}

int builtin_usage(struct shell *sh, const char *name)
{
	const struct builtin *b = sh->hooks.find_builtin(name);

	if (b != NULL)
		fprintf(stderr, "usage: %s %s\n", name, b->usage);
	if (b != NULL && (b->flags & BUILTIN_SPECIAL) != 0)
		sh->frame.builtin_error = true;
	return 2;
}

int builtin_fatal(struct shell *sh, int status)
{
	sh->frame.builtin_error = true;
	return status;
}
