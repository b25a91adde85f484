#ifndef MISH_PTY_CHILD_H
#define MISH_PTY_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "pty/spool.h"
#include "session/guard.h"

enum { CHILD_TERM_MAX = 64 }; /* $TERM, with its end, for a link that was started early */

/* A link, as its guardian sees it: a child process and a socket. */
struct child {
	struct guard_link link; /* first: the guardian's core knows this part */
	pid_t pid;
	int fd;
	struct frame_buf in;
};

static inline struct child *child_of(struct guard_link *l)
{
	return (struct child *)(void *)l;
}

/* For a process that the shell has started: its socket and pid. NULL: no memory. */
struct child *child_new(pid_t pid, int fd);

/*
 * Starts one. The disposition of signals that it begins with is the caller's mask and
 * SIG_DFL. NULL with *err (-errno).
 */
struct child *child_start(const struct errand_order *o, const struct spool *spool, const sigset_t *mask,
			  int *err);

/* Lets one that was started early, and only waits, go on this errand. False: it has ended meanwhile. */
bool child_order(struct child *c, const struct errand_order *o, const struct spool *spool);

/*
 * A link that ends a peer (ERRAND_FENCE): by itself, on for as long as it takes, also when
 * this process is gone.
 */
void child_start_fence(const struct errand_order *o, const sigset_t *mask);

/* One frame; a link that is gone is seen as its end of file. */
void child_send(struct child *c, enum frame_type type, const struct verdict *v);

/* Waits for it to end, at most so long; then it is killed. Frees it. True: it ended well. */
bool child_end(struct child *c, int timeout_ms);

#endif
