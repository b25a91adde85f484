#include <config.h>

#include "controller/policy.h"

/* Concert's Dummy: no moves at all, which the other policies are compared with. */
static int choose(const struct policy_view *v)
{
	(void)v;
	return -1;
}

const struct policy policy_none = { "none", "no shell is asked to move", NULL, choose };
