#include <config.h>

#include "shell/jobs/predict.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MEDIAN_OF = 7, CLUSTERS = 7 /* Goswami's */, STATES_OF = 32 /* the last */, ROUNDS = 3, JUDGED_BY = 6 /* the last that a choice is made by */, SPREAD_BY = 12 };
#define EWMA_NEW 0.4   /* the weight of the newest */
#define PRIOR 1.0      /* a class of one command says less than one of many */
#define UNPROVED 0.5   /* what a prediction is worth that has nothing yet to show */
#define SMALLEST 0.001 /* s, KiB: less is nothing, for ratios */

/* ---- average, persistence and the like ---- */

static double last(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	(void)now;
	return h[n - 1].used[what];
}

static double mean(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	double sum = 0;

	(void)now;
	for (size_t i = 0; i < n; i++)
		sum += h[i].used[what];
	return sum / (double)n;
}

static double ewma(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	double v = h[0].used[what];

	(void)now;
	for (size_t i = 1; i < n; i++)
		v += EWMA_NEW * (h[i].used[what] - v);
	return v;
}

static void sort(double *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && v[k - 1] > v[k]; k--) {
			double t = v[k];

			v[k] = v[k - 1];
			v[k - 1] = t;
		}
}

static double median(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	size_t m = n < MEDIAN_OF ? n : MEDIAN_OF;
	double v[MEDIAN_OF];

	(void)now;
	for (size_t i = 0; i < m; i++)
		v[i] = h[n - 1 - i].used[what];
	sort(v, m);
	return (v[(m - 1) / 2] + v[m / 2]) / 2;
}

/* ---- state transitions: clusters of what commands took, and which follows which (Goswami et al.) ---- */

struct states {
	size_t n, n_cases;
	double at[CLUSTERS][PREDICT_RESOURCES]; /* of logarithms … */
	double v[STATES_OF][PREDICT_RESOURCES]; /* … as these are, of the commands */
	size_t of[STATES_OF]; /* which each command is in */
};

/* A logarithm as far as it matters here, for which a shell needs no libm: exact at the powers of two, straight between them, so that it can be undone. */
static double scale(double v)
{
	int e;
	double m = frexp(v > SMALLEST ? v : SMALLEST, &e);

	return e - 2 + 2 * m;
}

static double unscale(double x)
{
	int e = (int)x - (x < (int)x);

	return ldexp(1 + (x - e), e);
}

static double distance(const double *a, const double *b)
{
	double d = 0;

	for (int r = 0; r < PREDICT_RESOURCES; r++)
		d += (a[r] - b[r]) * (a[r] - b[r]);
	return d;
}

static size_t nearest(const struct states *s, size_t i, double *ret)
{
	size_t best = 0;

	*ret = distance(s->at[0], s->v[i]);
	for (size_t k = 1; k < s->n; k++) {
		double d = distance(s->at[k], s->v[i]);

		if (d < *ret) {
			*ret = d;
			best = k;
		}
	}
	return best;
}

/* The first is one, and then each time what is farthest from all there are, until they are as many or nothing is far. */
static void seed(struct states *s)
{
	s->n = 0;
	for (size_t far = 0; s->n < CLUSTERS;) {
		double most = 1, d; /* a factor of two in one resource is no other state */

		memcpy(s->at[s->n++], s->v[far], sizeof(s->at[0]));
		for (size_t i = 0; i < s->n_cases; i++) {
			(void)nearest(s, i, &d);
			if (d > most) {
				most = d;
				far = i;
			}
		}
		if (most <= 1)
			return;
	}
}

static void cluster(struct states *s)
{
	double d;

	seed(s);
	for (int round = 0; round < ROUNDS; round++) {
		double sum[CLUSTERS][PREDICT_RESOURCES] = { 0 };
		size_t count[CLUSTERS] = { 0 };

		for (size_t i = 0; i < s->n_cases; i++) {
			s->of[i] = nearest(s, i, &d);
			count[s->of[i]]++;
			for (int r = 0; r < PREDICT_RESOURCES; r++)
				sum[s->of[i]][r] += s->v[i][r];
		}
		for (size_t k = 0; k < s->n; k++)
			for (int r = 0; r < PREDICT_RESOURCES && count[k] != 0; r++)
				s->at[k][r] = sum[k][r] / (double)count[k];
	}
}

/* What followed on commands in the state of the last one; if nothing has, that state itself. */
static double transitions(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	size_t first = n > STATES_OF ? n - STATES_OF : 0, followed = 0;
	struct states s = { .n_cases = n - first };
	double sum = 0;

	(void)now;
	for (size_t i = 0; i < s.n_cases; i++)
		for (int r = 0; r < PREDICT_RESOURCES; r++)
			s.v[i][r] = scale(h[first + i].used[r]);
	cluster(&s);
	for (size_t i = 0; i + 1 < s.n_cases; i++)
		if (s.of[i] == s.of[s.n_cases - 1]) {
			sum += s.at[s.of[i + 1]][what];
			followed++;
		}
	return unscale(followed != 0 ? sum / (double)followed : s.at[s.of[s.n_cases - 1]][what]);
}

/* ---- classes by what is known of a command, weighed by how alike their members are (STARS) ---- */

enum class { CLASS_ALL, CLASS_ARGS, CLASS_DIR, CLASS_BOTH, CLASS_HOUR, CLASSES };

static bool is_in(enum class class, const struct predict_context *a, const struct predict_context *b)
{
	switch (class) {
	case CLASS_ARGS:
		return a->args == b->args;
	case CLASS_DIR:
		return a->dir == b->dir;
	case CLASS_BOTH:
		return a->args == b->args && a->dir == b->dir;
	case CLASS_HOUR:
		return a->hour / 6 == b->hour / 6;
	default:
		return true;
	}
}

static double stars(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	double value = 0, weights = 0;

	for (int class = CLASS_ALL; class < CLASSES; class++) {
		double sum = 0, squares = 0, m, variance, w;
		size_t k = 0;

		for (size_t i = 0; i < n; i++)
			if (is_in((enum class)class, &h[i].context, now)) {
				double v = scale(h[i].used[what]);

				sum += v;
				squares += v * v;
				k++;
			}
		if (k == 0)
			continue;
		m = sum / (double)k;
		variance = squares / (double)k - m * m;
		w = 1 / ((variance > 0 ? variance : 0) + PRIOR / (double)k);
		value += w * m;
		weights += w;
	}
	return unscale(value / weights);
}

/* ---- all of them ---- */

typedef double one_of(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what);

/* The last has no function of its own: of the others it says what that one says which was the least wrong lately. */
static const struct predictor predictors[] = { { "last" }, { "mean" }, { "ewma" }, { "median" }, { "transitions" }, { "stars" }, { "best" } };
static one_of *const functions[] = { last, mean, ewma, median, transitions, stars };
enum { BASE = sizeof(functions) / sizeof(functions[0]), BEST = BASE };
_Static_assert(sizeof(predictors) / sizeof(predictors[0]) == BASE + 1, "a name for each");

const struct predictor *predictor_at(size_t i)
{
	return i <= BEST ? &predictors[i] : NULL;
}

const struct predictor *predictor_find(const char *name)
{
	for (size_t i = 0; i <= BEST; i++)
		if (strcmp(predictors[i].name, name) == 0)
			return &predictors[i];
	return NULL;
}

const struct predictor *predictor_default(void)
{
	return &predictors[BEST];
}

/* ---- how they were wrong before ---- */

/* What each would have said before the last commands, and before the next one, which is at `n`. */
struct past {
	const struct predict_case *h;
	size_t n, from;
	double said[JUDGED_BY + SPREAD_BY + 1][BASE]; /* of a resource, from `from` on */
};

static void look_back(struct past *p, const struct predict_context *now, enum predict_resource what, size_t first, size_t end)
{
	p->from = p->n > JUDGED_BY + SPREAD_BY ? p->n - JUDGED_BY - SPREAD_BY : 1;
	for (size_t i = p->from; i <= p->n; i++)
		for (size_t k = first; k < end; k++)
			p->said[i - p->from][k] = functions[k](p->h, i, i < p->n ? &p->h[i].context : now, what);
}

/* How far off, as a ratio: it is the same to say the half or the double. */
static double error(double said, double was)
{
	return scale(said) - scale(was);
}

/* Who has said it best of the last commands before the i-th, the newest counting most; of equals the first. */
static size_t best_before(const struct past *p, size_t i, enum predict_resource what)
{
	static const double forget = 0.8;
	size_t from = i > p->from + JUDGED_BY ? i - JUDGED_BY : p->from, who = 0;
	double least = (double)INFINITY;

	for (size_t k = 0; k < BASE; k++) {
		double sum = 0;

		for (size_t at = from; at < i; at++)
			sum = sum * forget + fabs(error(p->said[at - p->from][k], p->h[at].used[what]));
		if (sum < least) {
			least = sum;
			who = k;
		}
	}
	return who;
}

static double said_at(const struct past *p, size_t by, size_t i, enum predict_resource what)
{
	return p->said[i - p->from][by == BEST ? best_before(p, i, what) : by];
}

/* The part of the sorted ratios that is below `part`. */
static double quantile(const double *v, size_t n, double part)
{
	double at = part * (double)(n - 1);
	size_t i = (size_t)at;

	return i + 1 < n ? v[i] + (at - (double)i) * (v[i + 1] - v[i]) : v[n - 1];
}

static struct predict_value with_spread(const struct past *p, size_t by, enum predict_resource what)
{
	size_t from = p->n > SPREAD_BY ? p->n - SPREAD_BY : 1, k = 0;
	struct predict_value v = { .mean = said_at(p, by, p->n, what) };
	double off[SPREAD_BY], low, high, said = 0, was = 0;

	for (size_t i = from; i < p->n; i++) {
		off[k++] = error(p->h[i].used[what], said_at(p, by, i, what));
		said += said_at(p, by, i, what);
		was += p->h[i].used[what];
	}
	v.believed = v.mean * (k < 3 ? UNPROVED : said > 0 && was < 7 * said ? (was + said) / (2 * said) : 1);
	if (k < 3) { /* too few to tell: a factor of four each way */
		v.low = v.mean / 4;
		v.high = v.mean * 4;
		return v;
	}
	sort(off, k);
	low = quantile(off, k, 0.1);
	high = quantile(off, k, 0.9);
	v.low = unscale(scale(v.mean) + (low < 0 ? low : 0));
	v.high = unscale(scale(v.mean) + (high > 0 ? high : 0));
	return v;
}

void predict(const struct predictor *by, const struct predict_case *history, size_t n, const struct predict_context *now, struct predicted *ret)
{
	size_t first = n > PREDICT_HISTORY ? n - PREDICT_HISTORY : 0, which = (size_t)(by - predictors);
	struct past p = { .h = history + first, .n = n - first };

	*ret = (struct predicted){ .n = p.n };
	for (int r = 0; r < PREDICT_RESOURCES && n != 0; r++) {
		look_back(&p, now, (enum predict_resource)r, which == BEST ? 0 : which, which == BEST ? BASE : which + 1);
		ret->of[r] = with_spread(&p, which, (enum predict_resource)r);
	}
}
