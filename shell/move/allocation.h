#ifndef MISH_MOVE_ALLOCATION_H
#define MISH_MOVE_ALLOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Jobs of a batch system on whose nodes the session is for a time; they travel with it. batch.h has what
 * is done with them.
 */
struct allocation {
	char *job, *nodes; /* owned; the nodes with blanks between */
	bool ours;	   /* the session made it, and gives it back */
	unsigned told;	   /* how much of its end was told, and done */
	int64_t end_s;	   /* since the Epoch; 0: it has none */
};

struct state_section;
extern const struct state_section allocation_section;

/* NULL past the last; good until the next call that changes them. */
struct allocation *allocation_at(size_t i);
/* One more, or what is known of it now, of which nothing was told. Copies. */
void allocation_set(const char *job, const char *nodes, int64_t end_s, bool ours);
void allocation_drop(const char *job);
/* Is the node (without a domain) one of its? */
bool allocation_has(const struct allocation *a, const char *node);

#endif
