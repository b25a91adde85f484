#ifndef MISH_CONTROLLER_POLICY_H
#define MISH_CONTROLLER_POLICY_H

#include <stddef.h>

#include "controller/response.h"

/*
 * Policies: pure functions from what is known to a decision. The daemon and the simulator
 * call the same. A new one is one file in controller/policy/, its name below, and one row
 * of the table in policies.c. Concert 4, Table 1; Kačer and Tvrdík 3.
 */
struct policy_view {
	const struct load *self;
	const struct load *const *nodes; /* the others that were heard of lately and take newcomers */
	size_t n;
	double lower;		/* a node below this looks for no help: in the policy's metric */
	double offload_constant; /* by how much another node has to be lighter: in that metric, too */
	double demand;		/* the part of self's queue that is the shell's own */
	struct response_need need; /* of the shell's next command, or of those it had lately; memory 0: not known */
	double gain;		/* s: by so much sooner the command has to end elsewhere … */
	double cost;		/* … and by what it takes to go there */
	uint64_t turn;		/* counts decisions */
	uint64_t random;	/* 64 random bits */
};

struct policy {
	const char *name;
	const char *what; /* in a line, for people */
	/* What the policy compares: the smaller, the better. NULL: it looks at no other node's load. */
	double (*metric)(const struct load *l);
	/* The node that a shell should go to: an index into nodes, -1 none. */
	int (*choose)(const struct policy_view *v);
};

/* ---- what several policies use ---- */

/* The metrics: tasks, and tasks by capacity. Expected newcomers count in both. */
double policy_queue(const struct load *l);
double policy_index(const struct load *l);
/* The metric of a node when `less` of its queue is gone and one more task is there. */
double policy_with_one(double (*metric)(const struct load *), const struct load *l, double less);
/*
 * The node where the shell's next command would meet the smallest metric, if that is smaller by
 * the offload constant than what it would meet here (Stewart 4.4); -1: none. `fits` leaves nodes
 * out; NULL: none.
 */
int policy_lightest(const struct policy_view *v, double (*metric)(const struct load *),
		    bool (*fits)(const struct policy_view *v, const struct load *l));
/* In how many seconds a command has to end elsewhere, so that it is worth going there. */
double policy_worth(const struct policy_view *v);
/* The node for a shell that has to leave, whatever the load here is; -1: none. */
int policy_refuge(const struct policy_view *v);

extern const struct policy policy_none, policy_random, policy_round_robin, policy_threshold,
	policy_limited, policy_shortest, policy_speed_adjusted, policy_memsat, policy_prediction, policy_best_fit;

#endif
