#ifndef MISH_MOVE_NODES_H
#define MISH_MOVE_NODES_H

#include "shell/shell.h"

/* What this node's mishd knows of the others: where a session, or a command, goes. */

/* Nodes that would take us, best first, with blanks between; "home" when that is best (caller frees). */
char *nodes_best(struct shell *sh);
/* What a command is predicted to need (shell/jobs/forecast.h), for mishd; and in how many s it would end there, and here. */
struct nodes_need {
	uint64_t cpu_us, memory_kib, io_kib;
	uint64_t cost_ms; /* of going elsewhere */
	uint64_t parallel; /* thousandths of the CPUs that it uses at a time */
};
struct nodes_times {
	double there, here; /* < 0: not known */
};

/*
 * The node where a command that begins now runs better than here; "": it is as well here (caller frees). `need`: what it will take, with *ret, NULL where nothing is
 * known. It waits no longer than `wait_ms` for mishd, which answers in less than one; < 0: as long as a command may that nobody placed.
 */
char *nodes_better(struct shell *sh, const struct nodes_need *need, int wait_ms, struct nodes_times *ret);
/* Prints in how many seconds that would end on each node, and where it would go; a status. */
int nodes_explain(struct shell *sh, const struct nodes_need *need);
/*
 * Nodes for a command, as nodes_best(), but home by its name (caller frees). The command is counted on the first one as long as *ret_hold is open (-1:
 * there is no mishd); with `queued` this waits until a node has room for it; NULL: mishd has ended meanwhile, and there is none again.
 */
char *nodes_place(struct shell *sh, bool queued, int *ret_hold);
/* Prints the nodes and their loads; a status. */
int nodes_list(struct shell *sh);
/* Prints what mishd thinks of this session; `why` is what keeps it here, NULL nothing. */
void nodes_print_why(struct shell *sh, const char *why);
/* Names for completion after `smigrate`, and the loads ("": not known); NULL past the end. */
const char *nodes_at(struct shell *sh, size_t i, const char **ret_load);

#endif
