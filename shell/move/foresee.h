#ifndef MISH_MOVE_FORESEE_H
#define MISH_MOVE_FORESEE_H

#include "shell/jobs/forecast.h"
#include "shell/move/nodes.h"

/* What mishd is told of a command that is predicted: what may be counted on, and what it takes to go elsewhere for it, as it was measured. */
struct nodes_need foresee_need(const struct shell *sh, const struct forecast *f);
/* smigrate -n COMMAND: what it will take, and on which node. False: nothing is known of it. */
bool foresee_explain(struct shell *sh, const char *text, int *ret_status);

#endif
