#include <config.h>

#include "controller/policy.h"

/*
 * Best fit (Cena et al.): of the nodes where what is predicted would end soon enough, the one that has least left then, of its memory and of its CPUs, so that there is room
 * elsewhere for what needs more. Soon enough: within a quarter of the time of the node where it would end first.
 */
enum { WITHIN = 4 };

static double left_over(const struct load *l, const struct response_need *need)
{
	double memory = l->memory_total != 0 ? ((double)l->memory_free - (double)need->memory_kib) / (double)l->memory_total : 0;
	double idle = load_capacity(l) - load_queue(l) - 1;

	return memory + (idle > 0 ? idle : 0);
}

static int choose(const struct policy_view *v)
{
	double limit = policy_worth(v), least = limit, left = 0;
	int best = -1;

	for (size_t i = 0; i < v->n; i++)
		if (response_time(v->nodes[i], &v->need, 0) < least)
			least = response_time(v->nodes[i], &v->need, 0);
	if (least + least / WITHIN < limit)
		limit = least + least / WITHIN;
	for (size_t i = 0; v->need.known && i < v->n; i++) {
		double l = left_over(v->nodes[i], &v->need);

		if (response_time(v->nodes[i], &v->need, 0) <= limit && (best < 0 || l < left)) {
			left = l;
			best = (int)i;
		}
	}
	return best;
}

const struct policy policy_best_fit = { "best-fit", "where the next command is predicted to end soon enough, and least is left", NULL, choose };
