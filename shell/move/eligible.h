#ifndef MISH_MOVE_ELIGIBLE_H
#define MISH_MOVE_ELIGIBLE_H

#include "shell/move/session.h"
#include "shell/shell.h"

struct session;

/* When a shell may be moved. Both return what keeps it, NULL nothing (caller frees). */

/* By hand: always, unless something in it cannot be handed over. */
char *eligible_obstacle(struct shell *sh);
/* By a controller, at a prompt: only if the user would not notice, and allows it. */
char *eligible_automatic(struct shell *sh);

/* Is that path below one of the directories that all nodes have, as mishd says? */
bool eligible_is_shared(const struct shell *sh, const char *path);

/* At each prompt: measures what its commands used lately, into session->usage. */
void eligible_measure(struct shell *sh);
/* One of usage's seconds as thousandths of the time that passed. */
uint64_t eligible_part(const struct session *me, double what);

#endif
