#include <config.h>

#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/keep.h"

static char directory[] = "/tmp/test_keep.XXXXXX";
static const char session[] = "0123456789abcdef";

static int setup(void **state)
{
	(void)state;
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	return mkdtemp(directory) == NULL || setenv("XDG_STATE_HOME", directory, 1) < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

static struct kept sample(const char *name)
{
	struct kept k = { .origin = "alpha", .address = "beta", .from = 3, .secret = { 1, 2, 3 } };

	snprintf(k.session, sizeof(k.session), "%s", name);
	return k;
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

static void what_was_kept_is_read(void **state)
{
	struct kept k = sample(session), got;
	char *why = NULL;

	(void)state;
	assert_int_equal(keep_owner(&k), KEEP_MISSING);
	assert_int_equal(keep_write(&k), 0);
	assert_int_equal(keep_read("0123", &got, &why), 0);
	assert_memory_equal(&got, &k, sizeof(k));
	assert_int_equal(keep_owner(&k), KEEP_OURS);
	k.secret[0] = 9;
	assert_int_equal(keep_owner(&k), KEEP_OTHERS);
	keep_remove(session);
	assert_int_equal(keep_read("0123", &got, &why), -1);
	free(why);
	record_release(&kept_record, &got);
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
	snprintf(victim, sizeof(victim), "%s/mish", directory);
	assert_int_equal(mkdir(victim, 0700), 0);
	snprintf(victim, sizeof(victim), "%s/victim", directory);
	fd = open(victim, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct kept k = sample(names[i]);

		assert_int_equal(keep_write(&k), -EINVAL);
		memcpy(a.session, k.session, sizeof(a.session));
		assert_int_equal(keep_arrival(&a), -EINVAL);
		keep_remove(names[i]);
	}
	assert_int_equal(stat(victim, &st), 0);
	assert_int_equal(st.st_size, 0);
	record_release(&arrival_record, &a);
}

static void a_listing_does_not_steer_the_terminal(void **state)
{
	struct kept k = sample(session);
	char *text;

	(void)state;
	strcpy(k.address, "be\033]0;x\007ta");
	strcpy(k.origin, "al\npha");
	assert_int_equal(keep_write(&k), 0);
	text = listed();
	assert_non_null(strstr(text, "be?]0;x?ta"));
	assert_non_null(strstr(text, "al?pha"));
	assert_null(strchr(text, 033));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_kept_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(a_session_that_is_no_name_touches_no_file, setup, teardown),
		cmocka_unit_test_setup_teardown(a_listing_does_not_steer_the_terminal, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
