#include <config.h>

#include "controller/response.h"

#include <math.h>

#define DISK_KIB_S 102400.0 /* what a disk does that nobody else waits for */
#define STALLED_MOST 0.95

bool response_has_memory(const struct load *l, uint64_t kib)
{
	uint64_t spare = l->memory_total / 16;

	return l->memory_free > spare && l->memory_free - spare >= kib;
}

/* The more of the time somebody waits for a disk, the less of it is left. */
static double disk_time(const struct load *l, uint64_t kib)
{
	double stalled = (double)l->psi_io / 100;

	return (double)kib / DISK_KIB_S / (1 - (stalled < STALLED_MOST ? stalled : STALLED_MOST));
}

double response_time(const struct load *l, const struct response_need *need, double less)
{
	double others = load_queue(l) - less;
	struct load with = *l;

	if (l->memory_total != 0 && !response_has_memory(l, need->memory_kib))
		return INFINITY;
	with.queue = (float)(others > 0 ? others : 0);
	with.expected = 0;
	return need->cpu / load_availability(&with) + disk_time(l, need->io_kib);
}
