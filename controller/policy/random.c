#include <config.h>

#include "controller/policy.h"

/* Kačer and Tvrdík 3: to any node, with this one among the choices, whatever the loads. */
static int choose(const struct policy_view *v)
{
	uint64_t i = v->random % (v->n + 1);

	return i < v->n ? (int)i : -1;
}

const struct policy policy_random = { "random", "any node, whatever the loads", NULL, choose };
