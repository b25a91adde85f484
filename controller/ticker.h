#ifndef MISH_CONTROLLER_TICKER_H
#define MISH_CONTROLLER_TICKER_H

#include <stdint.h>
#include <uv.h>

/*
 * What is due now is done by one function, which says in how many ms something will be
 * due next; INT64_MAX: not before the next kick. An idle daemon has no timer.
 */
struct ticker {
	uv_timer_t timer;
	int64_t (*due)(void *arg);
	void *arg;
};

void ticker_init(struct ticker *t, uv_loop_t *loop, int64_t (*due)(void *arg), void *arg);
/* Something happened: what is due is done at the next turn of the loop. */
void ticker_kick(struct ticker *t);

#endif
