#include <config.h>

#include "controller/policy.h"

/* Kačer and Tvrdík 3: a loaded node sends to any other. */
static int choose(const struct policy_view *v)
{
	if (policy_queue(v->self) <= v->lower || v->n == 0)
		return -1;
	return (int)(v->random % v->n);
}

const struct policy policy_threshold = { "threshold", "from a node with a queue to any other", NULL,
					 choose };
