#include <config.h>

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "shell/expand/arith.h"
#include "shell/expand/pattern.h"
#include "shell/expand/var.h"
#include "shell/interact/timer.h"
#include "shell/shell_init.h"

static void patterns_match_as_posix_says(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} v[] = {
		{ "", "", true }, { "a", "", false }, { "*", "", true }, { "*", "abc", true },
		{ "a*c", "abbc", true }, { "a*c", "abcd", false }, { "?", "a", true },
		{ "[abc]", "b", true }, { "[!abc]", "b", false }, { "[a-c]x", "bx", true },
		{ "[]x]", "]", true }, { "[!]]", "]", false }, { "[[:digit:]]", "5", true },
		{ "[[:alpha:]]", "5", false }, { "[", "[", true }, { "[a", "[a", true },
		{ "\\*", "*", true }, { "\\*", "a", false }, { "*a*b*c*", "xaxbxcx", true },
		{ "[a\\]b]", "]", true }, { "[.-/]", ".", true }, { "a[b", "a[b", true },
		{ "*[!a]", "aab", true }, { "[[.a.]]", "a", true }, { "[[=a=]b]", "a", true },
		{ "**", "x", true }, { "?*", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (pattern_match(v[i].pattern, v[i].text, strlen(v[i].text)) != v[i].match)
			fail_msg("%s against %s", v[i].pattern, v[i].text);
}

static void prefixes_and_suffixes_are_the_shortest_or_longest(void **state)
{
	(void)state;
	assert_int_equal(pattern_prefix("*/", "a/b/c", 5, false), 2);
	assert_int_equal(pattern_prefix("*/", "a/b/c", 5, true), 4);
	assert_int_equal(pattern_suffix("/*", "a/b/c", 5, false), 2);
	assert_int_equal(pattern_suffix("/*", "a/b/c", 5, true), 4);
	assert_int_equal(pattern_prefix("x", "abc", 3, true), -1);
	assert_int_equal(pattern_suffix("*", "abc", 3, true), 3);
	assert_int_equal(pattern_suffix("*", "abc", 3, false), 0);
}

static void arithmetic_is_that_of_c(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} v[] = {
		{ "1+2*3", 7 }, { "(1+2)*3", 9 }, { "10/3", 3 }, { "-10%3", -1 }, { "1<<4|1", 17 },
		{ "5&6^1", 5 }, { "!0", 1 }, { "~0", -1 }, { "1?2:3", 2 }, { "0?2:0?4:5", 5 },
		{ "x=5", 5 }, { "x+=2", 7 }, { "x++ + ++x", 16 }, { "x", 9 }, { "y", 0 },
		{ "0x1f+010", 39 }, { "1||(z=3)", 1 }, { "z", 0 }, { "0&&1/0", 0 }, { "2>1==1", 1 },
		{ "9223372036854775807+1", INT64_MIN }, { "- -3", 3 }, { "1-1-1", -1 },
		{ "x<<=1", 18 }, { "x>=18&&x<=18", 1 }, { "", 0 }, { " 7 ", 7 },
	};
	char *env[] = { NULL };
	struct shell *sh = shell_new(env);

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		int64_t got = 0;
		char *why = NULL;

		if (arith_eval(sh, v[i].text, &got, &why) < 0)
			fail_msg("%s: %s", v[i].text, why);
		if (got != v[i].value)
			fail_msg("%s is %lld", v[i].text, (long long)got);
	}
	shell_free(sh);
}

static void wrong_arithmetic_is_told(void **state)
{
	static const char *const wrong[] = { "1+", "1/0", "1%0", "(1", "1)", "1 2", "08", "a b", "1=2",
					     "99999999999999999999", "?:", "1?2", "$", "x=" };
	char *env[] = { NULL };
	struct shell *sh = shell_new(env);

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int64_t v;
		char *why = NULL;

		if (arith_eval(sh, wrong[i], &v, &why) == 0)
			fail_msg("%s is accepted", wrong[i]);
		assert_non_null(why);
		free(why);
	}
	var_set(sh, "x", "x", 0); /* itself, for ever */
	int64_t v;

	assert_int_equal(arith_eval(sh, "x", &v, NULL), -1);
	shell_free(sh);
}

static void idle_time_is_as_tcsh_and_bash_say(void **state)
{
	static const struct {
		char name[12], value[24];
		int ms;
	} rows[] = { { "autologout", "1", 60000 }, { "autologout", "0", -1 }, { "autologout", "x", -1 }, { "TMOUT", "3", 3000 },
		     { "autologout", "99999999999999999", -1 }, { "TMOUT", "9223372036854775807", -1 }, { "TMOUT", "-1", -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *env[] = { NULL };
		struct shell *sh = shell_new(env);
		int ms;

		var_set(sh, rows[i].name, rows[i].value, 0);
		timer_touch();
		ms = timer_wait(sh, false);
		assert_true(rows[i].ms < 0 ? ms == -1 : ms > rows[i].ms - 1000 && ms <= rows[i].ms);
		assert_int_equal(timer_due(sh, false), TIMER_NONE);
		shell_free(sh);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_as_posix_says),
		cmocka_unit_test(prefixes_and_suffixes_are_the_shortest_or_longest),
		cmocka_unit_test(arithmetic_is_that_of_c),
		cmocka_unit_test(wrong_arithmetic_is_told),
		cmocka_unit_test(idle_time_is_as_tcsh_and_bash_say),
	};

	return cmocka_run_group_tests_name("expand", tests, NULL, NULL);
}
