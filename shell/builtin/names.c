#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/builtin/table.h"
#include "shell/exec/exec.h"
#include "shell/exec/func.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/parser/alias.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"

/* What a name stands for: command, type, which, where, hash. */

/* The absolute path of a command's file (caller frees); NULL: there is none. */
static char *absolute_file(struct shell *sh, const char *name, const char *path)
{
	const char *found = name;
	struct stat st;
	char *s = NULL;

	if (strchr(name, '/') == NULL)
		found = cmd_find(sh, name, path);
	else if (access(name, X_OK) < 0 || stat(name, &st) < 0 || S_ISDIR(st.st_mode))
		found = NULL;
	if (found == NULL)
		return NULL;
	if (found[0] == '/' || sh->pwd == NULL)
		return strdup(found);
	if (strncmp(found, "./", 2) == 0)
		found += 2;
	return asprintf(&s, "%s/%s", sh->pwd, found) < 0 ? NULL : s;
}

static bool is_reserved(struct shell *sh, const char *name)
{
	return parser_is_reserved(name) || ((strcmp(name, "time") == 0 || strcmp(name, "coproc") == 0) && !opt(sh, OPT_POSIX));
}

/* The builtin of that name; in POSIX mode not one that stands for a file: that is told. */
static const struct builtin *builtin_of(struct shell *sh, const char *name)
{
	const struct builtin *b = cmd_builtin(sh, name);

	return b != NULL && (b->flags & BUILTIN_FILE) != 0 && opt(sh, OPT_POSIX) ? NULL : b;
}

/* Prints what a name stands for, as `command -v` (brief) or `type` does. False: it is nothing. */
static bool describe(struct shell *sh, const char *name, const char *path, bool brief, bool functions)
{
	const char *alias = alias_get(sh->aliases, name);
	const struct builtin *b = builtin_of(sh, name);
	char *file;

	if (alias != NULL) {
		char *q = quote_str(alias);

		printf(brief ? "alias %s=%s\n" : "%s is aliased to `%s'\n", name, brief ? q : alias);
		free(q);
	} else if (is_reserved(sh, name)) {
		printf(brief ? "%s\n" : "%s is a shell keyword\n", name);
	} else if (b != NULL && (b->flags & BUILTIN_SPECIAL) != 0) {
		printf(brief ? "%s\n" : opt(sh, OPT_POSIX) ? "%s is a special shell builtin\n" : "%s is a shell builtin\n", name);
	} else if (functions && func_exists(sh, name)) {
		printf(brief ? "%s\n" : "%s is a function\n", name);
		if (!brief) {
			char *s = func_source(sh, name);

			fputs(s, stdout);
			free(s);
		}
	} else if (b != NULL) {
		printf(brief ? "%s\n" : "%s is a shell builtin\n", name);
	} else {
		file = absolute_file(sh, name, path);
		if (file == NULL)
			return false;
		if (brief)
			printf("%s\n", file);
		else
			printf("%s is %s\n", name, file);
		free(file);
	}
	return true;
}

int builtin_command(struct shell *sh, int argc, char **argv)
{
	const char *path = NULL;
	bool brief = false, verbose = false;
	int c, status = 0;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "pvV")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'p')
			path = cmd_default_path;
		brief |= c == 'v';
		verbose |= c == 'V';
	}
	argc -= optind;
	argv += optind;
	if (argc == 0)
		return 0;
	if (brief || verbose) {
		for (int i = 0; i < argc; i++)
			if (!describe(sh, argv[i], path, brief, true)) {
				status = 1;
				if (verbose)
					sh_warn(sh, "%s: not found", argv[i]);
			}
		return status;
	}
	/* by `command` the error of a special builtin does not end the shell (XCU command) */
	status = exec_argv(sh, argc, argv, path);
	sh->frame.builtin_error = false;
	/* nor does a syntax error in what `command eval` or `command .` reads */
	if (sh->frame.flow.kind == FLOW_ABORT && !sh->interactive && !sh->frame.flow.discards)
		sh->frame.flow.kind = FLOW_NONE;
	return status;
}

/* Prints the first or all files of that name along PATH, `prefix` before each. Returns how many. */
static int list_files(struct shell *sh, const char *name, bool all, const char *prefix)
{
	const char *path = var_text(sh, "PATH");
	char *copy = xstrdup(strchr(name, '/') != NULL ? "" : path != NULL ? path : cmd_default_path);
	int n = 0;

	for (char *at = copy, *dir; (dir = strsep(&at, ":")) != NULL && (all || n == 0);) {
		char *file = absolute_file(sh, name, dir);

		if (file != NULL) {
			printf("%s%s\n", prefix, file);
			n++;
		}
		free(file);
	}
	free(copy);
	return n;
}

/* bash's one word for what a name is; NULL: nothing. */
static const char *kind_of(struct shell *sh, const char *name)
{
	char *file;

	if (alias_get(sh->aliases, name) != NULL)
		return "alias";
	if (is_reserved(sh, name))
		return "keyword";
	if (func_exists(sh, name))
		return "function";
	if (builtin_of(sh, name) != NULL)
		return "builtin";
	file = absolute_file(sh, name, NULL);
	free(file);
	return file != NULL ? "file" : NULL;
}

/* What it is to the shell, and then every file of that name. */
static bool type_all(struct shell *sh, const char *name, const char *kind)
{
	struct strbuf prefix = { 0 };

	if (kind != NULL && strcmp(kind, "file") != 0)
		(void)describe(sh, name, NULL, false, true);
	strbuf_addf(&prefix, "%s is ", name);
	(void)list_files(sh, name, true, prefix.s);
	strbuf_release(&prefix);
	return kind != NULL;
}

/* type -t, -p, -P and -a of one name, which are not POSIX's, but bash's. False: it is nothing. */
static bool type_one(struct shell *sh, const char *name, int how)
{
	const char *kind = kind_of(sh, name);

	switch (how) {
	case 't':
		if (kind != NULL)
			puts(kind);
		return kind != NULL;
	case 'p':
		return kind != NULL && (strcmp(kind, "file") != 0 || list_files(sh, name, false, "") != 0);
	case 'P':
		return list_files(sh, name, false, "") != 0;
	default:
		return type_all(sh, name, kind);
	}
}

int builtin_type(struct shell *sh, int argc, char **argv)
{
	int c, how = 0, status = 0;
	bool functions = true;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "tpPaf")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'f')
			functions = false;
		else
			how = c;
	}
	for (int i = optind; i < argc; i++)
		if (how != 0 ? !type_one(sh, argv[i], how) : !describe(sh, argv[i], NULL, false, functions)) {
			if (how == 0 || how == 'a')
				sh_warn(sh, "type: %s: not found", argv[i]);
			status = 1;
		}
	return status;
}

/* Prints the first or all things that a name stands for, as tcsh does. False: it is nothing. */
static bool which(struct shell *sh, const char *name, bool all)
{
	const char *alias = alias_get(sh->aliases, name);
	int n = 0;

	if (alias != NULL)
		n += printf("%s: aliased to %s\n", name, alias) > 0;
	if (is_reserved(sh, name) && (all || n == 0))
		n += printf("%s: shell reserved word\n", name) > 0;
	if (func_exists(sh, name) && (all || n == 0))
		n += printf("%s: shell function\n", name) > 0;
	if (builtin_of(sh, name) != NULL && (all || n == 0))
		n += printf("%s: shell built-in command.\n", name) > 0;
	if (all || n == 0)
		n += list_files(sh, name, all, "");
	return n != 0;
}

int builtin_which(struct shell *sh, int argc, char **argv)
{
	bool all = strcmp(argv[0], "where") == 0;
	int c, status = 0;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, all ? "" : "a")) != -1) {
		if (c == '?')
			return 2;
		all = true;
	}
	if (optind == argc)
		return builtin_usage(sh, argv[0]);
	for (int i = optind; i < argc; i++)
		if (!which(sh, argv[i], all)) {
			sh_warn(sh, "%s: %s: not found", argv[0], argv[i]);
			status = 1;
		}
	return status;
}

int builtin_hash(struct shell *sh, int argc, char **argv)
{
	const char *name, *path;
	int c, hits, status = 0;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "r")) != -1) {
		if (c == '?')
			return 2;
		cmd_hash_clear(sh->hash);
		return 0;
	}
	if (optind == argc && !opt(sh, OPT_POSIX) && cmd_hash_at(sh->hash, 0, &path, &hits) != NULL)
		puts("hits\tcommand");
	if (optind == argc)
		for (size_t i = 0; (name = cmd_hash_at(sh->hash, i, &path, &hits)) != NULL; i++)
			printf("%4d\t%s\n", hits, path);
	for (int i = optind; i < argc; i++)
		if (cmd_builtin(sh, argv[i]) == NULL && !func_exists(sh, argv[i]) &&
		    strchr(argv[i], '/') == NULL && cmd_find(sh, argv[i], NULL) == NULL) {
			sh_warn(sh, "hash: %s: not found", argv[i]);
			status = 1;
		}
	return status;
}

/* builtin name …: not the function of that name. */
int builtin_builtin(struct shell *sh, int argc, char **argv)
{
	const struct builtin *b;

	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argv++;
		argc--;
	}
	if (argc < 2)
		return 0;
	b = cmd_builtin(sh, argv[1]);
	if (b != NULL)
		return exec_builtin(sh, b, argc - 1, argv + 1);
	sh_warn(sh, "builtin: %s: not a builtin", argv[1]);
	return 1;
}

/* enable: what there is. Nothing can be switched off. */
int builtin_enable(struct shell *sh, int argc, char **argv)
{
	bool off = false;
	int c, status = 0;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "anps")) != -1) {
		if (c == '?')
			return 2;
		off |= c == 'n';
	}
	for (size_t i = 0; optind == argc && !off && table_at(i) != NULL; i++)
		printf("enable %s\n", table_at(i)->name);
	for (int i = optind; i < argc; i++) {
		const char *why = cmd_builtin(sh, argv[i]) == NULL ? "not a builtin" : off ? "it cannot be switched off" : NULL;

		if (why != NULL)
			sh_warn(sh, "enable: %s: %s", argv[i], why);
		status |= why != NULL;
	}
	return status;
}

/* The keywords that begin something. */
static const struct {
	char name[9], usage[96];
} keywords[] = {
	{ "!", "pipeline" },
	{ "((", "expression ))" },
	{ "[[", "expression ]]" },
	{ "case", "word in [pattern [| pattern] …) list ;;] … esac" },
	{ "coproc", "[name] command" },
	{ "for", "name [in word …]; do list; done | for (( init; condition; step )); do list; done" },
	{ "function", "name { list; }" },
	{ "if", "list; then list; [elif list; then list;] … [else list;] fi" },
	{ "select", "name [in word …]; do list; done" },
	{ "time", "[-p] pipeline" },
	{ "until", "list; do list; done" },
	{ "while", "list; do list; done" },
	{ "{", "list; }" },
};

/* A line of help about a keyword (NULL: about each). False: it is none. */
static bool help_keyword(const char *name)
{
	bool found = false;

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (name == NULL || strcmp(keywords[i].name, name) == 0) {
			printf("%s %s\n", keywords[i].name, keywords[i].usage);
			found = true;
		}
	return found;
}

int builtin_help(struct shell *sh, int argc, char **argv)
{
	const struct builtin *b;
	int status = 0;

	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argc--;
		argv++;
	}
	for (size_t i = 0; argc == 1 && (b = table_at(i)) != NULL; i++)
		printf("%s %s\n", b->name, b->usage);
	if (argc == 1) {
		(void)help_keyword(NULL);
		puts("More is in mish(1).");
	}
	for (int i = 1; i < argc; i++) {
		b = table_find(argv[i]);
		if (b != NULL) {
			printf("%s %s\n", b->name, b->usage);
		} else if (!help_keyword(argv[i])) {
			sh_warn(sh, "help: no help topics match `%s' (no such builtin; see mish(1))", argv[i]);
			status = 1;
		}
	}
	return status;
}
