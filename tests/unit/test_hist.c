#include <config.h>

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "shell/exec/hist.h"

static char directory[] = "/tmp/test_hist.XXXXXX", path[64];

static int setup(void **state)
{
	(void)state;
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/history", directory);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
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
	assert_string_equal(hist_at(h, 3)->text, texts[3]);
	assert_string_equal(hist_at(h, 4)->text, texts[4]);
	hist_free(h);
}

/* A newline only: there is nothing to write, and no last byte to look at. */
static void an_empty_entry_is_not_written(void **state)
{
	struct hist *h = hist_new();
	struct stat st;

	(void)state;
	hist_add(h, "", 0);
	assert_int_equal(hist_append_file(h, path), 0);
	hist_add(h, "\n", 0);
	assert_int_equal(hist_append_file(h, path), 0);
	assert_int_equal(stat(path, &st), -1);
	hist_free(h);
}

/* A file of more than 16 MiB was refused as a whole; it is the user's, and stays as it is. */
static void of_a_large_file_the_end_is_read(void **state)
{
	struct hist *h = hist_new();
	off_t size;

	(void)state;
	write_entries(100000, 5);
	size = size_of(path);
	assert_int_equal(hist_load_file(h, path), 0);
	assert_int_equal(hist_count(h), 1000);
	assert_string_equal(hist_at(h, 0)->text, "echo 99001");
	assert_string_equal(newest(h), "echo 100000");
	hist_set_max(h, 90000); /* who wants more gets more */
	hist_clear(h);
	assert_int_equal(hist_load_file(h, path), 0);
	assert_int_equal(hist_count(h), 90000);
	assert_string_equal(hist_at(h, 0)->text, "echo 10001");
	assert_int_equal(size_of(path), size);
	hist_set_max(h, 1000);
	hist_clear(h);
	write_entries(2500, 10000); /* 25 MB */
	assert_int_equal(hist_load_file(h, path), 0);
	assert_int_equal(hist_count(h), 1000);
	assert_int_equal(strlen(newest(h)), 5 + 10000);
	hist_free(h);
}

/* Wherever the part that is read begins: never with half an entry. */
static void half_an_entry_is_none(void **state)
{
	struct hist *h = hist_new();

	(void)state;
	for (int pad = 0; pad < 20; pad++) {
		FILE *f = fopen(path, "w");

		fprintf(f, "%*s\n", pad + 1, "x");
		for (int i = 0; i < 40000; i++)
			fputs("for i\\\ndo\\\ndone\n", f);
		fclose(f);
		hist_clear(h);
		assert_int_equal(hist_load_file(h, path), 0);
		for (size_t i = 0; i < hist_count(h); i++)
			assert_string_equal(hist_at(h, i)->text, "for i\ndo\ndone");
		assert_int_equal(hist_count(h), 1000);
	}
	hist_free(h);
}

/* Of what other programs write there, nothing comes back empty. */
static void what_is_no_command_is_no_entry(void **state)
{
	static const char text[] = "\0\n\\\n\n\n\\\n\\\n\none\0two\n";
	FILE *f = fopen(path, "w");
	struct hist *h = hist_new();

	(void)state;
	fwrite(text, 1, sizeof(text) - 1, f);
	fclose(f);
	assert_int_equal(hist_load_file(h, path), 0);
	assert_int_equal(hist_count(h), 1);
	assert_string_equal(newest(h), "one");
	hist_free(h);
}

/* A large HISTSIZE that is full: each further entry moved all the others. */
static void the_oldest_go_at_no_cost(void **state)
{
	enum { MAX = 300000, MORE = 600000 };
	struct hist *h = hist_new();
	struct timespec start, end;
	char text[16];

	(void)state;
	hist_set_max(h, MAX);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	for (int i = 1; i <= MAX + MORE; i++) {
		snprintf(text, sizeof(text), "%d", i);
		hist_add(h, text, 0);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_int_equal(hist_count(h), MAX);
	for (size_t i = 0; i < MAX; i++)
		assert_int_equal(atoi(hist_at(h, i)->text), (int)i + 1 + MORE);
	assert_int_equal(hist_position(h, MORE + 5), 4);
	assert_in_range(end.tv_sec - start.tv_sec, 0, 20); /* it was minutes */
	hist_set_max(h, 2);
	assert_string_equal(hist_at(h, 0)->text, "899999");
	hist_drop_newest(h);
	assert_string_equal(newest(h), "899999");
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

/* Two shells share a file: each reads what the other has added, once, and nothing of its own. */
static void each_reads_what_the_other_added(void **state)
{
	struct hist *a = hist_new(), *b = hist_new();
	char text[32];

	(void)state;
	(void)unlink(path);
	hist_add(a, "before", 1);
	assert_int_equal(hist_append_file(a, path), 0);
	assert_int_equal(hist_load_file(b, path), 0);
	for (int i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "%c%d", i % 3 == 1 ? 'b' : 'a', i);
		hist_add(i % 3 == 1 ? b : a, text, 1);
		assert_int_equal(hist_append_file(i % 3 == 1 ? b : a, path), 0);
	}
	assert_int_equal(hist_load_new(a, path), 0); /* b1, b4 */
	assert_int_equal(hist_load_new(b, path), 0); /* a0, a2, a3, a5 */
	assert_int_equal(hist_count(a), 1 + 4 + 2);
	assert_int_equal(hist_count(b), 1 + 2 + 4);
	assert_string_equal(hist_at(a, 5)->text, "b1");
	assert_string_equal(hist_at(b, 6)->text, "a5");
	assert_int_equal(hist_load_new(a, path), 0);
	assert_int_equal(hist_count(a), 7);
	hist_free(a);
	hist_free(b);
}

static void write_text(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void check_entry(const struct hist *h, size_t i, const char *text, int64_t when, int status)
{
	const struct hist_entry *e = hist_at(h, i);

	assert_non_null(e);
	assert_string_equal(e->text, text);
	assert_int_equal(e->time, when);
	assert_int_equal(e->status, status);
}

/* Two shells at once: an end is told behind what the other has begun meanwhile. */
static void what_is_known_comes_back(void **state)
{
	struct hist *a = hist_new(), *b = hist_new();

	(void)state;
	(void)unlink(path);
	hist_add(a, "sleep 9 \\", 100);
	hist_set_running(a, "alpha");
	assert_int_equal(hist_append_file(a, path), 0);
	hist_add(b, "#100", 105);
	hist_set_running(b, "beta");
	assert_int_equal(hist_append_file(b, path), 0);
	hist_set_result(b, 1, 20);
	assert_int_equal(hist_append_result(b, path), 0);
	hist_set_result(a, 0, 9000);
	assert_int_equal(hist_append_result(a, path), 0);
	hist_free(a);
	hist_free(b);
	a = hist_new();
	assert_int_equal(hist_load_file(a, path), 0);
	assert_int_equal(hist_count(a), 2);
	check_entry(a, 0, "sleep 9 \\ ", 100, 0);
	check_entry(a, 1, "#100 ", 105, 1);
	assert_string_equal(hist_node(a, hist_at(a, 0)), "alpha");
	assert_int_equal(hist_at(a, 0)->ms, 9000);
	assert_int_equal(hist_write_file(a, path, false, true), 0);
	hist_clear(a);
	assert_int_equal(hist_load_file(a, path), 0);
	check_entry(a, 1, "#100 ", 105, 1);
	hist_free(a);
}

static void what_was_taken_back_does_not(void **state)
{
	struct hist *a = hist_new(), *b = hist_new();

	(void)state;
	(void)unlink(path);
	assert_int_equal(hist_append_result(a, path), 0);
	hist_add(a, "one", 100);
	hist_set_running(a, "alpha");
	assert_int_equal(hist_append_file(a, path), 0);
	assert_int_equal(hist_load_file(b, path), 0);
	assert_int_equal(hist_append_dropped(a, path), 0);
	assert_int_equal(hist_count(b), 1);
	assert_int_equal(hist_load_new(b, path), 0);
	assert_int_equal(hist_count(b), 0);
	hist_free(a);
	hist_free(b);
}

/* A file of bash's, one without times, and lines that are nearly ours. */
static void other_files_are_read_as_ever(void **state)
{
	struct hist *h = hist_new();

	(void)state;
	write_text("old\n#1701266400\nls\n#1701266401\n#1701266402\npwd\n#1701266402 alpha 1 0\n#1x\n# 5\n#9999999999999\n"
		   "#1 -oX 1 0 5\n#1 alpha 1 256 5\n#1 alpha 1 0 5 \n#1701266402 alpha 1 0 5\nend\n");
	hist_set_max(h, 9);
	assert_int_equal(hist_load_file(h, path), 0);
	assert_int_equal(hist_count(h), 9); /* marks are none of them */
	check_entry(h, 0, "pwd", 1701266402, -1);
	check_entry(h, 1, "#1701266402 alpha 1 0", 0, -1);
	check_entry(h, 2, "#1x", 0, -1);
	check_entry(h, 4, "#9999999999999", 0, -1);
	check_entry(h, 7, "#1 alpha 1 0 5 ", 0, -1);
	check_entry(h, 8, "end", 0, -1);
	hist_free(h);
}

/* What hist_find() says, by looking at each. */
static size_t look_at_each(const struct hist *h, size_t i, int step, const char *text, bool begins)
{
	for (; i < hist_count(h); i += (size_t)step)
		if (begins ? strncmp(hist_at(h, i)->text, text, strlen(text)) == 0 : strstr(hist_at(h, i)->text, text) != NULL)
			return i;
	return hist_count(h);
}

static void fill_random(char *s, int len)
{
	for (int i = 0; i < len; i++)
		s[i] = "ab1qA-\xc3\xa9 "[random() % 9];
	s[len] = '\0';
}

/* Whatever went and came since it was learned. */
static void what_is_passed_over_has_it_not(void **state)
{
	struct hist *h = hist_new();
	char text[16];

	(void)state;
	srandom(1);
	hist_set_max(h, 60);
	for (int turn = 0; turn < 20000; turn++) {
		long what = random() % 8;

		fill_random(text, (int)(random() % 9));
		if (what < 4)
			hist_add(h, text, 1);
		else if (what == 4 && hist_count(h) != 0 && random() % 4 == 0)
			hist_drop(h, (size_t)random() % hist_count(h));
		else if (what == 5)
			hist_learn(h);
		else if (what == 6 && random() % 100 == 0)
			hist_clear(h);
		fill_random(text, (int)(random() % 4));
		for (int way = 0; way < 4; way++) {
			size_t from = (size_t)random() % (hist_count(h) + 1);
			int step = way & 1 ? 1 : -1;

			size_t want = look_at_each(h, from, step, text, way & 2), left;

			assert_int_equal(hist_find(h, from, step, text, way & 2, NULL), want);
			do { /* a part at a time */
				left = 1 + (size_t)random() % 40;
				from = hist_find(h, from, step, text, way & 2, &left);
			} while (from < hist_count(h) && left == 0);
			assert_int_equal(from, want);
		}
	}
	hist_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entries_come_back_as_they_were, setup, teardown),
		cmocka_unit_test_setup_teardown(an_empty_entry_is_not_written, setup, teardown),
		cmocka_unit_test_setup_teardown(of_a_large_file_the_end_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(half_an_entry_is_none, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_command_is_no_entry, setup, teardown),
		cmocka_unit_test(the_oldest_go_at_no_cost),
		cmocka_unit_test(what_is_no_file_is_left_alone),
		cmocka_unit_test_setup_teardown(each_reads_what_the_other_added, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_known_comes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_taken_back_does_not, setup, teardown),
		cmocka_unit_test_setup_teardown(other_files_are_read_as_ever, setup, teardown),
		cmocka_unit_test(what_is_passed_over_has_it_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
