#include <config.h>

#include "pty/unread.h"

static bool is_same_key(uint8_t typed, uint8_t read)
{
	return typed == read || (typed == '\r' && read == '\n'); /* ICRNL */
}

size_t unread_count(const struct stream *t, uint64_t read, const struct frame_buf *back)
{
	const struct frame_buf *typed = &t->kept;
	uint64_t late = read < t->sent ? t->sent - read : 0;
	size_t n = late < typed->len ? (size_t)late : typed->len, unread = back->len;
	const uint8_t *end = frame_buf_at(typed) + (typed->len - n);

	if (unread > typed->len - n)
		return n;
	for (size_t i = 1; i <= unread; i++)
		if (!is_same_key(end[-(ptrdiff_t)i], frame_buf_at(back)[unread - i]))
			return n;
	return n + unread;
}
