#ifndef MISH_CONTROLLER_CANDIDATES_H
#define MISH_CONTROLLER_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "controller/limits.h"
#include "controller/load.h"
#include "controller/penalty.h"
#include "rendezvous/rdv.h"

/*
 * A shell on this node. It says itself, on its connection, whether it may be moved between two
 * commands, and what its commands used; what else is here, the controller keeps.
 */
struct candidate {
	struct candidate *next;
	char session[RDV_ID_LEN + 1];
	char user[ACCOUNTS_NAME_MAX + 1], origin[256], tty[64];
	bool named;	    /* user is its account's name; else the uid in digits, until that is known */
	uint64_t epoch, pid;
	bool idle;	    /* at a prompt */
	bool eligible;	    /* nothing that the shell knows of keeps it here; else `why` does */
	char why[128];
	bool came;	    /* it came by a move, at came_ms */
	int64_t came_ms;
	/* since when it would be better off elsewhere (0: it would not), and from when on it may go */
	int64_t lighter_ms, ripe_ms;
	int64_t not_before_ms; /* a move failed: it is not moved before */
	int64_t typed_ms;   /* when the shell last said anything */
	double cpu;	    /* its commands' CPU time by wall time, lately; 1: one CPU all the time */
	double busy;	    /* the part of the time in which it ran a command */
	double queued;	    /* its part of the smoothed queue here (nowcast.h) */
	double next_cpu;    /* s that its next command is expected to use; 0: not known */
	uint64_t rss_kib;   /* of the largest of its commands lately */
	bool leaving;	    /* in an exchange */
	char last[256];	    /* what was last decided about it, for `mishctl why` */
};

/* The first of a session; NULL: none. */
struct candidate *candidates_find(struct candidate *list, const char *session);

/* What decides which shell goes. Where it goes is decided apart from that (policy.h). */
struct candidates_rules {
	int64_t residence_ms; /* a shell moves once within this time (Stewart 4.3.1) */
	bool guests_only;     /* only shells whose origin is elsewhere go: an owner is here, or evict */
	bool evacuate;	      /* drain, an owner or evict: residence keeps nobody */
	bool ripe;	      /* only shells that have been better off elsewhere for long enough go */
	const char *node;     /* this node */
	const struct penalties *penalties; /* NULL: none */
	/* Users that may be moved; NULL: one whose name is not known. */
	bool (*trusted)(void *arg, const char *user);
	void *arg;
};

/* What keeps a shell here by these rules; NULL: nothing. Into buf. */
const char *candidates_obstacle(const struct candidate *c, const struct candidates_rules *r,
				int64_t now_ms, char *buf, size_t size);

/* How to choose among those that may go; named in the configuration. */
struct candidates_choice {
	const char *name, *what;
	/* true: shell a is to go rather than shell b */
	bool (*better)(const struct candidate *a, const struct candidate *b, int64_t now_ms);
};
const struct candidates_choice *candidates_choice_find(const char *name);

struct candidate *candidates_choose(struct candidate *list, const struct candidates_choice *choice,
				    const struct candidates_rules *r, int64_t now_ms);

/*
 * The part of a CPU that a shell's commands use: what it said last, which counts the less the
 * longer it has been silent.
 */
double candidates_cpu(const struct candidate *c, int64_t now_ms);
/*
 * The part of its node's queue that is a shell's own: tasks, 0 to 1. Its commands used CPU time
 * at the rate that the queue left them, so it is that use divided by this rate; but at most the
 * part of the time in which a command ran.
 */
double candidates_demand(const struct candidate *c, const struct load *l, int64_t now_ms);

#endif
