#ifndef MISH_PTY_CHILD_H
#define MISH_PTY_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "migrate/handover.h"
#include "pty/spool.h"
#include "wire/frame.h"

enum { CHILD_TERM_MAX = 64 }; /* $TERM, with its end, for a link that was started early */

/* A link, as its guardian sees it: a child process and a socket. */
struct child {
	pid_t pid; /* 0: none */
	int fd;
	struct frame_buf in;
	bool eof;
};

/* The disposition of signals that a child starts with is the caller's mask and SIG_DFL. */
int child_start(struct child *c, const struct handover *h, const struct spool *spool,
		const sigset_t *mask);

/*
 * Lets a link that was started early, and only waits, carry this; *warm is then *c. False:
 * it has ended meanwhile.
 */
bool child_adopt(struct child *c, struct child *warm, const struct handover *h,
		 const struct spool *spool);

/*
 * A link that ends the peer of a handover that has MSG_FENCE: by itself, on for as long as
 * it takes, also when this process is gone.
 */
void child_start_fence(const struct handover *h, const sigset_t *mask);

/* One frame; a link that is gone is seen as its end of file. */
void child_send(struct child *c, enum frame_type type, const char *why, int status);

/* Waits for the link to end, at most so long; then it is killed. True: it ended well. */
bool child_end(struct child *c, int timeout_ms);

#endif
