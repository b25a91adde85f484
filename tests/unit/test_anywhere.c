#include <config.h>

#include "tests/unit/unit.h"

#include <ftw.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/expand/var.h"
#include "shell/interact/anywhere.h"
#include "shell/move/session.h"
#include "shell/parser/arena.h"
#include "shell/parser/parser.h"
#include "shell/shell_init.h"

static char top[] = "/tmp/mish-anywhere-XXXXXX";

static const struct builtin *no_builtin(const char *name)
{
	(void)name;
	return NULL;
}

static void make(const char *path, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs("#!/bin/sh\n", f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

/* TOP/all is what all nodes have, and we are in TOP/all/work; TOP/own is of this node only. */
static int set_up(void **state)
{
	char *env[] = { NULL }, path[128];
	struct shell *sh;

	assert_int_equal(chdir(top), 0);
	assert_true(mkdir("all", 0755) == 0 && mkdir("own", 0755) == 0 && mkdir("all/work", 0755) == 0 && mkdir("all/bin", 0755) == 0);
	make("own/tool", 0755);
	make("all/bin/common", 0755);
	make("all/data", 0644);
	make("all/work/here", 0755);
	assert_int_equal(symlink("../../own/tool", "all/work/link"), 0);
	assert_int_equal(symlink("../../own", "all/work/way"), 0);
	assert_int_equal(symlink("../data", "all/work/good"), 0);
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(chdir("all/work"), 0);
	if (getuid() == 0) /* whose commands are for one node */
		assert_true(setgroups(0, NULL) == 0 && setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
	sh = shell_new(env);
	sh->hooks.find_builtin = no_builtin;
	snprintf(path, sizeof(path), "/usr/bin:/bin:%s/all/bin:%s/own", top, top);
	assert_int_equal(var_set(sh, "PATH", path, 0), 0);
	snprintf(path, sizeof(path), "%s/all", top);
	session_get(sh)->shared = strdup(path);
	assert_int_equal(var_set(sh, "HOME", path, 0), 0);
	snprintf(path, sizeof(path), "%s/own/tool", top);
	assert_int_equal(var_set(sh, "there", path, 0), 0);
	snprintf(path, sizeof(path), "-o %s/own/tool", top);
	assert_int_equal(var_set(sh, "options", path, 0), 0);
	assert_int_equal(var_set(sh, "plain", "word", 0), 0);
	assert_int_equal(var_set(sh, "good", "../data", 0), 0);
	*state = sh;
	return 0;
}

static char *obstacle_of(struct shell *sh, const char *text)
{
	struct arena *a = arena_new();
	struct input_string is;
	struct ast_list *list = NULL;
	struct parser *p;
	char *why;

	input_string_init(&is, text, strlen(text));
	p = parser_new(&is.in, NULL, 1);
	assert_int_equal(parser_next(p, a, &list), PARSE_OK);
	why = anywhere_obstacle(sh, list);
	parser_free(p);
	arena_free(a);
	return why;
}

/* TOP in the text is that directory. */
static char *with_top(const char *text)
{
	const char *at = strstr(text, "TOP");
	char *s;

	assert_true(asprintf(&s, "%.*s%s%s", at != NULL ? (int)(at - text) : (int)strlen(text), text, at != NULL ? top : "", at != NULL ? at + 3 : "") >= 0);
	return s;
}

static void what_is_the_same_on_all_nodes(void **state)
{
	static const char *const same[] = {
		"sort here", "sort ../data", "sort ../bin/../data", "sort good", "sort ~/data", "sort $HOME/data", "sort \"${HOME}/data\" | head -n 3 >out", "sort $plain $good",
		"sort TOP/all/data", "sort -o../data here", "sort --output=../data here", "./here; common x", "here=1 sort 2>/dev/null", "sed 's/a/b/' here", "sed /a/d here",
		"for i in 1 2 3; do sort $i; done", "if true; then sort here; else head here; fi", "env A=1 nice sort here", "curl http://nowhere/at/all", "/usr/bin/sort here",
		"! sort here", "sort here && head here || tail here", "{ sort here; }", "(sort here)", "while true; do sort here; done", "sort \\\n here", "echo $? $#", "sort new/file",
		"sort <../data", "date +%s/%N", "sort -k$((1 + 2)) here",
	};
	struct shell *sh = *state;

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		char *text = with_top(same[i]), *why = obstacle_of(sh, text);

		if (why != NULL)
			fail_msg("%s: %s", text, why);
		free(text);
	}
}

static void what_is_for_here(void **state)
{
	static const char *const own[] = {
		"sort TOP/own/tool", "sort >TOP/own/new", "sort <TOP/own/tool", "sort ../../own/tool", "sort >../../own/new", "sort link", "sort way/tool", "sort >way/new", "sort ~/../own/tool",
		"sort $HOME/../own/tool", "sort ${HOME}/../own/tool", "sort $there", "sort \"$there\"", "sort $options", "sort ${plain:-TOP/own/tool}", "sort ${!plain}",
		"sort \"$@\"", "sort $1", "sort $*", "sort -k1 -oTOP/own/tool", "sort -T../../own here", "sort --output=TOP/own/tool", "sort a:TOP/own/tool", "sort $(echo TOP/own/tool)",
		"sort `echo TOP/own/tool`", "tool", "TOP/own/tool", "../../own/tool", "way/tool", "$there", "sort here | tool", "nice tool", "env A=1 timeout 5 tool x", "xargs tool <here",
		"cd ..; sort here", "true; exec sort here", "pushd ..", "fg", "smigrate beta; sort here", "no-such-program", ". ./here", "eval sort here", "kill 1234", "strace -p 1234",
		"sort ~root/data", "sort here; if tool; then :; fi", "sort {here,TOP/own/tool}", "'tool'", "f() { tool; }", "case x in x) tool;; esac", "LD_PRELOAD=TOP/own/tool sort here",
	};
	struct shell *sh = *state;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		char *text = with_top(own[i]), *why = obstacle_of(sh, text);

		if (why == NULL)
			fail_msg("%s", text);
		free(why);
		free(text);
	}
	assert_int_equal(chdir("../../own"), 0);
	assert_non_null(obstacle_of(sh, "sort"));
}

static int forget(const char *path, const struct stat *st, int type, struct FTW *w)
{
	(void)st;
	(void)type;
	(void)w;
	return remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_the_same_on_all_nodes), cmocka_unit_test(what_is_for_here) };

	int status = 1;
	pid_t pid;

	if (mkdtemp(top) == NULL || (pid = fork()) < 0)
		return 1;
	if (pid == 0)
		return cmocka_run_group_tests(tests, set_up, NULL);
	(void)waitpid(pid, &status, 0);
	(void)nftw(top, forget, 8, FTW_DEPTH | FTW_PHYS); /* as whoever made it */
	return status != 0;
}
