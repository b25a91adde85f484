#ifndef MISH_CONTROLLER_PENALTY_H
#define MISH_CONTROLLER_PENALTY_H

#include <stdint.h>

#include "controller/limits.h"

/*
 * Users whose shells did not go where they were asked to, again and again: for each time nobody else's
 * shell could be asked. So none of theirs is asked for a while, twice as long each time.
 */
struct penalties {
	struct penalty {
		char user[ACCOUNTS_NAME_MAX + 1]; /* "": free */
		unsigned times, excuses;
		int64_t until_ms;
	} v[PENALTY_MAX];
};

/* A shell of that user failed. The first time costs that shell only. */
void penalty_add(struct penalties *p, const char *user, int64_t now_ms);
/*
 * A shell of that user stayed, or was gone, for a reason that an honest one may have: a line was typed just then. Once or
 * twice that costs nothing; who always has one is as bad as who fails.
 */
void penalty_excuse(struct penalties *p, const char *user, int64_t now_ms);
/* One of them went. */
void penalty_clear(struct penalties *p, const char *user);
/* For how many ms none of them is asked; 0: they are. */
int64_t penalty_left(const struct penalties *p, const char *user, int64_t now_ms);

#endif
