#include <config.h>

#include "controller/ticker.h"

static void on_timer(uv_timer_t *timer)
{
	struct ticker *t = timer->data;
	int64_t next = t->due(t->arg);

	if (next != INT64_MAX)
		uv_timer_start(timer, on_timer, next > 0 ? (uint64_t)next : 1, 0);
}

void ticker_init(struct ticker *t, uv_loop_t *loop, int64_t (*due)(void *arg), void *arg)
{
	t->due = due;
	t->arg = arg;
	uv_timer_init(loop, &t->timer);
	t->timer.data = t;
}

void ticker_kick(struct ticker *t)
{
	uv_timer_start(&t->timer, on_timer, 0, 0);
}
