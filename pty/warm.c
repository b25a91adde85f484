#include <config.h>

#include "pty/warm.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty/child.h"
#include "wire/fdpass.h"
#include "wire/now.h"

enum {
	STILL_HERE_MS = 45000,	  /* the peer waits a minute for HELLO */
	WARM_MS = 60 * 60 * 1000, /* then the connection is given up */
	NOISE_MAX = 1 << 16,
};

/* Takes the guardian's order: an errand, a spool and $TERM. 1 taken, 0 not yet, -1 it is gone. */
static int take_order(struct carrier *c)
{
	int fds[FDPASS_FDS], r;
	char term[CHILD_TERM_MAX];
	long n = fdpass_recv(c->guardian, term, sizeof(term), fds);

	if (n == -EAGAIN)
		return 0;
	if (n <= 0)
		return -1;
	record_release(&errand_record, &c->o);
	free(c->steps);
	c->steps = NULL;
	term[n - 1] = '\0';
	setenv("TERM", term, 1);
	(void)setpgid(0, getpgid(getppid())); /* `set -m` may have changed its group */
	r = handover_read(&errand_record, fds[0], &c->o);
	close(fds[0]);
	if (r == 0)
		r = spool_open(&c->spool, fds[1]);
	else
		close(fds[1]);
	return r == 0 ? 1 : -1;
}

/* Tells the peer that we are still here. Returns how long to sleep; -1: it has been long enough. */
static int keep_alive(struct carrier *c, int64_t end, int64_t *next)
{
	int64_t now = now_mono_ms();
	struct progress p = { 0 };

	if (now >= end)
		return -1;
	if (now >= *next) {
		(void)frames_put(&c->core.out, FRAME_ACK, &progress_record, &p);
		*next = now + STILL_HERE_MS;
	}
	return (int)(*next - now);
}

/* 1: an order was taken; 0: the connection is lost, or no order came; -1: the guardian is gone. */
static int wait_for_order(struct carrier *c)
{
	int64_t now = now_mono_ms(), end = now + WARM_MS, next = now + STILL_HERE_MS;
	int r = 0;

	dial_watch(&c->d, false);
	while (r == 0) {
		int timeout = keep_alive(c, end, &next);
		struct pollfd p[2] = { { .fd = dial_fd(&c->d) },
				       { .fd = c->guardian, .events = POLLIN } };

		if (timeout < 0 || reach_end || !reach_pump_in(c) || !reach_pump_out(c) ||
		    c->in.len > NOISE_MAX)
			return 0;
		p[0].events = reach_events(c);
		if (reach_has_more(c))
			continue;
		if (poll(p, 2, timeout) < 0 && errno != EINTR)
			return 0;
		if (p[1].revents != 0)
			r = take_order(c);
	}
	return r;
}

bool warm_wait(struct carrier *c)
{
	int r = wait_for_order(c);

	if (r > 0)
		dial_watch(&c->d, true);
	if (r != 0 || reach_end)
		return r > 0;
	reach_forget(c); /* an order that came meanwhile is for another connection */
	return take_order(c) > 0;
}
