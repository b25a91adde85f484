#include <config.h>

#include "controller/policies.h"

#include <string.h>

static const struct policy *const policies[] = {
	&policy_none, &policy_random, &policy_round_robin, &policy_threshold,
	&policy_limited, &policy_shortest, &policy_speed_adjusted, &policy_memsat,
	&policy_prediction, &policy_best_fit,
};

const struct policy *policies_at(size_t i)
{
	return i < sizeof(policies) / sizeof(policies[0]) ? policies[i] : NULL;
}

const struct policy *policies_find(const char *name)
{
	const struct policy *p;

	for (size_t i = 0; (p = policies_at(i)) != NULL; i++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}
