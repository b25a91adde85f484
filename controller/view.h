#ifndef MISH_CONTROLLER_VIEW_H
#define MISH_CONTROLLER_VIEW_H

#include <stddef.h>

#include "controller/limits.h"
#include "controller/load.h"

/*
 * What one controller knows of the nodes: who takes part, by configuration, and what was
 * heard of them last. Ages are by this node's clock alone (Concert 3.1: stamped on receipt).
 */
struct view_node {
	char *name, *address, *cluster; /* address NULL: the name; cluster "": the default one */
	/* the newest row about it: from whom it came does not matter */
	uint64_t boot, seq; /* boot 0: never heard of */
	int64_t heard_ms;   /* when the row was made, by our clock */
	struct load load;
	unsigned told;	    /* how often we passed this row on */
	bool news;	    /* it tells of a change: others should hear soon */
	/* datagrams from it: replays are known by these */
	uint64_t from_boot, from_seq, from_window;
	uint64_t challenge;  /* what it has to echo to be believed; 0 none */
	uint64_t alive_boot; /* the run that did */
	int64_t avoid_ms;    /* a move there failed: not before */
	int64_t vanished_ms; /* a shell left for it and did not arrive; 0 never */
	unsigned mark;	     /* tried in this decision */
};

struct view {
	struct view_node *nodes; /* by name */
	size_t n, self;
	unsigned decision; /* the mark of the present one */
};

/* Begins with the own node only. Returns 0 or -ENOMEM. */
int view_init(struct view *v, const char *own_name);
void view_release(struct view *v);

/* One line of a configuration, borrowed. */
struct view_entry {
	const char *name, *address, *cluster;
};
/* The nodes that take part from now on; what is known of those that stay, stays. 0 or -errno. */
int view_configure(struct view *v, const struct view_entry *entries, size_t n);

/* NULL: not one of ours. */
struct view_node *view_find(const struct view *v, const char *name);
static inline struct view_node *view_self(const struct view *v)
{
	return &v->nodes[v->self];
}
/* Heard of within this time. */
bool view_is_fresh(const struct view *v, const struct view_node *n, int64_t now_ms, int64_t stale_ms);

/* A datagram from a node: true when it is not a replay. */
bool view_accept_seq(struct view_node *n, uint64_t boot, uint64_t seq);

#endif
