#ifndef MISH_CONTROLLER_PLACES_H
#define MISH_CONTROLLER_PLACES_H

#include "controller/balance.h"
#include "controller/client.h"

/*
 * Commands that shells here place on other nodes (doc/jobs.md). Each holds a place on its node as long as its connection is open, so that the next
 * ones know of it before the load does. Those in the background can wait, each user's in a line of their own, until a node has room: so many of
 * a user's as it has CPUs. What others send there is in that node's load. The caller fills in all that is borrowed.
 */
struct places {
	struct balance *balance;
	const struct clients *clients;
	uint64_t turns; /* … were drawn */
};

/* Where c's command goes: it holds a place there now. NULL: nowhere; with `queued`, and places_waits(): not yet. */
const struct view_node *places_take(struct places *p, struct client *c, bool queued, int64_t now_ms);
/* Whether its request is held until a node has room. */
static inline bool places_waits(const struct client *c)
{
	return c->place.turn != 0;
}
/* How many of that user's wait. */
size_t places_count_waiting(const struct places *p, uid_t uid);
/* Whose turn it is, as there is room now (*ret: its place), or no node at all any more (*ret: NULL). NULL: nobody's. */
struct client *places_next(struct places *p, const struct view_node **ret, int64_t now_ms);

#endif
