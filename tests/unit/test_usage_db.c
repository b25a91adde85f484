#include <config.h>

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "controller/usage_db.h"

static char directory[] = "/tmp/test_usage_db.XXXXXX", path[80];

static int setup(void **state)
{
	(void)state;
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/mish/usage.db", directory);
	return 0;
}

static int teardown(void **state)
{
	char command[120];

	(void)state;
	snprintf(command, sizeof(command), "%s/mish", directory);
	for (const char *const *s = (const char *const[]){ "", "-wal", "-shm", ".damaged", ".damaged-wal", ".damaged-shm", NULL }; *s != NULL; s++) {
		char file[100];

		snprintf(file, sizeof(file), "%s%s", path, *s);
		unlink(file);
	}
	rmdir(command);
	return rmdir(directory);
}

static struct usage_row row(uid_t uid, const char *key, uint64_t at, uint64_t cpu_us)
{
	struct usage_row r = { uid, { .node = "alpha", .args = 7, .at_ms = at, .elapsed_ms = cpu_us / 500, .used = { cpu_us, cpu_us / 2, 100 + at, 3, 4, 2 }, .status = at % 256 } };

	snprintf(r.rud.key, sizeof(r.rud.key), "%s", key);
	return r;
}

static void writes(struct usage_db *db, const struct usage_row *v, size_t n)
{
	const char *why = NULL;

	if (usage_db_write(db, v, n, &why) < 0)
		fail_msg("%s", why);
}

static size_t reads(struct usage_db *db, uid_t uid, const char *prefix, bool by_kind, struct usage_row **ret)
{
	const char *why = NULL;
	size_t n = 0;

	if (usage_db_read(db, uid, prefix, 100, by_kind, ret, &n, &why) < 0)
		fail_msg("%s", why);
	return n;
}

static size_t count(struct usage_db *db, uid_t uid, const char *prefix)
{
	struct usage_row *v = NULL;
	size_t n = reads(db, uid, prefix, false, &v);

	free(v);
	return n;
}

static void each_user_has_his_own_and_each_record_is_there_once(void **state)
{
	const struct usage_row v[] = { row(1, "make all", 10, 4000), row(1, "make all", 20, 8000), row(1, "makeinfo", 30, 1000), row(2, "secret", 40, 1) };
	struct usage_db *db = usage_db_new(path);
	struct stat st;
	struct usage_row *r;

	(void)state;
	writes(db, v, 4);
	writes(db, v, 2); /* told again, by another node */
	assert_int_equal(count(db, 1, ""), 3);
	assert_int_equal(count(db, 1, "make "), 2);
	assert_int_equal(count(db, 1, "secret"), 0);
	assert_int_equal(count(db, 2, ""), 1);
	assert_int_equal(count(db, 1, "' OR 1 --"), 0);
	assert_int_equal(count(db, 1, "%"), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(reads(db, 1, "", false, &r), 3);
	assert_memory_equal(&r[1].rud, &v[1].rud, sizeof(r[1].rud));
	assert_int_equal(r[1].uid, 1); /* the oldest first */
	free(r);
	assert_int_equal(reads(db, 1, "", true, &r), 2);
	assert_string_equal(r[0].rud.key, "make all");
	assert_int_equal(r[0].rud.used.processes, 2);
	assert_int_equal(r[0].rud.used.user_us, 6000);
	assert_int_equal(r[0].rud.used.rss_kib, 120);
	assert_int_equal(r[0].rud.status, 20);
	free(r);
	usage_db_free(db);
	db = usage_db_new(path);
	assert_int_equal(count(db, 1, ""), 3);
	usage_db_free(db);
}

/* Some at a time, each once, of all users, and none that is not public; what comes meanwhile is there if it is behind. */
static void public_ones_come_in_pages(void **state)
{
	struct usage_row v[] = { row(1, "a", 10, 1), row(1, "b", 10, 2), row(1, "hidden", 15, 3), row(1, "c", 20, 4), row(2, "a", 5, 5), row(3, "d", 1, 6) }, *r;
	static const uint64_t order[] = { 1, 2, 4, 5, 6 };
	struct usage_db *db = usage_db_new(path);
	struct usage_cursor at = { 0 };
	const char *why = NULL;
	size_t n = 1, all = 0;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		v[i].rud.flags = i == 2 ? 0 : RUD_PUBLIC;
		v[i].rud.args = i;
	}
	writes(db, v, 6);
	while (n != 0) {
		assert_int_equal(usage_db_read_public(db, &at, 2, &r, &n, &why), 0);
		assert_true(n <= 2 && all + n <= 5);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(r[i].rud.used.user_us, order[all++]);
		free(r);
	}
	assert_int_equal(all, 5);
	writes(db, (struct usage_row[]){ { .uid = 4, .rud = v[0].rud } }, 1);
	assert_int_equal(usage_db_read_public(db, &at, 2, &r, &n, &why), 0);
	assert_int_equal(n, 1);
	assert_int_equal(r[0].uid, 4);
	free(r);
	usage_db_free(db);
}

static void only_the_last_stay(void **state)
{
	struct usage_db *db = usage_db_new(path);
	struct usage_row *v = calloc(1000, sizeof(*v));
	const char *why = NULL;
	struct usage_row *r;
	size_t n;

	(void)state;
	for (int i = 0; i < 23; i++) {
		for (uint64_t k = 0; k < 1000; k++)
			v[k] = row(1, "x", (uint64_t)i * 1000 + k, 100);
		writes(db, v, 1000);
	}
	v[0] = row(2, "other", 1, 1);
	writes(db, v, 1);
	assert_int_equal(usage_db_read(db, 1, "", 100000, false, &r, &n, &why), 0);
	assert_int_equal(n, USAGE_DB_MOST);
	assert_int_equal(r[0].rud.at_ms, 3000);
	free(r);
	assert_int_equal(count(db, 2, ""), 1);
	free(v);
	usage_db_free(db);
}

static void put_text(const char *text, size_t at)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, strlen(text), (off_t)at), (ssize_t)strlen(text));
	close(fd);
}

/* A file that is none, or whose pages are damaged: it is set aside, and the next begins. */
static void a_damaged_file_is_set_aside(void **state)
{
	const struct usage_row v = row(1, "make", 10, 4000);
	struct usage_db *db = usage_db_new(path);
	const char *why = NULL;
	char aside[100], *rubbish = malloc(30001);
	size_t n;
	struct usage_row *r;

	(void)state;
	writes(db, &v, 1);
	usage_db_free(db);
	memset(rubbish, 'x', 30000);
	rubbish[30000] = '\0';
	put_text(rubbish, 100); /* the header is good still */
	db = usage_db_new(path);
	for (int i = 0; i < 3 && (usage_db_write(db, &v, 1, &why) < 0 || usage_db_read(db, 1, "", 10, false, &r, &n, &why) < 0 || (free(r), n != 1)); i++)
		;
	assert_int_equal(count(db, 1, ""), 1);
	snprintf(aside, sizeof(aside), "%s.damaged", path);
	assert_int_equal(access(aside, F_OK), 0);
	usage_db_free(db);
	put_text("no database at all, but a text that somebody has written here", 0);
	db = usage_db_new(path);
	writes(db, &v, 1);
	assert_int_equal(count(db, 1, ""), 1);
	usage_db_free(db);
	free(rubbish);
}

static void one_of_a_newer_mishd_is_left_alone(void **state)
{
	const struct usage_row v = row(1, "make", 10, 4000);
	struct usage_db *db = usage_db_new(path);
	const char *why = NULL;

	(void)state;
	writes(db, &v, 1);
	usage_db_free(db);
	put_text("\x7f", 63); /* user_version: the database file format, 1.3 */
	db = usage_db_new(path);
	assert_int_equal(usage_db_write(db, &v, 1, &why), -1);
	assert_string_equal(why, "the file is of a newer mishd");
	usage_db_free(db);
}

/* In a child, which may not write: said, and no more. Afterwards all is as before. */
static void no_room_is_an_error_and_no_end(void **state)
{
	const struct usage_row v = row(1, "make", 10, 4000);
	struct usage_db *db = usage_db_new(path);
	const char *why = NULL;
	pid_t pid;
	int st;

	(void)state;
	writes(db, &v, 1);
	usage_db_free(db);
	pid = fork();
	if (pid == 0) {
		struct rlimit none = { 0, 0 };
		struct usage_row *many = calloc(20000, sizeof(*many));

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &none);
		for (uint64_t i = 0; i < 20000; i++)
			many[i] = row(1, "y", 100 + i, 5);
		db = usage_db_new(path);
		_exit(usage_db_write(db, many, 20000, &why) == -1 && why != NULL && usage_db_write(db, many, 1, &why) == -1 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_int_equal(st, 0);
	db = usage_db_new(path);
	writes(db, &v, 1);
	assert_int_equal(count(db, 1, ""), 1);
	usage_db_free(db);
	db = usage_db_new("/proc/none/usage.db");
	assert_int_equal(usage_db_write(db, &v, 1, &why), -1);
	usage_db_free(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_user_has_his_own_and_each_record_is_there_once, setup, teardown), cmocka_unit_test_setup_teardown(public_ones_come_in_pages, setup, teardown),
		cmocka_unit_test_setup_teardown(only_the_last_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_file_is_set_aside, setup, teardown),
		cmocka_unit_test_setup_teardown(one_of_a_newer_mishd_is_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(no_room_is_an_error_and_no_end, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
