#ifndef MISH_PTY_RESUME_H
#define MISH_PTY_RESUME_H

#include "wire/frame.h"

/*
 * What two ends say to each other over connections that may be cut, as one stream of bytes: each keeps what it has sent until the other says how much has
 * come, and on the next connection goes on behind that. The greetings of a connection do not count.
 */
struct resume {
	struct frame_buf kept; /* sent, from byte `acked` on */
	uint64_t sent, acked;
	uint64_t came, told; /* of the other end's: so much came, in whole frames, and so much of it we have said */
};

enum { RESUME_MS = 600000, /* for a link to come back, */
       KEPT_MS = 7 * 24 * 3600 * 1000, /* … of a job that is kept for a session that persists */
       RESUME_EVERY = 1 << 16 };

/* So much of `out` was written, and goes from there. 0 or -ENOMEM. */
int resume_wrote(struct resume *r, struct frame_buf *out, size_t len);
/* A frame that came, and its length; true: it is time to say so. */
bool resume_came(struct resume *r, size_t len);
/* The other end's word for what has come there. 0 or -EBADMSG. */
int resume_acked(struct resume *r, uint64_t came);
/* On another connection, of which the other end has said what came before: all that is to be sent, before what is in `out`. 0, -EBADMSG or -ENOMEM. */
int resume_again(struct resume *r, uint64_t came, struct frame_buf *out);
/* Writes as frame_flush(). */
int resume_flush(struct resume *r, struct frame_buf *out, int fd);
void resume_release(struct resume *r);

#endif
