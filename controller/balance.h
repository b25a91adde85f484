#ifndef MISH_CONTROLLER_BALANCE_H
#define MISH_CONTROLLER_BALANCE_H

#include "controller/candidates.h"
#include "controller/datagram.h"
#include "controller/policy.h"
#include "controller/view.h"

/*
 * One controller's part in sharing load: what it tells and hears (gossip.c), what it
 * decides (balance.c), and the exchange of one shell with a buddy (exchange.c; Stewart
 * 4.4). No I/O, no clock, no random source of its own: the daemon gives it real ones, the
 * simulator simulated ones, a thousand of them in one process.
 */
struct balance_conf {
	const struct policy *policy;
	const struct candidates_choice *choice;
	double offload_constant, lower; /* see struct policy_view */
	double upper;		   /* load index from which a node takes no newcomers */
	bool across_clusters;
	int64_t residence_ms;	   /* of a shell, between two moves */
	int64_t min_period_ms;	   /* between two tellings (Concert 3.3) */
	int64_t heartbeat_ms;	   /* at the latest */
	int64_t stale_ms;	   /* what is older is not believed */
	int64_t smoothing_ms;	   /* of the queue: so long newcomers are expected */
	/* whom we share with */
	bool (*trusts_user)(void *arg, const char *user);
	bool (*trusts_node)(void *arg, const char *node);
	void *trust_arg;
};
void balance_conf_default(struct balance_conf *c);

struct balance_ops {
	void (*send)(void *arg, const struct view_node *to, const uint8_t *s, size_t len);
	/* The shell is to go to that node. */
	void (*grant)(void *arg, struct candidate *c, const char *node);
	/* A decision, with the figures it was based on. */
	void (*log)(void *arg, const char *line);
	uint64_t (*random)(void *arg);
};

enum exchange_state { EXCHANGE_FREE, EXCHANGE_ASKING, EXCHANGE_MOVING, EXCHANGE_EXPECTED, EXCHANGE_ARRIVED };
enum exchange_answer { EXCHANGE_ACCEPT = 1, EXCHANGE_REFUSE = 2, EXCHANGE_IS_HERE = 3 };
enum { EXCHANGE_MAX = 6 }; /* each way, while a node is being emptied; else one in all */

struct exchange {
	enum exchange_state state;
	uint64_t id;
	char node[VIEW_NAME_MAX + 1], session[RDV_ID_LEN + 1];
	int64_t began_ms, next_ms, heard_ms;
	int64_t asked_ms; /* the shell, to go */
	int64_t left_ms;  /* it is not here any more; 0 it is */
	bool evacuate;
	double demand; /* see candidates_demand() */
};

struct balance_counts {
	uint64_t moves_in, moves_out, asked, refused, failed;
	uint64_t datagrams_out, datagrams_in, bytes_out, bytes_in, dropped;
};

struct balance {
	struct balance_conf conf;
	const struct balance_ops *ops;
	void *arg;
	struct datagram_key key;
	bool alone; /* no key: nothing is told or heard */
	struct view view;
	struct candidate *candidates;
	struct exchange out[EXCHANGE_MAX], in[EXCHANGE_MAX];
	/* what came lately and is over: a request that was under way then begins nothing */
	struct exchange_past {
		uint64_t id;
		bool arrived;
	} past[16];
	unsigned n_past;
	uint64_t boot, seq;
	bool draining, evicting, owner_here; /* set by the daemon */
	double brought; /* what newcomers will bring and leavers take: decays */
	struct load told; /* the row that others have */
	int64_t told_ms, round_ms, decayed_ms, decided_ms;
	uint64_t turn;
	struct balance_counts counts;
};

/* `boot` is larger for each later run of the node's. Returns 0 or -ENOMEM. */
int balance_init(struct balance *b, const char *own_name, uint64_t boot, const struct balance_ops *ops,
		 void *arg);
void balance_release(struct balance *b);

/* Does what is due, and returns in how many ms something will be. */
int64_t balance_tick(struct balance *b, int64_t now_ms);
/* A new sample; what the balance itself knows of (expected, flags, sessions) is filled in. */
void balance_set_load(struct balance *b, const struct load *l, int64_t now_ms);
void balance_receive(struct balance *b, const uint8_t *s, size_t len, int64_t now_ms);

/* Shells: the caller owns them, and keeps their fields true. */
void balance_came(struct balance *b, struct candidate *c, int64_t now_ms);
void balance_changed(struct balance *b, struct candidate *c, int64_t now_ms);
void balance_left(struct balance *b, struct candidate *c);
/* It was asked to move and will not; with `blame` it tried, or never will. */
void balance_declined(struct balance *b, struct candidate *c, const char *why, bool blame, int64_t now_ms);
/* Looks whether a shell should go, and begins an exchange. */
void balance_decide(struct balance *b, int64_t now_ms);

/* Would this node take a shell? NULL: yes; else why not. `evacuated`: its load is no reason. */
const char *balance_refusal(const struct balance *b, const char *user, const char *from, bool evacuated);
/* Is it in an exchange to come here? */
bool balance_expects(const struct balance *b, const char *session);
/* Why a shell is where it is: lines. */
void balance_explain(struct balance *b, const struct candidate *c, int64_t now_ms, char *buf, size_t size);

/* The other nodes that would do, best first. Returns how many (at most max). */
size_t balance_targets(const struct balance *b, int64_t now_ms, const struct view_node **ret, size_t max);

void balance_log(struct balance *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Takes the message. */
void balance_send(struct balance *b, const struct view_node *to, struct msg *m);

/* ---- gossip.c ---- */
int64_t gossip_tick(struct balance *b, int64_t now_ms);
void gossip_receive(struct balance *b, const struct datagram *d, int64_t now_ms);
/* Nodes of our cluster, ourselves included. */
size_t gossip_members(const struct balance *b);

/* ---- exchange.c ---- */
int64_t exchange_tick(struct balance *b, int64_t now_ms);
void exchange_receive(struct balance *b, const struct datagram *d, struct view_node *from, int64_t now_ms);
/* Asks a node to take a shell. False: no room for another exchange. */
bool exchange_begin(struct balance *b, struct candidate *c, struct view_node *to, bool evacuate,
		    int64_t now_ms);
/* How many are under way. */
size_t exchange_count(const struct exchange *list);
/* The one of a shell; NULL none. */
struct exchange *exchange_of(struct exchange *list, const char *session);
void exchange_arrived(struct balance *b, struct exchange *e, int64_t now_ms);
/* Who was asked did not believe that we live, and does now: says it again. */
void exchange_again(struct balance *b, const char *node, int64_t now_ms);
/* The shell stays. With `blame` neither it nor the node is tried again soon. */
void exchange_failed(struct balance *b, struct exchange *e, const char *why, bool blame, int64_t now_ms);

#endif
