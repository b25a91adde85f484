#include <config.h>

#include "shell/builtin/builtin.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OPT_SPEC_ROOM = 64 }; /* bytes for the option letters of a builtin, and "+:" */

enum { SPECIAL = BUILTIN_SPECIAL, PURE = BUILTIN_PURE, FILE_TOO = BUILTIN_FILE,
       EXTRA = BUILTIN_EXTRA };

static const struct builtin builtins[] = { /* sorted by name */
	{ ".", builtin_dot, SPECIAL, "file" },
	{ ":", builtin_colon, SPECIAL | PURE, "[argument …]" },
	{ "[", builtin_test, FILE_TOO, "expression ]" },
	{ "alias", builtin_alias, 0, "[name[=value] …]" },
	{ "bg", builtin_bg, 0, "[job …]" },
	{ "break", builtin_break, SPECIAL, "[n]" },
	{ "cd", builtin_cd, 0, "[-L | -P [-e]] [directory | -]" },
	{ "command", builtin_command, 0, "[-p] name [argument …] | [-p] -v | -V name …" },
	{ "continue", builtin_break, SPECIAL, "[n]" },
	{ "dirs", builtin_dirs, EXTRA, "[-clpv]" },
	{ "echo", builtin_echo, PURE | FILE_TOO, "[-n] [string …]" },
	{ "eval", builtin_eval, SPECIAL, "[argument …]" },
	{ "exec", builtin_exec, SPECIAL, "[command [argument …]]" },
	{ "exit", builtin_exit, SPECIAL, "[n]" },
	{ "export", builtin_export, SPECIAL, "name[=value] … | -p" },
	{ "false", builtin_false, PURE | FILE_TOO, "" },
	{ "fc", builtin_fc, 0, "[-r] [-e editor] [first [last]] | -l [-nr] [first [last]] | -s [old=new] [first]" },
	{ "fg", builtin_fg, 0, "[job]" },
	{ "getopts", builtin_getopts, 0, "optstring name [argument …]" },
	{ "hash", builtin_hash, 0, "[-r] [utility …]" },
	{ "history", builtin_history, EXTRA, "[-c] [n]" },
	{ "jobs", builtin_jobs, 0, "[-l | -p] [job …]" },
	{ "kill", builtin_kill, 0, "[-s name | -name] pid | job … | -l [status …]" },
	{ "local", builtin_local, 0, "name[=value] …" },
	{ "popd", builtin_popd, EXTRA, "[+n]" },
	{ "printf", builtin_printf, PURE | FILE_TOO, "format [argument …]" },
	{ "pushd", builtin_pushd, EXTRA, "[directory | +n]" },
	{ "pwd", builtin_pwd, PURE | FILE_TOO, "[-L | -P]" },
	{ "read", builtin_read, 0, "[-r] [-d delimiter] [-p prompt] name …" },
	{ "readonly", builtin_export, SPECIAL, "name[=value] … | -p" },
	{ "return", builtin_return, SPECIAL, "[n]" },
	{ "set", builtin_set, SPECIAL, "[-+abCefhmnuvx] [-+o option] [--] [argument …]" },
	{ "shift", builtin_shift, SPECIAL, "[n]" },
	{ "smigrate", builtin_smigrate, 0, "[-fnqv | -l | --warm] [HOST | home]" },
	{ "test", builtin_test, FILE_TOO, "[expression]" },
	{ "times", builtin_times, SPECIAL, "" },
	{ "trap", builtin_trap, SPECIAL, "[action] condition … | -p [condition …]" },
	{ "true", builtin_colon, PURE | FILE_TOO, "" },
	{ "type", builtin_type, PURE, "name …" },
	{ "ulimit", builtin_ulimit, 0, "[-HS] [-a | -cdefilmnqrstuvx] [limit]" },
	{ "umask", builtin_umask, 0, "[-S] [mask]" },
	{ "unalias", builtin_unalias, 0, "-a | name …" },
	{ "unset", builtin_unset, SPECIAL, "[-fv] name …" },
	{ "wait", builtin_wait, 0, "[pid | job …]" },
	{ "where", builtin_which, EXTRA | PURE, "name …" },
	{ "which", builtin_which, EXTRA | PURE, "[-a] name …" },
};

enum { N_BUILTINS = sizeof(builtins) / sizeof(builtins[0]) };

const struct builtin *builtin_at(size_t i)
{
	return i < N_BUILTINS ? &builtins[i] : NULL;
}

const struct builtin *builtin_find(const char *name)
{
	size_t lo = 0, hi = N_BUILTINS;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(name, builtins[mid].name);

		if (c == 0)
			return &builtins[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

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
	const struct builtin *b = builtin_find(name);

	if (b != NULL)
		fprintf(stderr, "usage: %s %s\n", name, b->usage);
	if (b != NULL && (b->flags & BUILTIN_SPECIAL) != 0)
		sh->builtin_error = true;
	return 2;
}

int builtin_fatal(struct shell *sh, int status)
{
	sh->builtin_error = true;
	return status;
}
