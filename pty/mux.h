#ifndef MISH_PTY_MUX_H
#define MISH_PTY_MUX_H

#include "pty/reach.h"

/*
 * One connection for the commands that are placed on a node (pty/placing.h), as ssh_config(5) has it with ControlMaster: the first
 * makes it, in a process that keeps it for those that come within MUX_IDLE_MS. Each gets a channel to a peer of its own; one peer that has greeted
 * is ready for the next. Found by the address in the abstract namespace of unix sockets; both sides check the other's uid.
 */
enum { MUX_IDLE_MS = 300000 };

/* A channel, with a peer that has greeted, of a connection to this address that is there. False: there is none. */
bool mux_join(struct dial *d, const char *address);

/* As `greet`, which connects c and waits for the peer's greeting: but in a child, that keeps the connection. */
int mux_open(struct carrier *c, int (*greet)(struct carrier *, char **), char **why);

#endif
