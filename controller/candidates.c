#include <config.h>

#include "controller/candidates.h"

#include <stdio.h>
#include <string.h>

enum { LATELY_MS = 60000 };

struct candidate *candidates_find(struct candidate *list, const char *session)
{
	while (list != NULL && strcmp(list->session, session) != 0)
		list = list->next;
	return list;
}

const char *candidates_obstacle(const struct candidate *c, const struct candidates_rules *r,
				int64_t now_ms, char *buf, size_t size)
{
	if (c->leaving)
		return "it is on its way";
	if (r->guests_only && strcmp(c->origin, r->node) == 0)
		return "it is at home";
	if (!c->idle)
		return "a command runs";
	if (!c->eligible)
		return c->why[0] != '\0' ? c->why : "it cannot be moved now";
	if (!r->trusted(r->arg, c->named ? c->user : NULL))
		return c->named ? "its user takes no part (allow_user, deny_user)" :
				  "the name of its user is not known yet (allow_user, deny_user)";
	if (now_ms < c->not_before_ms) {
		snprintf(buf, size, "a move failed; not again for %lld s",
			 (long long)(c->not_before_ms - now_ms + 999) / 1000);
		return buf;
	}
	if (!r->evacuate && r->penalties != NULL && penalty_left(r->penalties, c->user, now_ms) != 0) {
		snprintf(buf, size, "its user's shells did not go where they were asked to; not again for %lld s",
			 (long long)(penalty_left(r->penalties, c->user, now_ms) + 999) / 1000);
		return buf;
	}
	if (!r->evacuate && c->came && now_ms - c->came_ms < r->residence_ms) {
		snprintf(buf, size, "it came %lld s ago; not within %lld s",
			 (long long)(now_ms - c->came_ms) / 1000, (long long)r->residence_ms / 1000);
		return buf;
	}
	return NULL;
}

static double fade(const struct candidate *c, int64_t now_ms)
{
	int64_t silent = c->typed_ms != 0 && now_ms > c->typed_ms ? now_ms - c->typed_ms : 0;

	return (double)LATELY_MS / (double)(LATELY_MS + silent);
}

double candidates_cpu(const struct candidate *c, int64_t now_ms)
{
	return c->cpu * fade(c, now_ms);
}

double candidates_demand(const struct candidate *c, const struct load *l, int64_t now_ms)
{
	double q = load_queue(l), cpus = (double)l->cpus, share = q > 1 ? cpus / q : cpus;
	double wants = share > 0.001 && share < 1 ? c->cpu / share : c->cpu;

	return (wants < c->busy ? wants : c->busy) * fade(c, now_ms);
}

static bool never(const struct candidate *a, const struct candidate *b, int64_t now_ms)
{
	(void)a;
	(void)b;
	(void)now_ms;
	return false;
}

/* Past use of CPU predicts future use (Stewart 5; Harchol-Balter and Downey). */
static bool more_cpu(const struct candidate *a, const struct candidate *b, int64_t now_ms)
{
	return candidates_cpu(a, now_ms) > candidates_cpu(b, now_ms);
}

static const struct candidates_choice choices[] = {
	{ "cpu", "the shell whose commands used most CPU lately", more_cpu },
	{ "first", "the first that may go", never },
};

const struct candidates_choice *candidates_choice_find(const char *name)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		if (strcmp(choices[i].name, name) == 0)
			return &choices[i];
	return NULL;
}

struct candidate *candidates_choose(struct candidate *list, const struct candidates_choice *choice,
				    const struct candidates_rules *r, int64_t now_ms)
{
	struct candidate *best = NULL;
	char buf[128];

	for (struct candidate *c = list; c != NULL; c = c->next)
		if ((!r->ripe || (c->lighter_ms != 0 && now_ms >= c->ripe_ms)) &&
		    candidates_obstacle(c, r, now_ms, buf, sizeof(buf)) == NULL &&
		    (best == NULL || choice->better(c, best, now_ms)))
			best = c;
	return best;
}
