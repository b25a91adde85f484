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
		.offload_constant = 0.5, .lower = 0.5, .upper = 8, .residence_ms = 60000,
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
	explicit_bzero(&s->key, sizeof(s->key));
}

/* ---- participation (Bubendorfer 1996, 2) ---- */

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
	if (s->draining)
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

void share_send(struct share *s, const struct view_node *to, struct msg *m)
{
	uint8_t out[DATAGRAM_MAX];
	int n;

	if (s->alone) {
		msg_release(m);
		return;
	}
	n = datagram_seal(&s->key, to->name, m, out);
	if (n < 0) {
		share_log(s, "node %s: a datagram is not sent: %s", to->name, strerror(-n));
		return;
	}
	s->counts.datagrams_out++;
	s->counts.bytes_out += (uint64_t)n;
	s->ops->send(s->arg, to, out, (size_t)n);
}
