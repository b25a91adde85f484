#include <config.h>

#include "session/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/keeping.h"
#include "session/lost.h"
#include "session/moves.h"
#include "session/stayed.h"
#include "session/stranger.h"
#include "wire/node.h"
#include "wire/epoch.h"

enum { HANGUP_MS = 3000 }; /* for a link to end, after a hangup */

/* ---- links ---- */

struct guard_link *guard_link(const struct guard *g, enum link_role role)
{
	for (struct guard_link *l = g->links; l != NULL; l = l->next)
		if (l->role == role)
			return l;
	return NULL;
}

void guard_add_link(struct guard *g, struct guard_link *l, enum link_role role, enum link_state state)
{
	l->role = role;
	l->state = state;
	l->next = g->links;
	g->links = l;
}

static void unlink_link(struct guard *g, struct guard_link *l)
{
	struct guard_link **p = &g->links;

	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
}

bool guard_close(struct guard *g, struct guard_link *l, int timeout_ms)
{
	if (l == NULL)
		return false;
	unlink_link(g, l);
	return g->ops->end(g->arg, l, timeout_ms);
}

void guard_end_link(struct guard *g, enum link_role role)
{
	(void)guard_close(g, guard_link(g, role), 0);
}

/* Whatever their roles: the session is no longer ours to have links for. */
static void end_links(struct guard *g)
{
	while (g->links != NULL)
		(void)guard_close(g, g->links, 0);
}

void guard_send(struct guard *g, struct guard_link *l, enum frame_type type, const char *why, int status)
{
	struct verdict v = { .why = (char *)(uintptr_t)why, .status = (uint64_t)status };

	g->ops->send(g->arg, l, type, &v);
}

struct guard_link *guard_carrier(const struct guard *g)
{
	struct guard_link *l = guard_link(g, LINK_CURRENT);

	return l != NULL && l->state == LINK_UP ? l : NULL;
}

/* ---- what is known of the session ---- */

uint64_t guard_epoch(const struct guard *g)
{
	return epoch_next(g->holder.from);
}

void guard_command_is(struct guard *g, char *command)
{
	free(g->command);
	g->command = command;
}

void guard_errand(const struct guard *g, enum errand what, struct errand_order *ret)
{
	*ret = (struct errand_order){ .errand = what,
				      .flags = MSG_AUTOMATIC | (g->fresh ? MSG_FRESH : 0) |
					       (g->persist ? MSG_PERSIST : 0),
				      .seq = g->last_seq,
				      .modes = g->modes };
	memcpy(ret->session, g->session, sizeof(ret->session));
	memcpy(ret->origin, g->origin, sizeof(ret->origin));
	memcpy(ret->socket, g->holder.socket, sizeof(ret->socket));
	memcpy(ret->secret, g->holder.secret, sizeof(ret->secret));
	memcpy(ret->new_secret, g->new_secret, sizeof(ret->new_secret)); /* the peer may have it already */
	snprintf(ret->wish, sizeof(ret->wish), "%s", g->holder.address);
}

void guard_fence(struct guard *g, uint64_t flags)
{
	struct errand_order o;

	guard_errand(g, ERRAND_FENCE, &o);
	o.flags |= flags;
	o.modes = (struct blob){ 0 };
	g->ops->fence(g->arg, &o);
	explicit_bzero(&o, sizeof(o));
}

/* ---- home ---- */

void guard_arrival(const struct guard *g, uint64_t flags, uint64_t from, struct arrival *ret)
{
	*ret = (struct arrival){ .flags = flags | (g->flags & MSG_LOGIN), .from = from };
	memcpy(ret->session, g->session, sizeof(ret->session));
	memcpy(ret->origin, g->origin, sizeof(ret->origin));
	memcpy(ret->here, g->holder.node, sizeof(ret->here));
}

void guard_go_home(struct guard *g, uint64_t flags, struct blob *input, const char *why, int status,
		   const struct loss *loss)
{
	struct arrival a;

	end_links(g);
	stayed_start(g);
	guard_arrival(g, flags, g->holder.from, &a);
	stayed_take(g, &a.stays);
	a.status = (uint64_t)status;
	sealed_move(&a.sealed, &g->sealed);
	if (input != NULL) {
		a.input = *input;
		*input = (struct blob){ 0 };
	}
	a.why = why != NULL ? strdup(why) : NULL;
	a.steps = g->steps;
	g->steps = NULL;
	if (loss != NULL && (flags & MSG_STRANGER) == 0)
		a.command = loss->command != NULL ? strdup(loss->command) : NULL;
	g->state = GUARD_AT_HOME;
	g->ops->home(g->arg, &a, loss);
}

void guard_taken(struct guard *g)
{
	(void)g->ops->line(g->arg, NULL);
	end_links(g);
	g->state = GUARD_ENDED;
	g->ops->leave(g->arg, 0, "another terminal has the session now"); /* whose key file it is now */
}

/* ---- frames of a link under way ---- */

/* READY to a question: the node would take the session; or to ERRAND_WARM: the link waits. */
static void question_answered(struct guard *g, struct guard_link *l, int64_t now_ms)
{
	char *why = NULL;

	(void)now_ms;
	if (g->want.errand == ERRAND_WARM) {
		moves_forget_warm(g);
		l->role = LINK_WARM;
		l->state = LINK_UP;
		snprintf(l->node, sizeof(l->node), "%.255s", g->want.wish);
	} else if (asprintf(&why, "%s would accept", g->want.wish) < 0) {
		why = NULL;
	}
	moves_failed(g, why, 0);
	free(why);
}

static int on_ready(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	if (g->want.errand == ERRAND_MOVE)
		moves_done(g, l, &b->ready, now_ms);
	else
		question_answered(g, l, now_ms);
	return 0;
}

static int on_abort(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	const struct verdict *v = &b->verdict;

	(void)l;
	(void)now_ms;
	free(g->steps);
	g->steps = v->steps != NULL ? strdup(v->steps) : NULL;
	moves_failed(g, v->why != NULL ? v->why : "failed", v->status != 0 ? (int)v->status : 1);
	return 0;
}

/* ---- frames of the current link ---- */

static int on_attached(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	lost_attached(g, l, &b->ready, now_ms);
	return 0;
}

static int on_refused(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	(void)l;
	(void)now_ms;
	lost_refused(g, &b->verdict);
	return 0;
}

/* Where to: names with blanks between, which a peer has written. */
static bool is_wish(const char *wish)
{
	char *list = strdup(wish), *save = NULL;
	char *name = list != NULL ? strtok_r(list, " ", &save) : NULL;
	bool good = name != NULL;

	for (; good && name != NULL; name = strtok_r(NULL, " ", &save))
		good = node_destination_valid(name);
	free(list);
	return good;
}

/* The shell there wants to go on, home, or to ask: once this is known to be no repetition, it is g->want. */
static int on_offer(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	struct departure *d = &b->offer;

	if (d->sealed.state.s == NULL) {
		guard_send(g, l, FRAME_RESUME, "the offer cannot be read", 1);
		return 0;
	}
	if (d->sealed.epoch == g->refused && g->refused_why != NULL) { /* our answer did not arrive */
		guard_send(g, l, FRAME_RESUME, g->refused_why, g->refused_status);
		return 0;
	}
	free(g->steps); /* of another move */
	g->steps = NULL;
	record_release(&departure_record, &g->want);
	g->want = *d;
	memset(d, 0, sizeof(*d));
	g->want.from = g->want.sealed.epoch;
	g->want.flags |= g->flags & MSG_LOGIN;
	lost_stalled(g, l, STALL_OVER, now_ms);
	g->state = GUARD_ONWARD;
	g->began_ms = now_ms;
	if (!is_wish(g->want.wish)) {
		moves_failed(g, "not a host name", 1);
		return 0;
	}
	if (stranger_offers(g))
		return 0;
	if (moves_wants_home(g))
		moves_go_home(g);
	else
		moves_start(g);
	return 0;
}

/* After a reconnect the peer tells its offer again: the first one stands. */
static int on_offer_again(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	(void)g;
	(void)l;
	(void)b;
	(void)now_ms;
	return 0;
}

static int on_checkpoint(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	const struct checkpoint_frame *c = &b->checkpoint;
	bool whole = (c->flags & MSG_WHOLE) != 0, persist = (c->flags & MSG_PERSIST) != 0;
	bool changed = persist != g->persist;

	(void)l;
	if (c->epoch != guard_epoch(g) || c->seq < g->last_seq)
		return 0; /* of a holder that was given up, or told before */
	if (g->state == GUARD_AWAY)
		record_release(&departure_record, &g->want); /* an offer that was not taken: this is newer */
	guard_command_is(g, c->command != NULL ? strdup(c->command) : NULL);
	g->idle = (c->flags & MSG_IDLE) != 0;
	g->persist = persist;
	if (c->state.s != NULL && c->seq != g->last_seq && (whole || c->seq == g->last_seq + 1) &&
	    (whole ? sealed_replace(&g->sealed, c->seq, c->state.s, c->state.len) :
		     sealed_add_part(&g->sealed, c->state.s, c->state.len)) == 0) {
		g->last_seq = c->seq;
		/* no older than what it comes after, whatever the peer says */
		if (now_ms - (int64_t)c->age > g->state_ms)
			g->state_ms = now_ms - (int64_t)c->age;
		changed |= persist;
	}
	if (changed || g->stale)
		keeping_update(g);
	return 0;
}

/* Its shell has ended, and waits for somebody who heard that: the link tells it, or else a fence. */
static void close_holder(struct guard *g, struct guard_link *l)
{
	if (l != NULL && !guard_close(g, l, GUARD_RELEASE_MS))
		guard_fence(g, 0);
}

/* The last shell has ended. */
static void finish(struct guard *g, int status)
{
	g->state = GUARD_ENDED;
	guard_end_link(g, LINK_NEXT);
	close_holder(g, guard_link(g, LINK_CURRENT));
	end_links(g);
	(void)keeping_forget(g);
	g->ops->leave(g->arg, status, NULL);
}

static int on_ended(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	const struct verdict *v = &b->verdict;

	lost_stalled(g, l, STALL_OVER, now_ms); /* it shows what is left */
	if ((v->flags & MSG_LOST) != 0) {
		close_holder(g, l);
		lost_go_home(g, v->why != NULL ? v->why : "the shell there was killed", false);
		return 0;
	}
	finish(g, (int)v->status);
	return 0;
}

static int on_fenced(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	(void)l;
	(void)b;
	(void)now_ms;
	guard_taken(g);
	return 0;
}

static int on_connect(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	(void)l;
	(void)now_ms;
	moves_connect(g, b->connect.node, b->connect.seq);
	return 0;
}

static int on_connected(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	(void)b;
	(void)now_ms;
	moves_connected(g, l, NULL);
	return 0;
}

static int on_not_connected(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	(void)now_ms;
	moves_connected(g, l, b->verdict.why != NULL ? b->verdict.why : "failed");
	return 0;
}

static int on_job(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	(void)l;
	(void)now_ms;
	g->ops->job(g->arg, &b->job);
	return 0;
}

static int on_stall(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms)
{
	lost_stalled(g, l, (enum stall_why)b->verdict.status, now_ms);
	return 0;
}

/* ---- which frame may come when ---- */

#define IN(state) (1u << GUARD_##state)
#define UNDER_WAY (IN(FIRST) | IN(ONWARD) | IN(RECOVERING))
#define ELSEWHERE (IN(AWAY) | IN(ASKED) | IN(ONWARD))
#define IS(state) (1u << LINK_##state)

static const struct row {
	unsigned states, link_states;
	enum link_role role;
	enum frame_type type;
	int (*run)(struct guard *g, struct guard_link *l, union frames_body *b, int64_t now_ms);
} rows[] = {
	{ UNDER_WAY, IS(REACHING) | IS(ADOPTED), LINK_NEXT, FRAME_READY, on_ready },
	{ UNDER_WAY, IS(REACHING) | IS(ADOPTED), LINK_NEXT, FRAME_ABORT, on_abort },
	{ IN(AWAY) | IN(ONWARD), IS(REACHING), LINK_CURRENT, FRAME_READY, on_attached },
	{ IN(AWAY) | IN(ONWARD), IS(REACHING), LINK_CURRENT, FRAME_ABORT, on_refused },
	{ IN(AWAY), IS(UP), LINK_CURRENT, FRAME_OFFER, on_offer },
	{ IN(ASKED) | IN(ONWARD), IS(UP), LINK_CURRENT, FRAME_OFFER, on_offer_again },
	{ ELSEWHERE, IS(UP), LINK_CURRENT, FRAME_CHECKPOINT, on_checkpoint },
	{ ELSEWHERE, IS(UP), LINK_CURRENT, FRAME_EXIT, on_ended },
	{ ELSEWHERE, IS(UP), LINK_CURRENT, FRAME_FENCED, on_fenced },
	{ ELSEWHERE, IS(UP), LINK_CURRENT, FRAME_STALL, on_stall },
	{ IN(AWAY), IS(UP), LINK_CURRENT, FRAME_JOB, on_job },
	{ IN(AWAY), IS(UP), LINK_CURRENT, FRAME_CONNECT, on_connect },
	{ ELSEWHERE | IN(RECOVERING), IS(REACHING), LINK_WARM, FRAME_READY, on_connected },
	{ ELSEWHERE | IN(RECOVERING), IS(REACHING), LINK_WARM, FRAME_ABORT, on_not_connected },
};

static const struct row *find_row(const struct guard *g, const struct guard_link *l, enum frame_type type)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].type == type && rows[i].role == l->role && (rows[i].states & 1u << g->state) != 0 &&
		    (rows[i].link_states & 1u << l->state) != 0)
			return &rows[i];
	return NULL;
}

bool guard_accepts(const struct guard *g, const struct guard_link *l, enum frame_type type)
{
	return find_row(g, l, type) != NULL;
}

int guard_frame(struct guard *g, struct guard_link *l, enum frame_type type, const uint8_t *payload,
		size_t len, int64_t now_ms)
{
	const struct row *row = find_row(g, l, type);
	const struct frames_row *frame = frames_find(type, PARTY_LINK, PARTY_GUARDIAN);
	union frames_body body;
	int r;

	if (row == NULL || frame == NULL)
		return -EBADMSG;
	r = frames_get(frame, payload, len, &body);
	if (r < 0)
		return r;
	r = row->run(g, l, &body, now_ms);
	frames_release(frame, &body);
	return r;
}

/* ---- the ends ---- */

/* The connection of a link that was warm may have been dead: then a new link begins anew. */
static void next_ended(struct guard *g, struct guard_link *l)
{
	bool again = l->state == LINK_ADOPTED;

	(void)guard_close(g, l, 0);
	if (again)
		moves_start(g);
	else
		moves_failed(g, "the link ended unexpectedly", 1);
}

void guard_eof(struct guard *g, struct guard_link *l, int64_t now_ms)
{
	switch (l->role) {
	case LINK_CURRENT:
		lost_begin(g, now_ms);
		break;
	case LINK_NEXT:
		next_ended(g, l);
		break;
	case LINK_WARM:
		if (l->state == LINK_REACHING)
			moves_connected(g, l, "the link ended unexpectedly");
		else
			(void)guard_close(g, l, 0);
		break;
	case LINK_ROLES: /* none */
		break;
	}
}

void guard_interrupt(struct guard *g)
{
	if (g->state == GUARD_ASKED && g->question != GUARD_ASK_LOST)
		stranger_answered(g, GUARD_NO);
	lost_interrupt(g);
	if (guard_link(g, LINK_NEXT) != NULL)
		moves_failed(g, "interrupted", 128 + SIGINT);
}

void guard_hangup(struct guard *g, int signo)
{
	struct guard_link *up = guard_carrier(g);

	(void)g->ops->line(g->arg, NULL);
	guard_end_link(g, LINK_NEXT);
	if (g->state == GUARD_FIRST) { /* the shell runs its own traps */
		guard_go_home(g, g->want.flags | MSG_HANGUP, NULL, NULL, 128 + signo, NULL);
		return;
	}
	if (up != NULL && !g->persist)
		guard_send(g, up, FRAME_SIGNAL, NULL, signo);
	else if (up != NULL) /* the link ends in order, and the peer waits for another */
		g->ops->hang_up(g->arg, up);
	(void)guard_close(g, guard_link(g, LINK_CURRENT), up != NULL ? HANGUP_MS : 0);
	if (!g->persist) {
		if (up == NULL)
			guard_fence(g, 0);
		(void)keeping_forget(g);
	}
	g->state = GUARD_ENDED;
	g->ops->leave(g->arg, 128 + signo, NULL);
}

/* ---- beginnings ---- */

void guard_begin(struct guard *g, const struct guard_ops *ops, void *arg, struct departure *d,
		 struct guard_link *warm, int64_t now_ms)
{
	*g = (struct guard){ .state = GUARD_FIRST, .ops = ops, .arg = arg, .flags = d->flags,
			     .state_ms = now_ms, .began_ms = now_ms, .persist = (d->flags & MSG_PERSIST) != 0 };
	memcpy(g->session, d->session, sizeof(g->session));
	memcpy(g->origin, d->origin, sizeof(g->origin));
	sealed_move(&g->sealed, &d->sealed);
	g->modes = d->modes;
	d->modes = (struct blob){ 0 };
	g->holder.from = g->sealed.epoch;
	stayed_begin(g, d);
	g->want = *d;
	memset(d, 0, sizeof(*d));
	if (warm != NULL)
		guard_add_link(g, warm, LINK_WARM, LINK_UP);
	moves_start(g);
}

void guard_attach(struct guard *g, const struct guard_ops *ops, void *arg, struct kept *k,
		  const char *origin, const struct blob *modes, int64_t now_ms)
{
	const uint8_t *part;
	size_t off = 0, len;
	uint64_t lost;

	*g = (struct guard){ .state = GUARD_AWAY, .ops = ops, .arg = arg, .flags = k->flags & MSG_LOGIN,
			     .state_ms = k->as_of_ms, .last_seq = k->sealed.seq, .persist = true, .fresh = true, .modes = *modes };
	memcpy(g->session, k->session, sizeof(g->session));
	snprintf(g->origin, sizeof(g->origin), "%s", origin);
	sealed_move(&g->sealed, &k->sealed);
	while (sealed_next_part(&g->sealed, &off, &part, &len) == 1)
		g->last_seq++;
	g->stays = k->stays;
	k->stays = (struct blob){ 0 };
	lost = k->flags & (MSG_LOST | MSG_STRANGER);
	g->holder.from = k->from;
	memcpy(g->holder.socket, k->socket, sizeof(k->socket));
	memcpy(g->holder.secret, k->secret, sizeof(k->secret));
	memcpy(g->new_secret, k->new_secret, sizeof(k->new_secret));
	memcpy(g->holder.node, k->address, sizeof(k->address));
	memcpy(g->holder.address, k->address, sizeof(k->address));
	record_release(&kept_record, k);
	g->holder.trusted = ops->trusts(arg, g->holder.address);
	if (g->holder.address[0] != '\0')
		lost_begin(g, now_ms);
	else if (keeping_claim(g)) /* nobody has it: it could not be restored */
		guard_go_home(g, lost, NULL, "your session goes on from the state that was kept", 0, NULL);
}

void guard_release(struct guard *g)
{
	sealed_drop(&g->sealed);
	sealed_drop(&g->left);
	record_release(&departure_record, &g->want);
	free(g->modes.s);
	free(g->stays.s);
	free(g->command);
	free(g->unkept);
	free(g->refused_why);
	free(g->lost.why);
	free(g->steps);
	explicit_bzero(g, sizeof(*g));
}
