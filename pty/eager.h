#ifndef MISH_PTY_EAGER_H
#define MISH_PTY_EAGER_H

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>

/*
 * Waiting for the echo of a key. To sleep and to be woken takes longer than the echo does
 * on a near node. So after a key we poll for a millisecond before we sleep, as Linux does for
 * halt_poll_ns and SO_BUSY_POLL, and yield the CPU to whoever wants it; but only while recent
 * echoes have come that soon. Ten keys a second cost 1 % of a CPU at most, and an idle
 * session nothing.
 */
struct eager {
	int64_t sent_ns;  /* when a key went out that has no echo yet; 0: there is none */
	int64_t usual_ns; /* how long echoes took lately: a fading mean */
};

/* A key went out; something came. */
void eager_sent(struct eager *e);
void eager_heard(struct eager *e);
/* As ppoll(2). */
int eager_poll(struct eager *e, struct pollfd *p, nfds_t n, const struct timespec *timeout,
	       const sigset_t *mask);

#endif
