#ifndef MISH_PTY_EAGER_H
#define MISH_PTY_EAGER_H

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>

/*
 * Waiting for the echo of a key. To sleep and to be woken takes longer than the echo does
 * on a near node; so after a key we look again for a millisecond before we sleep, as long
 * as echoes use to come that soon (as Linux does for halt_poll_ns and SO_BUSY_POLL), and
 * leave the CPU to whoever wants it. Ten keys a second cost 1 % of a CPU at most, and an idle
 * session nothing.
 */
struct eager {
	int64_t sent_ns;  /* a key, and nothing came since; 0 none */
	int64_t usual_ns; /* how long an echo takes, fading */
};

/* A key went out; something came. */
void eager_sent(struct eager *e);
void eager_heard(struct eager *e);
/* ppoll(2) */
int eager_poll(struct eager *e, struct pollfd *p, nfds_t n, const struct timespec *timeout,
	       const sigset_t *mask);

#endif
