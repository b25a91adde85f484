#include <config.h>

#include "controller/policy.h"

/*
 * Concert's MemSat: as speed-adjusted, but only to a node that has the memory free which the
 * shell's commands need, and a sixteenth of its memory besides, so that it does not begin to page.
 */
static bool fits(const struct policy_view *v, const struct load *l)
{
	return response_has_memory(l, v->need.memory_kib);
}

static int choose(const struct policy_view *v)
{
	return policy_lightest(v, policy_index, fits);
}

const struct policy policy_memsat = { "memsat", "speed-adjusted, where the memory is free", policy_index,
				      choose };
