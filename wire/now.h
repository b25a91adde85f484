#ifndef MISH_WIRE_NOW_H
#define MISH_WIRE_NOW_H

#include <stdint.h>

/* What time it is: for deadlines and ages the clock that never jumps, for people the other. */

/* CLOCK_MONOTONIC in ms. */
int64_t now_mono_ms(void);

/*
 * Seconds since the Epoch. Not time(3): the loader resolves that one, through the kernel's
 * page, at every start of a program that may call it.
 */
int64_t now_wall_s(void);

#endif
