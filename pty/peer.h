#ifndef MISH_PTY_PEER_H
#define MISH_PTY_PEER_H

#include <signal.h>
#include <stdbool.h>

#include "migrate/handover.h"
#include "pty/eager.h"
#include "wire/frame.h"

/* What mish-peer is made of: begin.c starts the session, peer.c carries it, resume.c goes on
 * with it over another link. */

enum { PEER_CHUNK = 1 << 15 }; /* of output, in a frame */

struct peer {
	struct handover h;
	char term[64];
	uint16_t rows, cols;
	int master, control; /* the pty; the shell's socket */
	pid_t shell;	     /* 0: ended */
	int status;
	struct frame_buf in, out;     /* from and to the link */
	struct frame_buf ctl_in, ctl_out; /* from and to the shell */
	struct frame_buf input;	      /* for the pty */
	struct frame_buf replay;      /* output that the link did not acknowledge */
	struct frame_buf kept;	      /* what the shell said last: checkpoints, or an offer */
	uint64_t sent, acked;	      /* output */
	uint64_t delivered, ack_sent; /* input */
	bool frozen; /* the shell is being moved on: no input */
	bool offered;
	bool released, committed;
	bool hung_up;	/* by us: then how the shell ends is no news */
	bool link_gone;
	int listener;	/* where another link may come, -1 before COMMIT */
	int waiter;	/* the process that brought the link we have, -1 none */
	int64_t since_ms; /* READY, hangup, or the loss of the link */
	enum { RUNNING, DRAINING, FAREWELL, DONE } stage;
	sigset_t sleep_mask;
	struct eager eager;
};

/* The link is lost. A session that is committed waits for the next. */
void peer_detach(struct peer *p);
/* The session is elsewhere: whatever this shell is doing, it must not go on. Does not return. */
void peer_end_fenced(struct peer *p) __attribute__((noreturn));
/* The link has shown output up to here. False when that cannot be. */
bool peer_on_ack(struct peer *p, uint64_t acked);
/* The terminal's size, if the message has one. */
void peer_on_winch(struct peer *p, const struct msg_view *v);
/* Says how much input the terminal has got, as such a frame. */
void peer_send_delivered(struct peer *p, enum frame_type type);
/* Says how the shell ended. */
void peer_say_exit(struct peer *p);

#endif
