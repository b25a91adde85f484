#include <config.h>

#include "controller/balance.h"

#include "controller/nowcast.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOVE_S 0.1 /* what a move costs a shell that waits for nothing else */

enum { DECIDE_MS = 1000, HOLD = 10, EXPECTED_MAX = 1000 };

int balance_init(struct balance *b, const char *own_name, uint64_t boot, const struct share_ops *ops,
		 void *arg)
{
	*b = (struct balance){ 0 };
	gossip_init(&b->gossip, &b->share);
	exchange_init(&b->exchanges, &b->share);
	return share_init(&b->share, own_name, boot, ops, arg);
}

void balance_release(struct balance *b)
{
	share_release(&b->share);
}

/* ---- load ---- */

/* Single commands are placed. */
static bool predicts(const struct balance *b)
{
	return b->share.conf.policy == &policy_prediction || b->share.conf.policy == &policy_best_fit;
}

/* Fills in what the balance itself knows of its node's load: shells, expected tasks, flags. */
static void refresh_self(struct balance *b, int64_t now_ms)
{
	const struct share *s = &b->share;
	struct load *l = &view_self(&s->view)->load;

	l->sessions = 0;
	for (const struct candidate *c = s->candidates; c != NULL; c = c->next)
		l->sessions++;
	l->expected = (float)(exchange_expected(&b->exchanges, now_ms) + (predicts(b) ? nowcast_difference(s->candidates) : 0));
	l->flags = (share_is_draining(s) ? LOAD_DRAINING : 0) | (s->owner_here ? LOAD_OWNER : 0) |
		   (exchange_is_paired(&b->exchanges) ? LOAD_PAIRED : 0);
}

void balance_set_load(struct balance *b, const struct load *l, int64_t now_ms)
{
	struct load *own = &view_self(&b->share.view)->load;
	struct load kept = *own;

	nowcast_sample(b->share.candidates, exp(-(double)(now_ms - b->sampled_ms) / (double)b->share.conf.smoothing_ms));
	b->sampled_ms = now_ms;

	*own = *l;
	own->expected = kept.expected;
	own->flags = kept.flags;
	own->sessions = kept.sessions;
	refresh_self(b, now_ms);
}

/* ---- decisions ---- */

static bool may_be_target(const struct balance *b, const struct view_node *n, int64_t now_ms)
{
	const struct share *s = &b->share;

	return n != view_self(&s->view) && !n->drain && view_is_fresh(&s->view, n, now_ms, s->conf.stale_ms) &&
	       (n->load.flags & (LOAD_DRAINING | LOAD_OWNER)) == 0 && share_trusts_node(s, n->name);
}

struct choice {
	const struct load **loads;
	struct view_node **nodes;
	size_t n;
};

static void choice_release(struct choice *c)
{
	free(c->loads);
	free(c->nodes);
}

/*
 * The nodes that might take a shell: of this cluster, or with `far` of all. Unless `all`, a node
 * that has lately been asked in vain is left out.
 */
static bool choice_fill(const struct balance *b, struct choice *c, bool far, bool all, int64_t now_ms)
{
	const char *cluster = view_self(&b->share.view)->cluster;

	*c = (struct choice){ .loads = calloc(b->share.view.n, sizeof(*c->loads)),
			      .nodes = calloc(b->share.view.n, sizeof(*c->nodes)) };
	if (c->loads == NULL || c->nodes == NULL) {
		choice_release(c);
		return false;
	}
	for (size_t i = 0; i < b->share.view.n; i++) {
		struct view_node *n = &b->share.view.nodes[i];

		if (may_be_target(b, n, now_ms) &&
		    (all || (now_ms >= n->avoid_ms && n->mark != b->share.view.decision)) &&
		    (far || strcmp(n->cluster, cluster) == 0)) {
			c->loads[c->n] = &n->load;
			c->nodes[c->n++] = n;
		}
	}
	return true;
}

/* What a shell, or a command, is to find a node for. */
struct wish {
	const struct candidate *c; /* NULL: none that is known */
	struct response_need need;
	double cost; /* of going there, s */
	const struct policy *policy; /* NULL: it has to leave */
	bool all_nodes; /* `all` of choice_fill() */
};

/* The part of the queue here that is a shell's own. */
static double own_part(const struct balance *b, const struct candidate *c, const struct load *l, int64_t now_ms)
{
	return predicts(b) ? nowcast_tasks(c) : candidates_demand(c, l, now_ms);
}

/* Where the policy would send it; NULL: nowhere. */
static struct view_node *find_target(const struct balance *b, const struct wish *w, int64_t now_ms)
{
	const struct load *own = &view_self(&b->share.view)->load;
	struct view_node *found = NULL;

	for (int far = 0; far <= (b->share.conf.across_clusters || w->policy == NULL) && found == NULL; far++) {
		struct choice all;
		int i;

		if (!choice_fill(b, &all, far != 0, w->all_nodes, now_ms))
			return NULL;
		struct policy_view v = {
			.self = own, .nodes = all.loads, .n = all.n,
			.lower = b->share.conf.lower, .offload_constant = b->share.conf.offload_constant, .gain = b->share.conf.gain,
			.demand = w->c != NULL ? own_part(b, w->c, own, now_ms) : 0,
			.need = w->need, .cost = w->cost, .turn = b->turn, .random = share_random(&b->share),
		};
		i = w->policy == NULL ? policy_refuge(&v) : w->policy->choose(&v);
		found = i >= 0 ? all.nodes[i] : NULL;
		choice_release(&all);
	}
	return found;
}

/* What a shell will run next, as far as that is known. */
static struct response_need next_of(const struct candidate *c)
{
	return (struct response_need){ .cpu = c->next_cpu, .memory_kib = c->rss_kib, .known = c->next_cpu > 0 };
}

/* A shell between two commands. `all_nodes` is `all` of choice_fill(). */
static struct view_node *target(const struct balance *b, const struct candidate *c, bool evacuate, bool all_nodes, int64_t now_ms)
{
	const struct wish w = { .c = c, .cost = MOVE_S, .policy = evacuate ? NULL : b->share.conf.policy, .all_nodes = all_nodes,
				.need = next_of(c) };

	return find_target(b, &w, now_ms);
}

/* What is known of a command counts under every policy that looks at all. */
static const struct policy *policy_for(const struct balance *b, const struct response_need *need)
{
	const struct policy *p = b->share.conf.policy;

	return !need->known || p == &policy_none || p == &policy_best_fit ? p : &policy_prediction;
}

struct view_node *balance_place(struct balance *b, const struct candidate *c, const struct response_need *need, double cost, int64_t now_ms)
{
	const struct wish w = { .c = c, .need = *need, .cost = cost, .policy = policy_for(b, need) };

	b->share.view.decision++; /* one of its own, in which no node has refused yet */
	return find_target(b, &w, now_ms);
}

double balance_response(const struct balance *b, const struct candidate *c, const struct response_need *need, const struct view_node *n, int64_t now_ms)
{
	bool here = n == view_self(&b->share.view);

	return response_time(&n->load, need, here && c != NULL ? own_part(b, c, &n->load, now_ms) : 0);
}

void balance_expect(struct balance *b, const struct view_node *n)
{
	float *expected = &b->share.view.nodes[n - b->share.view.nodes].load.expected;

	if (*expected < EXPECTED_MAX) /* whoever asks again and again does no more harm than one who runs as many tasks */
		*expected += 1;
}

static struct candidates_rules rules(const struct balance *b, bool evacuate)
{
	return (struct candidates_rules){
		.penalties = &b->share.penalties,
		.residence_ms = b->share.conf.residence_ms, .evacuate = evacuate,
		.guests_only = evacuate && !share_is_draining(&b->share), .node = view_self(&b->share.view)->name,
		.trusted = b->share.conf.trusts_user, .arg = b->share.conf.trust_arg,
	};
}

static void begin(struct balance *b, struct candidate *c, struct view_node *to, bool evacuate, int64_t now_ms)
{
	const struct load *own = &view_self(&b->share.view)->load;

	if (!exchange_begin(&b->exchanges, c, to, evacuate, now_ms))
		return;
	share_log(&b->share,
		  "session %.4s: %s to %s: load here %.2f (queue %.2f, %.2f CPUs of speed %.2f), there %.2f "
		  "(queue %.2f, %.2f CPUs of speed %.2f), its commands use %.2f, policy %s",
		  c->session, evacuate ? "evacuation" : "offload", to->name, load_index(own), load_queue(own),
		  (double)own->cpus, (double)own->speed, load_index(&to->load), load_queue(&to->load),
		  (double)to->load.cpus, (double)to->load.speed, candidates_cpu(c, now_ms),
		  b->share.conf.policy->name);
}

/* Drain: every shell leaves; an owner, evict: every guest. Several at a time, wherever a node takes them. */
static void evacuate(struct balance *b, int64_t now_ms)
{
	struct candidates_rules r = rules(b, true);

	while (exchange_count(b->exchanges.out) < EXCHANGE_MAX) {
		struct candidate *c = candidates_choose(b->share.candidates, b->share.conf.choice, &r,
							now_ms);
		struct view_node *to = c != NULL ? target(b, c, true, false, now_ms) : NULL;

		if (to == NULL)
			return;
		begin(b, c, to, true, now_ms);
		/* until that node tells its load itself: so that not every shell goes to the same one */
		to->load.expected += 1;
	}
}

static bool has_guests(const struct balance *b)
{
	for (const struct candidate *c = b->share.candidates; c != NULL; c = c->next)
		if (strcmp(c->origin, view_self(&b->share.view)->name) != 0)
			return true;
	return exchange_count(b->exchanges.out) != 0;
}

/*
 * For how many ms a shell must have been better off elsewhere, all the time, before it goes.
 * Queues go up and down by themselves and are seen once a second: a shell that went after every
 * dip would come back a minute later. When the gain is the offload constant the time is HOLD
 * smoothing times; when it is twice that, half of them; and so on.
 */
static int64_t hold(const struct balance *b, const struct candidate *c, const struct view_node *to,
		    int64_t now_ms)
{
	const struct policy *p = b->share.conf.policy;
	const struct load *own = &view_self(&b->share.view)->load;
	const struct response_need need = next_of(c);
	double least = b->share.conf.offload_constant, gain, ms = HOLD * (double)b->share.conf.smoothing_ms;

	if (predicts(b)) {
		least = b->share.conf.gain + MOVE_S;
		gain = response_time(own, &need, own_part(b, c, own, now_ms)) - response_time(&to->load, &need, 0);
	} else if (p->metric != NULL) {
		gain = policy_with_one(p->metric, own, candidates_demand(c, own, now_ms)) - policy_with_one(p->metric, &to->load, 0);
	} else {
		return 0;
	}
	return (int64_t)(gain > least ? ms * least / gain : ms);
}

/* Notes since when a shell would be better off elsewhere, whether or not a node there takes it. */
static void look(const struct balance *b, struct candidate *c, int64_t now_ms)
{
	const struct view_node *to = target(b, c, false, true, now_ms);

	if (to == NULL)
		c->lighter_ms = 0;
	else if (c->lighter_ms == 0)
		c->lighter_ms = now_ms;
	if (to != NULL)
		c->ripe_ms = c->lighter_ms + hold(b, c, to, now_ms);
}

void balance_decide(struct balance *b, int64_t now_ms)
{
	struct candidates_rules r = rules(b, false);
	struct candidate *c;
	struct view_node *to;

	if (share_is_alone(&b->share)) {
		b->share.evicting = false; /* no guest can go anywhere */
		return;
	}
	if (share_is_draining(&b->share) || b->share.owner_here || b->share.evicting) {
		evacuate(b, now_ms);
		b->share.evicting = b->share.evicting && has_guests(b);
		return;
	}
	if (exchange_under_way(&b->exchanges) != 0)
		return;
	r.ripe = true;
	c = candidates_choose(b->share.candidates, b->share.conf.choice, &r, now_ms);
	to = c != NULL ? target(b, c, false, false, now_ms) : NULL;
	if (to != NULL)
		begin(b, c, to, false, now_ms);
}

size_t balance_targets(const struct balance *b, int64_t now_ms, const struct view_node **ret, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < b->share.view.n; i++) {
		const struct view_node *x = &b->share.view.nodes[i];
		size_t at;

		if (!may_be_target(b, x, now_ms) || now_ms < x->avoid_ms)
			continue;
		if (n == max && load_availability(&x->load) <= load_availability(&ret[n - 1]->load))
			continue;
		n += n < max;
		for (at = n - 1; at != 0 && load_availability(&ret[at - 1]->load) <
						    load_availability(&x->load);
		     at--)
			ret[at] = ret[at - 1];
		ret[at] = x;
	}
	return n;
}

/* What its next command is expected to take. */
static void explain_next(const struct balance *b, const struct candidate *c, const struct view_node *to, FILE *f, int64_t now_ms)
{
	const struct response_need need = next_of(c);

	if (c->next_cpu <= 0) {
		if (predicts(b))
			fprintf(f, "next: nothing is known of what it will run\n");
		return;
	}
	fprintf(f, "next: a command of %.2f s CPU; here in %.2f s", c->next_cpu, balance_response(b, c, &need, view_self(&b->share.view), now_ms));
	if (to != NULL)
		fprintf(f, ", on %s in %.2f s", to->name, balance_response(b, c, &need, to, now_ms));
	fprintf(f, " (a move has to gain %.2f s)\n", b->share.conf.gain + MOVE_S);
}

void balance_explain(struct balance *b, const struct candidate *c, int64_t now_ms, char *buf, size_t size)
{
	bool leaving = share_is_draining(&b->share) || b->share.owner_here || b->share.evicting;
	struct candidates_rules r = rules(b, leaving);
	const struct view_node *best[1], *to = NULL;
	char reason[128];
	int64_t left;
	const char *obstacle = candidates_obstacle(c, &r, now_ms, reason, sizeof(reason));
	const struct load *own = &view_self(&b->share.view)->load;
	size_t n = balance_targets(b, now_ms, best, 1);
	FILE *f = fmemopen(buf, size, "w");

	if (f == NULL)
		return;
	fprintf(f, "here: load %.2f, queue %.2f, policy %s\n", load_index(own), load_queue(own),
		b->share.conf.policy->name);
	if (n != 0)
		fprintf(f, "best: %s, load %.2f, queue %.2f\n", best[0]->name, load_index(&best[0]->load),
			load_queue(&best[0]->load));
	else
		fprintf(f, "best: no other node takes shells now\n");
	b->share.view.decision++; /* a decision of its own, in which no node has refused yet */
	if (obstacle != NULL)
		fprintf(f, "stays: %s\n", obstacle);
	else if (n == 0)
		fprintf(f, "stays: there is nowhere to go\n");
	else if (leaving && exchange_count(b->exchanges.out) == EXCHANGE_MAX)
		fprintf(f, "stays: %d shells are leaving already; it is one of the next\n", EXCHANGE_MAX);
	else if ((to = target(b, c, leaving, false, now_ms)) != NULL) {
		left = leaving ? 0 : c->lighter_ms != 0 ? c->ripe_ms - now_ms : hold(b, c, to, now_ms);
		fprintf(f, "would go to %s", to->name);
		if (left > 0)
			fprintf(f, ", if that stays lighter for %lld s", (long long)(left + 999) / 1000);
		fputc('\n', f);
	} else
		fprintf(f, "stays: by the policy it is well here (lower %.2f, offload_constant %.2f)\n",
			b->share.conf.lower, b->share.conf.offload_constant);
	explain_next(b, c, to, f, now_ms);
	if (c->last[0] != '\0')
		fprintf(f, "last: %s\n", c->last);
	fclose(f);
}

/* ---- shells ---- */

void balance_came(struct balance *b, struct candidate *c, int64_t now_ms)
{
	c->next = b->share.candidates;
	b->share.candidates = c;
	exchange_arrived(&b->exchanges, c->session, now_ms);
	refresh_self(b, now_ms);
}

void balance_left(struct balance *b, struct candidate *c, int64_t now_ms)
{
	struct candidate **p = &b->share.candidates;

	while (*p != NULL && *p != c)
		p = &(*p)->next;
	if (*p != NULL)
		*p = c->next;
	exchange_left(&b->exchanges, c->session, now_ms);
}

void balance_changed(struct balance *b, struct candidate *c, int64_t now_ms)
{
	look(b, c, now_ms);
	if (c->idle && c->eligible)
		balance_decide(b, now_ms); /* between two commands: the moment to move */
}

void balance_declined(struct balance *b, struct candidate *c, const char *why, bool blame, int64_t now_ms)
{
	exchange_declined(&b->exchanges, c->session, why, blame, now_ms);
}

void balance_reached(struct balance *b)
{
	gossip_again(&b->gossip);
}

/* ---- what comes in, what is due ---- */

/* Sends a challenge, or echoes one: CHALLENGE or ECHO. */
static void send_challenge(struct share *s, enum datagram_kind kind, const struct view_node *to,
			   uint64_t challenge)
{
	struct msg m;

	share_begin(s, &m, kind);
	msg_uint(&m, MSG_CHALLENGE, challenge);
	share_answer(s, to, &m);
}

static void on_challenge(struct balance *b, const struct datagram *d, const struct view_node *from,
			 int64_t now_ms)
{
	uint64_t challenge;

	if (msg_get_uint(&d->body, MSG_CHALLENGE, UINT64_MAX, &challenge) < 0)
		return;
	send_challenge(&b->share, DATAGRAM_ECHO, from, challenge);
	exchange_again(&b->exchanges, from->name, now_ms);
}

/*
 * Is this datagram from the sender's present run, and not a replay from one that is over? A
 * run proves it by echoing a fresh challenge. A request for an exchange counts only after that.
 * News of load counts without, as long as no run of that node has proved itself and the run is
 * no earlier than the last one known: a challenge at each first contact would cost a large
 * cluster more than all other datagrams. An earlier run is a replay, or the node's clock went back.
 */
static bool is_alive(struct share *s, const struct datagram *d, struct view_node *from)
{
	uint64_t echo;

	if (d->kind != DATAGRAM_ECHO && d->boot == from->alive_boot)
		return true;
	if (d->kind == DATAGRAM_STATE && from->alive_boot == 0 && d->boot >= from->from_boot)
		return true;
	if (d->kind == DATAGRAM_ECHO && from->challenge != 0 &&
	    msg_get_uint(&d->body, MSG_CHALLENGE, UINT64_MAX, &echo) == 0 && echo == from->challenge) {
		from->challenge = 0;
		from->alive_boot = d->boot;
		if (d->boot < from->boot)
			from->boot = 0; /* its rows begin anew */
		return true;
	}
	if (d->kind == DATAGRAM_ECHO)
		return false;
	if (from->challenge == 0)
		from->challenge = share_random(s) | 1;
	send_challenge(s, DATAGRAM_CHALLENGE, from, from->challenge);
	return false;
}

void balance_receive(struct balance *b, const uint8_t *buf, size_t len, int64_t now_ms)
{
	struct share *s = &b->share;
	struct datagram d;
	struct view_node *from;

	from = share_open(s, buf, len, &d);
	if (from == NULL || !share_trusts_node(s, d.from)) {
		s->counts.dropped++;
		return;
	}
	if (d.kind == DATAGRAM_CHALLENGE) { /* no proof is needed: all that it does is make us answer */
		on_challenge(b, &d, from, now_ms);
		return;
	}
	if (!is_alive(s, &d, from) || !view_accept_seq(from, d.boot, d.seq)) {
		s->counts.dropped++;
		return;
	}
	from->heard_key = from->came_key;
	s->counts.datagrams_in++;
	s->counts.bytes_in += len;
	if (d.kind == DATAGRAM_STATE)
		gossip_receive(&b->gossip, &d, now_ms);
	else if (exchange_receive(&b->exchanges, &d, from, now_ms))
		balance_decide(b, now_ms);
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Looks at all shells, and begins an exchange if one of them is to go. Done every second. */
static void decide_anew(struct balance *b, int64_t now_ms)
{
	b->decided_ms = now_ms;
	b->share.view.decision++;
	b->turn++;
	for (struct candidate *c = b->share.candidates; c != NULL; c = c->next)
		look(b, c, now_ms);
	balance_decide(b, now_ms);
}

int64_t balance_tick(struct balance *b, int64_t now_ms)
{
	int64_t next;

	/* also when nobody shares any more: what is under way ends */
	for (size_t i = 0; i < EXCHANGE_MAX; i++)
		if (exchange_step(&b->exchanges, i, now_ms))
			balance_decide(b, now_ms);
	next = exchange_due_ms(&b->exchanges);
	if (!share_is_alone(&b->share) && now_ms - b->decided_ms >= DECIDE_MS)
		decide_anew(b, now_ms);
	refresh_self(b, now_ms);
	next = min64(next, gossip_tick(&b->gossip, now_ms));
	if (!share_is_alone(&b->share) && b->share.candidates != NULL)
		next = min64(next, b->decided_ms + DECIDE_MS);
	return next == INT64_MAX ? next : next > now_ms ? next - now_ms : 1;
}
