#include <config.h>

#include "tests/unit/unit.h"

#include <errno.h>
#include <pwd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controller/accounts.h"
#include "controller/journal.h"

/* ---- a directory service of our own, in place of the C library's: it may be slow, or down ---- */

static pthread_mutex_t service = PTHREAD_MUTEX_INITIALIZER; /* held by a test: it does not answer */
static int service_error;
static unsigned asked;

static int serve(struct passwd *pw, char *buf, size_t size, struct passwd **ret, uid_t uid, const char *name)
{
	int r;

	pthread_mutex_lock(&service);
	asked++;
	r = service_error;
	pthread_mutex_unlock(&service);
	*ret = NULL;
	if (r != 0 || uid == 99 || strcmp(name, "nobody-here") == 0)
		return r;
	if (size < 3000)
		return ERANGE;
	snprintf(buf, size, "%s", name);
	*pw = (struct passwd){ .pw_name = buf, .pw_uid = uid };
	*ret = pw;
	return 0;
}

int getpwuid_r(uid_t uid, struct passwd *pw, char *buf, size_t size, struct passwd **ret)
{
	char name[16];

	snprintf(name, sizeof(name), "u%u", (unsigned)uid);
	return serve(pw, buf, size, ret, uid, name);
}

int getpwnam_r(const char *name, struct passwd *pw, char *buf, size_t size, struct passwd **ret)
{
	return serve(pw, buf, size, ret, 7, name);
}

/* ---- */

static uv_loop_t loop;
static struct accounts a;
static unsigned answers;
static uid_t last;

static void on_answered(void *arg, uid_t uid)
{
	(void)arg;
	answers++;
	last = uid;
}

static int begin(void **state)
{
	(void)state;
	asked = answers = 0;
	service_error = 0;
	if (uv_loop_init(&loop) < 0)
		return -1;
	accounts_init(&a, &loop, on_answered, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	uv_run(&loop, UV_RUN_DEFAULT);
	accounts_release(&a);
	return uv_loop_close(&loop);
}

static void a_name_is_the_uid_until_the_service_answers(void **state)
{
	char name[ACCOUNTS_NAME_MAX + 1];

	(void)state;
	pthread_mutex_lock(&service);
	assert_int_equal(accounts_name(&a, 1000, name), ACCOUNTS_WAIT);
	assert_string_equal(name, "1000");
	uv_run(&loop, UV_RUN_NOWAIT); /* and does not block */
	assert_int_equal(accounts_name(&a, 1000, name), ACCOUNTS_WAIT);
	assert_int_equal(answers, 0);
	assert_false(accounts_stop(&a));
	pthread_mutex_unlock(&service);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(answers, 1);
	assert_int_equal(last, 1000);
	assert_int_equal(accounts_name(&a, 1000, name), ACCOUNTS_FOUND);
	assert_string_equal(name, "u1000");
	assert_true(accounts_stop(&a));
}

static void who_has_no_account_goes_by_the_uid(void **state)
{
	char name[ACCOUNTS_NAME_MAX + 1];

	(void)state;
	(void)accounts_name(&a, 99, name);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(accounts_name(&a, 99, name), ACCOUNTS_NONE);
	assert_string_equal(name, "99");
	assert_int_equal(asked, 1); /* and is asked for once */
}

static void a_service_that_is_down_is_no_answer(void **state)
{
	char name[ACCOUNTS_NAME_MAX + 1];
	uid_t uid = 5;

	(void)state;
	service_error = ECONNREFUSED;
	(void)accounts_name(&a, 1000, name);
	(void)accounts_uid(&a, "mia", &uid);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(answers, 1); /* who waits for a user id hears of it */
	assert_int_equal(accounts_name(&a, 1000, name), ACCOUNTS_FAILED);
	assert_string_equal(name, "1000");
	assert_int_equal(accounts_uid(&a, "mia", &uid), ACCOUNTS_FAILED);
	assert_int_equal(uid, 5);
	assert_int_equal(asked, 2); /* not again at once */
}

static void names_have_ids(void **state)
{
	uid_t uid = 5;

	(void)state;
	assert_int_equal(accounts_uid(&a, "mia", &uid), ACCOUNTS_WAIT);
	assert_int_equal(accounts_uid(&a, "nobody-here", &uid), ACCOUNTS_WAIT);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(accounts_uid(&a, "nobody-here", &uid), ACCOUNTS_NONE);
	assert_int_equal(uid, 5);
	assert_int_equal(accounts_uid(&a, "mia", &uid), ACCOUNTS_FOUND);
	assert_int_equal(uid, 7);
}

static void no_more_are_kept_than_there_is_room_for(void **state)
{
	char name[ACCOUNTS_NAME_MAX + 1];

	(void)state;
	pthread_mutex_lock(&service);
	for (uid_t uid = 1000; uid < 1000 + ACCOUNTS_MAX; uid++)
		assert_int_equal(accounts_name(&a, uid, name), ACCOUNTS_WAIT);
	assert_int_equal(accounts_name(&a, 5000, name), ACCOUNTS_FAILED); /* all others are being looked up */
	assert_int_equal(a.lookups, ACCOUNTS_LOOKUPS_MAX);
	pthread_mutex_unlock(&service);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(answers, ACCOUNTS_MAX);
	assert_int_equal(accounts_name(&a, 1000, name), ACCOUNTS_FOUND); /* asked for lately */
	assert_int_equal(accounts_name(&a, 5000, name), ACCOUNTS_WAIT);
	assert_int_equal(a.n, ACCOUNTS_MAX);
	assert_int_equal(accounts_name(&a, 1000, name), ACCOUNTS_FOUND);
	assert_int_equal(accounts_name(&a, 1001, name), ACCOUNTS_WAIT); /* it went to make room */
}

/* A node's reason, or a user's text, is in the log: it is one line there, and steers nobody's terminal who reads it. */
static void what_is_logged_is_one_clean_line(void **state)
{
	FILE *err = stderr;
	char *text = NULL;
	size_t len;

	(void)state;
	stderr = open_memstream(&text, &len);
	assert_non_null(stderr);
	journal_line("session %s: refused: %s", "7f3a", "no\033]0;x\007\302\2332J\377\nmishd: session 7f3a: is on beta");
	fclose(stderr);
	stderr = err;
	assert_string_equal(text, "mishd: session 7f3a: refused: no?]0;x???2J??mishd: session 7f3a: is on beta\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_name_is_the_uid_until_the_service_answers, begin, end),
		cmocka_unit_test_setup_teardown(who_has_no_account_goes_by_the_uid, begin, end),
		cmocka_unit_test_setup_teardown(a_service_that_is_down_is_no_answer, begin, end),
		cmocka_unit_test_setup_teardown(names_have_ids, begin, end),
		cmocka_unit_test_setup_teardown(no_more_are_kept_than_there_is_room_for, begin, end),
		cmocka_unit_test(what_is_logged_is_one_clean_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
