#ifndef MISH_SESSION_STAYED_H
#define MISH_SESSION_STAYED_H

#include "session/guard.h"

/*
 * The jobs of a session that are elsewhere than its terminal, as a list that its file has: somebody who attaches stands for them anew. Those at home are in it
 * before they need be: this process keeps them (pty/kept.h) when its terminal has gone.
 */

/* At the first move from here: what a shell at home knew of already, and what it leaves here itself. */
void stayed_begin(struct guard *g, struct departure *d);
/* What the shell leaves where it was (g->want) comes to the list. Returns its length as it was. */
size_t stayed_list(struct guard *g);
/* Somebody here stands for each of the list for which nobody does yet. */
void stayed_start(struct guard *g);
/* Of the file's list: somebody attaches, and whoever stood for them stands for them no longer. What cannot be a job is left out. */
void stayed_attached(struct blob *list);
/* The job has ended, and the shell knows. True: it was in the list, and the file is to be brought up to date. */
bool stayed_forget(struct guard *g, const char *node, int32_t group);
/* It is to outlive the terminal. True: that is new to the list. */
bool stayed_keep(struct guard *g, const char *node, int32_t group);
/* What a shell here goes on with. */
void stayed_take(struct guard *g, struct blob *ret);
/* Of a list, which may have come from a file: the i-th, or false. */
bool stayed_at(const struct blob *list, size_t i, struct stay *ret);

#endif
