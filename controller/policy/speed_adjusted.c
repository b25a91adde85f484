#include <config.h>

#include "controller/policy.h"

/* Concert's CPU Queue2: to the shortest queue for what the node can do. */
static int choose(const struct policy_view *v)
{
	return policy_lightest(v, policy_index, NULL);
}

const struct policy policy_speed_adjusted = { "speed-adjusted", "the smallest queue for its CPUs and speed",
					      policy_index, choose };
