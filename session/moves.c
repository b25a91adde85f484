#include <config.h>

#include "session/moves.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/keeping.h"
#include "session/stayed.h"
#include "session/stranger.h"
#include "wire/epoch.h"
#include "wire/node.h"

enum { YIELD_MS = 500 }; /* a node that is well has answered by then */

/* The order for the move that is wanted; `next` is who would hold the session then. */
static int make_order(struct guard *g, struct errand_order *ret)
{
	bool again = g->state == GUARD_RECOVERING || g->state == GUARD_FIRST;
	/* where the shell has offered a state, it is the newest */
	const struct sealed *s = again && g->want.sealed.state.s == NULL ? &g->sealed : &g->want.sealed;

	g->next = (struct holder){ .from = g->state == GUARD_RECOVERING ? guard_epoch(g) :
					   g->state == GUARD_FIRST ? g->holder.from : s->epoch };
	if (!g->ops->draw(g->arg, g->next.secret, sizeof(g->next.secret)) ||
	    !g->ops->draw(g->arg, g->next.socket, sizeof(g->next.socket)))
		return -EIO;
	*ret = (struct errand_order){ .errand = g->want.errand,
				      .flags = g->want.flags,
				      .from = g->next.from,
				      .sealed = *s,
				      .modes = g->modes };
	memcpy(ret->session, g->session, sizeof(ret->session));
	memcpy(ret->origin, g->origin, sizeof(ret->origin));
	memcpy(ret->here, g->want.here, sizeof(ret->here));
	memcpy(ret->wish, g->want.wish, sizeof(ret->wish));
	if (g->state == GUARD_ONWARD)
		memcpy(ret->via, g->holder.address, sizeof(ret->via));
	memcpy(ret->secret, g->next.secret, sizeof(ret->secret));
	memcpy(ret->socket, g->next.socket, sizeof(ret->socket));
	return 0;
}

/* Is there a link to that node already? Of several nodes, the first is tried first. */
static struct guard_link *warm_for(const struct guard *g)
{
	struct guard_link *l = guard_link(g, LINK_WARM);
	size_t len = strcspn(g->want.wish, " ");

	return l != NULL && l->state == LINK_UP && g->want.errand == ERRAND_MOVE && len == strlen(l->node) &&
			       memcmp(g->want.wish, l->node, len) == 0 ?
		       l :
		       NULL;
}

static int start(struct guard *g)
{
	struct guard_link *l = warm_for(g);
	struct errand_order o;
	int r = make_order(g, &o);

	if (r == 0 && l != NULL && g->ops->order(g->arg, l, &o, &g->want.input)) {
		l->role = LINK_NEXT;
		l->state = LINK_ADOPTED;
	} else if (r == 0) {
		(void)guard_close(g, l, 0); /* a warm link that did not take the order */
		l = g->ops->start(g->arg, &o, &g->want.input, &r);
		if (l != NULL)
			guard_add_link(g, l, LINK_NEXT, LINK_REACHING);
	}
	explicit_bzero(&o, sizeof(o));
	return r;
}

void moves_start(struct guard *g)
{
	int r = start(g);

	if (r < 0)
		moves_failed(g, strerror(-r), 1);
}

/* The offer used an epoch up: its holder goes on with the next. */
static void remember_refusal(struct guard *g, const char *why, int status)
{
	g->holder.from = g->want.from;
	g->refused = g->want.from;
	free(g->refused_why);
	g->refused_why = strdup(why != NULL ? why : "out of memory");
	g->refused_status = status;
}

void moves_failed(struct guard *g, const char *why, int status)
{
	enum guard_state was = g->state;
	struct guard_link *l = guard_carrier(g);
	char *text = NULL;

	guard_end_link(g, LINK_NEXT);
	if (was == GUARD_FIRST) {
		if (asprintf(&text, "smigrate: %s (staying on %s)", why, g->origin) < 0)
			text = NULL;
		guard_go_home(g, g->want.flags, NULL, text != NULL ? text : why, status, NULL);
		free(text);
		return;
	}
	g->state = GUARD_AWAY;
	if (was == GUARD_RECOVERING) {
		free(g->lost.why);
		g->lost.why = why != NULL ? strdup(why) : NULL;
		if (g->want.sealed.state.s != NULL) /* an offer is still the newest state */
			return;
	} else {
		remember_refusal(g, why, status);
		if (l != NULL) /* else the offer will come again, see on_offer() */
			guard_send(g, l, FRAME_RESUME, why, status);
		if (g->persist)
			keeping_update(g); /* its epoch is another */
	}
	record_release(&departure_record, &g->want);
}

int64_t moves_yield_ms(const struct guard *g, int64_t now_ms)
{
	const struct guard_link *l = guard_link(g, LINK_NEXT);
	int64_t at = g->began_ms + YIELD_MS;

	if ((g->state != GUARD_FIRST && g->state != GUARD_ONWARD) || (g->want.flags & MSG_AUTOMATIC) == 0 ||
	    l == NULL || l->state != LINK_REACHING)
		return -1;
	return at > now_ms ? at - now_ms : 0;
}

void moves_yield(struct guard *g)
{
	char *why = NULL;

	if (asprintf(&why, "%s: no answer yet, and you type", g->want.wish) < 0)
		why = NULL;
	moves_failed(g, why != NULL ? why : "no answer yet", 1);
	free(why);
}

static void answer_connect(struct guard *g, const char *why)
{
	struct guard_link *up = guard_carrier(g);
	struct verdict v = { .why = (char *)(uintptr_t)why, .status = why != NULL, .seq = g->connect.seq };

	/* another holder has asked nothing, and may be too old to know the answer */
	if (up != NULL && g->connect.seq != 0 && g->connect.epoch == guard_epoch(g))
		g->ops->send(g->arg, up, FRAME_CONNECT, &v);
	g->connect.seq = 0;
}

void moves_connect(struct guard *g, const char *node, uint64_t seq)
{
	struct guard_link *l = guard_link(g, LINK_WARM);
	struct errand_order o = { .errand = ERRAND_WARM, .flags = MSG_AUTOMATIC };
	int r = 0;

	g->connect.seq = seq;
	g->connect.epoch = guard_epoch(g);
	if ((l != NULL && l->state == LINK_UP && strcmp(l->node, node) == 0) || !node_name_valid(node) ||
	    stranger_has_it(g) || !g->ops->trusts(g->arg, node)) {
		answer_connect(g, NULL);
		return;
	}
	(void)guard_close(g, l, 0);
	memcpy(o.session, g->session, sizeof(o.session));
	memcpy(o.origin, g->origin, sizeof(o.origin));
	snprintf(o.wish, sizeof(o.wish), "%s", node);
	l = g->ops->start(g->arg, &o, NULL, &r);
	if (l == NULL) {
		answer_connect(g, strerror(-r));
		return;
	}
	guard_add_link(g, l, LINK_WARM, LINK_REACHING);
	snprintf(l->node, sizeof(l->node), "%s", node);
}

void moves_connected(struct guard *g, struct guard_link *l, const char *why)
{
	answer_connect(g, why);
	if (why != NULL)
		(void)guard_close(g, l, 0);
	else
		l->state = LINK_UP;
}

void moves_forget_warm(struct guard *g)
{
	struct guard_link *l = guard_link(g, LINK_WARM);

	if (l != NULL && l->state == LINK_REACHING)
		answer_connect(g, "another node was asked for"); /* somebody waits for it */
	(void)guard_close(g, l, 0);
}

void moves_release_holder(struct guard *g)
{
	struct guard_link *l = guard_link(g, LINK_CURRENT), *up = guard_carrier(g);
	struct verdict release = { .flags = g->want.jobs.len != 0 ? MSG_KEEP : 0 };
	bool told;

	if (up != NULL)
		g->ops->send(g->arg, up, FRAME_RELEASE, &release);
	told = guard_close(g, l, up != NULL ? GUARD_RELEASE_MS : 0) && up != NULL;
	if (!told) /* nobody knows whether the holder heard RELEASE */
		guard_fence(g, release.flags);
	stayed_start(g);
}

void moves_link_up(struct guard *g, struct guard_link *l, int64_t now_ms)
{
	bool covered = g->ops->line(g->arg, NULL);

	l->role = LINK_CURRENT;
	l->state = LINK_UP;
	g->lost.up_ms = now_ms;
	g->lost.since_ms = g->lost.silent_ms = 0;
	free(g->lost.why);
	g->lost.why = NULL;
	guard_send(g, l, FRAME_COMMIT, NULL, 0);
	if (covered)
		guard_send(g, l, FRAME_WINCH, NULL, 0);
}

/*
 * Before the session has another holder, its file says so: who attaches meanwhile waits for that one.
 * False: the session does not go there.
 */
static bool next_is_kept(struct guard *g, bool persist)
{
	size_t had = g->state == GUARD_ONWARD ? stayed_list(g) : g->stays.len;
	char *why = NULL;
	enum guard_file r = keeping_write(g, &g->next, persist, &why);
	bool goes = r != GUARD_OTHERS && (r != GUARD_STALE || g->state == GUARD_RECOVERING);

	if (goes && r >= GUARD_UNKEPT) { /* told when the session is there */
		free(g->unkept);
		g->unkept = why;
		return true;
	}
	if (!goes) { /* and nothing is left there */
		g->stays.len = had;
		if (r == GUARD_OTHERS && g->state == GUARD_RECOVERING)
			guard_taken(g);
		else
			moves_failed(g, r == GUARD_OTHERS ? "another terminal attaches to the session; try again in a minute" : why != NULL ? why : "its file cannot be changed", 1);
	}
	free(why);
	return goes;
}

void moves_done(struct guard *g, struct guard_link *l, const struct ready *r, int64_t now_ms)
{
	bool persist = g->state == GUARD_RECOVERING ? g->persist : (g->want.flags & MSG_PERSIST) != 0;

	memcpy(g->next.node, r->node, sizeof(r->node));
	memcpy(g->next.address, r->address, sizeof(r->address));
	if (!next_is_kept(g, persist))
		return;
	stranger_follows(g);
	if (g->state != GUARD_FIRST)
		moves_release_holder(g);
	if (g->want.sealed.state.s != NULL)
		sealed_move(&g->sealed, &g->want.sealed);
	g->persist = persist;
	g->holder = g->next;
	memset(g->new_secret, 0, sizeof(g->new_secret));
	g->flags &= MSG_LOGIN;
	g->state_ms = now_ms;
	g->last_seq = 0;
	g->idle = g->fresh = false;
	guard_command_is(g, NULL);
	g->state = GUARD_AWAY;
	g->ops->promoted(g->arg, l);
	g->typed = g->ops->typed(g->arg);
	moves_link_up(g, l, now_ms);
	record_release(&departure_record, &g->want);
	keeping_failed(g, NULL);
}

/* ---- home ---- */

/* Would what was offered become a shell here? */
static bool try_home(struct guard *g, char **why)
{
	struct arrival a;
	bool would;

	guard_arrival(g, g->want.flags, g->want.from, &a);
	a.sealed = g->want.sealed; /* borrowed */
	would = g->ops->try_home(g->arg, &a, why);
	explicit_bzero(&a, sizeof(a));
	return would;
}

/*
 * The shell wants to go home. As in every move the holder is released only when another is
 * known to be able to hold; then this process becomes the shell.
 */
void moves_go_home(struct guard *g)
{
	char *why = NULL, *text = NULL;
	enum guard_file file;

	if (!try_home(g, &why)) {
		if (asprintf(&text, "home: %s", why != NULL ? why : "out of memory") < 0)
			text = NULL;
		moves_failed(g, text, 1);
		free(text);
		free(why);
		return;
	}
	file = g->ops->keep(g->arg, NULL, &text);
	if (file == GUARD_OTHERS || file == GUARD_STALE) {
		moves_failed(g, file == GUARD_STALE ? text : "another terminal attaches to the session; try again in a minute", 1);
		free(text);
		return;
	}
	free(text);
	(void)stayed_list(g);
	moves_release_holder(g);
	sealed_move(&g->sealed, &g->want.sealed);
	g->holder.from = g->want.from;
	guard_go_home(g, g->want.flags, &g->want.input, NULL, 0, NULL);
}

bool moves_wants_home(const struct guard *g)
{
	return g->want.errand == ERRAND_MOVE &&
	       (strcmp(g->want.wish, "home") == 0 || strcmp(g->want.wish, g->origin) == 0);
}
