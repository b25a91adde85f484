#include <config.h>

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/jobs/rud.h"

static void commands_of_a_kind_have_one_key(void **state)
{
	static const struct {
		const char *text, *key;
	} rows[] = {
		{ "make", "make" },
		{ "  make -j8 all", "make -j8" },
		{ "/usr/bin/make all\n", "make all" },
		{ "CC=clang X='a b' make -k", "make -k" },
		{ "cc -O2 -c foo.c -o foo.o", "cc -O2 -c .c -o" },
		{ "cc -O2 -c src/bar.c -o bar.o", "cc -O2 -c .c -o" },
		{ "git commit -m 'a secret'", "git commit -m" },
		{ "git -C /tmp status", "git -C" },
		{ "sleep 100", "sleep" },
		{ "sleep 0.5", "sleep" },
		{ "ls -l --color=always /etc/passwd", "ls -l --color" },
		{ "curl --password=hunter2 https://example.org/x", "curl --password" },
		{ "mysql \"-phunter2\"", "mysql" },
		{ "cat a.txt b.log", "cat .txt" },
		{ "cat .profile", "cat" },
		{ "tar c . | zstd -19 >x.tar.zst", "tar c | zstd -19" },
		{ "a|b|c|d|e|f", "a | b | c | d" },
		{ "a && b; c &", "a ; b ; c" },
		{ "make 2>&1 | tee log", "make | tee log" },
		{ "make >log 2>/dev/null", "make" },
		{ "sort <in >out -u", "sort -u" },
		{ "@gamma make -j8", "make -j8" },
		{ "@ make -j8", "make -j8" },
		{ "mysql --password hunter2 db", "mysql --password" },
		{ "cat <<EOF\n-secret token\nEOF\n", "cat" },
		{ "make # -secret", "make" },
		{ "# -secret", "" },
		{ "\nmake all\nrm x", "make all" },
		{ "$EDITOR foo.c", "? .c" },
		{ "`which x` y", "?" },
		{ "\"my prog\" -x", "? -x" },
		{ "for f in *.c; do cc -c $f; done", "for f .c ; do cc -c ; done" },
		{ "x=1", "" },
		{ "", "" },
		{ "   ", "" },
		{ ">file", "" },
		{ "'unclosed", "?" },
		{ "a \\", "a" },
		{ "\xff\xfe -x", "? -x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char key[RUD_KEY];

		rud_key(rows[i].text, key);
		if (strcmp(key, rows[i].key) != 0)
			fail_msg("%s: is `%s', not `%s'", rows[i].text, key, rows[i].key);
	}
}

/* Whatever is entered: it ends, and fits. */
static void any_text_has_a_key(void **state)
{
	static const char alphabet[] = "ab -=/.;|&<>\n\t'\"\\$`@({[!x1_";
	char text[400], key[RUD_KEY + 8];

	(void)state;
	srandom(19);
	for (int i = 0; i < 20000; i++) {
		size_t n = (size_t)random() % sizeof(text);

		for (size_t k = 0; k < n; k++)
			text[k] = alphabet[(size_t)random() % (sizeof(alphabet) - 1)];
		text[n != 0 ? n - 1 : 0] = '\0';
		memset(key, 'x', sizeof(key));
		rud_key(text, key);
		assert_true(memchr(key, '\0', RUD_KEY) != NULL);
		assert_memory_equal(key + RUD_KEY, "xxxxxxxx", 8);
		for (const char *s = key; *s != '\0'; s++)
			assert_true((unsigned char)*s >= ' ' && *s != 0x7f);
	}
}

static void the_last_are_kept(void **state)
{
	struct rud r = { .status = 1 };

	(void)state;
	rud_clear();
	for (int i = 0; i < 3 * RUDS_MOST; i++) {
		snprintf(r.key, sizeof(r.key), "command %d", i);
		rud_add(&r);
		assert_true(rud_count() <= RUDS_MOST);
		assert_string_equal(rud_at(rud_count() - 1)->key, r.key);
	}
	assert_true(rud_count() > RUDS_MOST / 2);
	assert_null(rud_at(rud_count()));
	rud_clear();
	assert_int_equal(rud_count(), 0);
}

static void what_processes_took_adds_up(void **state)
{
	struct rusage r = { .ru_utime = { 1, 500000 }, .ru_stime = { 0, 250 }, .ru_maxrss = 300, .ru_inblock = 4, .ru_oublock = 2 };
	struct used u = { 0 };

	(void)state;
	used_add(&u, &r);
	r.ru_maxrss = 200;
	used_add(&u, &r);
	assert_int_equal(u.user_us, 3000000);
	assert_int_equal(u.system_us, 500);
	assert_int_equal(u.rss_kib, 300);
	assert_int_equal(u.read_kib, 4);
	assert_int_equal(u.written_kib, 2);
	assert_int_equal(u.processes, 2);
	assert_int_equal(rud_hash(" make all \n"), rud_hash("make all"));
	assert_int_not_equal(rud_hash("make all"), rud_hash("make alm"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_of_a_kind_have_one_key),
		cmocka_unit_test(any_text_has_a_key),
		cmocka_unit_test(the_last_are_kept),
		cmocka_unit_test(what_processes_took_adds_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
