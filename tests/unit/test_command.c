#include <config.h>

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "controller/command.h"
#include "controller/limits.h"

static char path[] = "/tmp/test_command.XXXXXX";
static char *text, *why;

static void on_done(void *arg, const char *t, const char *w)
{
	(void)arg;
	text = t != NULL ? strdup(t) : NULL;
	why = strdup(w);
}

/* Runs a script; what it printed, or why that does not count, is in `text` and `why`. */
static void run(const char *script)
{
	struct command c = { 0 };
	uv_loop_t loop;
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", script);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0700), 0);
	free(text);
	free(why);
	text = why = NULL;
	assert_int_equal(uv_loop_init(&loop), 0);
	command_start(&c, &loop, path, on_done, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_non_null(why);
}

static int setup(void **state)
{
	int fd;

	(void)state;
	strcpy(path + sizeof(path) - 7, "XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	free(text);
	free(why);
	text = why = NULL;
	return unlink(path);
}

static void what_is_printed_counts_as_a_whole(void **state)
{
	(void)state;
	run("echo alpha; echo beta");
	assert_string_equal(text, "alpha\nbeta\n");
	run(":");
	assert_string_equal(text, "");
}

static void a_part_of_a_list_is_no_list(void **state)
{
	char script[64];

	(void)state;
	run("printf 'alpha\\n\\0beta\\n'");
	assert_null(text);
	assert_string_equal(why, "printed no text");
	run("echo alpha; exit 3");
	assert_null(text);
	assert_string_equal(why, "ended with status 3");
	snprintf(script, sizeof(script), "head -c %d /dev/zero | tr '\\0' x", COMMAND_TEXT_MAX + 1);
	run(script);
	assert_null(text);
	assert_non_null(strstr(why, "printed more than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_printed_counts_as_a_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(a_part_of_a_list_is_no_list, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
