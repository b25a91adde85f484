#include <config.h>

#include "session/lost.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/keeping.h"
#include "session/moves.h"
#include "session/stayed.h"
#include "session/stranger.h"

enum {
	SHOW_AFTER_MS = 3000,	 /* a shorter cut is not told */
	RECOVER_AFTER_MS = 7000, /* when nothing runs there that could be lost */
	RETRY_FIRST_MS = 500,
	RETRY_MAX_MS = 8000,	 /* … of a cut that is young; a quarter of its age, later */
	RETRY_MOST_MS = 300000,
	TYPED_MS = 1000,	 /* so soon again, when somebody types, … */
	DENIED_MS = 10000,	 /* … but logins that are refused are counted by some sites */
	STEADY_MS = 5000,	 /* a link that lasted so long is replaced at once */
	REFRESH_MS = 1000,
};

bool lost_is(const struct guard *g)
{
	const struct guard_link *l = guard_link(g, LINK_CURRENT);

	return (g->state == GUARD_AWAY || g->state == GUARD_ONWARD || g->state == GUARD_RECOVERING) &&
	       (l == NULL || l->state != LINK_UP);
}

void lost_begin(struct guard *g, int64_t now_ms)
{
	bool was = lost_is(g);

	guard_end_link(g, LINK_CURRENT);
	if (g->state == GUARD_ASKED && g->question != GUARD_ASK_LOST) { /* it will be offered again */
		(void)g->ops->line(g->arg, NULL);
		g->state = GUARD_AWAY;
		g->typed = UINT64_MAX; /* and asked again */
	}
	g->lost.silent_ms = 0; /* the line stays */
	g->lost.login = false;
	if (was && g->lost.since_ms != 0)
		return; /* another attempt came to nothing */
	g->lost.since_ms = now_ms;
	if (now_ms - g->lost.up_ms > STEADY_MS)
		g->lost.wait_ms = 0;
	g->lost.retry_ms = now_ms + g->lost.wait_ms;
}

void lost_attached(struct guard *g, struct guard_link *l, const struct ready *r, int64_t now_ms)
{
	if (record_secret_is_set(g->new_secret, sizeof(g->new_secret))) {
		memcpy(g->holder.secret, g->new_secret, sizeof(g->holder.secret));
		memset(g->new_secret, 0, sizeof(g->new_secret));
		memcpy(g->holder.node, r->node, sizeof(r->node));
		keeping_update(g);
	}
	if (g->lost.denied || g->lost.login) /* that the login was refused says nothing about how steady this link is */
		g->lost.wait_ms = 0;
	g->fresh = g->lost.denied = g->lost.login = false;
	stayed_start(g);
	g->typed = g->ops->typed(g->arg);
	moves_link_up(g, l, now_ms);
	keeping_failed(g, NULL);
}

void lost_refused(struct guard *g, const struct verdict *v)
{
	if (v->status == MSG_ATTACH_TAKEN) {
		guard_taken(g);
	} else if (v->status == MSG_ATTACH_GONE) {
		lost_go_home(g, "the shell there is gone", false);
	} else {
		/* somebody who tried to log in, and did not get in, has not given it up */
		g->lost.denied = v->status == MSG_ATTACH_DENIED || g->lost.login;
		if (g->lost.denied && g->lost.wait_ms < DENIED_MS) {
			g->lost.wait_ms = DENIED_MS;
			g->lost.retry_ms = g->lost.tried_ms + DENIED_MS;
		}
		free(g->lost.why);
		g->lost.why = v->why != NULL ? strdup(v->why) : NULL;
	}
}

/*
 * The newest state, in *ret where the shell has offered it (else g->sealed is), and what was
 * typed and is still to be read in *input. Returns MSG_LOST where commands may have run since,
 * else 0. g->sealed stays as it is: should the shell there go on, it is what its checkpoints
 * are added to.
 */
static uint64_t last_state(struct guard *g, struct sealed *ret, struct blob *input)
{
	if (g->want.sealed.state.s != NULL) { /* the shell is frozen since its offer: nothing is newer */
		sealed_move(ret, &g->want.sealed);
		*input = g->want.input;
		g->want.input = (struct blob){ 0 };
		guard_command_is(g, NULL);
		if (g->state == GUARD_ONWARD) /* the offer used an epoch up; not again when this fails, and is tried again */
			g->holder.from = guard_epoch(g);
		return 0;
	}
	/* typed while nobody was there to read it; what was sent may have run already */
	if (g->idle)
		g->ops->unsent(g->arg, input);
	return MSG_LOST;
}

void lost_go_home(struct guard *g, const char *why, bool there)
{
	char *reason, *command = NULL;
	struct loss loss = { .node = g->holder.node };
	struct blob input = { 0 };
	uint64_t flags = g->state == GUARD_ASKED ? MSG_STRANGER : 0; /* only who is not trusted is asked about */

	guard_end_link(g, LINK_NEXT);
	guard_end_link(g, LINK_CURRENT);
	if (stranger_lost(g, why, there))
		return;
	reason = strdup(why); /* it may be g->lost.why, which goes */
	loss.why = reason != NULL ? reason : "lost";
	(void)g->ops->line(g->arg, NULL);
	if (!keeping_claim(g)) { /* gone may mean moved: by another terminal that has attached to it since */
		free(reason);
		return;
	}
	if (there)
		guard_fence(g, 0);
	loss.as_of_ms = g->want.sealed.state.s != NULL ? g->began_ms : g->state_ms;
	flags |= last_state(g, &g->sealed, &input);
	command = g->command;
	g->command = NULL;
	loss.command = command;
	g->holder.from = guard_epoch(g);
	guard_go_home(g, flags, &input, NULL, 128 + SIGHUP, &loss);
	free(reason);
	free(command);
}

void lost_recover(struct guard *g, const char *node)
{
	struct sealed offered = { 0 };
	struct blob input = { 0 };
	uint64_t flags;

	if (strcmp(node, g->origin) == 0 || *node == '\0') {
		lost_go_home(g, "given up", true);
		return;
	}
	guard_end_link(g, LINK_NEXT);
	guard_end_link(g, LINK_CURRENT);
	flags = last_state(g, &offered, &input);
	if (stranger_has_it(g)) { /* nothing of it runs by itself, there as little as here */
		flags |= MSG_STRANGER;
		free(input.s);
		input = (struct blob){ 0 };
	}
	record_release(&departure_record, &g->want);
	sealed_move(&g->want.sealed, &offered);
	g->want.errand = ERRAND_MOVE;
	g->want.flags = flags | (g->flags & MSG_LOGIN) | (g->persist ? MSG_PERSIST : 0);
	g->want.input = input;
	snprintf(g->want.wish, sizeof(g->want.wish), "%s", node);
	memcpy(g->want.here, g->holder.node, sizeof(g->want.here));
	g->state = GUARD_RECOVERING;
	moves_start(g);
}

static void show(struct guard *g, int64_t now_ms)
{
	int64_t since = g->lost.silent_ms != 0 ? g->lost.silent_ms : g->lost.since_ms;
	char text[300];

	if (g->lost.denied)
		snprintf(text, sizeof(text), "mish: %.64s wants you to log in again: ^] and login. Typing is kept (%.100s)", g->holder.node,
			 g->lost.why != NULL ? g->lost.why : "refused");
	else
		snprintf(text, sizeof(text), "mish: %.64s: no answer for %lld s%s%.100s. Typing is kept; ^] for more",
		 g->holder.node, (long long)(now_ms - since) / 1000,
		 g->lost.why != NULL ? ": " : "", g->lost.why != NULL ? g->lost.why : "");
	(void)g->ops->line(g->arg, text);
}

void lost_stalled(struct guard *g, struct guard_link *l, enum stall_why why, int64_t now_ms)
{
	if (g->state == GUARD_ASKED && why != STALL_OVER)
		return; /* the terminal is ours already */
	if (why != STALL_OVER && g->state == GUARD_AWAY) {
		g->lost.silent_ms = why == STALL_SILENT ? now_ms - SHOW_AFTER_MS : now_ms;
		show(g, now_ms);
		if (why == STALL_ESCAPE)
			g->ops->menu(g->arg);
	} else if (why != STALL_OVER || g->lost.silent_ms != 0) { /* while a move is under way, ^C is what there is */
		if (g->ops->line(g->arg, NULL))
			guard_send(g, l, FRAME_WINCH, NULL, 0);
		g->lost.silent_ms = 0;
		guard_send(g, l, FRAME_STALL, NULL, STALL_OVER);
	}
}

void lost_retry(struct guard *g, int64_t now_ms)
{
	if (!lost_is(g) && g->lost.silent_ms != 0)
		lost_stalled(g, guard_link(g, LINK_CURRENT), STALL_OVER, now_ms);
	g->lost.retry_ms = now_ms;
	g->lost.wait_ms = g->lost.denied ? g->lost.wait_ms : 0; /* each is one that the site counts */
}

/* How long until the next attempt, as the cut grows older. */
static int64_t next_wait(const struct guard *g, int64_t now_ms)
{
	int64_t wait = g->lost.wait_ms == 0 ? RETRY_FIRST_MS : 2 * g->lost.wait_ms, most = (now_ms - g->lost.since_ms) / 4;

	if (!g->lost.denied && wait > (most > RETRY_MAX_MS ? most : RETRY_MAX_MS))
		wait = most > RETRY_MAX_MS ? most : RETRY_MAX_MS;
	return wait < RETRY_MOST_MS ? wait : RETRY_MOST_MS;
}

static void start_attach(struct guard *g, bool may_ask, int64_t now_ms)
{
	struct errand_order o;
	struct guard_link *l;
	char *why = NULL;
	int err;

	if (g->fresh && keeping_write(g, &g->holder, true, &why) == GUARD_OTHERS) {
		guard_taken(g); /* while we tried, another terminal came through */
		return;
	}
	free(why);
	guard_errand(g, ERRAND_ATTACH, &o);
	if (may_ask)
		o.flags &= ~(uint64_t)MSG_AUTOMATIC;
	l = g->ops->start(g->arg, &o, NULL, &err);
	explicit_bzero(&o, sizeof(o));
	if (l != NULL)
		guard_add_link(g, l, LINK_CURRENT, LINK_REACHING);
	g->lost.login = may_ask && l != NULL;
	g->lost.tried_ms = now_ms;
	g->lost.wait_ms = next_wait(g, now_ms);
	g->lost.retry_ms = now_ms + g->lost.wait_ms;
}

void lost_login(struct guard *g, int64_t now_ms)
{
	if (!lost_is(g)) /* ^] at a link that is there: it goes on */
		lost_retry(g, now_ms);
	if (!lost_is(g) || g->state == GUARD_RECOVERING || guard_link(g, LINK_NEXT) != NULL)
		return;
	guard_end_link(g, LINK_CURRENT);
	(void)g->ops->line(g->arg, NULL);
	start_attach(g, true, now_ms);
}

void lost_interrupt(struct guard *g)
{
	if (!g->lost.login)
		return;
	g->lost.login = false;
	guard_end_link(g, LINK_CURRENT);
}

void lost_typed(struct guard *g, int64_t now_ms)
{
	int64_t soon = g->lost.tried_ms + (g->lost.denied ? DENIED_MS : TYPED_MS);

	if (lost_is(g) && soon < g->lost.retry_ms)
		g->lost.retry_ms = soon > now_ms ? soon : now_ms;
}

/* Without being asked: nothing would be lost, and nobody can have attached from elsewhere. */
static bool may_recover(const struct guard *g)
{
	return g->idle && !g->persist && !g->lost.denied && !g->lost.login && guard_link(g, LINK_NEXT) == NULL;
}

static bool may_attach(const struct guard *g)
{
	return guard_link(g, LINK_CURRENT) == NULL && g->state != GUARD_RECOVERING;
}

void lost_tend(struct guard *g, int64_t now_ms)
{
	int64_t since = now_ms - g->lost.since_ms;

	if (!lost_is(g) && g->lost.silent_ms != 0)
		show(g, now_ms);
	if (!lost_is(g))
		return;
	if (may_attach(g) && now_ms >= g->lost.retry_ms)
		start_attach(g, g->fresh && g->lost.tried_ms == 0, now_ms); /* somebody has just asked for it */
	if (may_recover(g) && since >= RECOVER_AFTER_MS)
		lost_go_home(g, g->lost.why != NULL ? g->lost.why : "no answer", true);
	else if (since >= SHOW_AFTER_MS && !g->lost.login)
		show(g, now_ms);
}

int64_t lost_next_due(const struct guard *g, int64_t now_ms)
{
	int64_t at = g->lost.since_ms + SHOW_AFTER_MS;

	if (!lost_is(g))
		return g->lost.silent_ms != 0 ? REFRESH_MS : -1;
	if (now_ms >= at) /* the line is shown already, or cannot be */
		at = now_ms + (g->lost.denied || g->lost.login ? RETRY_MOST_MS : REFRESH_MS);
	if (may_attach(g) && g->lost.retry_ms < at)
		at = g->lost.retry_ms;
	if (may_recover(g) && g->lost.since_ms + RECOVER_AFTER_MS < at)
		at = g->lost.since_ms + RECOVER_AFTER_MS;
	return at > now_ms ? at - now_ms : 0;
}
