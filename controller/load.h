#ifndef MISH_CONTROLLER_LOAD_H
#define MISH_CONTROLLER_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/msg.h"

/* One node's load, as it is measured and as it travels (Concert 2.3, 3.1; doc/load-sharing.md). */
struct load {
	float queue;	   /* tasks that run or could, smoothed exponentially */
	float expected;	   /* tasks that shells brought, or took, which the queue does not show yet */
	float cpus;	   /* usable: by affinity, and by what the control group allows */
	float speed;	   /* of one of them; 1 is the reference */
	float utilisation; /* of those CPUs, 0 to 1 */
	float psi_cpu, psi_memory, psi_io; /* `some avg10`, per cent; 0 where the kernel has none */
	uint64_t memory_total, memory_free; /* KiB; free: available without paging */
	uint32_t sessions;
	uint32_t flags; /* enum load_flag */
};

enum load_flag {
	LOAD_DRAINING = 1 << 0,
	LOAD_OWNER = 1 << 1,  /* its owner is there: it takes no newcomers */
	LOAD_PAIRED = 1 << 2, /* a shell is on its way from it or to it */
};

/* What the node can do, in CPUs of speed 1; never 0. */
static inline double load_capacity(const struct load *l)
{
	double c = (double)l->cpus * (double)l->speed;

	return c > 0.001 ? c : 0.001;
}

static inline double load_queue(const struct load *l)
{
	double q = (double)l->queue + (double)l->expected;

	return q > 0 ? q : 0;
}

/* The load index: tasks for each CPU of speed 1, and how many times slower a task is than alone on one. */
static inline double load_index(const struct load *l)
{
	return load_queue(l) / load_capacity(l);
}

/*
 * The resource availability index (Concert 3.1): the share of a CPU of speed 1 that one
 * more task would get here, at most one CPU's.
 */
static inline double load_availability(const struct load *l)
{
	double share = load_capacity(l) / (load_queue(l) + 1), one = (double)l->speed;

	return share < one ? share : one;
}

/* So different that others should hear of it before the next heartbeat. */
bool load_differs(const struct load *a, const struct load *b);

/* The most that is believed of a node's claims, as the list of nodes says; 0: anything. */
struct load_bounds {
	double cpus, speed;
	uint64_t memory; /* KiB */
};
void load_bound(struct load *l, const struct load_bounds *b);

/* Thousandths, as numbers travel; at most `max`. */
uint64_t load_milli(double v, uint64_t max);
/* Writes a load into a message, and reads one: what is missing is 0. Returns 0 or -EBADMSG. */
void load_put(const struct load *l, struct msg *m);
int load_get(const struct msg_view *v, struct load *ret);

#endif
