#ifndef MISH_PTY_PLACING_H
#define MISH_PTY_PLACING_H

#include "pty/reach.h"

/*
 * `@node command`, the end where its shell is. This process is the job: signals that it gets go to the command, it stops when that stops,
 * and ends as that ends. Its descriptors are the command's (pty/streams.h); while it is in the foreground, the keyboard is, too.
 * What of that the command did not read is left in the file c->guardian (-1: nowhere; there is no guardian).
 * Connects, and does not return before the command has ended; the exit status, or the signal that killed it has killed this process.
 */
int placing_run(struct carrier *c);

#endif
