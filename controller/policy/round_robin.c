#include <config.h>

#include "controller/policy.h"

/* Kačer and Tvrdík 3: to the nodes in turn, whatever the loads. */
static int choose(const struct policy_view *v)
{
	return v->n != 0 ? (int)(v->turn % v->n) : -1;
}

const struct policy policy_round_robin = { "round-robin", "the nodes in turn, whatever the loads",
					   NULL, choose };
