#ifndef MISH_CONTROLLER_VIEW_H
#define MISH_CONTROLLER_VIEW_H

#include <stddef.h>

#include "controller/identity.h"
#include "controller/limits.h"
#include "controller/load.h"

/*
 * What one controller knows of the nodes: which ones take part, by configuration, and what it
 * heard of each last. Ages are by this node's clock alone (Concert 3.1: stamped on receipt).
 */
struct view_key {
	struct identity_public public;
	uint8_t pair[IDENTITY_KEY]; /* what this node and that one seal with */
	bool paired;		    /* it was computed */
};

struct view_node {
	char *name, *address, *cluster; /* address NULL: the name; cluster "": the default one */
	struct load_bounds bounds;
	bool drain; /* the list says that no shell is to be there */
	struct view_key keys[IDENTITY_KEYS]; /* as the list says */
	size_t n_keys;
	unsigned heard_key;		     /* the one that it used last, counted from 1; 0: none yet */
	unsigned came_key;		     /* of its last datagram, which may be a replay: for answers to it */
	/* the newest row about this node, from whomever it came */
	uint64_t boot, seq; /* boot 0: never heard of */
	int64_t heard_ms;   /* when the row was made, by this node's clock */
	struct load load;
	uint8_t *row;	    /* that row as its node signed it, to be passed on, and the signature; or NULL */
	size_t row_len;	    /* without the signature */
	unsigned told;	    /* how often this controller passed the row on */
	bool news;	    /* the row tells of a change: others should hear it soon */
	/* the datagrams that came from it, so that replays are recognised */
	uint64_t from_boot, from_seq, from_window;
	uint64_t challenge;  /* the number that it was asked to echo; 0: none */
	uint64_t alive_boot; /* the run that echoed it; 0: none has */
	const char *no_address; /* static: why there is none, where it is known by name only; NULL: there is one */
	int64_t avoid_ms;    /* a move there failed: no shell is sent there before */
	int64_t vanished_ms; /* when a shell left for it and did not arrive; 0: never */
	char vanished_user[ACCOUNTS_NAME_MAX + 1]; /* … and whose it was */
	unsigned mark;	     /* the decision in which it refused */
};

struct view {
	struct view_node *nodes; /* by name */
	size_t n, self;
	unsigned decision; /* the present one's number */
};

/* Begins with the own node only. Returns 0 or -ENOMEM. */
int view_init(struct view *v, const char *own_name);
void view_release(struct view *v);

/* One line of a configuration, borrowed. */
struct view_entry {
	const char *name, *address, *cluster;
	struct identity_keys keys;
	struct load_bounds bounds;
	bool drain;
};
/* The nodes that take part from now on; what is known of those that stay, stays. 0 or -errno. */
int view_configure(struct view *v, const struct view_entry *entries, size_t n);

/* NULL: not one of ours. */
struct view_node *view_find(const struct view *v, const char *name);
/* Whose public key begins so; NULL: nobody's. */
struct view_node *view_find_key(const struct view *v, const uint8_t hint[IDENTITY_HINT], struct view_key **ret);
/* This node has another secret key now. */
void view_forget_pairs(struct view *v);
/* Keeps a row and its signature to pass it on. Without memory it is not passed on. */
void view_keep_row(struct view_node *n, const uint8_t *row, size_t len, const uint8_t signature[IDENTITY_SIGNATURE]);
static inline struct view_node *view_self(const struct view *v)
{
	return &v->nodes[v->self];
}
/* Is the row younger than this? One's own always is. */
bool view_is_fresh(const struct view *v, const struct view_node *n, int64_t now_ms, int64_t stale_ms);

/* Notes a datagram from a node; false: it is a replay. */
bool view_accept_seq(struct view_node *n, uint64_t boot, uint64_t seq);

#endif
