#include <config.h>

#include "controller/policy.h"

/* Kačer and Tvrdík 3, and Concert's Random: a loaded node sends to any node whose queue is short. */
static int choose(const struct policy_view *v)
{
	size_t n = 0, pick;

	if (policy_queue(v->self) <= v->lower)
		return -1;
	for (size_t i = 0; i < v->n; i++)
		n += policy_queue(v->nodes[i]) <= v->lower;
	if (n == 0)
		return -1;
	pick = (size_t)(v->random % n);
	for (size_t i = 0; i < v->n; i++)
		if (policy_queue(v->nodes[i]) <= v->lower && pick-- == 0)
			return (int)i;
	return -1;
}

const struct policy policy_limited = { "limited", "from a node with a queue to any without", policy_queue,
				       choose };
