#ifndef MISH_CONTROLLER_POLICY_H
#define MISH_CONTROLLER_POLICY_H

#include <stddef.h>

#include "controller/load.h"

/*
 * Policies: pure functions from what is known to a decision. The daemon and the simulator
 * call the same. A new one is one file in controller/policy/, its name below, and one row
 * of the table in policies.c. Concert 4, Table 1; Kačer and Tvrdík 3.
 */
struct policy_view {
	const struct load *self;
	const struct load *const *nodes; /* others that are fresh and take newcomers */
	size_t n;
	double lower;		/* a node below this looks for no help; in the policy's metric */
	double offload_constant; /* how much lighter another has to be, in that metric */
	double demand;		/* the part of self's queue that is the shell's own */
	uint64_t memory_need;	/* KiB: of the shell that would go; 0 unknown */
	uint64_t turn;		/* counts decisions */
	uint64_t random;	/* 64 random bits */
};

struct policy {
	const char *name;
	const char *what; /* in a line, for people */
	/* What it takes for a load: the smaller, the better. NULL: it looks at nobody else's. */
	double (*metric)(const struct load *l);
	/* The node that a shell should go to: an index into nodes, -1 none. */
	int (*choose)(const struct policy_view *v);
};

/* ---- what several policies use ---- */

/* The metrics: tasks, and tasks by capacity. Newcomers that are expected count. */
double policy_queue(const struct load *l);
double policy_index(const struct load *l);
/* The metric of a node when `less` of its queue is gone and one more task is there. */
double policy_with_one(double (*metric)(const struct load *), const struct load *l, double less);
/*
 * The node where the shell's next command sees the smallest metric, if that is smaller than
 * what it would see here by the offload constant (Stewart 4.4); -1 none. `fits` NULL: all do.
 */
int policy_lightest(const struct policy_view *v, double (*metric)(const struct load *),
		    bool (*fits)(const struct policy_view *v, const struct load *l));
/* Where a shell that has to leave is best off, whatever the load here. -1: nowhere. */
int policy_refuge(const struct policy_view *v);

extern const struct policy policy_none, policy_random, policy_round_robin, policy_threshold,
	policy_limited, policy_shortest, policy_speed_adjusted, policy_memsat;

#endif
