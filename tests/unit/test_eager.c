#include <config.h>

#include "tests/unit/unit.h"

#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "pty/eager.h"

enum { ROUNDS = 50, SLEEP_NS = 4000000 };

static double ms_between(const struct timespec *a, const struct timespec *b)
{
	return (double)(b->tv_sec - a->tv_sec) * 1e3 + (double)(b->tv_nsec - a->tv_nsec) / 1e6;
}

/*
 * Milliseconds of CPU for waits of 4 ms each, in which nothing comes; in *ret_most, of the one that
 * had most: where others have the CPU, too, one at least gets what it wants.
 */
static double cpu_ms(int64_t usual_ns, bool sent, double *ret_most)
{
	const struct timespec timeout = { .tv_nsec = SLEEP_NS };
	struct timespec a, b, before, after;
	struct pollfd p = { .events = POLLIN };
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	p.fd = fds[0];
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	for (int i = 0; i < ROUNDS; i++) {
		struct eager e = { .usual_ns = usual_ns };

		if (sent)
			eager_sent(&e);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
		assert_int_equal(eager_poll(&e, &p, 1, &timeout, NULL), 0);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
		if (ret_most != NULL && ms_between(&before, &after) > *ret_most)
			*ret_most = ms_between(&before, &after);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	close(fds[0]);
	close(fds[1]);
	return ms_between(&a, &b);
}

/* To look on would be 200 ms; not to look at all is nearly nothing. */
static void looks_for_a_millisecond_and_no_longer(void **state)
{
	double most = 0, ms = cpu_ms(0, true, &most);

	(void)state;
	assert_true(ms < 2 * ROUNDS);
	assert_true(most > 0.5);
}

static void sleeps_when_nothing_was_typed_or_echoes_are_far(void **state)
{
	(void)state;
	assert_true(cpu_ms(0, false, NULL) < 0.4 * ROUNDS);
	assert_true(cpu_ms(20000000, true, NULL) < 0.4 * ROUNDS);
}

/* One late echo is soon forgotten; a far node is soon known as one. */
static void learns_how_far_the_other_is(void **state)
{
	const struct timespec far = { .tv_nsec = 8000000 };
	struct eager e = { 0 };
	int64_t usual;

	(void)state;
	for (int i = 0; i < 4; i++) {
		eager_sent(&e);
		eager_sent(&e); /* the second key of a burst is not the start of it */
		nanosleep(&far, NULL);
		eager_heard(&e);
	}
	assert_true(e.usual_ns > 4000000);
	for (int i = 0; i < 1000 && e.usual_ns > 500000; i++) {
		eager_sent(&e);
		eager_heard(&e);
	}
	usual = e.usual_ns;
	assert_true(usual <= 500000);
	eager_heard(&e); /* what nobody asked for says nothing */
	assert_true(e.sent_ns == 0 && e.usual_ns == usual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_for_a_millisecond_and_no_longer),
		cmocka_unit_test(sleeps_when_nothing_was_typed_or_echoes_are_far),
		cmocka_unit_test(learns_how_far_the_other_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
