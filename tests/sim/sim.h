#ifndef MISH_TESTS_SIM_SIM_H
#define MISH_TESTS_SIM_SIM_H

#include "controller/balance.h"

/*
 * Controllers in one process on simulated time: the daemon's code (controller/balance.h)
 * over a network that delays, loses and repeats, with shells that use CPU as they are told.
 */
struct sim;

struct sim_command {
	double cpu;	  /* s */
	int64_t think_ms; /* behind it */
	int64_t took_ms;  /* as it turned out */
};

struct sim_shell {
	struct candidate c;
	double demand; /* tasks that it adds to its node's queue all the time */
	/* or: somebody types a command of so many CPU seconds, again and again */
	double burst, left;
	int64_t think_ms, due_ms, typed_ms, seen_ms;
	double cpu, busy, wall; /* as a shell measures itself */
	/* or: these commands, one after the other, from `due_ms` on */
	struct sim_command *commands;
	size_t n_commands, at;
	bool runs_there; /* it moves before a command, which begins when it has arrived */
	size_t node;
	int64_t arrives_ms; /* on its way to `node`; 0: there */
	int64_t moved_ms;
	unsigned moves;
	/* its old process, which waits to be released, and is still connected */
	struct candidate ghost;
	size_t ghost_node;
	int64_t ghost_ms;
};

struct sim_node {
	struct sim *sim;
	size_t index;
	char name[32];
	struct identity identity;
	struct balance b;
	double base;	 /* tasks of others */
	double cpus, speed, queue;
	unsigned running; /* people's commands */
	bool down, paused, cut;
	int64_t next_ms, sample_ms;
	int64_t clock_ms; /* its monotonic clock runs so far ahead of ours */
	unsigned arriving, arriving_max; /* moves in flight to it */
};

struct sim {
	struct sim_node *nodes;
	size_t n;
	struct sim_shell *shells;
	size_t n_shells;
	int64_t now_ms;
	uint64_t random;
	double loss, repeat, fails; /* probabilities: of a datagram, of a move */
	int64_t delay_ms, move_ms, linger_ms;
	int64_t load_interval_ms;
	/* set -o premove: where a command goes that begins now, NULL here; NULL: they do not */
	struct view_node *(*premove)(void *arg, struct sim_node *n, struct sim_shell *x);
	void (*ended)(void *arg, struct sim_shell *x); /* a command; NULL: nobody hears of it */
	void *arg;
	int64_t premove_ms;
	uint64_t premoves;
	bool verbose;
	struct sim_packet *heap;
	size_t n_heap, cap_heap;
	uint64_t moves, quick_moves, bad_moves; /* quick: within the minimum residence */
	uint64_t datagrams, bytes;
};

/* n nodes n0…, in clusters of `cluster` (0: one). */
struct sim *sim_new(size_t n, size_t cluster, uint64_t seed);
void sim_free(struct sim *s);
struct sim_shell *sim_add_shell(struct sim *s, size_t node, double demand);
/* Somebody types a command of `burst` CPU seconds, thinks for about so long, types the next. */
struct sim_shell *sim_add_person(struct sim *s, size_t node, double burst, int64_t think_ms);
/* Somebody who comes after that time, types those commands (the caller's), and goes. */
struct sim_shell *sim_add_user(struct sim *s, size_t node, int64_t after_ms, struct sim_command *v, size_t n);
void sim_run(struct sim *s, int64_t ms);
/* A controller ends and starts again; its clock may have gone back. */
void sim_restart(struct sim *s, size_t node, uint64_t boot);
double sim_chance(struct sim *s);
/* Seals what one node says to another. Takes the message; returns the length, or aborts. */
size_t sim_seal(const struct sim *s, size_t from, size_t to, struct msg *m, uint8_t out[DATAGRAM_MAX]);
/* Exchanges under way in all controllers. */
size_t sim_exchanges(const struct sim *s);

#endif
