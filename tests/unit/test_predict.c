#include <config.h>

#include "tests/unit/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shell/jobs/predict.h"

static struct predict_case took(double cpu, uint32_t args, uint32_t dir)
{
	return (struct predict_case){ { args, dir, 10 }, { cpu, cpu * 1000, cpu * 10 } };
}

static double says(const char *name, const struct predict_case *h, size_t n, uint32_t args, uint32_t dir)
{
	struct predicted p;

	predict(predictor_find(name), h, n, &(struct predict_context){ args, dir, 10 }, &p);
	return p.of[PREDICT_CPU].mean;
}

static void is_about(double a, double b)
{
	if (fabs(a - b) > 1e-6 * (fabs(a) + fabs(b)))
		fail_msg("%g, not %g", a, b);
}

/* Worked out by hand. */
static void each_does_what_its_source_says(void **state)
{
	const struct predict_case h[] = { took(1, 1, 1), took(2, 1, 1), took(6, 1, 1) };
	struct predict_case turns[20], alike[20];

	(void)state;
	is_about(says("last", h, 3, 1, 1), 6);
	is_about(says("mean", h, 3, 1, 1), 3);
	is_about(says("ewma", h, 3, 1, 1), (1 + 0.4 * 1) + 0.4 * (6 - 1.4));
	is_about(says("median", h, 3, 1, 1), 2);
	is_about(says("median", h, 2, 1, 1), 1.5);
	for (size_t i = 0; i < 20; i++)
		turns[i] = took(i % 2 != 0 ? 64 : 1, 1, 1); /* a short one always follows on a long one */
	is_about(says("transitions", turns, 20, 1, 1), 1);
	is_about(says("transitions", turns, 19, 1, 1), 64);
	for (size_t i = 0; i < 20; i++)
		alike[i] = took(i % 2 != 0 ? 64 : 1, (uint32_t)(i % 2), 1); /* by their arguments, and in no order that tells */
	assert_true(says("stars", alike, 20, 1, 1) > 30);
	assert_true(says("stars", alike, 20, 0, 1) < 2.2);
	assert_true(says("best", turns, 20, 1, 1) < 1.5);
	assert_true(says("best", alike, 19, 1, 1) > 30);
}

static void with_one_command_all_say_that(void **state)
{
	const struct predict_case one = took(5, 1, 1);

	(void)state;
	for (size_t i = 0; predictor_at(i) != NULL; i++)
		is_about(says(predictor_at(i)->name, &one, 1, 7, 7), 5);
	assert_null(predictor_find("none"));
	assert_non_null(predictor_default());
}

static void a_spread_is_where_four_of_five_were(void **state)
{
	struct predict_case h[100];
	struct predicted p;
	int inside = 0;

	(void)state;
	predict(predictor_find("mean"), NULL, 0, &(struct predict_context){ 0 }, &p);
	assert_int_equal(p.n, 0);
	srandom(7);
	for (size_t i = 0; i < 100; i++)
		h[i] = took(exp2((double)(random() % 1000) / 250), 1, 1);
	for (size_t n = 40; n < 100; n++) {
		predict(predictor_find("median"), h, n, &h[n].context, &p);
		assert_true(p.n <= PREDICT_HISTORY);
		assert_true(p.of[PREDICT_CPU].low <= p.of[PREDICT_CPU].mean && p.of[PREDICT_CPU].mean <= p.of[PREDICT_CPU].high);
		inside += h[n].used[PREDICT_CPU] >= p.of[PREDICT_CPU].low && h[n].used[PREDICT_CPU] <= p.of[PREDICT_CPU].high;
	}
	if (inside < 38 || inside > 58)
		fail_msg("%d of 60 are inside", inside);
}

/* Zeros, huge ones, and any order: a number comes out, and in time. */
static void any_history_has_an_answer(void **state)
{
	struct predict_case h[PREDICT_HISTORY];
	struct timespec a, b;
	struct predicted p;
	double ms;

	(void)state;
	srandom(3);
	for (int round = 0; round < 200; round++)
		for (size_t i = 0; predictor_at(i) != NULL; i++) {
			size_t n = 1 + (size_t)random() % PREDICT_HISTORY;

			for (size_t k = 0; k < n; k++)
				h[k] = took(random() % 4 == 0 ? 0 : exp2((double)(random() % 60) - 20), (uint32_t)random() % 3, (uint32_t)random() % 3);
			predict(predictor_at(i), h, n, &h[0].context, &p);
			for (int r = 0; r < PREDICT_RESOURCES; r++)
				assert_true(isfinite(p.of[r].mean) && p.of[r].mean >= 0 && isfinite(p.of[r].low) && isfinite(p.of[r].high));
		}
	for (size_t k = 0; k < PREDICT_HISTORY; k++)
		h[k] = took(exp2((double)(random() % 60) - 20), (uint32_t)random() % 3, (uint32_t)random() % 3);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	for (int i = 0; i < 20; i++)
		predict(predictor_default(), h, PREDICT_HISTORY, &h[0].context, &p);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	ms = ((double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6) / 20;
	if (ms > (getenv("MISH_TEST_PATIENCE") != NULL ? atof(getenv("MISH_TEST_PATIENCE")) : 1)) /* with sanitizers */
		fail_msg("the default takes %.2f ms", ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_does_what_its_source_says),
		cmocka_unit_test(with_one_command_all_say_that),
		cmocka_unit_test(a_spread_is_where_four_of_five_were),
		cmocka_unit_test(any_history_has_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
