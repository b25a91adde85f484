#include <config.h>

#include "session/keeping.h"

#include <stdlib.h>
#include <string.h>

enum guard_file keeping_write(struct guard *g, const struct holder *holder, bool persist, char **why)
{
	struct kept k = { .flags = g->flags & MSG_LOGIN, .from = holder->from, .as_of_ms = g->state_ms,
			  .sealed = g->sealed, .stays = g->stays /* borrowed */ };
	enum guard_file r;

	if (!persist || holder->node[0] == '\0') {
		r = g->ops->keep(g->arg, NULL, why);
		g->stale = r == GUARD_STALE;
		return r;
	}
	memcpy(k.session, g->session, sizeof(k.session));
	memcpy(k.origin, g->origin, sizeof(k.origin));
	memcpy(k.address, holder->address, sizeof(k.address));
	memcpy(k.socket, holder->socket, sizeof(k.socket));
	memcpy(k.secret, holder->secret, sizeof(k.secret));
	if (holder == &g->holder)
		memcpy(k.new_secret, g->new_secret, sizeof(k.new_secret));
	if (holder != &g->holder && g->want.sealed.state.s != NULL) {
		k.sealed = g->want.sealed;
		k.as_of_ms = g->began_ms;
	}
	r = g->ops->keep(g->arg, &k, why);
	explicit_bzero(&k, sizeof(k));
	g->stale = r == GUARD_STALE;
	return r;
}

void keeping_failed(struct guard *g, char *why)
{
	struct guard_link *l = guard_carrier(g);

	if (why != NULL) {
		free(g->unkept);
		g->unkept = why;
	}
	if (l == NULL || g->unkept == NULL)
		return;
	guard_send(g, l, FRAME_UNKEPT, g->unkept, 1);
	free(g->unkept);
	g->unkept = NULL;
}

void keeping_update(struct guard *g)
{
	char *why = NULL;
	bool known = g->stale && !g->persist; /* it was told; this only tries again */

	if (keeping_write(g, &g->holder, g->persist, &why) >= GUARD_UNKEPT && !known)
		keeping_failed(g, why);
	else
		free(why);
}

enum guard_file keeping_forget(struct guard *g)
{
	char *why = NULL;
	enum guard_file r = g->ops->keep(g->arg, NULL, &why);

	free(why);
	return r;
}

bool keeping_claim(struct guard *g)
{
	bool ours = keeping_forget(g) != GUARD_OTHERS;

	if (!ours)
		guard_taken(g);
	return ours;
}
