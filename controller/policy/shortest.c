#include <config.h>

#include "controller/policy.h"

/* Concert's CPU Queue1, Kačer and Tvrdík's Shortest: to the shortest queue, whatever the speeds. */
static int choose(const struct policy_view *v)
{
	return policy_lightest(v, policy_queue, NULL);
}

const struct policy policy_shortest = { "shortest", "the shortest queue, whatever the speeds", policy_queue,
					choose };
