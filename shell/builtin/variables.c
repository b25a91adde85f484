#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/builtin/declare.h"
#include "shell/exec/func.h"
#include "shell/expand/element.h"
#include "shell/expand/named.h"
#include "shell/expand/option.h"
#include "shell/expand/param.h"
#include "shell/expand/csh_var.h"
#include "shell/expand/var.h"
#include "shell/jobs/tty.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"

/* Variables and positional parameters: unset, set, shift, getopts; declare.c has those that set attributes. */

static int set_option(struct shell *sh, const struct option_info *o, bool on)
{
	if (o->bit == OPT_MONITOR) {
		int r = tty_control_set(sh, on);

		if (r < 0)
			sh_warn(sh, "set: job control: %s", strerror(-r));
		return r < 0 ? 1 : 0;
	}
	opt_set(sh, o->bit, on);
	if (on && o->bit == OPT_VI)
		opt_set(sh, OPT_EMACS, false);
	if (on && o->bit == OPT_EMACS)
		opt_set(sh, OPT_VI, false);
	return 0;
}

/* At a prompt, or in what it reads first, one word may be csh's. */
static bool reads_csh(const struct shell *sh, int argc)
{
	return argc == 2 && sh->interactive && sh->frame.call == NULL && !opt(sh, OPT_POSIX);
}

/* tcsh's `set noclobber` and `unset noclobber`. False: there is no such option. */
static bool set_csh_option(struct shell *sh, const char *name, bool set)
{
	bool on;
	const struct option_info *o = csh_var_option(name, &on);

	return o != NULL && set_option(sh, o, set == on) == 0;
}

int builtin_unset(struct shell *sh, int argc, char **argv)
{
	bool func = false, var = false, itself = false;
	struct element e;
	int c, status = 0;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "fvn")) != -1) {
		if (c == '?')
			return 2;
		func |= c == 'f';
		var |= c == 'v';
		itself |= c == 'n';
	}
	for (int i = optind; i < argc; i++) {
		if (func && !var) {
			func_unset(sh, argv[i]);
		} else if (!named_element(sh, argv[i], &e)) {
			sh_warn(sh, "unset: %s: bad variable name", argv[i]);
			status = 2;
		} else if (itself) {
			var_clear_flags(sh, e.name, VAR_REFERENCE);
			(void)var_unset(sh, e.name);
		} else if (!var && e.subscript == NULL && !opt(sh, OPT_POSIX) && var_find(sh, e.name) == NULL) {
			if (func_unset(sh, e.name) < 0 && reads_csh(sh, argc)) /* as in bash */
				(void)set_csh_option(sh, e.name, false);
		} else if (element_unset(sh, "unset", &e) < 0) {
			status = opt(sh, OPT_POSIX) ? 2 : 1;
		}
	}
	return status != 0 ? builtin_fatal(sh, status) : 0;
}

/* ---- set ---- */

static void print_options(const struct shell *sh, bool as_commands)
{
	const struct option_info *o;

	for (size_t i = 0; (o = option_at(i)) != NULL; i++) {
		if (as_commands && !o->fixed)
			printf("set %co %s\n", opt(sh, o->bit) ? '-' : '+', o->name);
		else if (!as_commands && !o->shopt)
			printf("%-15s %s\n", o->name, opt(sh, o->bit) ? "on" : "off");
	}
}

static int bad_option(struct shell *sh, const char *cmd, const char *name)
{
	sh_warn(sh, "%s: %s: unknown option", cmd, name);
	return builtin_fatal(sh, 2);
}

int builtin_set_options(struct shell *sh, int argc, char **argv, int *i, bool *ret_operands)
{
	for (; *i < argc; ++*i) {
		const char *s = argv[*i];
		bool on = s[0] == '-';
		const struct option_info *o;

		if (strcmp(s, "+") == 0 && !opt(sh, OPT_POSIX)) /* bash passes over it */
			continue;
		if ((s[0] != '-' && s[0] != '+') || s[1] == '\0')
			break;
		if (strcmp(s, "--") == 0) {
			++*i;
			*ret_operands = true;
			break;
		}
		while (*++s != '\0') {
			int status;

			if (*s != 'o') {
				o = option_by_letter(*s);
				if (o == NULL || o->fixed)
					return bad_option(sh, argv[0], (char[]){ on ? '-' : '+', *s, '\0' });
			} else if (*i + 1 >= argc) {
				print_options(sh, !on);
				continue;
			} else {
				o = option_by_name(argv[++*i]);
				if (o == NULL || o->fixed)
					return bad_option(sh, argv[0], argv[*i]);
			}
			status = set_option(sh, o, on);
			if (status != 0)
				return status;
		}
	}
	return 0;
}

/* tcsh's `set name` and `set name=value`, at a prompt or in what it reads first, of a variable that steers the shell. */
static int set_csh(struct shell *sh, const char *word)
{
	size_t len = strcspn(word, "=");
	char *name = xstrndup(word, len);
	int status = csh_var_set(sh, name, word[len] == '=' ? word + len + 1 : "");

	free(name);
	return status;
}

int builtin_set(struct shell *sh, int argc, char **argv)
{
	bool operands = false;
	int i = 1, status;

	if (reads_csh(sh, argc) && csh_var_is(argv[1], strcspn(argv[1], "=")))
		return set_csh(sh, argv[1]);
	if (reads_csh(sh, argc) && set_csh_option(sh, argv[1], true))
		return 0;
	if (argc == 1) {
		declare_print_values(sh);
		return 0;
	}
	status = builtin_set_options(sh, argc, argv, &i, &operands);
	if (status != 0)
		return status;
	if (!operands && i < argc && strcmp(argv[i], "-") == 0) { /* the historical `set - a b` */
		opt_set(sh, OPT_XTRACE, false);
		opt_set(sh, OPT_VERBOSE, false);
		operands |= ++i < argc;
	}
	if (operands || i < argc)
		param_set(sh, argv + i, (size_t)(argc - i));
	return 0;
}

int builtin_shift(struct shell *sh, int argc, char **argv)
{
	unsigned long n = 1;
	char *end;

	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argv++;
		argc--;
	}
	if (argc > 2 && !opt(sh, OPT_POSIX)) {
		sh_warn(sh, "shift: too many arguments");
		return 1;
	}
	if (argc > 1) {
		n = strtoull(argv[1], &end, 10);
		if (argv[1][0] < '0' || argv[1][0] > '9' || *end != '\0') {
			sh_warn(sh, "shift: %s: bad number", argv[1]);
			return builtin_fatal(sh, 2);
		}
	}
	if (n > sh->params->n) {
		if (!opt(sh, OPT_POSIX)) /* bash says nothing of it */
			return 1;
		sh_warn(sh, "shift: can't shift that many");
		return builtin_fatal(sh, 1);
	}
	param_shift(sh, n);
	return 0;
}

/* ---- getopts ---- */

static int set_name(struct shell *sh, const char *name, const char *value)
{
	if (var_set(sh, name, value, 0) == 0)
		return 0;
	sh_warn(sh, "getopts: %s: is read-only", name);
	return -1;
}

static void set_optind(struct shell *sh, size_t ind)
{
	char buf[DECIMAL_MAX];
	int pos = sh->getopts_pos;

	var_set(sh, "OPTIND", decimal_print(buf, (int64_t)ind), 0);
	sh->getopts_pos = pos; /* an assignment by the user would begin a new round */
}

int builtin_getopts(struct shell *sh, int argc, char **argv)
{
	const char *spec, *ind = var_text(sh, "OPTIND"), *p;
	char **args, letter[2] = "";
	size_t n, i;
	bool quiet;

	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argv++;
		argc--;
	}
	if (argc < 3)
		return builtin_usage(sh, "getopts");
	if (!name_valid(argv[2])) {
		sh_warn(sh, "getopts: %s: bad variable name", argv[2]);
		return 2;
	}
	spec = argv[1];
	quiet = *spec == ':';
	args = argc > 3 ? argv + 3 : sh->params->v;
	n = argc > 3 ? (size_t)argc - 3 : sh->params->n;
	i = ind != NULL ? strtoull(ind, NULL, 10) : 1;
	if (i < 1)
		i = 1;
	if (i > n + 1 && !opt(sh, OPT_POSIX)) { /* of other arguments: bash says where these end */
		sh->getopts_pos = 0;
		i = n + 1;
	}
	if (sh->getopts_pos == 0) {
		if (i > n || args[i - 1][0] != '-' || args[i - 1][1] == '\0')
			goto done;
		if (strcmp(args[i - 1], "--") == 0) {
			i++;
			goto done;
		}
		sh->getopts_pos = 1;
	} else if (i > n || (size_t)sh->getopts_pos >= strlen(args[i - 1])) {
		goto done;
	}
	letter[0] = args[i - 1][sh->getopts_pos++];
	p = letter[0] != ':' ? strchr(spec + quiet, letter[0]) : NULL;
	bool last = args[i - 1][sh->getopts_pos] == '\0';

	var_unset(sh, "OPTARG");
	if (p == NULL) {
		if (quiet)
			set_name(sh, "OPTARG", letter);
		else
			sh_warn(sh, "-%s: unknown option", letter);
		if (last) {
			i++;
			sh->getopts_pos = 0;
		}
		set_optind(sh, i);
		return set_name(sh, argv[2], "?") < 0 ? 2 : 0;
	}
	if (p[1] == ':') {
		const char *arg = args[i - 1] + sh->getopts_pos;

		if (last)
			arg = i < n ? args[i++] : NULL;
		i++;
		sh->getopts_pos = 0;
		set_optind(sh, i);
		if (arg == NULL) {
			if (quiet)
				set_name(sh, "OPTARG", letter);
			else
				sh_warn(sh, "-%s: an argument is needed", letter);
			return set_name(sh, argv[2], quiet ? ":" : "?") < 0 ? 2 : 0;
		}
		set_name(sh, "OPTARG", arg);
	} else {
		if (last) {
			i++;
			sh->getopts_pos = 0;
		}
		set_optind(sh, i);
	}
	return set_name(sh, argv[2], letter) < 0 ? 2 : 0;
done:
	sh->getopts_pos = 0;
	set_optind(sh, i);
	var_unset(sh, "OPTARG");
	return set_name(sh, argv[2], "?") < 0 ? 2 : 1;
}
