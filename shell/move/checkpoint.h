#ifndef MISH_MOVE_CHECKPOINT_H
#define MISH_MOVE_CHECKPOINT_H

#include "migrate/handover.h"
#include "migrate/state_msgpack.h"
#include "shell/shell.h"

/*
 * What a shell that is away tells its guardian: at each prompt what changed since the last
 * one, sealed, and before each command its text, so that the guardian can say what was lost
 * with a node. A shell at home tells nothing.
 */
struct checkpoint {
	char session[HANDOVER_SESSION];
	struct sealed from; /* the key and the epoch of the state that we came from */
	uint64_t seq;
	struct state_tracker tracker;
	size_t parts, parts_len, whole_len; /* since the last whole one */
	bool told_busy;
	unsigned told_flags;
};

void checkpoint_begin(struct checkpoint *c, const struct arrival *a);

/*
 * At a prompt; `holds` is our epoch. What cannot be sent is left for the next time. 0, or -errno where none can be
 * made: -EFBIG, the state is too large.
 */
int checkpoint_idle(struct checkpoint *c, struct shell *sh, int control, uint64_t holds);
/* Before a command. */
void checkpoint_busy(struct checkpoint *c, struct shell *sh, int control, uint64_t holds,
		     const char *command);

#endif
