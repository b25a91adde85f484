#ifndef MISH_PTY_GUARDIAN_H
#define MISH_PTY_GUARDIAN_H

#include <signal.h>
#include <time.h>

#include "migrate/handover.h"
#include "pty/child.h"
#include "pty/spool.h"
#include "pty/status.h"
#include "wire/frame.h"

/*
 * The session as its guardian has it: the state from which it can always make a shell
 * again, the links, and its moves. What happens when the holder cannot be reached is in
 * recover.h; the loop is in stub.c.
 */

/* While the session cannot be reached. */
struct down {
	bool on;
	int64_t since_ms, retry_ms, wait_ms;
	char *why;
	struct status line;
};

struct guardian {
	struct handover s; /* the session with its last state */
	int home_fd;	   /* the file it came with, for it to go back with: there may be none to be had */
	char node[256];	   /* where it is; "": nowhere yet */
	char address[256]; /* … as ssh knows it */
	bool away;	   /* it is somewhere, whether or not a link is up */
	bool attached;	   /* the current link carries */
	struct child cur;  /* the link to it */
	struct spool spool; /* of the terminal, for the current link */
	struct child warm; /* a link that waits for a move to warm_node */
	char warm_node[256];
	bool next_was_warm;
	struct child next; /* the link of a move under way */
	struct spool next_spool;
	struct handover want; /* that move */
	bool recovering;      /* … begun here, as the holder is lost */
	struct down down;
	int64_t up_ms;	   /* since when the link is there */
	bool idle;	   /* at its prompt when we last heard, and without jobs */
	char *command;	   /* what it runs, if not */
	time_t state_time;
	uint64_t last_seq; /* of the checkpoints */
	uint64_t carried;  /* input up to here goes with the move under way */
	bool persist;
	uint64_t refused;  /* epoch of the last offer that came to nothing, and why */
	char *refused_why;
	int refused_status;
	int exit_status;   /* -1: not ended */
	sigset_t sleep_mask;
};

/* A signal that ends the session; SIGINT, which calls a move off. */
extern volatile sig_atomic_t guardian_signal, guardian_int;
void guardian_signals(struct guardian *g);

void guardian_modes_restore(const struct guardian *g);
/* A plain shell: whatever fails, the user gets a prompt. Does not return. */
void guardian_last_resort(const struct guardian *g, const char *what, int err)
	__attribute__((noreturn));
/* Becomes a shell again, with the state in g->s and what there is to tell. Does not return. */
void guardian_become_shell(struct guardian *g, const char *why, int status)
	__attribute__((noreturn));

/* Moves a state from one to the other. */
void guardian_take_state(struct handover *to, struct handover *from);
/* What the shell runs (taken); NULL nothing. */
void guardian_command_is(struct guardian *g, char *command);
/* Brings the file of a session that persists up to date. */
void guardian_save_key(struct guardian *g);
void guardian_checkpoint(struct guardian *g, const struct msg_view *v);

/* Starts the link of a move. 0 or -errno. */
int guardian_start_move(struct guardian *g, struct handover *h);
/* Ends it. */
void guardian_end_next(struct guardian *g);
/* The link that was to be started early is there: it waits. */
void guardian_keep_warm(struct guardian *g);
/* The link of the move under way ended without a word. */
void guardian_next_ended(struct guardian *g);
/* The move under way failed: the shell stays, or comes back here (then this does not return). */
void guardian_move_failed(struct guardian *g, const char *why, int status);
/* The new node is ready and the rendezvous has committed: the session is there. */
void guardian_move_done(struct guardian *g, const struct msg_view *v);
/* The shell wants to go somewhere. */
void guardian_offer(struct guardian *g, const struct msg_view *v);
/* The holder is to end, and cannot be told now: somebody goes on trying. */
void guardian_fence(struct guardian *g);

#endif
