#include <config.h>

#include "controller/penalty.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_MS = 60000, LONGEST_MS = 3600000, EXCUSES = 2 };

static struct penalty *find(const struct penalties *p, const char *user)
{
	for (int i = 0; i < PENALTY_MAX; i++)
		if (p->v[i].user[0] != '\0' && strcmp(p->v[i].user, user) == 0)
			return (struct penalty *)&p->v[i];
	return NULL;
}

/* The place of whoever has waited longest. */
static struct penalty *take(struct penalties *p)
{
	struct penalty *oldest = &p->v[0];

	for (int i = 0; i < PENALTY_MAX; i++) {
		if (p->v[i].user[0] == '\0')
			return &p->v[i];
		if (p->v[i].until_ms < oldest->until_ms)
			oldest = &p->v[i];
	}
	return oldest;
}

static struct penalty *of_user(struct penalties *p, const char *user, int64_t now_ms)
{
	struct penalty *x = find(p, user);

	if (x == NULL) {
		x = take(p);
		*x = (struct penalty){ .until_ms = now_ms };
		snprintf(x->user, sizeof(x->user), "%s", user);
	}
	return x;
}

void penalty_excuse(struct penalties *p, const char *user, int64_t now_ms)
{
	struct penalty *x = of_user(p, user, now_ms);

	if (now_ms - x->until_ms > LONGEST_MS) { /* long ago: what follows counts from here */
		x->excuses = x->times = 0;
		x->until_ms = now_ms;
	}
	if (x->excuses++ < EXCUSES)
		return;
	x->times += x->times == 0; /* it had its first time */
	penalty_add(p, user, now_ms);
}

void penalty_add(struct penalties *p, const char *user, int64_t now_ms)
{
	struct penalty *x = of_user(p, user, now_ms);
	int64_t ms = FIRST_MS;

	if (now_ms - x->until_ms > LONGEST_MS) /* long ago */
		x->times = 0;
	for (unsigned i = 1; i < x->times && ms < LONGEST_MS; i++)
		ms *= 2;
	x->until_ms = x->times == 0 ? now_ms : now_ms + (ms < LONGEST_MS ? ms : LONGEST_MS);
	x->times++;
}

void penalty_clear(struct penalties *p, const char *user)
{
	struct penalty *x = find(p, user);

	if (x != NULL)
		*x = (struct penalty){ 0 };
}

int64_t penalty_left(const struct penalties *p, const char *user, int64_t now_ms)
{
	const struct penalty *x = find(p, user);

	return x != NULL && x->until_ms > now_ms ? x->until_ms - now_ms : 0;
}
