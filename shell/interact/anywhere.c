#include <config.h>

#include "shell/interact/anywhere.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/command.h"
#include "shell/exec/cwd.h"
#include "shell/exec/func.h"
#include "shell/expand/var.h"
#include "shell/move/eligible.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/strbuf.h"

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

/* What every system has alike, as far as programs go; /usr/local it has not. */
static bool is_of_system(const char *path)
{
	static const char *const dirs[] = { "/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", NULL };
	static const char *const files[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/urandom", NULL };

	if (is_one_of(path, files))
		return true;
	for (const char *const *d = dirs; *d != NULL; d++)
		if (strncmp(path, *d, strlen(*d)) == 0)
			return strncmp(path, "/usr/local/", 11) != 0 && strstr(path, "/../") == NULL;
	return false;
}

static char *explain(const char *what, const char *why)
{
	struct strbuf s = { 0 };

	strbuf_addf(&s, "%s %s", what, why);
	return strbuf_take(&s);
}

static char *check_path(const struct shell *sh, const char *path)
{
	return is_of_system(path) || (eligible_is_shared(sh, path) && strstr(path, "/../") == NULL) ? NULL : explain(path, "may be another on other nodes (shared)");
}

/* Ends a path, or a word, in a text. */
static size_t span(const char *s)
{
	return strcspn(s, " \t\n;|&()<>\"'`:,");
}

/* Behind what cannot be part of a path; and behind an option's letter. */
static bool begins_word(const char *text, const char *at)
{
	size_t n = (size_t)(at - text);

	if (n >= 3 && isalpha((unsigned char)at[-1]) && at[-2] == '-' && strchr(" \t\n", at[-3]) != NULL)
		return true;
	return n == 0 || (!isalnum((unsigned char)at[-1]) && strchr("._/~*?]})%+@-\\", at[-1]) == NULL);
}

/* An absolute path that begins here, and not an expression for sed(1), or a place in the network: there is something where it begins. */
static bool begins_path(const char *text, const char *at)
{
	size_t n = strspn(at, "/"), len = n + strcspn(at + n, "/ \t\n;|&()<>\"'`:,");
	char *top;
	bool is;

	if (*at != '/' || !begins_word(text, at))
		return false;
	top = xstrndup(at, len);
	is = access(top, F_OK) == 0;
	free(top);
	return is;
}

/* `$name' and `${name…}': a value that is a path counts as if it stood there. */
static char *check_parameter(struct shell *sh, const char *at)
{
	const char *name = at + 1 + (at[1] == '{'), *value;
	size_t n = 0;
	char *copy, *why;

	if (at[1] == '(')
		return explain("$(…)", "is not known before it runs");
	while (isalnum((unsigned char)name[n]) || name[n] == '_')
		n++;
	if (n == 0)
		return NULL;
	copy = xstrndup(name, n);
	value = var_text(sh, copy);
	why = value != NULL && *value == '/' ? check_path(sh, value) : NULL;
	free(copy);
	return why;
}

static char *check_home(struct shell *sh, const char *at)
{
	const char *home = var_text(sh, "HOME");

	return at[1] != '/' && span(at) != 1 ? explain("~user", "may be another on other nodes (shared)") : home != NULL ? check_path(sh, home) : NULL;
}

/* All places in a text where a file may be named. */
static char *check_files(struct shell *sh, const char *text)
{
	char *why = NULL, *path;

	for (const char *at = text; *at != '\0' && why == NULL; at++) {
		if (*at == '`')
			why = explain("`…`", "is not known before it runs");
		else if (*at == '$')
			why = check_parameter(sh, at);
		else if (*at == '~' && begins_word(text, at))
			why = check_home(sh, at);
		else if (begins_path(text, at)) {
			path = xstrndup(at, span(at));
			why = check_path(sh, path);
			free(path);
		}
	}
	return why;
}

/* The program that a name runs. */
static char *check_program(struct shell *sh, const char *name)
{
	static const char *const of_shell[] = { "cd", "chdir", "pushd", "popd", "exec", "exit", "logout", "fg", "bg", "wait", "jobs", "kill", "disown", "suspend", "smigrate",
						"source", ".", "eval", "login", "newgrp", "su", "sudo", NULL };
	const char *path;

	if (is_one_of(name, of_shell))
		return explain(name, "is for here");
	if (func_exists(sh, name))
		return explain(name, "is a function");
	if (sh->hooks.find_builtin(name) != NULL || strchr(name, '/') != NULL)
		return NULL;
	path = cmd_find(sh, name, NULL);
	return path == NULL ? explain(name, "is not a program") : check_path(sh, path);
}

/* Behind these comes a command. */
static bool is_before_command(const char *word)
{
	static const char *const words[] = { "if", "then", "elif", "else", "while", "until", "do", "time", "!", "{", NULL };

	return is_one_of(word, words);
}

static bool is_keyword(const char *word)
{
	static const char *const words[] = { "for", "fi", "done", "esac", "case", "in", "}", "[[", "select", "function", NULL };

	return is_one_of(word, words);
}

static bool is_assignment(const char *word)
{
	size_t n = strcspn(word, "=");

	return word[n] == '=' && n != 0 && strcspn(word, "/\"'$") > n;
}

/* All words in a text that stand where a command does. */
static char *check_programs(struct shell *sh, const char *text)
{
	bool first = true;
	char *why = NULL;

	for (const char *at = text; *at != '\0' && why == NULL;) {
		size_t n = strcspn(at, " \t\n;|&()<>");
		char *word;

		if (n == 0) {
			if (strchr(";|&(\n", *at) != NULL)
				first = true;
			else if (strchr("<>", *at) != NULL)
				first = false;
			at++;
			continue;
		}
		word = xstrndup(at, n);
		if (first && strpbrk(word, "$\"'\\`") != NULL && !is_assignment(word))
			why = explain(word, "is not known before it runs");
		else if (first && !is_before_command(word) && !is_assignment(word)) {
			why = is_keyword(word) ? NULL : check_program(sh, word);
			first = false;
		}
		free(word);
		at += n;
	}
	return why;
}

char *anywhere_obstacle(struct shell *sh, const struct ast_list *list)
{
	struct strbuf text = { 0 };
	char *cwd = cwd_physical(), *why;

	ast_print_list(&text, list);
	why = cwd == NULL || !eligible_is_shared(sh, cwd) ? explain(cwd != NULL ? cwd : "the working directory", "is not known to be the same on other nodes (shared)") : NULL;
	if (why == NULL)
		why = check_files(sh, strbuf_str(&text));
	if (why == NULL)
		why = check_programs(sh, strbuf_str(&text));
	strbuf_release(&text);
	free(cwd);
	return why;
}
