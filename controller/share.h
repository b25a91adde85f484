#ifndef MISH_CONTROLLER_SHARE_H
#define MISH_CONTROLLER_SHARE_H

#include "controller/candidates.h"
#include "controller/penalty.h"
#include "controller/datagram.h"
#include "controller/policy.h"
#include "controller/view.h"

/*
 * What one controller brings to the sharing of load: its configuration, what it knows of
 * nodes and shells, whether it takes newcomers, and its way to the other controllers and
 * to the log. gossip.h, exchange.h and balance.h stand on it. No I/O, no clock and no
 * random source of its own: the daemon gives it real ones, the simulator simulated ones,
 * a thousand of them in one process.
 */
struct share_conf {
	const struct policy *policy;
	const struct candidates_choice *choice;
	double offload_constant, lower; /* see struct policy_view */
	double gain; /* s: by so much sooner a command has to end elsewhere, as it is predicted */
	double upper;		   /* load index from which a node takes no newcomers */
	bool across_clusters;
	int64_t residence_ms;	   /* of a shell, between two moves */
	int64_t min_period_ms;	   /* between two tellings (Concert 3.3) */
	int64_t heartbeat_ms;	   /* a node tells its row at least so often */
	int64_t stale_ms;	   /* a row that is older is not believed */
	int64_t smoothing_ms;	   /* of the queue: a newcomer's load is expected for so long */
	/* whom we share with; user NULL: one whose name is not known, which matters where there are lists */
	bool (*trusts_user)(void *arg, const char *user);
	bool (*trusts_node)(void *arg, const char *node);
	void *trust_arg;
};
void share_conf_default(struct share_conf *c);

struct share_ops {
	void (*send)(void *arg, const struct view_node *to, const uint8_t *s, size_t len);
	/* The shell is to go to that node. */
	void (*grant)(void *arg, struct candidate *c, const char *node);
	/* A decision, with the figures it was based on. */
	void (*log)(void *arg, const char *line);
	uint64_t (*random)(void *arg);
};

struct share_counts {
	uint64_t moves_in, moves_out, asked, refused, failed;
	uint64_t datagrams_out, datagrams_in, bytes_out, bytes_in, dropped;
};

struct share {
	struct penalties penalties;
	struct share_conf conf;
	const struct share_ops *ops;
	void *arg;
	struct identity identity;
	bool alone; /* no key of its own: nothing is told or heard */
	struct view view;
	struct candidate *candidates; /* the shells here */
	uint64_t boot, seq;	      /* this run, and the last datagram of it */
	bool draining, evicting, owner_here; /* draining: by hand; see share_is_draining() */
	struct share_counts counts;
};

/* `boot` is larger for each later run of the node's. Returns 0 or -ENOMEM. */
int share_init(struct share *s, const char *own_name, uint64_t boot, const struct share_ops *ops, void *arg);
void share_release(struct share *s);

/* By hand, or by the list of nodes: shells leave, and none comes. */
bool share_is_draining(const struct share *s);
/* There is nobody to share with. */
bool share_is_alone(const struct share *s);
bool share_trusts_user(const struct share *s, const char *user);
bool share_trusts_node(const struct share *s, const char *node);
/*
 * Would this node take a shell? NULL: yes; else why not. `user` NULL: the name is not known;
 * `from` NULL: whoever asks; `evacuated`: the load here is no reason.
 */
const char *share_refusal(const struct share *s, const char *user, const char *from, bool evacuated);

/* Whom this node speaks as, from now on; NULL: it has no key, and is alone. */
void share_identify(struct share *s, const struct identity *id);

uint64_t share_random(const struct share *s);
void share_log(const struct share *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Begins this node's next datagram. */
void share_begin(struct share *s, struct msg *m, enum datagram_kind kind);
/* Seals it and sends it; takes the message. A datagram may get lost: nobody hears of that. */
void share_send(struct share *s, const struct view_node *to, struct msg *m);
/* The same, with the key of its last datagram: it has that, or it was a replay. */
void share_answer(struct share *s, const struct view_node *to, struct msg *m);
/* Who said this, which is in *ret then; NULL: none of the nodes, or it is not for this one. */
struct view_node *share_open(struct share *s, const uint8_t *buf, size_t len, struct datagram *ret);

#endif
