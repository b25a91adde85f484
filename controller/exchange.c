#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "controller/balance.h"

/*
 * The exchange of one shell between two controllers, a buddy pair (Stewart 4.4). Who
 * wants to be rid of a shell says REQUEST every second until the shell is there or is not
 * coming; the other answers each time how it stands. So a lost datagram costs a second,
 * and a buddy that dies, or is stopped, frees the other in a few: nothing waits for ever.
 *
 *     ASKING ──accept──> MOVING ──here──> free          EXPECTED ──the shell──> ARRIVED
 *        └─refuse, silence─┴─declined, too long─> free       └──done, silence───┴─> free
 */
enum {
	AGAIN_MS = 1000,
	ASK_AGAIN_MS = 400,
	ASK_MS = 2000,	   /* no answer: try the next */
	MOVE_MS = 30000,   /* the rendezvous' offers live as long */
	LEFT_MS = 10000,   /* it left, and is not there: it has ended, or comes home by itself */
	SILENCE_MS = 5000, /* the buddy is gone */
	AVOID_MS = 10000,  /* a node that does not answer */
	FAILED_MS = 60000, /* a shell whose move failed */
};

size_t exchange_count(const struct exchange *list)
{
	size_t n = 0;

	for (int i = 0; i < EXCHANGE_MAX; i++)
		n += list[i].state != EXCHANGE_FREE;
	return n;
}

struct exchange *exchange_of(struct exchange *list, const char *session)
{
	for (int i = 0; i < EXCHANGE_MAX; i++)
		if (list[i].state != EXCHANGE_FREE && strcmp(list[i].session, session) == 0)
			return &list[i];
	return NULL;
}

static struct exchange *by_id(struct exchange *list, uint64_t id, const char *node)
{
	for (int i = 0; i < EXCHANGE_MAX; i++)
		if (list[i].state != EXCHANGE_FREE && list[i].id == id && strcmp(list[i].node, node) == 0)
			return &list[i];
	return NULL;
}

static struct exchange *room(struct exchange *list)
{
	for (int i = 0; i < EXCHANGE_MAX; i++)
		if (list[i].state == EXCHANGE_FREE)
			return &list[i];
	return NULL;
}

static struct candidate *shell_of(const struct balance *b, const struct exchange *e)
{
	for (struct candidate *c = b->candidates; c != NULL; c = c->next)
		if (strcmp(c->session, e->session) == 0)
			return c;
	return NULL;
}

static void end(struct balance *b, struct exchange *e)
{
	if (e->state == EXCHANGE_EXPECTED || e->state == EXCHANGE_ARRIVED)
		b->past[b->n_past++ % (sizeof(b->past) / sizeof(b->past[0]))] =
			(struct exchange_past){ e->id, e->state == EXCHANGE_ARRIVED };
	/* all of that session: it may have come back before its old connection was closed */
	for (struct candidate *c = b->candidates; c != NULL; c = c->next)
		if ((e->state == EXCHANGE_ASKING || e->state == EXCHANGE_MOVING) &&
		    strcmp(c->session, e->session) == 0)
			c->leaving = false;
	*e = (struct exchange){ 0 };
}

/* ---- who gives ---- */

static void request(struct balance *b, struct exchange *e, const struct candidate *c, int64_t now_ms)
{
	const struct view_node *to = view_find(&b->view, e->node);
	struct msg m;

	e->next_ms = now_ms + (e->state == EXCHANGE_ASKING ? ASK_AGAIN_MS : AGAIN_MS);
	if (to == NULL)
		return;
	datagram_begin(&m, DATAGRAM_REQUEST, view_self(&b->view)->name, b->boot, ++b->seq);
	msg_uint(&m, MSG_ID, e->id);
	msg_str(&m, MSG_SESSION, e->session);
	msg_str(&m, MSG_USER, c != NULL ? c->user : NULL);
	msg_uint(&m, MSG_FLAGS, e->evacuate ? MSG_FORCE : 0);
	msg_uint(&m, MSG_CPU, (uint64_t)(e->demand * 1000));
	load_put(&view_self(&b->view)->load, &m);
	balance_send(b, to, &m);
}

void exchange_again(struct balance *b, const char *node, int64_t now_ms)
{
	for (int i = 0; i < EXCHANGE_MAX; i++)
		if (b->out[i].state != EXCHANGE_FREE && strcmp(b->out[i].node, node) == 0)
			request(b, &b->out[i], shell_of(b, &b->out[i]), now_ms);
}

bool exchange_begin(struct balance *b, struct candidate *c, struct view_node *to, bool evacuate,
		    int64_t now_ms)
{
	struct exchange *e = room(b->out);

	if (e == NULL)
		return false;
	*e = (struct exchange){ .state = EXCHANGE_ASKING, .id = b->ops->random(b->arg) | 1,
				.began_ms = now_ms, .heard_ms = now_ms, .evacuate = evacuate,
				.demand = candidates_demand(c, &view_self(&b->view)->load, now_ms) };
	snprintf(e->node, sizeof(e->node), "%s", to->name);
	memcpy(e->session, c->session, sizeof(e->session));
	c->leaving = true;
	b->counts.asked++;
	request(b, e, c, now_ms);
	return true;
}

static void done(struct balance *b, const struct exchange *e)
{
	const struct view_node *to = view_find(&b->view, e->node);
	struct msg m;

	if (to == NULL)
		return;
	datagram_begin(&m, DATAGRAM_DONE, view_self(&b->view)->name, b->boot, ++b->seq);
	msg_uint(&m, MSG_ID, e->id);
	balance_send(b, to, &m);
}

void exchange_failed(struct balance *b, struct exchange *e, const char *why, bool blame, int64_t now_ms)
{
	struct view_node *to = view_find(&b->view, e->node);
	struct candidate *c = shell_of(b, e);

	balance_log(b, "session %.4s: stays, not to %s: %s", e->session, e->node, why);
	if (c != NULL) {
		snprintf(c->last, sizeof(c->last), "%s: %s", e->node, why);
		if (blame)
			c->not_before_ms = now_ms + FAILED_MS;
	}
	if (to != NULL && blame)
		to->avoid_ms = now_ms + AVOID_MS;
	b->counts.failed += blame;
	done(b, e);
	end(b, e);
}

/* The node will not have it: the next one is asked. */
static void refused(struct balance *b, struct exchange *e, const char *why, int64_t now_ms)
{
	struct view_node *to = view_find(&b->view, e->node);
	struct candidate *c = shell_of(b, e);

	balance_log(b, "session %.4s: offload to %s refused: %s", e->session, e->node, why);
	b->counts.refused++;
	if (to != NULL)
		to->mark = b->view.decision;
	if (c != NULL)
		snprintf(c->last, sizeof(c->last), "%s refused: %s", e->node, why);
	end(b, e);
	balance_decide(b, now_ms);
}

static void on_reply(struct balance *b, const struct datagram *d, int64_t now_ms)
{
	uint64_t id, answer;
	char why[128] = "no reason given";
	struct exchange *e;
	struct candidate *c;

	if (msg_get_uint(&d->body, MSG_ID, UINT64_MAX, &id) < 0 ||
	    msg_get_uint(&d->body, MSG_STATUS, 255, &answer) < 0 ||
	    (e = by_id(b->out, id, d->from)) == NULL)
		return;
	(void)msg_get_str(&d->body, MSG_WHY, why, sizeof(why));
	e->heard_ms = now_ms;
	c = shell_of(b, e);
	if (answer == EXCHANGE_REFUSE && e->state == EXCHANGE_ASKING) {
		refused(b, e, why, now_ms);
	} else if (answer == EXCHANGE_REFUSE && c != NULL) {
		exchange_failed(b, e, why, false, now_ms);
	} else if (answer == EXCHANGE_IS_HERE) {
		balance_log(b, "session %.4s: is on %s, after %" PRId64 " ms", e->session,
			    e->node, now_ms - e->began_ms);
		b->counts.moves_out++;
		b->brought -= e->demand < 1 ? e->demand : 1; /* who takes it expects no more either */
		if (c != NULL) { /* its old process waits to be released; if it is not, it will say so */
			c->eligible = false;
			snprintf(c->why, sizeof(c->why), "it has moved to %s", e->node);
		}
		done(b, e);
		end(b, e);
		balance_decide(b, now_ms);
	} else if (answer == EXCHANGE_ACCEPT && e->state == EXCHANGE_ASKING) {
		char reason[128];
		struct candidates_rules r = { .evacuate = true, .node = view_self(&b->view)->name,
					      .trusted = b->conf.trusts_user, .arg = b->conf.trust_arg };
		const char *obstacle = "the shell left";

		if (c != NULL) { /* it may have begun a command meanwhile */
			c->leaving = false;
			obstacle = candidates_obstacle(c, &r, now_ms, reason, sizeof(reason));
			c->leaving = true;
		}
		if (obstacle != NULL) {
			exchange_failed(b, e, obstacle, false, now_ms);
			return;
		}
		e->state = EXCHANGE_MOVING;
		e->asked_ms = now_ms;
		e->next_ms = now_ms + AGAIN_MS;
		snprintf(c->last, sizeof(c->last), "asked to go to %s", e->node);
		b->ops->grant(b->arg, c, e->node);
	}
}

static bool vanished_again(struct balance *b, const struct exchange *e, int64_t now_ms)
{
	struct view_node *to = view_find(&b->view, e->node);
	bool again = to != NULL && to->vanished_ms != 0 && now_ms - to->vanished_ms < FAILED_MS;

	if (to != NULL)
		to->vanished_ms = now_ms;
	return again;
}

static void tick_out(struct balance *b, struct exchange *e, int64_t now_ms)
{
	const struct candidate *c = shell_of(b, e);

	if (e->state == EXCHANGE_ASKING && now_ms - e->began_ms >= ASK_MS) {
		struct view_node *to = view_find(&b->view, e->node);

		if (to != NULL)
			to->avoid_ms = now_ms + AVOID_MS;
		refused(b, e, "no answer", now_ms);
	} else if (e->state == EXCHANGE_MOVING && now_ms - e->began_ms >= MOVE_MS) {
		exchange_failed(b, e, "it took too long", true, now_ms);
	} else if (e->state == EXCHANGE_MOVING && now_ms - e->asked_ms >= SILENCE_MS && c != NULL &&
		   c->typed_ms < e->asked_ms) {
		/* stopped, or lying: the others shall not wait for it */
		exchange_failed(b, e, "the shell does not answer", true, now_ms);
	} else if (e->state == EXCHANGE_MOVING && c == NULL && e->left_ms == 0) {
		e->left_ms = now_ms;
	} else if (e->state == EXCHANGE_MOVING && c == NULL && now_ms - e->left_ms >= LEFT_MS) {
		/*
		 * Its user ended it on the way, or the move failed, it is at its home again, and
		 * that is not here. Once means nothing, twice does.
		 */
		exchange_failed(b, e, "it left and did not arrive", vanished_again(b, e, now_ms), now_ms);
	} else if (e->state == EXCHANGE_MOVING && now_ms - e->heard_ms >= SILENCE_MS && c == NULL) {
		/* it has left, and nobody can tell where: the session looks after itself */
		exchange_failed(b, e, "its controller does not answer", true, now_ms);
	} else if (now_ms >= e->next_ms) {
		request(b, e, c, now_ms);
	}
}

/* ---- who takes ---- */

static void reply(struct balance *b, const struct view_node *to, uint64_t id, enum exchange_answer answer,
		  const char *why)
{
	struct msg m;

	datagram_begin(&m, DATAGRAM_REPLY, view_self(&b->view)->name, b->boot, ++b->seq);
	msg_uint(&m, MSG_ID, id);
	msg_uint(&m, MSG_STATUS, answer);
	msg_str(&m, MSG_WHY, why);
	balance_send(b, to, &m);
}

/* Stewart 4.4: until the exchange of a pair is over, neither permits another. */
static const char *occupied(const struct balance *b, bool evacuate)
{
	if (evacuate)
		return exchange_count(b->in) == EXCHANGE_MAX ? "as many as can be are coming" : NULL;
	if (exchange_count(b->in) != 0 || exchange_count(b->out) != 0)
		return "in another exchange";
	return NULL;
}

/* By its own figures, which are newer than what the other has heard. */
static const char *not_lighter(const struct balance *b, const struct load *theirs, double demand)
{
	const struct policy *p = b->conf.policy;
	const struct load *mine = &view_self(&b->view)->load;

	if (p->metric == NULL || policy_with_one(p->metric, mine, 0) < policy_with_one(p->metric, theirs, demand))
		return NULL;
	return "no longer lighter";
}

static void on_request(struct balance *b, const struct datagram *d, struct view_node *from, int64_t now_ms)
{
	char user[64] = "", session[RDV_ID_LEN + 1];
	uint64_t id, flags = 0, cpu = 0;
	struct exchange *e;
	struct load theirs;
	const char *why;
	bool evacuate;

	if (msg_get_uint(&d->body, MSG_ID, UINT64_MAX, &id) < 0 ||
	    id == 0 || msg_get_str(&d->body, MSG_SESSION, session, sizeof(session)) < 0 ||
	    strspn(session, "0123456789abcdef") != RDV_ID_LEN || load_get(&d->body, &theirs) < 0)
		return;
	(void)msg_get_str(&d->body, MSG_USER, user, sizeof(user));
	(void)msg_get_uint(&d->body, MSG_FLAGS, UINT32_MAX, &flags);
	(void)msg_get_uint(&d->body, MSG_CPU, 1000000, &cpu);
	e = by_id(b->in, id, d->from);
	if (e != NULL) {
		e->heard_ms = now_ms;
		reply(b, from, id, e->state == EXCHANGE_ARRIVED ? EXCHANGE_IS_HERE : EXCHANGE_ACCEPT, NULL);
		return;
	}
	for (size_t i = 0; i < sizeof(b->past) / sizeof(b->past[0]); i++)
		if (b->past[i].id == id) {
			reply(b, from, id, b->past[i].arrived ? EXCHANGE_IS_HERE : EXCHANGE_REFUSE, "it is over");
			return;
		}
	for (const struct candidate *c = b->candidates; c != NULL; c = c->next)
		if (strcmp(c->session, session) == 0) { /* from before we were started anew */
			reply(b, from, id, EXCHANGE_IS_HERE, NULL);
			return;
		}
	evacuate = (flags & MSG_FORCE) != 0;
	why = balance_refusal(b, user, d->from, evacuate);
	if (why == NULL)
		why = occupied(b, evacuate);
	if (why == NULL && !evacuate)
		why = not_lighter(b, &theirs, (double)cpu / 1000);
	e = why == NULL ? room(b->in) : NULL;
	if (e == NULL) {
		why = why != NULL ? why : "as many as can be are coming";
		balance_log(b, "session %.4s: from %s refused: %s (load here %.2f, there %.2f)",
			    session, d->from, why, load_index(&view_self(&b->view)->load), load_index(&theirs));
		reply(b, from, id, EXCHANGE_REFUSE, why);
		return;
	}
	*e = (struct exchange){ .state = EXCHANGE_EXPECTED, .id = id, .began_ms = now_ms, .heard_ms = now_ms,
				.evacuate = evacuate, .demand = (double)cpu / 1000 };
	snprintf(e->node, sizeof(e->node), "%s", d->from);
	memcpy(e->session, session, sizeof(e->session));
	balance_log(b, "session %.4s: from %s accepted (load here %.2f, there %.2f)", session,
		    d->from, load_index(&view_self(&b->view)->load), load_index(&theirs));
	reply(b, from, id, EXCHANGE_ACCEPT, NULL);
}

void exchange_arrived(struct balance *b, struct exchange *e, int64_t now_ms)
{
	const struct view_node *from = view_find(&b->view, e->node);

	if (e->state != EXCHANGE_EXPECTED)
		return;
	e->state = EXCHANGE_ARRIVED;
	e->heard_ms = now_ms;
	b->counts.moves_in++;
	/* a shell that has done little may be about to: half a task at least */
	b->brought += e->demand > 0.5 ? (e->demand < 1 ? e->demand : 1) : 0.5;
	if (from != NULL)
		reply(b, from, e->id, EXCHANGE_IS_HERE, NULL);
}

/* ---- both ---- */

void exchange_receive(struct balance *b, const struct datagram *d, struct view_node *from, int64_t now_ms)
{
	struct exchange *e;
	uint64_t id;

	if (d->kind == DATAGRAM_REQUEST) {
		on_request(b, d, from, now_ms);
	} else if (d->kind == DATAGRAM_REPLY) {
		on_reply(b, d, now_ms);
	} else if (d->kind == DATAGRAM_DONE && msg_get_uint(&d->body, MSG_ID, UINT64_MAX, &id) == 0) {
		e = by_id(b->in, id, d->from);
		if (e != NULL && e->state == EXCHANGE_EXPECTED)
			balance_log(b, "session %.4s: is not coming from %s", e->session, e->node);
		if (e != NULL)
			end(b, e);
	}
}

int64_t exchange_tick(struct balance *b, int64_t now_ms)
{
	int64_t next = INT64_MAX;

	for (int i = 0; i < EXCHANGE_MAX; i++) {
		if (b->in[i].state != EXCHANGE_FREE && now_ms - b->in[i].heard_ms >= SILENCE_MS) {
			balance_log(b, "session %.4s: no word from %s: no longer expected",
				    b->in[i].session, b->in[i].node);
			end(b, &b->in[i]);
		}
		if (b->out[i].state != EXCHANGE_FREE)
			tick_out(b, &b->out[i], now_ms);
	}
	for (int i = 0; i < EXCHANGE_MAX; i++) {
		if (b->out[i].state != EXCHANGE_FREE && b->out[i].next_ms < next)
			next = b->out[i].next_ms;
		if (b->in[i].state != EXCHANGE_FREE && b->in[i].heard_ms + SILENCE_MS < next)
			next = b->in[i].heard_ms + SILENCE_MS;
	}
	return next;
}
