#include <config.h>

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/exec/hist.h"

static char path[64], link_path[80];

static int setup(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/test_hist.%ld", (long)getpid());
	snprintf(link_path, sizeof(link_path), "%s.link", path);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	unlink(link_path);
	return 0;
}

static void write_entries(int n, int width)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (int i = 1; i <= n; i++)
		fprintf(f, "echo %0*d\n", width, i);
	fclose(f);
}

static off_t size_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(name, &st), 0);
	return st.st_size;
}

static const char *newest(const struct hist *h)
{
	return hist_at(h, hist_count(h) - 1)->text;
}

static void entries_come_back_as_they_were(void **state)
{
	static const char *const texts[] = { "one", "for i in 1 2\ndo echo $i\ndone", "back\\slash \\", "a\\\nb", " " };
	struct hist *h = hist_new();

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		hist_add(h, texts[i], 0);
		assert_int_equal(hist_append_file(h, path), 0);
	}
	hist_free(h);
	h = hist_new();
	assert_int_equal(hist_load_file(h, path), 0);
	assert_int_equal(hist_count(h), 5);
	assert_string_equal(hist_at(h, 0)->text, texts[0]);
	assert_string_equal(hist_at(h, 1)->text, texts[1]);
	assert_string_equal(hist_at(h, 2)->text, "back\\slash \\ "); /* else it would go on */
	hist_free(h);
}

static void a_long_file_is_shortened_and_a_short_one_is_not(void **state)
{
	struct hist *h = hist_new();
	off_t size;

	(void)state;
	write_entries(9000, 5);
	size = size_of(path);
	assert_int_equal(hist_load_file(h, path), 0);
	assert_int_equal(size_of(path), size);
	assert_int_equal(hist_count(h), 1000);
	assert_string_equal(newest(h), "echo 09000");
	hist_clear(h);
	write_entries(10001, 5);
	chmod(path, 0640);
	assert_int_equal(symlink(path, link_path), 0);
	assert_int_equal(hist_load_file(h, link_path), 0);
	assert_int_equal(size_of(path), 5000 * 11);
	assert_string_equal(newest(h), "echo 10001");
	struct stat st;
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	hist_set_max(h, 20000); /* who wants more keeps more */
	hist_clear(h);
	write_entries(30000, 5);
	assert_int_equal(hist_load_file(h, path), 0);
	assert_int_equal(hist_count(h), 20000);
	assert_int_equal(size_of(path), 30000 * 11);
	hist_free(h);
}

/* It was refused as a whole when it was larger than 16 MiB. */
static void of_a_huge_file_the_end_is_read(void **state)
{
	struct hist *h = hist_new();

	(void)state;
	write_entries(2000, 10000); /* 20 MB */
	assert_int_equal(hist_load_file(h, path), 0);
	assert_true(hist_count(h) > 800);
	assert_int_equal(strlen(newest(h)), 5 + 10000);
	assert_true(size_of(path) < 9 << 20);
	hist_free(h);
}

static void what_is_no_file_is_left_alone(void **state)
{
	struct hist *h = hist_new();

	(void)state;
	assert_true(hist_load_file(h, "/dev/zero") < 0);
	assert_true(hist_load_file(h, "/nonexistent") < 0);
	assert_int_equal(hist_count(h), 0);
	hist_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entries_come_back_as_they_were, setup, teardown),
		cmocka_unit_test_setup_teardown(a_long_file_is_shortened_and_a_short_one_is_not, setup, teardown),
		cmocka_unit_test_setup_teardown(of_a_huge_file_the_end_is_read, setup, teardown),
		cmocka_unit_test(what_is_no_file_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
