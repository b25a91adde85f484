#include <config.h>

#include "controller/balance.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIDE_MS = 1000, BROUGHT_MAX = 64, HOLD = 10 };

static bool everybody(void *arg, const char *name)
{
	(void)arg;
	(void)name;
	return true;
}

void balance_conf_default(struct balance_conf *c)
{
	*c = (struct balance_conf){
		.policy = &policy_speed_adjusted, .choice = candidates_choice_find("cpu"),
		.offload_constant = 0.5, .lower = 0.5, .upper = 8, .residence_ms = 60000,
		.min_period_ms = 500, .heartbeat_ms = 5000, .stale_ms = 20000, .smoothing_ms = 5000,
		.trusts_user = everybody, .trusts_node = everybody,
	};
}

int balance_init(struct balance *b, const char *own_name, uint64_t boot, const struct balance_ops *ops,
		 void *arg)
{
	*b = (struct balance){ .ops = ops, .arg = arg, .boot = boot };
	balance_conf_default(&b->conf);
	/* the first tick is free to tell at once */
	b->told_ms = b->round_ms = INT64_MIN / 2;
	return view_init(&b->view, own_name);
}

void balance_release(struct balance *b)
{
	view_release(&b->view);
	explicit_bzero(&b->key, sizeof(b->key));
}

void balance_log(struct balance *b, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	b->ops->log(b->arg, line);
}

void balance_send(struct balance *b, const struct view_node *to, struct msg *m)
{
	uint8_t out[DATAGRAM_MAX];
	int n;

	if (b->alone) {
		msg_release(m);
		return;
	}
	n = datagram_seal(&b->key, to->name, m, out);
	if (n < 0)
		return;
	b->counts.datagrams_out++;
	b->counts.bytes_out += (uint64_t)n;
	b->ops->send(b->arg, to, out, (size_t)n);
}

/* ---- load ---- */

/* Newcomers are expected to bring load until the smoothed queue shows it, and leavers … */
static void decay(struct balance *b, int64_t now_ms)
{
	if (b->decayed_ms != 0 && now_ms > b->decayed_ms)
		b->brought *= exp(-(double)(now_ms - b->decayed_ms) / (double)b->conf.smoothing_ms);
	b->decayed_ms = now_ms;
	b->brought = fmin(fmax(b->brought, -BROUGHT_MAX), BROUGHT_MAX);
}

/* What the balance itself adds to its node's load. */
static void refresh_self(struct balance *b, int64_t now_ms)
{
	struct load *l = &view_self(&b->view)->load;
	uint32_t sessions = 0;
	size_t coming = 0;

	decay(b, now_ms);
	for (const struct candidate *c = b->candidates; c != NULL; c = c->next)
		sessions++;
	for (int i = 0; i < EXCHANGE_MAX; i++)
		coming += b->in[i].state == EXCHANGE_EXPECTED;
	l->sessions = sessions;
	l->expected = (float)(b->brought + (double)coming);
	l->flags = (b->draining ? LOAD_DRAINING : 0) | (b->owner_here ? LOAD_OWNER : 0) |
		   (coming != 0 || exchange_count(b->out) != 0 ? LOAD_PAIRED : 0);
}

void balance_set_load(struct balance *b, const struct load *l, int64_t now_ms)
{
	struct load *own = &view_self(&b->view)->load;
	struct load kept = *own;

	*own = *l;
	own->expected = kept.expected;
	own->flags = kept.flags;
	own->sessions = kept.sessions;
	refresh_self(b, now_ms);
}

/* ---- participation (Bubendorfer 1996, 2) ---- */

const char *balance_refusal(const struct balance *b, const char *user, const char *from, bool evacuated)
{
	if (b->draining)
		return "this node is draining";
	if (!b->conf.trusts_user(b->conf.trust_arg, user))
		return "that user takes no part here";
	if (from != NULL && !b->conf.trusts_node(b->conf.trust_arg, from))
		return "that node takes no part here";
	if (b->owner_here)
		return "its owner is there";
	if (b->evicting)
		return "guests are being sent away";
	if (!evacuated && load_index(&view_self(&b->view)->load) >= b->conf.upper)
		return "overloaded";
	return NULL;
}

bool balance_expects(const struct balance *b, const char *session)
{
	struct balance *m = (struct balance *)(uintptr_t)b;

	return exchange_of(m->in, session) != NULL;
}

/* ---- decisions ---- */

static bool may_be_target(const struct balance *b, const struct view_node *n, int64_t now_ms)
{
	return n != view_self(&b->view) && view_is_fresh(&b->view, n, now_ms, b->conf.stale_ms) &&
	       (n->load.flags & (LOAD_DRAINING | LOAD_OWNER)) == 0 &&
	       b->conf.trusts_node(b->conf.trust_arg, n->name);
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

/* Those that might take a shell; unless `all`, without those that were tried and did not, lately. */
static bool choice_fill(const struct balance *b, struct choice *c, bool far, bool all, int64_t now_ms)
{
	const char *cluster = view_self(&b->view)->cluster;

	*c = (struct choice){ calloc(b->view.n, sizeof(*c->loads)), calloc(b->view.n, sizeof(*c->nodes)), 0 };
	if (c->loads == NULL || c->nodes == NULL) {
		choice_release(c);
		return false;
	}
	for (size_t i = 0; i < b->view.n; i++) {
		struct view_node *n = &b->view.nodes[i];

		if (may_be_target(b, n, now_ms) &&
		    (all || (now_ms >= n->avoid_ms && n->mark != b->view.decision)) &&
		    (far || strcmp(n->cluster, cluster) == 0)) {
			c->loads[c->n] = &n->load;
			c->nodes[c->n++] = n;
		}
	}
	return true;
}

/* Where the policy would send it; NULL nowhere. `all_nodes`: see choice_fill(). */
static struct view_node *target(const struct balance *b, const struct candidate *c, bool evacuate, bool all_nodes,
				int64_t now_ms)
{
	struct view_node *found = NULL;

	for (int far = 0; far <= (b->conf.across_clusters || evacuate) && found == NULL; far++) {
		struct choice all;
		int i;

		if (!choice_fill(b, &all, far != 0, all_nodes, now_ms))
			return NULL;
		struct policy_view v = {
			.self = &view_self(&b->view)->load, .nodes = all.loads, .n = all.n,
			.lower = b->conf.lower, .offload_constant = b->conf.offload_constant,
			.demand = candidates_demand(c, &view_self(&b->view)->load, now_ms),
			.memory_need = c->rss_kib, .turn = b->turn, .random = b->ops->random(b->arg),
		};
		i = evacuate ? policy_refuge(&v) : b->conf.policy->choose(&v);
		found = i >= 0 ? all.nodes[i] : NULL;
		choice_release(&all);
	}
	return found;
}

static struct candidates_rules rules(const struct balance *b, bool evacuate)
{
	return (struct candidates_rules){
		.residence_ms = b->conf.residence_ms, .evacuate = evacuate,
		.guests_only = evacuate && !b->draining, .node = view_self(&b->view)->name,
		.trusted = b->conf.trusts_user, .arg = b->conf.trust_arg,
	};
}

static void begin(struct balance *b, struct candidate *c, struct view_node *to, bool evacuate, int64_t now_ms)
{
	const struct load *own = &view_self(&b->view)->load;

	if (!exchange_begin(b, c, to, evacuate, now_ms))
		return;
	balance_log(b, "session %.4s: %s to %s: load here %.2f (queue %.2f, %.2f CPUs of speed %.2f), there %.2f "
		    "(queue %.2f, %.2f CPUs of speed %.2f), its commands use %.2f, policy %s",
		    c->session, evacuate ? "evacuation" : "offload", to->name, load_index(own), load_queue(own),
		    (double)own->cpus, (double)own->speed, load_index(&to->load), load_queue(&to->load),
		    (double)to->load.cpus, (double)to->load.speed, candidates_cpu(c, now_ms), b->conf.policy->name);
}

/* Everybody leaves (drain), or all guests do: several at a time, wherever they are taken. */
static void evacuate(struct balance *b, int64_t now_ms)
{
	struct candidates_rules r = rules(b, true);

	while (exchange_count(b->out) < EXCHANGE_MAX) {
		struct candidate *c = candidates_choose(b->candidates, b->conf.choice, &r, now_ms);
		struct view_node *to = c != NULL ? target(b, c, true, false, now_ms) : NULL;

		if (to == NULL)
			return;
		begin(b, c, to, true, now_ms);
		/* until it tells itself: so that not all of them go to one */
		to->load.expected += 1;
	}
}

static bool has_guests(const struct balance *b)
{
	for (const struct candidate *c = b->candidates; c != NULL; c = c->next)
		if (strcmp(c->origin, view_self(&b->view)->name) != 0)
			return true;
	return exchange_count(b->out) != 0;
}

/*
 * Queues go up and down by themselves, and are seen once a second: a shell that goes after
 * every dip comes back a minute later. So it must have been better off elsewhere all the time
 * for HOLD smoothing times, when it is so by the offload constant, and for less when by more.
 */
static int64_t hold(const struct balance *b, const struct candidate *c, const struct view_node *to, int64_t now_ms)
{
	double (*metric)(const struct load *) = b->conf.policy->metric;
	const struct load *own = &view_self(&b->view)->load;
	double gain, ms = HOLD * (double)b->conf.smoothing_ms;

	if (metric == NULL)
		return 0;
	gain = policy_with_one(metric, own, candidates_demand(c, own, now_ms)) -
	       policy_with_one(metric, &to->load, 0);
	return (int64_t)(gain > b->conf.offload_constant ? ms * b->conf.offload_constant / gain : ms);
}

/* Would it be better off elsewhere? Whether a node that is so takes it does not matter here. */
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

	if (b->view.n < 2 || b->alone) {
		b->evicting = false; /* nobody can go anywhere */
		return;
	}
	if (b->draining || b->owner_here || b->evicting) {
		evacuate(b, now_ms);
		b->evicting = b->evicting && has_guests(b);
		return;
	}
	if (exchange_count(b->in) != 0 || exchange_count(b->out) != 0)
		return;
	r.ripe = true;
	c = candidates_choose(b->candidates, b->conf.choice, &r, now_ms);
	to = c != NULL ? target(b, c, false, false, now_ms) : NULL;
	if (to != NULL)
		begin(b, c, to, false, now_ms);
}

size_t balance_targets(const struct balance *b, int64_t now_ms, const struct view_node **ret, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < b->view.n; i++) {
		const struct view_node *x = &b->view.nodes[i];
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

void balance_explain(struct balance *b, const struct candidate *c, int64_t now_ms, char *buf, size_t size)
{
	bool leaving = b->draining || b->owner_here || b->evicting;
	struct candidates_rules r = rules(b, leaving);
	const struct view_node *best[1], *to;
	char reason[128];
	int64_t left;
	const char *obstacle = candidates_obstacle(c, &r, now_ms, reason, sizeof(reason));
	const struct load *own = &view_self(&b->view)->load;
	size_t n = balance_targets(b, now_ms, best, 1);
	FILE *f = fmemopen(buf, size, "w");

	if (f == NULL)
		return;
	fprintf(f, "here: load %.2f, queue %.2f, policy %s\n", load_index(own), load_queue(own),
		b->conf.policy->name);
	if (n != 0)
		fprintf(f, "best: %s, load %.2f, queue %.2f\n", best[0]->name, load_index(&best[0]->load),
			load_queue(&best[0]->load));
	else
		fprintf(f, "best: no other node takes shells now\n");
	b->view.decision++; /* nothing was tried for this question */
	if (obstacle != NULL)
		fprintf(f, "stays: %s\n", obstacle);
	else if (n == 0)
		fprintf(f, "stays: there is nowhere to go\n");
	else if ((to = target(b, c, leaving, false, now_ms)) != NULL) {
		left = leaving ? 0 : c->lighter_ms != 0 ? c->ripe_ms - now_ms : hold(b, c, to, now_ms);
		fprintf(f, "would go to %s", to->name);
		if (left > 0)
			fprintf(f, ", if that stays lighter for %lld s", (long long)(left + 999) / 1000);
		fputc('\n', f);
	} else
		fprintf(f, "stays: by the policy it is well here (lower %.2f, offload_constant %.2f)\n",
			b->conf.lower, b->conf.offload_constant);
	if (c->last[0] != '\0')
		fprintf(f, "last: %s\n", c->last);
	fclose(f);
}

/* ---- shells ---- */

void balance_came(struct balance *b, struct candidate *c, int64_t now_ms)
{
	struct exchange *in = exchange_of(b->in, c->session), *out = exchange_of(b->out, c->session);

	if (in != NULL)
		exchange_arrived(b, in, now_ms);
	if (out != NULL && out->state == EXCHANGE_MOVING)
		exchange_failed(b, out, "the move failed", true, now_ms); /* it is here again */
	refresh_self(b, now_ms);
}

void balance_left(struct balance *b, struct candidate *c)
{
	struct exchange *out = exchange_of(b->out, c->session);

	if (out != NULL && out->state == EXCHANGE_ASKING)
		*out = (struct exchange){ 0 };
}

void balance_changed(struct balance *b, struct candidate *c, int64_t now_ms)
{
	look(b, c, now_ms);
	if (c->idle && c->eligible)
		balance_decide(b, now_ms); /* between two commands: the moment that we wait for */
}

void balance_declined(struct balance *b, struct candidate *c, const char *why, bool blame, int64_t now_ms)
{
	struct exchange *out = exchange_of(b->out, c->session);

	if (out != NULL && out->state == EXCHANGE_MOVING)
		exchange_failed(b, out, why, blame, now_ms);
}

/* ---- what comes in, what is due ---- */

static void on_challenge(struct balance *b, const struct datagram *d, const struct view_node *from,
			 int64_t now_ms)
{
	uint64_t challenge;
	struct msg m;

	if (msg_get_uint(&d->body, MSG_CHALLENGE, UINT64_MAX, &challenge) < 0)
		return;
	datagram_begin(&m, DATAGRAM_ECHO, view_self(&b->view)->name, b->boot, ++b->seq);
	msg_uint(&m, MSG_CHALLENGE, challenge);
	balance_send(b, from, &m);
	exchange_again(b, from->name, now_ms);
}

/*
 * A run that we have not heard may be one long over, replayed. For an exchange it has to
 * answer a fresh challenge first, and once it has, each later run, too. Until then news is
 * believed, unless the run is before the last that we know: a replay, or the node's clock
 * went back. A challenge at each first contact would cost a large cluster more than all the rest.
 */
static bool is_alive(struct balance *b, const struct datagram *d, struct view_node *from)
{
	uint64_t echo;
	struct msg m;

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
		from->challenge = b->ops->random(b->arg) | 1;
	datagram_begin(&m, DATAGRAM_CHALLENGE, view_self(&b->view)->name, b->boot, ++b->seq);
	msg_uint(&m, MSG_CHALLENGE, from->challenge);
	balance_send(b, from, &m);
	return false;
}

void balance_receive(struct balance *b, const uint8_t *s, size_t len, int64_t now_ms)
{
	struct datagram d;
	struct view_node *from;

	if (b->alone || datagram_open(&b->key, view_self(&b->view)->name, s, len, &d) < 0 ||
	    (from = view_find(&b->view, d.from)) == NULL || from == view_self(&b->view) ||
	    !b->conf.trusts_node(b->conf.trust_arg, d.from)) {
		b->counts.dropped++;
		return;
	}
	if (d.kind == DATAGRAM_CHALLENGE) { /* from a past run, too: it only makes us answer */
		on_challenge(b, &d, from, now_ms);
		return;
	}
	if (!is_alive(b, &d, from) || !view_accept_seq(from, d.boot, d.seq)) {
		b->counts.dropped++;
		return;
	}
	b->counts.datagrams_in++;
	b->counts.bytes_in += len;
	if (d.kind == DATAGRAM_STATE)
		gossip_receive(b, &d, now_ms);
	else
		exchange_receive(b, &d, from, now_ms);
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t balance_tick(struct balance *b, int64_t now_ms)
{
	int64_t next = exchange_tick(b, now_ms); /* what was under way ends, also alone */

	if (b->view.n < 2 || b->alone) {
		refresh_self(b, now_ms);
		return next == INT64_MAX ? next : next > now_ms ? next - now_ms : 1;
	}
	if (now_ms - b->decided_ms >= DECIDE_MS) {
		b->decided_ms = now_ms;
		b->view.decision++;
		b->turn++;
		for (struct candidate *c = b->candidates; c != NULL; c = c->next)
			look(b, c, now_ms);
		balance_decide(b, now_ms);
	}
	refresh_self(b, now_ms);
	next = min64(next, gossip_tick(b, now_ms));
	if (b->candidates != NULL)
		next = min64(next, b->decided_ms + DECIDE_MS);
	return next > now_ms ? next - now_ms : 1;
}
