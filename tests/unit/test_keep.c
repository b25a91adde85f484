#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "migrate/keep.h"
#include "tests/unit/unit.h"

/* The file of a session that persists: who believes something else than what it says does not change it. */

static char dir[] = "/tmp/mish-keep-XXXXXX";
static char path[128];

static int fresh(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/mish-keep-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/mish/0123456789abcdef", dir);
	return setenv("XDG_STATE_HOME", dir, 1);
}

static int gone(void **state)
{
	char command[160];

	(void)state;
	snprintf(command, sizeof(command), "%s/mish/.lock", dir);
	(void)unlink(command);
	(void)unlink(path);
	snprintf(command, sizeof(command), "%s/mish", dir);
	(void)rmdir(command);
	return rmdir(dir);
}

static struct kept kept(uint64_t from, uint8_t secret, uint8_t new_secret)
{
	struct kept k = { .session = "0123456789abcdef", .origin = "alpha", .address = "beta", .from = from };

	memset(k.secret, secret, sizeof(k.secret));
	memset(k.new_secret, new_secret, sizeof(k.new_secret));
	return k;
}

/* What the file says: its number, 0 where there is none. */
static uint64_t number(void)
{
	struct kept k;
	char *why = NULL;
	uint64_t n;

	if (keep_read(NULL, &k, &why) < 0) {
		free(why);
		return 0;
	}
	n = k.from;
	record_release(&kept_record, &k);
	return n;
}

static void only_who_knows_what_it_says_changes_it(void **state)
{
	static const struct {
		uint64_t from; /* what the file says: 0, there is none */
		uint8_t secret, new_secret;
		uint64_t was; /* what is believed: 0, that there is none */
		uint8_t was_secret, was_new;
		int r;
	} rows[] = {
		{ 0, 0, 0, 0, 0, 0, 0 },       { 5, 1, 0, 5, 1, 0, 0 },	      { 5, 1, 0, 4, 1, 0, -ESTALE },
		{ 5, 1, 0, 5, 2, 0, -ESTALE }, { 5, 1, 3, 5, 1, 0, -ESTALE }, { 5, 1, 3, 5, 1, 3, 0 },
		{ 5, 1, 3, 5, 1, 4, -ESTALE }, { 0, 0, 0, 5, 1, 0, -ESTALE }, { 5, 1, 0, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int removes = 0; removes < 2; removes++) {
			struct kept file = kept(rows[i].from, rows[i].secret, rows[i].new_secret);
			struct kept was = kept(rows[i].was, rows[i].was_secret, rows[i].was_new);
			struct kept now = kept(9, 9, 0);

			if (removes != 0 && rows[i].was == 0)
				continue;
			(void)unlink(path);
			if (rows[i].from != 0)
				assert_int_equal(keep_change(NULL, &file, true), 0);
			assert_int_equal(keep_change(rows[i].was != 0 ? &was : NULL, removes != 0 ? NULL : &now, true),
					 rows[i].r);
			assert_int_equal(number(), rows[i].r < 0 ? rows[i].from : removes != 0 ? 0 : 9);
		}
}

static void an_attempt_to_attach_that_was_given_up_is_no_obstacle(void **state)
{
	struct kept file = kept(5, 1, 3), was = kept(5, 1, 0), now = kept(6, 2, 0);
	struct timespec old[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };

	(void)state;
	assert_int_equal(keep_change(NULL, &file, true), 0);
	assert_int_equal(keep_change(&was, &now, true), -ESTALE);
	old[1] = (struct timespec){ .tv_sec = time(NULL) - 120 };
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	assert_int_equal(keep_change(&was, &now, true), 0);
	assert_int_equal(number(), 6);
}

static void of_many_at_once_one_comes_through(void **state)
{
	struct kept file = kept(5, 1, 0);
	int done = 0, st;

	(void)state;
	assert_int_equal(keep_change(NULL, &file, true), 0);
	for (uint8_t i = 0; i < 20; i++)
		if (fork() == 0) {
			struct kept was = kept(5, 1, 0), now = kept(6, (uint8_t)(i + 10), 0);

			_exit(keep_change(&was, &now, true) == 0);
		}
	while (wait(&st) > 0)
		done += WEXITSTATUS(st);
	assert_int_equal(done, 1);
	assert_int_equal(number(), 6);
}

/* A change to `now`, which is larger than any file may be; what the file says afterwards. */
static uint64_t after_a_change_that_is_too_large(struct kept now, bool remove)
{
	struct kept file = kept(5, 1, 0);
	pid_t pid;
	int st;

	assert_int_equal(keep_change(NULL, &file, true), 0);
	now.sealed.state = (struct blob){ calloc(1, 1 << 16), 1 << 16 };
	pid = fork();
	if (pid == 0) { /* no file may be so large */
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 4096, 4096 });
		_exit(keep_change(&file, &now, remove) == -EFBIG ? 0 : 1);
	}
	waitpid(pid, &st, 0);
	assert_int_equal(st, 0);
	free(now.sealed.state.s);
	return (uint64_t)number();
}

static void what_cannot_be_written_is_not_left_to_lie(void **state)
{
	(void)state;
	assert_int_equal(after_a_change_that_is_too_large(kept(6, 1, 0), true), 0);
}

/* An attach that could not write leaves the file, which is still true. */
static void what_is_still_true_stays(void **state)
{
	(void)state;
	assert_int_equal(after_a_change_that_is_too_large(kept(5, 1, 3), false), 5);
}

/* Whoever has the lock and does not go on, nobody changes or removes the file without it. */
static void without_the_lock_nothing_changes(void **state)
{
	struct kept file = kept(5, 1, 0), now = kept(6, 1, 0);
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char lock[128];
	int fd;

	(void)state;
	assert_int_equal(keep_change(NULL, &file, true), 0);
	snprintf(lock, sizeof(lock), "%s/mish/.lock", dir);
	fd = open(lock, O_RDWR | O_CLOEXEC);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &l), 0);
	assert_int_equal(keep_change(&file, &now, true), -EBUSY);
	assert_int_equal(keep_change(&file, NULL, true), -EBUSY);
	assert_int_equal(number(), 5);
	close(fd);
	assert_int_equal(keep_change(&file, &now, true), 0);
}

/* What keep_list() prints; the caller frees it. */
static char *listed(void)
{
	FILE *out = stdout;
	char *text = NULL;
	size_t len;

	stdout = open_memstream(&text, &len);
	assert_non_null(stdout);
	assert_int_equal(keep_list(), 0);
	fclose(stdout);
	stdout = out;
	return text;
}

/* A session comes from elsewhere, and is a file's name here. */
static void a_session_that_is_no_name_touches_no_file(void **state)
{
	static const char *const names[] = { "", ".", "../victim", "0123456789abcdeF", "0123456789abcdef0" };
	struct arrival a = { .from = 3, .sealed.state = { (uint8_t *)strdup("x"), 1 } };
	char victim[64];
	struct stat st;
	int fd;

	(void)state;
	snprintf(victim, sizeof(victim), "%s/mish", dir);
	assert_int_equal(mkdir(victim, 0700), 0);
	snprintf(victim, sizeof(victim), "%s/victim", dir);
	fd = open(victim, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct kept k = kept(3, 1, 0);

		snprintf(k.session, sizeof(k.session), "%s", names[i]);
		assert_int_equal(keep_change(NULL, &k, true), -EINVAL);
		assert_int_equal(keep_change(&k, NULL, true), -EINVAL);
		memcpy(a.session, k.session, sizeof(a.session));
		assert_int_equal(keep_arrival(&a), -EINVAL);
	}
	assert_int_equal(stat(victim, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(unlink(victim), 0);
	record_release(&arrival_record, &a);
}

static void a_listing_does_not_steer_the_terminal(void **state)
{
	struct kept k = kept(3, 1, 0);
	char *text;

	(void)state;
	strcpy(k.address, "be\033]0;x\007ta");
	strcpy(k.origin, "al\npha");
	assert_int_equal(keep_change(NULL, &k, true), 0);
	text = listed();
	assert_non_null(strstr(text, "be?]0;x?ta"));
	assert_non_null(strstr(text, "al?pha"));
	assert_null(strchr(text, 033));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_who_knows_what_it_says_changes_it, fresh, gone),
		cmocka_unit_test_setup_teardown(an_attempt_to_attach_that_was_given_up_is_no_obstacle, fresh, gone),
		cmocka_unit_test_setup_teardown(of_many_at_once_one_comes_through, fresh, gone),
		cmocka_unit_test_setup_teardown(what_cannot_be_written_is_not_left_to_lie, fresh, gone),
		cmocka_unit_test_setup_teardown(what_is_still_true_stays, fresh, gone),
		cmocka_unit_test_setup_teardown(without_the_lock_nothing_changes, fresh, gone),
		cmocka_unit_test_setup_teardown(a_session_that_is_no_name_touches_no_file, fresh, gone),
		cmocka_unit_test_setup_teardown(a_listing_does_not_steer_the_terminal, fresh, gone),
	};

	return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}
