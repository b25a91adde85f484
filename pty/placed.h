#ifndef MISH_PTY_PLACED_H
#define MISH_PTY_PLACED_H

#include "pty/peer.h"

/*
 * `@node command`, the end where it runs (pty/placing.h is the other): a subshell with the state that came, on a terminal or on pipes,
 * in a process group of its own. Ends with it, and it ends (HUP) with the connection.
 */
void placed_run(struct peer *p) __attribute__((noreturn));

#endif
