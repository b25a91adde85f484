#ifndef MISH_CONTROLLER_METRICS_H
#define MISH_CONTROLLER_METRICS_H

#include <uv.h>

#include "controller/meter.h"

/*
 * The metrics in Prometheus' text format 0.0.4, for who asks on a unix socket or a port
 * of the loopback: any request gets them.
 */
struct metrics;

/* `where` is checked by conf.c. Borrows the meter; NULL on failure, which is in the log then. */
struct metrics *metrics_listen(uv_loop_t *loop, struct meter *meter, const char *where);
/* After the loop has closed its handles; takes NULL. */
void metrics_close(struct metrics *m);

#endif
