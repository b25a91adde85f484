#include <config.h>

#include "controller/exchange.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * The node that wants to give a shell away, the giver, says REQUEST every second until the
 * shell is there or is not coming; the taker answers each time how things stand. So a lost
 * datagram costs a second, and a buddy that dies, or is stopped, frees the other in a few.
 *
 *     ASKING ──accept──> MOVING ──here──> free          EXPECTED ──the shell──> ARRIVED
 *        └─refuse, silence─┴─declined, too long─> free       └──done, silence───┴─> free
 */
enum {
	AGAIN_MS = 1000,
	ASK_AGAIN_MS = 400,
	ASK_MS = 2000,	   /* without an answer: then the next node is asked */
	MOVE_MS = 30000,   /* a whole move: offers at the rendezvous live as long */
	LEFT_MS = 10000,   /* a shell has left and not arrived: it has ended, or comes home by itself */
	SILENCE_MS = 5000, /* no word from the buddy: it is gone */
	AVOID_MS = 10000,  /* a node that did not answer gets nothing for so long */
	EXCUSED_MS = 5000, /* nor one that had a reason to stay, for so long */
	FAILED_MS = 60000, /* a shell whose move failed is not moved for so long */
	BROUGHT_MAX = 64,  /* tasks: more is not expected, whatever buddies claimed */
};

void exchange_init(struct exchanges *x, struct share *s)
{
	*x = (struct exchanges){ .share = s };
}

size_t exchange_count(const struct exchange *list)
{
	size_t n = 0;

	for (int i = 0; i < EXCHANGE_MAX; i++)
		n += list[i].state != EXCHANGE_FREE;
	return n;
}

size_t exchange_under_way(const struct exchanges *x)
{
	return exchange_count(x->out) + exchange_count(x->in);
}

/* The index of a session's exchange; EXCHANGE_MAX: none. */
static size_t find(const struct exchange *list, const char *session)
{
	size_t i = 0;

	while (i < EXCHANGE_MAX && (list[i].state == EXCHANGE_FREE || strcmp(list[i].session, session) != 0))
		i++;
	return i;
}

static struct exchange *by_session(struct exchange *list, const char *session)
{
	size_t i = find(list, session);

	return i < EXCHANGE_MAX ? &list[i] : NULL;
}

bool exchange_expects(const struct exchanges *x, const char *session)
{
	return find(x->in, session) < EXCHANGE_MAX;
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

static struct candidate *shell_of(const struct exchanges *x, const struct exchange *e)
{
	return candidates_find(x->share->candidates, e->session);
}

/* Ends an exchange: its shell may take part in another. */
static void end(struct exchanges *x, struct exchange *e)
{
	if (e->state == EXCHANGE_EXPECTED || e->state == EXCHANGE_ARRIVED)
		x->past[x->n_past++ % EXCHANGE_PAST_MAX] =
			(struct exchange_past){ e->id, e->state == EXCHANGE_ARRIVED };
	/* every connection of that session: it may have a new one before the old one is closed */
	for (struct candidate *c = x->share->candidates; c != NULL; c = c->next)
		if ((e->state == EXCHANGE_ASKING || e->state == EXCHANGE_MOVING) &&
		    strcmp(c->session, e->session) == 0)
			c->leaving = false;
	*e = (struct exchange){ 0 };
}

/* ---- who gives ---- */

/* Asks, or asks again; the giver's own figures go along. */
static void request(struct exchanges *x, struct exchange *e, const struct candidate *c, int64_t now_ms)
{
	const struct view_node *to = view_find(&x->share->view, e->node);
	struct msg m;

	e->next_ms = now_ms + (e->state == EXCHANGE_ASKING ? ASK_AGAIN_MS : AGAIN_MS);
	if (to == NULL)
		return;
	share_begin(x->share, &m, DATAGRAM_REQUEST);
	msg_uint(&m, MSG_ID, e->id);
	msg_str(&m, MSG_SESSION, e->session);
	msg_str(&m, MSG_USER, c != NULL && c->named ? c->user : NULL);
	msg_uint(&m, MSG_FLAGS, e->evacuate ? MSG_FORCE : 0);
	msg_uint(&m, MSG_CPU, (uint64_t)(e->demand * 1000));
	load_put(&view_self(&x->share->view)->load, &m);
	share_send(x->share, to, &m);
}

void exchange_again(struct exchanges *x, const char *node, int64_t now_ms)
{
	for (int i = 0; i < EXCHANGE_MAX; i++)
		if (x->out[i].state != EXCHANGE_FREE && strcmp(x->out[i].node, node) == 0)
			request(x, &x->out[i], shell_of(x, &x->out[i]), now_ms);
}

bool exchange_begin(struct exchanges *x, struct candidate *c, const struct view_node *to, bool evacuate,
		    int64_t now_ms)
{
	struct exchange *e = room(x->out);

	if (e == NULL)
		return false;
	*e = (struct exchange){ .state = EXCHANGE_ASKING, .id = share_random(x->share) | 1,
				.began_ms = now_ms, .heard_ms = now_ms, .evacuate = evacuate,
				.demand = candidates_demand(c, &view_self(&x->share->view)->load, now_ms) };
	snprintf(e->node, sizeof(e->node), "%s", to->name);
	memcpy(e->session, c->session, sizeof(e->session));
	memcpy(e->user, c->user, sizeof(e->user));
	c->leaving = true;
	x->share->counts.asked++;
	request(x, e, c, now_ms);
	return true;
}

/* Tells the taker that the exchange is over. */
static void done(struct exchanges *x, const struct exchange *e)
{
	const struct view_node *to = view_find(&x->share->view, e->node);
	struct msg m;

	if (to == NULL)
		return;
	share_begin(x->share, &m, DATAGRAM_DONE);
	msg_uint(&m, MSG_ID, e->id);
	share_send(x->share, to, &m);
}

/* Whose doing it is that a shell stays. */
enum fault {
	FAULT_TAKER, /* the other node's, which has said so: no user pays for that */
	FAULT_USER,  /* the user's, who may have a good reason once or twice */
	FAULT_MOVE,  /* nobody can tell: neither shell nor node is tried again soon */
};

/* The shell stays. */
static void failed(struct exchanges *x, struct exchange *e, const char *why, enum fault fault, int64_t now_ms)
{
	struct view_node *to = view_find(&x->share->view, e->node);
	struct candidate *c = shell_of(x, e);
	bool blame = fault == FAULT_MOVE;

	share_log(x->share, "session %.4s: stays, not to %s: %s", e->session, e->node, why);
	if (c != NULL) {
		snprintf(c->last, sizeof(c->last), "%s: %s", e->node, why);
		c->not_before_ms = now_ms + (blame ? FAILED_MS : EXCUSED_MS);
	}
	if (c != NULL && blame)
		penalty_add(&x->share->penalties, e->user, now_ms);
	else if (fault != FAULT_TAKER)
		penalty_excuse(&x->share->penalties, e->user, now_ms);
	if (to != NULL && blame)
		to->avoid_ms = now_ms + AVOID_MS;
	x->share->counts.failed += blame;
	done(x, e);
	end(x, e);
}

/* The node does not take the shell: it is not asked again in this decision. */
static void refused(struct exchanges *x, struct exchange *e, const char *why)
{
	struct view_node *to = view_find(&x->share->view, e->node);
	struct candidate *c = shell_of(x, e);

	share_log(x->share, "session %.4s: offload to %s refused: %s", e->session, e->node, why);
	x->share->counts.refused++;
	if (to != NULL)
		to->mark = x->share->view.decision;
	if (c != NULL)
		snprintf(c->last, sizeof(c->last), "%s refused: %s", e->node, why);
	end(x, e);
}

/* The shell is on the other node. */
static void arrived_there(struct exchanges *x, struct exchange *e, int64_t now_ms)
{
	struct candidate *c = shell_of(x, e);

	share_log(x->share, "session %.4s: is on %s, after %" PRId64 " ms", e->session, e->node,
		  now_ms - e->began_ms);
	x->share->counts.moves_out++;
	x->brought -= e->demand < 1 ? e->demand : 1; /* as much as the taker expects */
	penalty_clear(&x->share->penalties, e->user);
	if (c != NULL) { /* the old process waits to be released; one that is not will say so */
		c->eligible = false;
		snprintf(c->why, sizeof(c->why), "it has moved to %s", e->node);
	}
	done(x, e);
	end(x, e);
}

/* What keeps the shell of an accepted request here after all; NULL: nothing. Into buf. */
static const char *obstacle_now(const struct exchanges *x, struct candidate *c, int64_t now_ms, char *buf,
				size_t size)
{
	struct candidates_rules r = { .evacuate = true, .node = view_self(&x->share->view)->name,
				      .trusted = x->share->conf.trusts_user, .arg = x->share->conf.trust_arg,
				      .penalties = &x->share->penalties };
	const char *obstacle;

	if (c == NULL)
		return "the shell left";
	c->leaving = false; /* which is no obstacle here */
	obstacle = candidates_obstacle(c, &r, now_ms, buf, size);
	c->leaving = true;
	return obstacle;
}

/* The node takes the shell: it is asked to go, unless it has begun a command meanwhile. */
static void accepted(struct exchanges *x, struct exchange *e, int64_t now_ms)
{
	struct candidate *c = shell_of(x, e);
	char buf[128];
	const char *obstacle = obstacle_now(x, c, now_ms, buf, sizeof(buf));

	if (obstacle != NULL) {
		failed(x, e, obstacle, FAULT_USER, now_ms);
		return;
	}
	e->state = EXCHANGE_MOVING;
	e->asked_ms = now_ms;
	e->next_ms = now_ms + AGAIN_MS;
	snprintf(c->last, sizeof(c->last), "asked to go to %s", e->node);
	x->share->ops->grant(x->share->arg, c, e->node);
}

/* Heeds a taker's answer. True: decide again. */
static bool on_reply(struct exchanges *x, const struct datagram *d, int64_t now_ms)
{
	uint64_t id, answer;
	char why[128] = "no reason given";
	struct exchange *e;

	if (msg_get_uint(&d->body, MSG_ID, UINT64_MAX, &id) < 0 ||
	    msg_get_uint(&d->body, MSG_STATUS, 255, &answer) < 0 ||
	    (e = by_id(x->out, id, d->from)) == NULL)
		return false;
	(void)msg_get_str(&d->body, MSG_WHY, why, sizeof(why));
	e->heard_ms = now_ms;
	if (answer == EXCHANGE_REFUSE && e->state == EXCHANGE_ASKING) {
		refused(x, e, why);
		return true;
	}
	if (answer == EXCHANGE_IS_HERE) {
		arrived_there(x, e, now_ms);
		return true;
	}
	if (answer == EXCHANGE_REFUSE && shell_of(x, e) != NULL)
		failed(x, e, why, FAULT_TAKER, now_ms);
	else if (answer == EXCHANGE_ACCEPT && e->state == EXCHANGE_ASKING)
		accepted(x, e, now_ms);
	return false;
}

static bool vanished_again(struct exchanges *x, const struct exchange *e, int64_t now_ms)
{
	struct view_node *to = view_find(&x->share->view, e->node);
	/* one user's shells may all vanish, wherever they are sent */
	bool again = to != NULL && to->vanished_ms != 0 && now_ms - to->vanished_ms < FAILED_MS &&
		     strcmp(to->vanished_user, e->user) != 0;

	if (to != NULL) {
		to->vanished_ms = now_ms;
		memcpy(to->vanished_user, e->user, sizeof(to->vanished_user));
	}
	return again;
}

/* Why the exchange of a shell that was asked to move is given up now; NULL: it is not. */
static const char *overdue(struct exchanges *x, const struct exchange *e, const struct candidate *c,
			   int64_t now_ms, enum fault *ret_fault)
{
	*ret_fault = FAULT_MOVE;
	if (now_ms - e->began_ms >= MOVE_MS)
		return "it took too long";
	/* it is stopped, or lied: other shells shall not wait for it */
	if (now_ms - e->asked_ms >= SILENCE_MS && c != NULL && c->typed_ms < e->asked_ms)
		return "the shell does not answer";
	if (c != NULL || e->left_ms == 0)
		return NULL;
	/*
	 * Its user ended it on the way, or the move failed and the shell is at its origin again,
	 * which is not here. That blames the node only when it happens twice, to two users.
	 */
	if (now_ms - e->left_ms >= LEFT_MS) {
		*ret_fault = vanished_again(x, e, now_ms) ? FAULT_MOVE : FAULT_USER;
		return "it left and did not arrive";
	}
	/* it has left, and nobody can tell where to: its guardian looks after it */
	if (now_ms - e->heard_ms >= SILENCE_MS)
		return "its controller does not answer";
	return NULL;
}

/* Does what is due in an exchange with a taker. True: decide again. */
static bool step_out(struct exchanges *x, struct exchange *e, int64_t now_ms)
{
	const struct candidate *c = shell_of(x, e);
	const char *why = NULL;
	enum fault fault;

	if (e->state == EXCHANGE_ASKING && now_ms - e->began_ms >= ASK_MS) {
		struct view_node *to = view_find(&x->share->view, e->node);

		if (to != NULL)
			to->avoid_ms = now_ms + AVOID_MS;
		refused(x, e, "no answer");
		return true;
	}
	if (e->state == EXCHANGE_MOVING) {
		why = overdue(x, e, c, now_ms, &fault);
		if (why == NULL && c == NULL && e->left_ms == 0) {
			e->left_ms = now_ms;
			return false;
		}
	}
	if (why != NULL)
		failed(x, e, why, fault, now_ms);
	else if (now_ms >= e->next_ms)
		request(x, e, c, now_ms);
	return false;
}

/* ---- who takes ---- */

static void reply(struct exchanges *x, const struct view_node *to, uint64_t id, enum exchange_answer answer,
		  const char *why)
{
	struct msg m;

	share_begin(x->share, &m, DATAGRAM_REPLY);
	msg_uint(&m, MSG_ID, id);
	msg_uint(&m, MSG_STATUS, answer);
	msg_str(&m, MSG_WHY, why);
	share_send(x->share, to, &m);
}

/* Stewart 4.4: until the exchange of a pair is over, neither permits another. */
static const char *occupied(const struct exchanges *x, bool evacuate)
{
	if (evacuate)
		return exchange_count(x->in) == EXCHANGE_MAX ? "as many as can be are coming" : NULL;
	if (exchange_count(x->in) != 0 || exchange_count(x->out) != 0)
		return "in another exchange";
	return NULL;
}

/* Why a shell had better stay where it is, by what this node measured of itself; NULL: it need not. */
static const char *not_lighter(const struct exchanges *x, const struct load *theirs, double demand)
{
	const struct policy *p = x->share->conf.policy;
	const struct load *mine = &view_self(&x->share->view)->load;

	if (p->metric == NULL || policy_with_one(p->metric, mine, 0) < policy_with_one(p->metric, theirs, demand))
		return NULL;
	return "no longer lighter";
}

/* What a giver says of the shell that it wants to give away. */
struct asked {
	uint64_t id;
	char user[ACCOUNTS_NAME_MAX + 1], session[RDV_ID_LEN + 1]; /* user "": not known there */
	bool evacuate;
	double demand;
	struct load theirs;
};

static bool asked_get(const struct msg_view *v, struct asked *ret)
{
	uint64_t flags = 0, cpu = 0;

	*ret = (struct asked){ 0 };
	if (msg_get_uint(v, MSG_ID, UINT64_MAX, &ret->id) < 0 || ret->id == 0 ||
	    msg_get_str(v, MSG_SESSION, ret->session, sizeof(ret->session)) < 0 ||
	    strspn(ret->session, "0123456789abcdef") != RDV_ID_LEN || load_get(v, &ret->theirs) < 0)
		return false;
	(void)msg_get_str(v, MSG_USER, ret->user, sizeof(ret->user));
	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	(void)msg_get_uint(v, MSG_CPU, 1000000, &cpu);
	ret->evacuate = (flags & MSG_FORCE) != 0;
	ret->demand = (double)cpu / 1000;
	return true;
}

/* Answers a request that was answered before, as things stand now; false: it is a new one. */
static bool answered_before(struct exchanges *x, const struct asked *a, const struct view_node *from,
			    int64_t now_ms)
{
	struct exchange *e = by_id(x->in, a->id, from->name);

	if (e != NULL) {
		e->heard_ms = now_ms;
		reply(x, from, a->id, e->state == EXCHANGE_ARRIVED ? EXCHANGE_IS_HERE : EXCHANGE_ACCEPT, NULL);
		return true;
	}
	for (size_t i = 0; i < EXCHANGE_PAST_MAX; i++)
		if (x->past[i].id == a->id) {
			reply(x, from, a->id, x->past[i].arrived ? EXCHANGE_IS_HERE : EXCHANGE_REFUSE,
			      "it is over");
			return true;
		}
	if (candidates_find(x->share->candidates, a->session) != NULL) {
		/* it came before this controller was started anew */
		reply(x, from, a->id, EXCHANGE_IS_HERE, NULL);
		return true;
	}
	return false;
}

static void on_request(struct exchanges *x, const struct datagram *d, const struct view_node *from,
		       int64_t now_ms)
{
	const struct load *mine = &view_self(&x->share->view)->load;
	struct exchange *e;
	struct asked a;
	const char *why;

	if (!asked_get(&d->body, &a) || answered_before(x, &a, from, now_ms))
		return;
	why = share_refusal(x->share, a.user[0] != '\0' ? a.user : NULL, d->from, a.evacuate);
	if (why == NULL)
		why = occupied(x, a.evacuate);
	if (why == NULL && !a.evacuate)
		why = not_lighter(x, &a.theirs, a.demand);
	if (why != NULL) {
		share_log(x->share, "session %.4s: from %s refused: %s (load here %.2f, there %.2f)",
			  a.session, d->from, why, load_index(mine), load_index(&a.theirs));
		reply(x, from, a.id, EXCHANGE_REFUSE, why);
		return;
	}
	e = room(x->in); /* there is one: see occupied() */
	*e = (struct exchange){ .state = EXCHANGE_EXPECTED, .id = a.id, .began_ms = now_ms, .heard_ms = now_ms,
				.evacuate = a.evacuate, .demand = a.demand };
	snprintf(e->node, sizeof(e->node), "%s", d->from);
	memcpy(e->session, a.session, sizeof(e->session));
	share_log(x->share, "session %.4s: from %s accepted (load here %.2f, there %.2f)", a.session, d->from,
		  load_index(mine), load_index(&a.theirs));
	reply(x, from, a.id, EXCHANGE_ACCEPT, NULL);
}

/* Notes that an expected shell is here, and tells the giver. */
static void arrived_here(struct exchanges *x, struct exchange *e, int64_t now_ms)
{
	const struct view_node *from = view_find(&x->share->view, e->node);

	e->state = EXCHANGE_ARRIVED;
	e->heard_ms = now_ms;
	x->share->counts.moves_in++;
	/* a shell that has done little may be about to do more: half a task at least */
	x->brought += e->demand > 0.5 ? (e->demand < 1 ? e->demand : 1) : 0.5;
	if (from != NULL)
		reply(x, from, e->id, EXCHANGE_IS_HERE, NULL);
}

/* ---- what a shell does ---- */

void exchange_arrived(struct exchanges *x, const char *session, int64_t now_ms)
{
	struct exchange *in = by_session(x->in, session), *out = by_session(x->out, session);

	if (in != NULL && in->state == EXCHANGE_EXPECTED)
		arrived_here(x, in, now_ms);
	if (out != NULL && out->state == EXCHANGE_MOVING)
		failed(x, out, "the move failed", FAULT_MOVE, now_ms); /* the shell is here again */
}

void exchange_left(struct exchanges *x, const char *session, int64_t now_ms)
{
	struct exchange *out = by_session(x->out, session);

	if (out != NULL && out->state == EXCHANGE_ASKING && shell_of(x, out) == NULL)
		failed(x, out, "the shell left", FAULT_USER, now_ms);
}

void exchange_declined(struct exchanges *x, const char *session, const char *why, bool blame, int64_t now_ms)
{
	struct exchange *out = by_session(x->out, session);

	if (out != NULL && out->state == EXCHANGE_MOVING)
		failed(x, out, why, blame ? FAULT_MOVE : FAULT_USER, now_ms);
}

static size_t coming(const struct exchanges *x)
{
	size_t n = 0;

	for (int i = 0; i < EXCHANGE_MAX; i++)
		n += x->in[i].state == EXCHANGE_EXPECTED;
	return n;
}

bool exchange_is_paired(const struct exchanges *x)
{
	return coming(x) != 0 || exchange_count(x->out) != 0;
}

double exchange_expected(struct exchanges *x, int64_t now_ms)
{
	if (x->decayed_ms != 0 && now_ms > x->decayed_ms)
		x->brought *= exp(-(double)(now_ms - x->decayed_ms) / (double)x->share->conf.smoothing_ms);
	x->decayed_ms = now_ms;
	x->brought = fmin(fmax(x->brought, -BROUGHT_MAX), BROUGHT_MAX);
	return x->brought + (double)coming(x);
}

/* ---- both ---- */

bool exchange_receive(struct exchanges *x, const struct datagram *d, const struct view_node *from,
		      int64_t now_ms)
{
	struct exchange *e;
	uint64_t id;

	if (d->kind == DATAGRAM_REPLY)
		return on_reply(x, d, now_ms);
	if (d->kind == DATAGRAM_REQUEST) {
		on_request(x, d, from, now_ms);
	} else if (d->kind == DATAGRAM_DONE && msg_get_uint(&d->body, MSG_ID, UINT64_MAX, &id) == 0) {
		e = by_id(x->in, id, d->from);
		if (e != NULL && e->state == EXCHANGE_EXPECTED)
			share_log(x->share, "session %.4s: is not coming from %s", e->session, e->node);
		if (e != NULL)
			end(x, e);
	}
	return false;
}

bool exchange_step(struct exchanges *x, size_t i, int64_t now_ms)
{
	if (x->in[i].state != EXCHANGE_FREE && now_ms - x->in[i].heard_ms >= SILENCE_MS) {
		share_log(x->share, "session %.4s: no word from %s: no longer expected", x->in[i].session,
			  x->in[i].node);
		end(x, &x->in[i]);
	}
	return x->out[i].state != EXCHANGE_FREE && step_out(x, &x->out[i], now_ms);
}

int64_t exchange_due_ms(const struct exchanges *x)
{
	int64_t next = INT64_MAX;

	for (int i = 0; i < EXCHANGE_MAX; i++) {
		if (x->out[i].state != EXCHANGE_FREE && x->out[i].next_ms < next)
			next = x->out[i].next_ms;
		if (x->in[i].state != EXCHANGE_FREE && x->in[i].heard_ms + SILENCE_MS < next)
			next = x->in[i].heard_ms + SILENCE_MS;
	}
	return next;
}
