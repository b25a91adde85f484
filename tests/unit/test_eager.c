#include <config.h>

#include "tests/unit/unit.h"

#include <stdbool.h>

#include "pty/eager.h"

/*
 * The linker gives eager.c this clock and this poll (--wrap): nothing ever comes, and each look
 * takes LOOK_NS. So neither the machine nor what else runs on it is measured.
 */
enum { MS = 1000000, LOOK_NS = 1000, SLEEP_NS = 4 * MS };

static int64_t now;       /* ns */
static int looks, sleeps; /* polls that return at once, polls that may wait */

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret);
int __wrap_ppoll(struct pollfd *p, nfds_t n, const struct timespec *timeout, const sigset_t *mask);

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
	assert_int_equal(clock, CLOCK_MONOTONIC);
	*ret = (struct timespec){ .tv_sec = now / (1000 * MS), .tv_nsec = now % (1000 * MS) };
	return 0;
}

int __wrap_ppoll(struct pollfd *p, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	(void)p, (void)n, (void)mask;
	assert_non_null(timeout);
	assert_int_equal(timeout->tv_sec, 0);
	if (timeout->tv_nsec == 0)
		looks++;
	else
		sleeps++;
	now += timeout->tv_nsec == 0 ? LOOK_NS : timeout->tv_nsec;
	return 0;
}

static int reset(void **state)
{
	(void)state;
	now = 1000 * (int64_t)MS;
	looks = sleeps = 0;
	return 0;
}

/* Waits SLEEP_NS for what never comes. */
static void wait_in_vain(struct eager *e)
{
	const struct timespec timeout = { .tv_nsec = SLEEP_NS };
	struct pollfd p = { .fd = -1 };

	assert_int_equal(eager_poll(e, &p, 1, &timeout, NULL), 0);
	assert_int_equal(sleeps, 1);
}

static void looks_for_a_millisecond_and_no_longer(void **state)
{
	struct eager e = { 0 };

	(void)state;
	eager_sent(&e);
	wait_in_vain(&e);
	assert_int_equal(looks, MS / LOOK_NS);
}

static void sleeps_when_nothing_was_typed_or_echoes_are_far(void **state)
{
	struct eager quiet = { 0 }, far = { .usual_ns = 20 * MS };

	(void)state;
	wait_in_vain(&quiet);
	assert_int_equal(looks, 0);
	sleeps = 0;
	eager_sent(&far);
	wait_in_vain(&far);
	assert_int_equal(looks, 0);
}

/* One late echo is soon forgotten; a far node is soon known as one. */
static void learns_how_far_the_other_is(void **state)
{
	struct eager e = { 0 };
	int64_t usual;
	int n = 0;

	(void)state;
	for (int i = 0; i < 4; i++) {
		eager_sent(&e);
		eager_sent(&e); /* the second key of a burst is not the start of it */
		now += 8 * MS;
		eager_heard(&e);
	}
	assert_true(e.usual_ns > 4 * MS);
	for (; n < 1000 && e.usual_ns > MS / 2; n++) {
		eager_sent(&e);
		eager_heard(&e);
	}
	assert_true(n < 20);
	usual = e.usual_ns;
	eager_heard(&e); /* what nobody asked for says nothing */
	assert_true(e.sent_ns == 0 && e.usual_ns == usual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(looks_for_a_millisecond_and_no_longer, reset),
		cmocka_unit_test_setup(sleeps_when_nothing_was_typed_or_echoes_are_far, reset),
		cmocka_unit_test_setup(learns_how_far_the_other_is, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
