#ifndef MISH_CONTROLLER_CANDIDATES_H
#define MISH_CONTROLLER_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "controller/limits.h"
#include "controller/load.h"
#include "rendezvous/rdv.h"

/* A shell on this node, as it describes itself on its connection (DESIGN 4.4). */
struct candidate {
	struct candidate *next;
	char session[RDV_ID_LEN + 1];
	char user[ACCOUNTS_NAME_MAX + 1], origin[256], tty[64];
	bool named;	    /* user is its account's name; else the uid in digits, until that is known */
	uint64_t epoch, pid;
	bool idle;	    /* at a prompt */
	bool eligible;	    /* … and nothing keeps it here; else `why` */
	char why[128];
	bool came;	    /* by a move, at came_ms */
	int64_t came_ms;
	/* it would be better off elsewhere: since when, and from when on it may go; 0 it would not */
	int64_t lighter_ms, ripe_ms;
	int64_t not_before_ms; /* a move failed */
	int64_t typed_ms;   /* when it last said anything */
	double cpu;	    /* its commands' CPU time by wall time, lately; 1: one CPU all the time */
	double busy;	    /* the part of the time that it ran one */
	uint64_t rss_kib;   /* the largest of its commands lately */
	bool leaving;	    /* in an exchange */
	char last[256];	    /* what was last decided about it, for `mishctl why` */
};

/* The first of a session; NULL: none. */
struct candidate *candidates_find(struct candidate *list, const char *session);

/* Which one goes is chosen apart from where it goes (policy.h). */
struct candidates_rules {
	int64_t residence_ms; /* not twice within this (Stewart 4.3.1) */
	bool guests_only;     /* evicting: only those whose origin is elsewhere */
	bool evacuate;	      /* drained or evicted: residence does not keep it */
	bool ripe;	      /* to choose: only those that have been better off elsewhere long enough */
	const char *node;     /* this one */
	/* Users that may be moved; NULL: one whose name is not known. */
	bool (*trusted)(void *arg, const char *user);
	void *arg;
};

/* What keeps a shell here by these rules; NULL: nothing. Into buf. */
const char *candidates_obstacle(const struct candidate *c, const struct candidates_rules *r,
				int64_t now_ms, char *buf, size_t size);

/* Choices: named in the configuration. */
struct candidates_choice {
	const char *name, *what;
	/* true: a is to go rather than b */
	bool (*better)(const struct candidate *a, const struct candidate *b, int64_t now_ms);
};
const struct candidates_choice *candidates_choice_find(const char *name);

struct candidate *candidates_choose(struct candidate *list, const struct candidates_choice *choice,
				    const struct candidates_rules *r, int64_t now_ms);

/* What its commands use now, by what they used until it fell silent: that is forgotten slowly. */
double candidates_cpu(const struct candidate *c, int64_t now_ms);
/*
 * How much of its node's queue is its own: CPU time is used at the rate that the queue
 * leaves, waiting for something else than a CPU does not count.
 */
double candidates_demand(const struct candidate *c, const struct load *l, int64_t now_ms);

#endif
