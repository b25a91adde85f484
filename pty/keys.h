#ifndef MISH_PTY_KEYS_H
#define MISH_PTY_KEYS_H

#include "pty/reach.h"

/* What is typed: from the terminal into the spool, and from there to the peer. */

/* Reads the terminal once; a ^] that is for the guardian (pty/stall.h) goes there. */
void keys_read(struct carrier *c);
/* Sends what was typed, as far as the window lets it. */
void keys_send(struct carrier *c);
/* Tells the guardian when nobody answers what was typed, and when somebody does. */
void keys_tend(struct carrier *c);
/* The terminal goes to the job at home that is due to get it, once all is shown. */
void keys_to_front(struct carrier *c);
/* The terminal has gone. */
void keys_gone(struct carrier *c);

#endif
