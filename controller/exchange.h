#ifndef MISH_CONTROLLER_EXCHANGE_H
#define MISH_CONTROLLER_EXCHANGE_H

#include "controller/limits.h"
#include "controller/share.h"

/*
 * The exchange of one shell between two controllers, a buddy pair (Stewart 4.4): what one
 * controller has under way. A call that frees a controller for the next exchange returns
 * true: whoever called then decides again.
 */
enum exchange_state { EXCHANGE_FREE, EXCHANGE_ASKING, EXCHANGE_MOVING, EXCHANGE_EXPECTED, EXCHANGE_ARRIVED };
enum exchange_answer { EXCHANGE_ACCEPT = 1, EXCHANGE_REFUSE = 2, EXCHANGE_IS_HERE = 3 };

struct exchange {
	enum exchange_state state;
	uint64_t id;
	char node[VIEW_NAME_MAX + 1], session[RDV_ID_LEN + 1];
	char user[ACCOUNTS_NAME_MAX + 1]; /* whose shell it is: it may be gone when that matters */
	int64_t began_ms, next_ms, heard_ms;
	int64_t asked_ms; /* when the shell was asked to go */
	int64_t left_ms;  /* when the shell was found to have left; 0: it is here */
	bool evacuate;
	double demand; /* see candidates_demand() */
};

struct exchanges {
	struct share *share;
	struct exchange out[EXCHANGE_MAX], in[EXCHANGE_MAX];
	/* exchanges to here that are over: a request of theirs that arrives late begins no new one */
	struct exchange_past {
		uint64_t id;
		bool arrived;
	} past[EXCHANGE_PAST_MAX];
	unsigned n_past;
	double brought; /* tasks of shells that came, less those of shells that left; decays */
	int64_t decayed_ms;
};

void exchange_init(struct exchanges *x, struct share *s);

/* Asks a node to take a shell. False: no room for another exchange. */
bool exchange_begin(struct exchanges *x, struct candidate *c, const struct view_node *to, bool evacuate,
		    int64_t now_ms);
/* True: decide again. */
bool exchange_receive(struct exchanges *x, const struct datagram *d, const struct view_node *from,
		      int64_t now_ms);
/* Does what is due in the i-th exchange of each way, i < EXCHANGE_MAX. True: decide again. */
bool exchange_step(struct exchanges *x, size_t i, int64_t now_ms);
/* When something will be due; INT64_MAX: never. */
int64_t exchange_due_ms(const struct exchanges *x);
/* A node believes only now that this run is the present one: what it was asked is asked again. */
void exchange_again(struct exchanges *x, const char *node, int64_t now_ms);

/* A shell is here: it came in an exchange, or came back from a move that failed. */
void exchange_arrived(struct exchanges *x, const char *session, int64_t now_ms);
/* A connection of a shell is closed: without another of that session nobody is asked to take it. */
void exchange_left(struct exchanges *x, const char *session, int64_t now_ms);
/* A shell that was asked to move stays. With `blame` neither it nor the node is tried again soon. */
void exchange_declined(struct exchanges *x, const char *session, const char *why, bool blame,
		       int64_t now_ms);

/* How many are under way. */
size_t exchange_count(const struct exchange *list);
size_t exchange_under_way(const struct exchanges *x);
/* Is a shell on its way, or being offered? One that has arrived does not count. */
bool exchange_is_paired(const struct exchanges *x);
/* Is that shell in an exchange to come here? */
bool exchange_expects(const struct exchanges *x, const char *session);
/* How many tasks shells that came, or are on their way to here, add to the queue before it shows them. */
double exchange_expected(struct exchanges *x, int64_t now_ms);

#endif
