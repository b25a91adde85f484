#ifndef MISH_PTY_AS_IF_H
#define MISH_PTY_AS_IF_H

#include <stdint.h>

/* This process does as a command did elsewhere, so that its parent sees that. */

/* Stops by that signal; returns when it goes on. */
void as_if_stopped(int signo);
/* Ends by a signal (128 + that, with MSG_LOST), or returns the exit status. */
int as_if_ended(uint64_t status, uint64_t flags);

#endif
