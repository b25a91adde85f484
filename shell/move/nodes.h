#ifndef MISH_MOVE_NODES_H
#define MISH_MOVE_NODES_H

#include "shell/shell.h"

/* What this node's mishd knows of the others: where a session, or a command, goes. */

/* Nodes that would take us, best first, with blanks between; "home" when that is best (caller frees). */
char *nodes_best(struct shell *sh);
/* The node where a command that begins now runs better than here; "": it is as well here (caller frees). */
char *nodes_better(struct shell *sh);
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
