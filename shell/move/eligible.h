#ifndef MISH_MOVE_ELIGIBLE_H
#define MISH_MOVE_ELIGIBLE_H

#include "shell/move/session.h"
#include "shell/shell.h"

struct session;

/* When a shell may be moved. Both return what keeps it, NULL nothing (caller frees). */

/* By hand. */
char *eligible_obstacle(struct shell *sh);
/* By a controller, at a prompt. */
char *eligible_automatic(struct shell *sh);

/* What its commands used lately, into its session's usage: at each prompt. */
void eligible_measure(struct shell *sh);
/* One of usage's seconds as thousandths of the time that passed. */
uint64_t eligible_part(const struct session *me, double what);

#endif
