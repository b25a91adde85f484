#ifndef MISH_WIRE_NOW_H
#define MISH_WIRE_NOW_H

#include <stdint.h>

/* The time: deadlines and ages use the clock that never jumps, messages for people the other. */

/* CLOCK_MONOTONIC in ms. */
int64_t now_mono_ms(void);
/* … in µs. */
int64_t now_mono_us(void);

/*
 * Seconds since the Epoch. Not time(3): the loader resolves that function, through the
 * kernel's page, at every start of a program that may call it.
 */
int64_t now_wall_s(void);
/* … milliseconds. */
int64_t now_wall_ms(void);

#endif
