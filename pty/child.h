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

/* For a link that the shell has started; takes its socket. NULL: no memory. */
struct child *child_new(pid_t pid, int fd);

/*
 * Starts one, with this signal mask and all dispositions at default. NULL with *err (-errno).
 */
struct child *child_start(const struct programs *programs, const struct errand_order *o,
			  const struct spool *spool, const sigset_t *mask, int *err);

/* Sends a link that waits on this errand. False: it has ended meanwhile, or there is no memory. */
bool child_order(struct child *c, const struct errand_order *o, const struct spool *spool);

/*
 * Starts a link that ends a peer (ERRAND_FENCE). It is nobody's child, and goes on trying when
 * this process is gone.
 */
void child_start_fence(const struct programs *programs, const struct errand_order *o, const sigset_t *mask);

/* Starts one that stands for a job that stays elsewhere (ERRAND_KEPT), in a process group of its own. Its pid, or -errno. */
pid_t child_start_kept(const struct programs *programs, const struct errand_order *o);

/* Sends one frame. An error is ignored: a link that is gone shows as its end of file. */
void child_send(struct child *c, enum frame_type type, const struct verdict *v);
void child_send_job(struct child *c, const struct job_word *w);

/* Waits for it to end, at most so long; then it is killed. Frees it. True: it ended well. */
bool child_end(struct child *c, int timeout_ms);

#endif
