#ifndef MISH_CONTROLLER_ACCOUNTS_H
#define MISH_CONTROLLER_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "controller/journal.h"
#include "controller/limits.h"

/*
 * The names of user ids, and the ids of user names. Where accounts are in a directory
 * service, an answer takes as long as its server does: a thread waits for it, the loop
 * never. What was answered is kept, and looked up anew when somebody asks minutes later.
 */
enum accounts_answer {
	ACCOUNTS_WAIT,	 /* being looked up: `answered` will be called */
	ACCOUNTS_FOUND,
	ACCOUNTS_NONE,	 /* there is no such account */
	ACCOUNTS_FAILED, /* it cannot be told; whoever asks again later makes us try again */
};

struct accounts {
	uv_loop_t *loop;
	struct account *first;
	size_t n;
	unsigned lookups; /* in threads */
	uint64_t asked;	  /* counts questions: the oldest is looked up first */
	void (*answered)(void *arg, uid_t uid);
	void *arg;
	struct journal_often failed;
};

/*
 * `answered` hears of each lookup of a user id that is over, also of one that failed.
 * (Of names it does not: who needs those asks now and then.)
 */
void accounts_init(struct accounts *a, uv_loop_t *loop, void (*answered)(void *arg, uid_t uid), void *arg);
/* After accounts_stop() returned true. */
void accounts_release(struct accounts *a);
/* Nothing is looked up from now on. False: a thread still waits for an answer. */
bool accounts_stop(struct accounts *a);

/* Writes the name; while it is not known, and when there is none, the id in digits. */
enum accounts_answer accounts_name(struct accounts *a, uid_t uid, char ret[ACCOUNTS_NAME_MAX + 1]);
/* *ret is set only when it is found. */
enum accounts_answer accounts_uid(struct accounts *a, const char *name, uid_t *ret);

#endif
