#ifndef MISH_CONTROLLER_METRICS_H
#define MISH_CONTROLLER_METRICS_H

#include <uv.h>

#include "controller/meter.h"

/*
 * The metrics in Prometheus' text format 0.0.4, on a unix socket or on a port of the loopback.
 * The answer to any request is all of them.
 */
struct metrics;

/* `where` is checked by conf.c. Borrows the meter; NULL on failure, which is in the log then. */
struct metrics *metrics_listen(uv_loop_t *loop, struct meter *meter, const char *where);
/* After the loop has closed its handles; takes NULL. */
void metrics_close(struct metrics *m);

#endif
