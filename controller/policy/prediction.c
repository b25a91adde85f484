#include <config.h>

#include "controller/policy.h"

/* Concert's Prediction: to the node where what is predicted would end first. */
static int choose(const struct policy_view *v)
{
	double limit = policy_worth(v);
	int best = -1;

	for (size_t i = 0; v->need.known && i < v->n; i++) {
		double there = response_time(v->nodes[i], &v->need, 0);

		if (there < limit || (best < 0 && there == limit)) {
			limit = there;
			best = (int)i;
		}
	}
	return best;
}

const struct policy policy_prediction = { "prediction", "where the next command is predicted to end first", NULL, choose };
