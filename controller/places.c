#include <config.h>

#include "controller/places.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "controller/limits.h"

enum { USERS_MAX = 1024 }; /* who wait: there are not so many connections for users with several */

/* How many of a user's commands run on a node at a time, before the next ones wait. */
static size_t room(const struct load *l)
{
	double cpus = ceil((double)l->cpus - 0.01);

	return cpus > 1 ? (size_t)cpus : 1;
}

/* The places on a node that are held from here; *ret_own: those of that user. */
static size_t count_held(const struct places *p, const char *node, uid_t uid, size_t *ret_own)
{
	size_t n = 0;

	*ret_own = 0;
	for (const struct client *c = p->clients->first; c != NULL; c = c->next)
		if (!c->closing && strcmp(c->place.node, node) == 0) {
			n++;
			*ret_own += c->uid == uid;
		}
	return n;
}

/* The share of a CPU that one more would get there, with the `held` ones that its load does not show yet; of equals the one with more room. */
static double value(const struct load *l, size_t held)
{
	struct load with = *l;

	with.expected = 0;
	if ((double)with.queue < (double)held)
		with.queue = (float)held;
	return load_availability(&with) + 0.001 * load_capacity(l) / ((double)held + 1);
}

/* *ret_none: no node takes anything. */
static const struct view_node *choose(const struct places *p, uid_t uid, bool queued, bool *ret_none, int64_t now_ms)
{
	const struct view_node *nodes[REQUEST_TARGETS_MAX], *best = NULL;
	size_t n = balance_targets(p->balance, now_ms, nodes, REQUEST_TARGETS_MAX), own;
	double most = -1;

	*ret_none = n == 0;
	for (size_t i = 0; i < n; i++) {
		size_t held = count_held(p, nodes[i]->name, uid, &own);
		double v = value(&nodes[i]->load, held);

		if (v > most && !(queued && own >= room(&nodes[i]->load))) {
			most = v;
			best = nodes[i];
		}
	}
	return best;
}

static const struct view_node *give(struct client *c, const struct view_node *n)
{
	c->place.turn = 0;
	snprintf(c->place.node, sizeof(c->place.node), "%s", n != NULL ? n->name : "");
	return n;
}

const struct view_node *places_take(struct places *p, struct client *c, bool queued, int64_t now_ms)
{
	const struct view_node *n;
	bool none;

	(void)give(c, NULL); /* whoever asks again has ended what was there */
	n = choose(p, c->uid, queued, &none, now_ms);
	if (n == NULL && queued && !none)
		c->place.turn = ++p->turns;
	return n != NULL ? give(c, n) : NULL;
}

size_t places_count_waiting(const struct places *p, uid_t uid)
{
	size_t n = 0;

	for (const struct client *c = p->clients->first; c != NULL; c = c->next)
		n += !c->closing && c->place.turn != 0 && c->uid == uid;
	return n;
}

/* Of each user the first who waits, in the order of their turns. Returns how many, at most max. */
static size_t first_of_each(const struct places *p, struct client **ret, size_t max)
{
	size_t n = 0, i, at;

	for (struct client *c = p->clients->first; c != NULL; c = c->next) {
		if (c->closing || c->place.turn == 0)
			continue;
		for (i = 0; i < n && ret[i]->uid != c->uid; i++)
			;
		if (i < n && ret[i]->place.turn < c->place.turn)
			continue;
		if (i < n) { /* it is to be put further to the front */
			memmove(&ret[i], &ret[i + 1], (n - i - 1) * sizeof(*ret));
			n--;
		} else if (n == max) {
			continue;
		}
		for (at = n++; at != 0 && ret[at - 1]->place.turn > c->place.turn; at--)
			ret[at] = ret[at - 1];
		ret[at] = c;
	}
	return n;
}

struct client *places_next(struct places *p, const struct view_node **ret, int64_t now_ms)
{
	struct client *first[USERS_MAX];
	size_t n = first_of_each(p, first, USERS_MAX);
	bool none;

	for (size_t i = 0; i < n; i++) {
		*ret = choose(p, first[i]->uid, true, &none, now_ms);
		if (*ret != NULL || none) {
			(void)give(first[i], *ret);
			return first[i];
		}
	}
	return NULL;
}
