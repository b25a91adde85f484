#include <config.h>

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/interact/bang.h"

static void references_are_replaced(void **state)
{
	static const struct {
		const char *line, *want, *before; /* want NULL: nothing to replace */
	} v[] = {
		{ "echo plain\n", NULL, NULL },
		{ "!!\n", "cp 'a b' /usr/lib/x.tar.gz\n", NULL },
		{ "sudo !!\n", "sudo cp 'a b' /usr/lib/x.tar.gz\n", NULL },
		{ "!1\n", "echo one two three\n", NULL },
		{ "!-2\n", "make -j2 all; ls\n", NULL },
		{ "!mak\n", "make -j2 all; ls\n", NULL },
		{ "!?j2?:1\n", "-j2\n", NULL },
		{ "!?tw?:%\n", "two\n", NULL },
		{ "ls !$\n", "ls /usr/lib/x.tar.gz\n", NULL },
		{ "ls !^\n", "ls 'a b'\n", NULL },
		{ "rm !*\n", "rm 'a b' /usr/lib/x.tar.gz\n", NULL },
		{ "echo !1:2-3 !1:1* !1:-1 !1:2-\n", "echo two three one two three echo one two\n", NULL },
		{ "!make:4\n", "ls\n", NULL },
		{ "cd !$:h\n", "cd /usr/lib\n", NULL },
		{ "echo !$:t !$:t:r !$:e !$:r:r\n", "echo x.tar.gz x.tar .gz /usr/lib/x\n", NULL },
		{ "echo !1:1:u !1:1:l !1:1:au !1:1:au:l !1:2-3:gu !1:2-3:agu\n", "echo One one ONE oNE Two Three TWO THREE\n", NULL },
		{ "echo !3*:gt !3*:gh !3*:t\n", "echo 'a b' x.tar.gz 'a b' /usr/lib x.tar.gz\n", NULL },
		{ "echo !3*:gu\n", "echo 'A b' /Usr/lib/x.tar.gz\n", NULL },
		{ "echo !$:ah !$:ar !$:at\n", "echo  /usr/lib/x x.tar.gz\n", NULL },
		{ "echo !3:1:x !3:1:q\n", "echo ''\\''a' 'b'\\''' ''\\''a b'\\'''\n", NULL },
		{ "!1:s/one/1/\n", "echo 1 two three\n", NULL },
		{ "!1:gs/e/E/\n", "Echo onE two thrEE\n", NULL },
		{ "!1:s/two/<&>/:s/three/\\&/\n", "echo one <two> &\n", NULL },
		{ "^x.tar^y^\n", "cp 'a b' /usr/lib/y.gz\n", NULL },
		{ "echo a b !#:1\n", "echo a b a\n", NULL },
		{ "echo !1:1:q\n", "echo one\n", NULL },
		{ "echo '!!' \\!!\n", NULL, NULL },
		{ "echo '!!' \\!a!!:0\n", "echo '!!' \\!acp\n", NULL },
		{ "echo \"!!:0\"\n", "echo \"cp\"\n", NULL },
		{ "echo \"hi!\"\n", NULL, NULL },
		{ "if ! true; then echo $! [!a] a!=b; fi\n", NULL, NULL },
		{ "echo it's !!\n", NULL, NULL }, /* a quote is open */
		{ "echo $'a\\'!!' !1:0\n", "echo $'a\\'!!' echo\n", NULL },
		{ "echo \"$(echo '!!' \"!1:0\")\" !1:1\n", "echo \"$(echo '!!' \"echo\")\" one\n", NULL },
		{ "echo `echo '!!'` !1:0 # !! it's\n!1:1\n", "echo `echo '!!'` echo # !! it's\none\n", NULL },
		{ "cat <<E; echo !1:0\n!! it's\nE\n!1:1\n", "cat <<E; echo echo\n!! it's\nE\none\n", NULL },
		{ "cat <<-'E F' <<\\G\n!!\n\tE F\n!!\n\tG\nG\n!1:1\n", "cat <<-'E F' <<\\G\n!!\n\tE F\n!!\n\tG\nG\none\n", NULL },
		{ "cat <<<!1:1 $((1<<2)) !1:0\n!1:2\n", "cat <<<one $((1<<2)) echo\ntwo\n", NULL },
		{ "#!/bin/sh !!\n", NULL, "cat >f <<'E'\n" },
		{ "^one^two\n", NULL, "cat >f <<'E'\n" },
		{ "E !!\n", NULL, "cat >f <<'E'\n" },
		{ "!1:1\n", "one\n", "cat >f <<'E'\n!!\nE\n" },
		{ "!! !=\n", NULL, "python3 -c '\n" },
		{ "!1:1' !! \"!1:2\"\n", "!1:1' cp 'a b' /usr/lib/x.tar.gz \"two\"\n", "python3 -c '\n" },
		{ "it's \"!1:1\n", "it's \"one\n", "echo \"\n" },
	};
	struct hist *h = hist_new();

	(void)state;
	hist_add(h, "echo one two three", 1);
	hist_add(h, "make -j2 all; ls", 2);
	hist_add(h, "cp 'a b' /usr/lib/x.tar.gz", 3);
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		char *got = NULL;
		enum bang_result r = bang_expand(h, v[i].before != NULL ? v[i].before : "", v[i].line, &got);

		assert_int_equal(r, v[i].want == NULL ? BANG_NONE : BANG_CHANGED);
		if (v[i].want != NULL)
			assert_string_equal(got, v[i].want);
		free(got);
	}
	hist_free(h);
}

static void what_is_not_there_is_said(void **state)
{
	static const char *const v[][2] = {
		{ "!nothing\n", "!nothing: event not found" },
		{ "!99\n", "!99: event not found" },
		{ "!4294967297\n", "!4294967297: event not found" }, /* which is not !1 */
		{ "!?zzz?\n", "!?zzz?: event not found" },
		{ "echo !!:9\n", "!!:9: bad word specifier" },
		{ "!!:z\n", "!!:z: unknown modifier" },
		{ "!!:s/zz/y/\n", "!!:s/zz/y/: substitution failed" },
		{ "^zz^y\n", "^zz^y: substitution failed" },
	};
	struct hist *h = hist_new();
	char *got = NULL;

	(void)state;
	assert_int_equal(bang_expand(h, "", "!!\n", &got), BANG_ERROR);
	free(got);
	assert_int_equal(bang_expand(h, "", "^a^b\n", &got), BANG_ERROR);
	free(got);
	hist_add(h, "echo one", 1);
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		assert_int_equal(bang_expand(h, "", v[i][0], &got), BANG_ERROR);
		assert_string_equal(got, v[i][1]);
		free(got);
	}
	assert_int_equal(bang_expand(h, "", "!!:p\n", &got), BANG_PRINT);
	assert_string_equal(got, "echo one\n");
	free(got);
	hist_free(h);
}

static void long_lines_are_whole_or_refused(void **state)
{
	enum { WORDS = 5000, LONG = 1000000 };
	struct hist *h = hist_new();
	char *line = calloc(1, LONG + 1), *got = NULL;

	(void)state;
	for (size_t i = 0; i < WORDS; i++)
		strcat(line + i * 5, "word ");
	strcpy(line + strlen(line) - 5, "last");
	hist_add(h, line, 1);
	assert_int_equal(bang_expand(h, "", "!!:$\n", &got), BANG_CHANGED);
	assert_string_equal(got, "last\n");
	free(got);
	memset(line, 'x', LONG);
	hist_add(h, line, 2);
	assert_int_equal(bang_expand(h, "", "!! !!\n", &got), BANG_ERROR);
	assert_string_equal(got, "!!: too long");
	free(got);
	assert_int_equal(bang_expand(h, "", "^x^&&\n", &got), BANG_CHANGED);
	assert_int_equal(strlen(got), LONG + 2);
	free(got);
	hist_add(h, "x/x/x", 3);
	for (size_t i = 0; i < 3; i++) { /* each x becomes LONG / 2 bytes, which :h would cut again */
		static const char *const forms[][2] = { { "!!:gs/x/", "/:h\n" },
							{ "!!:s/x/", "/:&:&:h\n" },
							{ "^x^", "^:&:&:h\n" } };

		memset(line, 'y', LONG / 2);
		line[LONG / 2] = '\0';
		assert_true(asprintf(&got, "%s%s%s", forms[i][0], line, forms[i][1]) > 0);
		char *typed = got;

		assert_int_equal(bang_expand(h, "", typed, &got), BANG_ERROR);
		assert_non_null(strstr(got, ": too long"));
		free(typed);
		free(got);
	}
	free(line);
	hist_free(h);
}

/* What grows by itself, over and over or all at once, is stopped on the way, not afterwards. */
static void what_grows_is_stopped(void **state)
{
	enum { LONG = 200000 };
	char quotes[64] = "!!", *line = calloc(1, 2 * LONG + 8), *got = NULL;
	struct hist *h = hist_new();

	(void)state;
	for (size_t i = 0; i < 20; i++)
		strcat(quotes, ":q");
	strcat(quotes, "\n");
	hist_add(h, "it's", 1);
	assert_int_equal(bang_expand(h, "", quotes, &got), BANG_ERROR);
	assert_non_null(strstr(got, ": too long"));
	free(got);
	memset(line, 'x', LONG);
	hist_add(h, line, 2);
	snprintf(line, 2 * LONG + 8, "^%s^", hist_at(h, 1)->text);
	memset(line + strlen(line), '&', LONG); /* 40 GB */
	strcat(line, "^\n");
	assert_int_equal(bang_expand(h, "", line, &got), BANG_ERROR);
	assert_non_null(strstr(got, ": too long"));
	free(got);
	free(line);
	hist_free(h);
}

/* Whatever is typed: no crash, no leak, and it ends. */
static void anything_may_be_typed(void **state)
{
	static const char alphabet[] = "!!!!:::^$*-?#%sghtrepq&/0123ab '\"\\\n;|~";
	struct hist *h = hist_new();
	uint32_t x = 1;

	(void)state;
	hist_add(h, "a 'b c' $d/e.f | g", 1);
	hist_add(h, "", 2);
	for (int i = 0; i < 200000; i++) {
		char line[24], *got = NULL;
		size_t n = 1 + x % 20;

		for (size_t k = 0; k < n; k++) {
			x = x * 1664525 + 1013904223;
			line[k] = alphabet[(x >> 16) % (sizeof(alphabet) - 1)];
		}
		line[n] = '\n';
		line[n + 1] = '\0';
		(void)bang_expand(h, "", line, &got);
		free(got);
	}
	hist_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_replaced),
		cmocka_unit_test(what_is_not_there_is_said),
		cmocka_unit_test(long_lines_are_whole_or_refused),
		cmocka_unit_test(what_grows_is_stopped),
		cmocka_unit_test(anything_may_be_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
