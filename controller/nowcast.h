#ifndef MISH_CONTROLLER_NOWCAST_H
#define MISH_CONTROLLER_NOWCAST_H

#include "controller/candidates.h"

/*
 * A queue is smoothed, so that it says what it will be like for a while; who places single commands wants to know how it is now. What of it are the commands of the shells here is
 * known at once: they say when they are at their prompts.
 */

/* The tasks of a shell now: the part of a CPU that its commands use while they run, lately. */
double nowcast_tasks(const struct candidate *c);
/* At each sample of the queue, in which the past counts `keep` and the present the rest. */
void nowcast_sample(struct candidate *list, double keep);
/* What has to be added to the smoothed queue. */
double nowcast_difference(const struct candidate *list);

#endif
