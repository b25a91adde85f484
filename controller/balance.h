#ifndef MISH_CONTROLLER_BALANCE_H
#define MISH_CONTROLLER_BALANCE_H

#include "controller/exchange.h"
#include "controller/gossip.h"
#include "controller/share.h"

/*
 * Whether a shell goes, which one, and where: one controller's decisions, on what it hears
 * of the others (gossip.h), and one exchange after the other with them (exchange.h).
 */
struct balance {
	struct share share;
	struct gossip gossip;
	struct exchanges exchanges;
	int64_t decided_ms;
	int64_t sampled_ms; /* when the queue was */
	uint64_t turn; /* counts decisions */
};

/* `boot` is larger for each later run of the node's. Returns 0 or -ENOMEM. */
int balance_init(struct balance *b, const char *own_name, uint64_t boot, const struct share_ops *ops,
		 void *arg);
void balance_release(struct balance *b);

/* Does what is due, and returns in how many ms something will be; INT64_MAX: never. */
int64_t balance_tick(struct balance *b, int64_t now_ms);
/* A new sample; what the balance itself knows of (expected, flags, sessions) is filled in. */
void balance_set_load(struct balance *b, const struct load *l, int64_t now_ms);
void balance_receive(struct balance *b, const uint8_t *s, size_t len, int64_t now_ms);
/* A node can be reached that could not: it is told at the next tick. */
void balance_reached(struct balance *b);

/* Shells: the caller owns them, from when they came until they left, and keeps their fields true. */
void balance_came(struct balance *b, struct candidate *c, int64_t now_ms);
void balance_changed(struct balance *b, struct candidate *c, int64_t now_ms);
void balance_left(struct balance *b, struct candidate *c, int64_t now_ms);
/* A shell was asked to move and will not. `blame`: it tried and failed, or it never will. */
void balance_declined(struct balance *b, struct candidate *c, const char *why, bool blame, int64_t now_ms);
/* Looks whether a shell should go, and begins an exchange. */
void balance_decide(struct balance *b, int64_t now_ms);

/* Writes lines into buf that tell why a shell is where it is, and what would happen to it. */
void balance_explain(struct balance *b, const struct candidate *c, int64_t now_ms, char *buf, size_t size);
/*
 * Where a command that is about to begin here runs better by the policy; NULL: here. `cost`, s: of going there; `c`: the shell whose it is, NULL: not known.
 * One of which something is known goes where it ends first, by a policy that looks for that or by any other but `none`.
 */
struct view_node *balance_place(struct balance *b, const struct candidate *c, const struct response_need *need, double cost, int64_t now_ms);
/* In how many seconds it would end on that node; `c`: the shell whose command it is, NULL: not known. */
double balance_response(const struct balance *b, const struct candidate *c, const struct response_need *need, const struct view_node *n, int64_t now_ms);
/* One more is on its way to a node, which tells its load itself only later: the next does not go there, too. */
void balance_expect(struct balance *b, const struct view_node *n);
/* The nodes that would take a shell from here, best first. Returns how many, at most max. */
size_t balance_targets(const struct balance *b, int64_t now_ms, const struct view_node **ret, size_t max);

#endif
