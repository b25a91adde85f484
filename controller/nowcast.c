#include <config.h>

#include "controller/nowcast.h"

double nowcast_tasks(const struct candidate *c)
{
	double part = c->busy > 0 ? c->cpu / c->busy : 1;

	return c->idle ? 0 : part < 1 ? part : 1;
}

void nowcast_sample(struct candidate *list, double keep)
{
	for (struct candidate *c = list; c != NULL; c = c->next)
		c->queued = c->queued * keep + nowcast_tasks(c) * (1 - keep);
}

double nowcast_difference(const struct candidate *list)
{
	double sum = 0;

	for (const struct candidate *c = list; c != NULL; c = c->next)
		sum += nowcast_tasks(c) - c->queued;
	return sum;
}
