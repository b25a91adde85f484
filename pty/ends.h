#ifndef MISH_PTY_ENDS_H
#define MISH_PTY_ENDS_H

#include "pty/reach.h"
#include "pty/streams.h"

/* The descriptors 0 to 9 of a placed command, at home: enum terminals of what they are, and the streams for them (pty/placing.h). */

/* Which are closed, and what 3 to 9 are (of a command in the `background` no pipes to read), before others take their places. Closed ones of 0 to 2 are filled. */
unsigned ends_find_closed(bool background);
/* MSG_SAME of those, and of 0 to 2. */
uint64_t ends_find_same(unsigned bits);
/* Which are the terminal (tty -1: there is none). */
unsigned ends_find(int tty, bool foreground);
/* Streams for those that are none. */
void ends_open(struct streams *s, struct carrier *c);
/* They are for a program that is executed. */
void ends_inherit(unsigned bits);

#endif
