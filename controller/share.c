#include <config.h>

#include "controller/share.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool everybody(void *arg, const char *name)
{
	(void)arg;
	(void)name;
	return true;
}

void share_conf_default(struct share_conf *c)
{
	*c = (struct share_conf){
		.policy = &policy_speed_adjusted, .choice = candidates_choice_find("cpu"),
		.offload_constant = 0.5, .lower = 0.5, .gain = 0.2, .upper = 8, .residence_ms = 60000,
		.min_period_ms = 500, .heartbeat_ms = 5000, .stale_ms = 20000, .smoothing_ms = 5000,
		.trusts_user = everybody, .trusts_node = everybody,
	};
}

int share_init(struct share *s, const char *own_name, uint64_t boot, const struct share_ops *ops, void *arg)
{
	*s = (struct share){ .ops = ops, .arg = arg, .boot = boot };
	share_conf_default(&s->conf);
	return view_init(&s->view, own_name);
}

void share_release(struct share *s)
{
	view_release(&s->view);
	identity_wipe(&s->identity);
}

/* ---- participation (Bubendorfer 1996, 2) ---- */

bool share_is_draining(const struct share *s)
{
	return s->draining || view_self(&s->view)->drain;
}

bool share_is_alone(const struct share *s)
{
	return s->view.n < 2 || s->alone;
}

bool share_trusts_user(const struct share *s, const char *user)
{
	return s->conf.trusts_user(s->conf.trust_arg, user);
}

bool share_trusts_node(const struct share *s, const char *node)
{
	return s->conf.trusts_node(s->conf.trust_arg, node);
}

const char *share_refusal(const struct share *s, const char *user, const char *from, bool evacuated)
{
	if (share_is_draining(s))
		return "this node is draining";
	if (!share_trusts_user(s, user))
		return user != NULL ? "that user takes no part here" :
				      "the name of that user is not known here";
	if (from != NULL && !share_trusts_node(s, from))
		return "that node takes no part here";
	if (s->owner_here)
		return "its owner is there";
	if (s->evicting)
		return "guests are being sent away";
	if (!evacuated && load_index(&view_self(&s->view)->load) >= s->conf.upper)
		return "overloaded";
	return NULL;
}

/* ---- to the others, and to the log ---- */

uint64_t share_random(const struct share *s)
{
	return s->ops->random(s->arg);
}

void share_log(const struct share *s, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	s->ops->log(s->arg, line);
}

void share_begin(struct share *s, struct msg *m, enum datagram_kind kind)
{
	datagram_begin(m, kind, view_self(&s->view)->name, s->boot, ++s->seq);
}

/* ---- keys ---- */

void share_identify(struct share *s, const struct identity *id)
{
	s->alone = id == NULL;
	if (id != NULL)
		s->identity = *id;
	view_forget_pairs(&s->view);
}

static const uint8_t *pair_of(struct share *s, struct view_key *k)
{
	if (!k->paired && identity_pair(&s->identity, &k->public, k->pair) < 0)
		return NULL;
	k->paired = true;
	return k->pair;
}

/*
 * What to seal with for a node: the i-th of its keys, counted from 1, or 0. Which of two it has before it was
 * heard, nobody knows: sometimes one, sometimes the other, so that two that begin do not wait
 * for each other.
 */
static const uint8_t *pair_for(struct share *s, const struct view_node *to, size_t i)
{
	struct view_node *n = &s->view.nodes[to - s->view.nodes];

	if (n->n_keys == 0)
		return NULL;
	return pair_of(s, &n->keys[i != 0 ? i - 1 : n->n_keys == 1 ? 0 : share_random(s) % n->n_keys]);
}

struct view_node *share_open(struct share *s, const uint8_t *buf, size_t len, struct datagram *ret)
{
	const uint8_t *hint = s->alone ? NULL : datagram_hint(buf, len), *pair;
	struct view_key *k = NULL;
	struct view_node *n = hint != NULL ? view_find_key(&s->view, hint, &k) : NULL;

	if (n == NULL || n == view_self(&s->view) || (pair = pair_of(s, k)) == NULL ||
	    datagram_open(pair, view_self(&s->view)->name, buf, len, ret) < 0 || strcmp(ret->from, n->name) != 0)
		return NULL;
	n->came_key = (unsigned)(k - n->keys) + 1;
	return n;
}

static void send_with(struct share *s, const struct view_node *to, size_t key, struct msg *m)
{
	const uint8_t *pair = s->alone ? NULL : pair_for(s, to, key);
	struct identity_public own = identity_public(&s->identity);
	uint8_t out[DATAGRAM_MAX];
	int n;

	if (pair == NULL) { /* nobody, or somebody whose key is not in the list, whom that was told for */
		msg_release(m);
		return;
	}
	n = datagram_seal(pair, &own, to->name, m, out);
	if (n < 0) {
		share_log(s, "node %s: a datagram is not sent: %s", to->name, strerror(-n));
		return;
	}
	s->counts.datagrams_out++;
	s->counts.bytes_out += (uint64_t)n;
	s->ops->send(s->arg, to, out, (size_t)n);
}

void share_send(struct share *s, const struct view_node *to, struct msg *m)
{
	send_with(s, to, to->heard_key, m);
}

void share_answer(struct share *s, const struct view_node *to, struct msg *m)
{
	send_with(s, to, to->came_key, m);
}
