#ifndef MISH_PTY_BEGIN_H
#define MISH_PTY_BEGIN_H

#include "pty/peer.h"

/*
 * How a session begins at its new node. What goes wrong is told to the link, and ends the
 * process: there is nothing here yet that could be lost.
 */

/*
 * Hears what the link wants: the state, the terminal's type and size. A link that comes back
 * to another peer's session is passed to that one; then this does not return.
 */
void begin_hear(struct peer *p);

/* Asks this node's mishd, and starts the shell on a pty; a question is answered, and the end. */
void begin_shell(struct peer *p);

#endif
