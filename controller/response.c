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

/* The CPUs of speed 1 that it would get, if all had the same share, of those that it can use. */
static double rate(const struct load *l, double others, double parallel)
{
	double share = load_capacity(l) * parallel / (others + parallel), most = (double)l->speed * parallel;

	return share < most ? share : most;
}

double response_time(const struct load *l, const struct response_need *need, double less)
{
	double others = load_queue(l) - less;

	if (l->memory_total != 0 && !response_has_memory(l, need->memory_kib))
		return INFINITY;
	return need->cpu / rate(l, others > 0 ? others : 0, need->parallel > 1 ? need->parallel : 1) + disk_time(l, need->io_kib);
}
