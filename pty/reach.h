#ifndef MISH_PTY_REACH_H
#define MISH_PTY_REACH_H

#include <signal.h>
#include <stdbool.h>

#include "pty/dial.h"
#include "pty/eager.h"
#include "pty/stall.h"
#include "pty/spool.h"
#include "rendezvous/rdv_client.h"
#include "session/carry.h"

/* How a link finds its peer: the rendezvous, SSH, and the first words. */

/* The connection to the node. */
enum connection {
	CONNECTION_NONE,
	CONNECTION_OPEN,    /* the channel is there, and no peer has greeted yet */
	CONNECTION_GREETED, /* a peer is there; HELLO has been sent to it, or not begun */
	CONNECTION_BROKEN,  /* the connection is lost, or the peer ended before it answered */
};

struct carrier {
	struct errand_order o;
	struct carry core;
	struct dial d;
	enum connection connection;
	struct rdv_client *rdv; /* NULL: for an attach */
	char ticket[RDV_TICKET_LEN + 1];
	char address[256]; /* the destination, as ssh knows it */
	char node[256];	   /* … and, once the peer said so, its own name */
	int guardian, tty; /* -1 none; the terminal may go */
	struct spool spool; /* what goes to and comes from the terminal */
	struct frame_buf gin; /* from the guardian */
	struct frame_buf in;  /* from the peer */
	bool readable;		    /* the connection, or libssh has something left */
	unsigned terminals; /* ERRAND_PLACE: MSG_TERMINALS */
	uint64_t same;	    /* … MSG_SAME */
	struct blob files;  /* … that the node may have, and which of them it has: 1 << descriptor */
	unsigned opened;
	bool packs; /* … its peer takes PACKED */
	uint64_t came;	    /* … bytes of its peer's, before this connection */
	bool joined;  /* the connection is one that was there (pty/shared.h), and may have been at its end */
	bool unnamed; /* c->address is a way that nobody has named */
	bool unasked; /* … that is tried: the way there is one that nobody has named: no questions, and known hosts only */
	uint64_t taken;		    /* dial_taken() before what could not be written was tried last */
	size_t blocked;		    /* the next frame waits for so much room in the spool; 0: none waits */
	int64_t brisk_until_ms, redraw_ms; /* 0: not */
	char noise[4096];	    /* the last of what came on stderr … */
	char said[512];		    /* … and, before the peer greeted, on stdout; then what the shell printed before READY */
	char *warnings;
	char *steps;
	int64_t start_ms;
	sigset_t sleep_mask;
	struct eager eager;
	struct stall stall;
};

/* Is the errand only a question, or a connection that waits? */
static inline bool reach_only_asks(const struct carrier *c)
{
	return c->o.errand == ERRAND_ASK || c->o.errand == ERRAND_WARM;
}

/* Set by SIGTERM: the link ends. */
extern volatile sig_atomic_t reach_end;

/* Connects to c->address, and waits for the first words of a peer there; no more. Returns 0, or -1 with *why. */
int reach_greet(struct carrier *c, char **why);

/* Offers the state, has c->address take it, or say (ERRAND_ASK) whether it would. Returns 0 when it is ready, or -1 with *why. */
int reach_try(struct carrier *c, char **why);
int reach_commit(struct carrier *c, char **why);
/* Shows what ssh(1) has said since it last asked, as it would have: a banner, a host key that has changed. Before others write to the terminal. */
void reach_show_messages(struct carrier *c);

/*
 * To the living peer of a session, for its terminal (MSG_FRESH: another than before) or,
 * with ERRAND_FENCE, to end it. Returns 0, or an enum msg_attach with *why.
 */
int reach_attach(struct carrier *c, char **why);

/*
 * To the peer of a placed command (pty/resume.h), by a connection that has greeted: what came from it before is said, and *received what has come there. 0,
 * or an enum msg_attach with *why.
 */
int reach_return(struct carrier *c, uint64_t came, uint64_t *received, char **why);

/* Ends the connection, and what was offered for it. */
void reach_forget(struct carrier *c);

/* One step for smigrate -v. */
void reach_step(void *arg, const char *step);

/* ---- the channel, without blocking ---- */

/* Reads all that is there. False when the channel has ended. */
bool reach_pump_in(struct carrier *c);
bool reach_pump_out(struct carrier *c);
/* Is there something that libssh has, and poll() cannot know of: data, or the end? */
bool reach_has_more(struct carrier *c);
/* The events to poll for. Call it before reach_has_more(): it may take packets off the socket, too. */
short reach_events(struct carrier *c);

#endif
