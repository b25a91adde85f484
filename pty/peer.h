#ifndef MISH_PTY_PEER_H
#define MISH_PTY_PEER_H

#include <signal.h>
#include <stdbool.h>

#include "pty/eager.h"
#include "session/hold.h"

/*
 * The peer's process: begin.c starts the session, peer.c does what its core (session/hold.h)
 * asks for.
 */
struct peer {
	struct hold core;
	struct hello hello;
	int master, control; /* the pty; the shell's socket; -1 none */
	pid_t shell;	     /* 0: ended */
	bool given;	     /* it has the pty, too */
	struct frame_buf in;	 /* from the link */
	struct frame_buf ctl_in; /* from the shell */
	int listener;	/* where another link may come */
	int waiter;	/* to the mish-peer that passed the present link on, -1 none */
	sigset_t sleep_mask;
	struct eager eager;
};

#endif
