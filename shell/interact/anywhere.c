#include <config.h>

#include "shell/interact/anywhere.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/exec/command.h"
#include "shell/exec/cwd.h"
#include "shell/exec/func.h"
#include "shell/expand/var.h"
#include "shell/move/eligible.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/strbuf.h"

#define BETWEEN " \t\n;|&()<>\"':,={}" /* not between ${ and } */

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
			return strncmp(path, "/usr/local/", 11) != 0;
	return false;
}

static char *explain(const char *what, const char *why)
{
	struct strbuf s = { 0 };

	strbuf_addf(&s, "%s %s", what, why);
	return strbuf_take(&s);
}

/* What that file is, or will be, without links and dots (caller frees); NULL: there is nothing where it could be. */
static char *resolve(const char *path)
{
	char *is = realpath(path, NULL), *dir, *slash;

	if (is != NULL)
		return is;
	dir = xstrdup(path);
	slash = strrchr(dir, '/');
	if (slash != NULL && slash != dir)
		*slash = '\0';
	is = slash != NULL ? realpath(slash != dir ? dir : "/", NULL) : NULL;
	if (is != NULL && strcmp(is, "/") == 0 && slash[1] != '\0') { /* of an expression for sed(1), or a place in the network: no file */
		free(is);
		is = NULL;
	}
	free(dir);
	return is;
}

static char *check_path(const struct shell *sh, const char *path)
{
	struct stat st;
	char *is, *why = NULL;

	if (strchr(path, '/') == NULL && (lstat(path, &st) < 0 || !S_ISLNK(st.st_mode)))
		return NULL; /* in the working directory */
	if (is_of_system(path) && strstr(path, "/..") == NULL)
		return NULL;
	is = resolve(path);
	if (is != NULL && !is_of_system(is) && !eligible_is_shared(sh, is))
		why = explain(path, "may be another on other nodes (shared)");
	free(is);
	return why;
}

/* A parameter at the beginning of *s, as its value; what is not one word that is known is an obstacle. */
static char *take_parameter(struct shell *sh, const char **s, struct strbuf *to)
{
	bool braces = (*s)[1] == '{';
	const char *name = *s + 1 + braces, *value;
	size_t n = 0;
	char *copy;

	while (isalnum((unsigned char)name[n]) || name[n] == '_')
		n++;
	if (n == 0 && !braces && strchr("?$#-", *name) != NULL) { /* numbers and letters, or a lone $ */
		*s += 1 + (*name != '\0');
		return NULL;
	}
	if (n == 0 || isdigit((unsigned char)*name) || (braces && name[n] != '}'))
		return explain(*s, "is not known before it runs");
	copy = xstrndup(name, n);
	value = var_text(sh, copy);
	free(copy);
	if (value != NULL && strchr(value, '/') != NULL && value[strcspn(value, " \t\n:,=")] != '\0')
		return explain(*s, "may name files that are others on other nodes");
	strbuf_adds(to, value != NULL ? value : "");
	*s = name + n + braces;
	return NULL;
}

static char *take_home(struct shell *sh, const char **s, struct strbuf *to)
{
	const char *home = var_text(sh, "HOME");

	if (((*s)[1] != '/' && strchr(BETWEEN, (*s)[1]) == NULL) || home == NULL)
		return explain("~user", "may be another on other nodes");
	strbuf_adds(to, home);
	++*s;
	return NULL;
}

/* A word, or what is between two signs that a file's name seldom has; *s is behind it then. */
static char *take_word(struct shell *sh, const char **s, struct strbuf *to)
{
	char *why = **s == '~' ? take_home(sh, s, to) : NULL;

	while (why == NULL && **s != '\0' && strchr(BETWEEN, **s) == NULL) {
		if (strncmp(*s, "$((", 3) == 0) {
			*s += 3; /* a number */
			continue;
		}
		if (**s == '`' || ((*s)[0] == '$' && (*s)[1] == '('))
			return explain("$(...)", "is not known before it runs");
		if (**s == '$')
			why = take_parameter(sh, s, to);
		else
			strbuf_addc(to, *(*s)++);
	}
	return why;
}

/* All places in a text where a file may be named. */
static char *check_files(struct shell *sh, const char *text)
{
	char *why = NULL;

	while (*text != '\0' && why == NULL) {
		struct strbuf word = { 0 };
		const char *s;

		text += strspn(text, BETWEEN);
		why = take_word(sh, &text, &word);
		s = strbuf_str(&word);
		if (why == NULL && *s == '-' && isalpha((unsigned char)s[1])) /* -I../include */
			s += 2;
		if (why == NULL && *s != '\0')
			why = check_path(sh, s);
		strbuf_release(&word);
	}
	return why;
}

/* The program that a name runs. */
static char *check_program(struct shell *sh, const char *name)
{
	static const char *const of_shell[] = { "cd", "chdir", "pushd", "popd", "exec", "exit", "logout", "fg", "bg", "wait", "jobs", "kill", "disown", "suspend", "smigrate",
						"source", ".", "eval", "login", "newgrp", "su", "sudo", "doas", "pkill", "killall", "gdb", "strace", "ltrace", "perf", "lsof",
						"fuser", "renice", "taskset", "docker", "podman", "systemctl", "journalctl", "mount", "umount", NULL };
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

/* Which program it runs is said by what follows: all that can be one counts. */
static bool runs_others(const char *name)
{
	static const char *const programs[] = { "nice", "nohup", "timeout", "env", "xargs", "find", "command", "builtin", "setsid", "stdbuf", "ionice", "chrt", "parallel", "watch",
						"time", "script", "flock", "unbuffer", NULL };

	return is_one_of(name, programs);
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

/* A word, with what is in parentheses directly behind a part of it: a pattern, or a number. */
static size_t word_span(const char *s)
{
	size_t n = strcspn(s, " \t\n;|&()<>");

	while (n != 0 && s[n] == '(') {
		int depth = 0;

		do {
			depth += (s[n] == '(') - (s[n] == ')');
			n++;
		} while (depth != 0 && s[n] != '\0');
		n += strcspn(s + n, " \t\n;|&()<>");
	}
	return n;
}

/* All words in a text that stand where a command does. */
static char *check_programs(struct shell *sh, const char *text)
{
	bool first = true, others = false;
	char *why = NULL;

	for (const char *at = text; *at != '\0' && why == NULL;) {
		size_t n = word_span(at);
		char *word;

		if (n == 0) {
			if (strchr(";|&(\n", *at) != NULL) {
				first = true;
				others = false;
			} else if (strchr("<>", *at) != NULL) {
				first = false;
			}
			at++;
			continue;
		}
		word = xstrndup(at, n);
		if (first && strpbrk(word, "$\"'\\`") != NULL && !is_assignment(word))
			why = explain(word, "is not known before it runs");
		else if (first && !is_before_command(word) && !is_assignment(word)) {
			why = is_keyword(word) ? NULL : check_program(sh, word);
			others = runs_others(word);
			first = false;
		} else if (others && strpbrk(word, "$\"'\\`") == NULL && cmd_find(sh, word, NULL) != NULL) {
			why = check_program(sh, word);
		}
		free(word);
		at += n;
	}
	return why;
}

char *anywhere_obstacle(struct shell *sh, const struct ast_list *list)
{
	struct strbuf text = { 0 };
	char *cwd, *why;

	if (getuid() == 0)
		return xstrdup("root's commands are for this node");
	cwd = cwd_physical();
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
