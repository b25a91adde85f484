#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "shell/builtin/builtin.h"
#include "shell/expand/option.h"

/*
 * shopt, as bash has it: its options, and how they are here; those that can be changed are in option.def. What
 * is so here for good can be set to just that, so that files which ask for it read on. A nicety of the editor that is not
 * here may be asked for, and nobody misses a word about it; what commands would run otherwise with, says so and fails.
 */
enum kind { OFF, ON, NICETY };
static const struct {
	char name[28];
	enum kind kind;
} options[] = {
	{ "autocorrect", OFF }, { "autolist", OFF }, { "correct", OFF }, /* tcsh's: the Tab key, and commands that are run */
	{ "autocd", OFF },	     { "cdable_vars", OFF },	  { "cdspell", OFF },
	{ "checkhash", ON },	     { "checkjobs", OFF },	  { "checkwinsize", ON },
	{ "cmdhist", ON },	     { "complete_fullquote", ON }, { "dirspell", NICETY },
	{ "direxpand", NICETY },
	{ "dotglob", OFF },	     { "execfail", OFF },	  { "expand_aliases", OFF },
	{ "extdebug", OFF },	     { "extglob", OFF },	  { "extquote", ON },
		  { "failglob", OFF },
	{ "force_fignore", ON },   { "globasciiranges", ON }, { "globskipdots", OFF },
	{ "globstar", OFF },	     { "gnu_errfmt", OFF },	  { "histappend", ON },
	{ "highlight", OFF }, /* ours: colours of the line that is typed */
	{ "histreedit", OFF },     { "histverify", OFF },	  { "hostcomplete", NICETY },
	{ "huponexit", NICETY },	     { "inherit_errexit", ON }, { "interactive_comments", ON },
	{ "lastpipe", OFF },	     { "lithist", ON },	  { "localvar_inherit", OFF },
	{ "localvar_unset", OFF }, { "login_shell", OFF },	  { "mailwarn", NICETY },
	{ "marks", OFF }, /* ours: what the terminal is told of directories and prompts */
	{ "no_empty_cmd_completion", NICETY }, { "nocaseglob", OFF }, { "nocasematch", OFF },
	{ "nullglob", OFF },	     { "patsub_replacement", OFF }, { "progcomp", OFF },
	{ "progcomp_alias", NICETY }, { "promptvars", ON },	  { "restricted_shell", OFF },
	{ "shift_verbose", OFF },   { "sourcepath", ON },	  { "varredir_close", OFF },
	{ "suggest", OFF }, /* ours: what the history suggests behind the line */
	{ "suggestcompletion", OFF }, /* … and, where that has nothing, completion */
	{ "title", OFF }, /* ours: of the window */
	{ "xpg_echo", OFF },
};
enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };

/* The index of an option, or -1 with a message. */
static int find(struct shell *sh, const char *name)
{
	for (int i = 0; i < N_OPTIONS; i++)
		if (strcmp(options[i].name, name) == 0)
			return i;
	sh_warn(sh, "shopt: %s: no such option", name);
	return -1;
}

static bool is_on(const struct shell *sh, int i)
{
	const struct option_info *o = option_by_name(options[i].name);

	if (o != NULL && o->shopt)
		return option_is_on(sh, o);
	return strcmp(options[i].name, "login_shell") == 0 ? opt(sh, OPT_LOGIN) : options[i].kind == ON;
}

static void print(const struct shell *sh, int i, bool as_command)
{
	if (as_command)
		printf("shopt -%c %s\n", is_on(sh, i) ? 's' : 'u', options[i].name);
	else
		printf("%-15s\t%s\n", options[i].name, is_on(sh, i) ? "on" : "off");
}

/* One name, with -s (1), -u (0) or neither (-1). A status. */
static int one(struct shell *sh, const char *name, int to, bool quiet, bool as_command)
{
	int i = find(sh, name);
	const struct option_info *o = option_by_name(name);

	if (i < 0)
		return 1;
	if (to >= 0 && o != NULL && o->shopt) {
		option_turn(sh, o, to != 0);
		return 0;
	}
	if (to >= 0 && is_on(sh, i) != (to != 0) && options[i].kind != NICETY) {
		sh_warn(sh, "shopt: %s: it is always %s here", name, to != 0 ? "off" : "on");
		return 1;
	}
	if (to < 0 && !quiet)
		print(sh, i, as_command);
	return to < 0 ? !is_on(sh, i) : 0;
}

bool builtin_shopt_set(struct shell *sh, const char *name, bool on)
{
	return one(sh, name, on, true, false) == 0;
}

static void print_of_set(const struct shell *sh, const struct option_info *o, bool as_command)
{
	if (as_command)
		printf("set %co %s\n", opt(sh, o->bit) ? '-' : '+', o->name);
	else
		printf("%-15s\t%s\n", o->name, opt(sh, o->bit) ? "on" : "off");
}

/* -o: one of the options of `set`. A status. */
static int one_of_set(struct shell *sh, char *name, int to, bool quiet, bool as_command)
{
	const struct option_info *o = option_by_name(name);
	char *v[] = { (char *)(uintptr_t)"set", (char *)(uintptr_t)(to != 0 ? "-o" : "+o"), name, NULL };
	bool operands = false;
	int i = 1;

	if (o == NULL) {
		sh_warn(sh, "shopt: %s: no such option", name);
		return 1;
	}
	if (to >= 0)
		return builtin_set_options(sh, 3, v, &i, &operands);
	if (!quiet)
		print_of_set(sh, o, as_command);
	return !opt(sh, o->bit);
}

int builtin_shopt(struct shell *sh, int argc, char **argv)
{
	bool quiet = false, as_command = false, of_set = false;
	const struct option_info *o;
	int c, to = -1, status = 0;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "suqpo")) != -1) {
		if (c == '?')
			return 2;
		if (c == 's' || c == 'u')
			to = c == 's';
		quiet |= c == 'q';
		as_command |= c == 'p';
		of_set |= c == 'o';
	}
	for (int i = optind; i < argc; i++)
		status |= of_set ? one_of_set(sh, argv[i], to, quiet, as_command) : one(sh, argv[i], to, quiet, as_command);
	for (int i = 0; i < N_OPTIONS && optind == argc && !of_set; i++)
		if (to < 0 || is_on(sh, i) == (to != 0))
			print(sh, i, as_command);
	for (size_t i = 0; optind == argc && of_set && (o = option_at(i)) != NULL; i++)
		if (!o->shopt && (to < 0 || opt(sh, o->bit) == (to != 0)))
			print_of_set(sh, o, as_command);
	return status;
}
