#ifndef MISH_MOVE_ASK_H
#define MISH_MOVE_ASK_H

#include "migrate/handover.h"
#include "shell/shell.h"

/* At home: a link that asks, or that connects early, before a move (smigrate -n and --warm). */

/* ERRAND_ASK: would the node take us? ERRAND_WARM: the link connects, and stays. A status. */
int ask_node(struct shell *sh, enum errand errand, const char *node, unsigned flags);
/* Ends the link that stayed, if there is one. */
void ask_drop_warm(struct shell *sh);

/*
 * Connects while the user has the prompt, asking nothing: me->connect.fd becomes readable. 0; 1 when there
 * is a link already, or -errno.
 */
int ask_connect(struct shell *sh, const char *node);
/* It is: the link is warm, or false with *why (the caller frees it). */
bool ask_connected(struct shell *sh, char **why);
/* Ends a link that ask_connect() began and that is not warm yet. */
void ask_drop_connecting(struct shell *sh);

/* Prints what would come along and what would not; `blocked` is what is in the way, or NULL. */
void ask_report(struct shell *sh, const char *blocked);

#endif
