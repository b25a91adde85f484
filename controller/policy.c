#include <config.h>

#include "controller/policy.h"

#include <float.h>

double policy_queue(const struct load *l)
{
	return load_queue(l);
}

double policy_index(const struct load *l)
{
	return load_index(l);
}

double policy_with_one(double (*metric)(const struct load *), const struct load *l, double less)
{
	double q = load_queue(l) - less;
	struct load more = *l;

	more.queue = (float)(q > 0 ? q + 1 : 1);
	more.expected = 0;
	return metric(&more);
}

int policy_lightest(const struct policy_view *v, double (*metric)(const struct load *),
		    bool (*fits)(const struct policy_view *v, const struct load *l))
{
	double limit = policy_with_one(metric, v->self, v->demand) - v->offload_constant;
	int best = -1;

	if (metric(v->self) <= v->lower)
		return -1;
	for (size_t i = 0; i < v->n; i++) {
		double there = policy_with_one(metric, v->nodes[i], 0);

		if (there <= limit && (fits == NULL || fits(v, v->nodes[i]))) {
			limit = there;
			best = (int)i;
		}
	}
	return best;
}

double policy_worth(const struct policy_view *v)
{
	double here = response_time(v->self, &v->need, v->demand) - v->gain - v->cost;

	return here < DBL_MAX ? here : DBL_MAX; /* where there is no room is worth nothing */
}

int policy_refuge(const struct policy_view *v)
{
	double least = 0;
	int best = -1;

	for (size_t i = 0; i < v->n; i++) {
		double there = policy_with_one(load_index, v->nodes[i], 0);

		if (best < 0 || there < least) {
			least = there;
			best = (int)i;
		}
	}
	return best;
}
