#include <config.h>

#include "controller/predict.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MEDIAN_OF = 7, CLUSTERS = 7 /* Goswami's */, ROUNDS = 6, JUDGED_BY = 12 /* the last that a choice is made by */, SPREAD_BY = 24 };
#define EWMA_NEW 0.4   /* the weight of the newest */
#define PRIOR 1.0      /* a class of one command says less than one of many */
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
	size_t n;
	double at[CLUSTERS][PREDICT_RESOURCES]; /* of logarithms */
	size_t of[PREDICT_HISTORY];		/* which each command is in */
};

static double scale(double v)
{
	return log2(v > SMALLEST ? v : SMALLEST);
}

static double distance(const double *a, const struct predict_case *c)
{
	double d = 0;

	for (int r = 0; r < PREDICT_RESOURCES; r++)
		d += (a[r] - scale(c->used[r])) * (a[r] - scale(c->used[r]));
	return d;
}

static size_t nearest(const struct states *s, const struct predict_case *c, double *ret)
{
	size_t best = 0;

	*ret = distance(s->at[0], c);
	for (size_t i = 1; i < s->n; i++) {
		double d = distance(s->at[i], c);

		if (d < *ret) {
			*ret = d;
			best = i;
		}
	}
	return best;
}

/* The first is one, and then each time what is farthest from all there are, until they are as many or nothing is far. */
static void seed(struct states *s, const struct predict_case *h, size_t n)
{
	s->n = 0;
	for (size_t far = 0; s->n < CLUSTERS;) {
		double most = 1; /* a factor of two in one resource is no other state */

		for (int r = 0; r < PREDICT_RESOURCES; r++)
			s->at[s->n][r] = scale(h[far].used[r]);
		s->n++;
		for (size_t i = 0; i < n; i++) {
			double d;

			(void)nearest(s, &h[i], &d);
			if (d > most) {
				most = d;
				far = i;
			}
		}
		if (most <= 1)
			return;
	}
}

static void cluster(struct states *s, const struct predict_case *h, size_t n)
{
	double d;

	seed(s, h, n);
	for (int round = 0; round < ROUNDS; round++) {
		double sum[CLUSTERS][PREDICT_RESOURCES] = { 0 };
		size_t count[CLUSTERS] = { 0 };

		for (size_t i = 0; i < n; i++) {
			s->of[i] = nearest(s, &h[i], &d);
			count[s->of[i]]++;
			for (int r = 0; r < PREDICT_RESOURCES; r++)
				sum[s->of[i]][r] += scale(h[i].used[r]);
		}
		for (size_t k = 0; k < s->n; k++)
			for (int r = 0; r < PREDICT_RESOURCES && count[k] != 0; r++)
				s->at[k][r] = sum[k][r] / (double)count[k];
	}
}

/* What followed on commands in the state of the last one; if nothing has, that state itself. */
static double transitions(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	size_t first = n > PREDICT_HISTORY ? n - PREDICT_HISTORY : 0, followed = 0;
	struct states s;
	double sum = 0;

	(void)now;
	h += first;
	n -= first;
	cluster(&s, h, n);
	for (size_t i = 0; i + 1 < n; i++)
		if (s.of[i] == s.of[n - 1]) {
			sum += s.at[s.of[i + 1]][what];
			followed++;
		}
	return exp2(followed != 0 ? sum / (double)followed : s.at[s.of[n - 1]][what]);
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
	return exp2(value / weights);
}

/* ---- the best combination ---- */

static double best(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what);

static const struct predictor predictors[] = {
	{ "last", last }, { "mean", mean }, { "ewma", ewma }, { "median", median }, { "transitions", transitions }, { "stars", stars }, { "best", best },
};
enum { PREDICTORS = sizeof(predictors) / sizeof(predictors[0]) };

/* How far off, as a ratio: it is the same to say the half or the double. */
static double error(double said, double was)
{
	return fabs(scale(said) - scale(was));
}

/* Who has said it best of the last commands, the newest counting most; of equals the first. */
static double best(const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	static const double forget = 0.8;
	size_t from = n > JUDGED_BY ? n - JUDGED_BY : 1, who = 0;
	double least = INFINITY;

	if (n == 1)
		return h[0].used[what];
	for (size_t p = 0; predictors[p].one != best; p++) {
		double sum = 0;

		for (size_t i = from; i < n; i++)
			sum = sum * forget + error(predictors[p].one(h, i, &h[i].context, what), h[i].used[what]);
		if (sum < least) {
			least = sum;
			who = p;
		}
	}
	return predictors[who].one(h, n, now, what);
}

const struct predictor *predictor_at(size_t i)
{
	return i < PREDICTORS ? &predictors[i] : NULL;
}

const struct predictor *predictor_find(const char *name)
{
	for (size_t i = 0; i < PREDICTORS; i++)
		if (strcmp(predictors[i].name, name) == 0)
			return &predictors[i];
	return NULL;
}

const struct predictor *predictor_default(void)
{
	return predictor_find("stars");
}

/* ---- */

/* The part of the sorted ratios that is below `part`. */
static double quantile(const double *v, size_t n, double part)
{
	double at = part * (double)(n - 1);
	size_t i = (size_t)at;

	return i + 1 < n ? v[i] + (at - (double)i) * (v[i + 1] - v[i]) : v[n - 1];
}

static struct predict_value with_spread(const struct predictor *by, const struct predict_case *h, size_t n, const struct predict_context *now, enum predict_resource what)
{
	size_t from = n > SPREAD_BY ? n - SPREAD_BY : 1, k = 0;
	struct predict_value v = { .mean = by->one(h, n, now, what) };
	double off[SPREAD_BY];

	for (size_t i = from; i < n; i++)
		off[k++] = scale(h[i].used[what]) - scale(by->one(h, i, &h[i].context, what));
	if (k < 3) { /* too few to tell: a factor of four each way */
		v.low = v.mean / 4;
		v.high = v.mean * 4;
		return v;
	}
	sort(off, k);
	v.low = v.mean * exp2(quantile(off, k, 0.1));
	v.high = v.mean * exp2(quantile(off, k, 0.9));
	return v;
}

void predict(const struct predictor *by, const struct predict_case *history, size_t n, const struct predict_context *now, struct predicted *ret)
{
	size_t first = n > PREDICT_HISTORY ? n - PREDICT_HISTORY : 0;

	*ret = (struct predicted){ .n = n - first };
	for (int r = 0; r < PREDICT_RESOURCES && n != 0; r++)
		ret->of[r] = with_spread(by, history + first, n - first, now, (enum predict_resource)r);
}
