#include <config.h>

#include "pty/resume.h"

#include <errno.h>

int resume_wrote(struct resume *r, struct frame_buf *out, size_t len)
{
	int n = frame_buf_add(&r->kept, frame_buf_at(out), len);

	if (n < 0)
		return n;
	r->sent += len;
	frame_buf_drop(out, len);
	return 0;
}

bool resume_came(struct resume *r, size_t len)
{
	r->came += len;
	if (r->came - r->told < RESUME_EVERY)
		return false;
	r->told = r->came;
	return true;
}

int resume_acked(struct resume *r, uint64_t came)
{
	if (came > r->sent)
		return -EBADMSG;
	if (came <= r->acked) /* it was said before, and is said again behind a cut */
		return 0;
	frame_buf_drop(&r->kept, (size_t)(came - r->acked));
	r->acked = came;
	return 0;
}

int resume_again(struct resume *r, uint64_t came, struct frame_buf *out)
{
	int n = came < r->acked ? -EBADMSG : resume_acked(r, came);

	if (n == 0)
		n = frame_buf_add(&r->kept, frame_buf_at(out), out->len);
	if (n < 0)
		return n;
	frame_buf_release(out);
	*out = r->kept;
	r->kept = (struct frame_buf){ 0 };
	r->sent = r->acked;
	r->told = r->came;
	return 0;
}

int resume_flush(struct resume *r, struct frame_buf *out, int fd)
{
	while (out->len != 0) {
		long n = frame_write(out, fd);

		if (n >= 0)
			n = resume_wrote(r, out, (size_t)n);
		if (n < 0)
			return (int)n;
	}
	return 0;
}

void resume_release(struct resume *r)
{
	frame_buf_release(&r->kept);
}
