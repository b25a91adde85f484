#include <config.h>

#include "wire/frame.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/io_full.h"
#include "wire/now.h"

enum { READ_SIZE = 65536 };

void frame_put_version(struct msg *m, enum msg_key key)
{
	msg_uint(m, key, PROTOCOL_VERSION);
	msg_uint(m, MSG_LEAST, PROTOCOL_LEAST);
}

int frame_check_version(const struct msg_view *v, enum msg_key key, uint64_t *ret)
{
	uint64_t least;
	int r = msg_get_uint(v, key, UINT32_MAX, ret);

	if (r < 0)
		return r;
	if (msg_get_uint(v, MSG_LEAST, UINT32_MAX, &least) < 0)
		least = *ret;
	return *ret >= PROTOCOL_LEAST && least <= PROTOCOL_VERSION ? 0 : -EPROTO;
}

void frame_buf_release(struct frame_buf *b)
{
	if (b->s != NULL)
		explicit_bzero(b->s, b->cap);
	free(b->s);
	*b = (struct frame_buf){ 0 };
}

/* Room for `more` bytes at the end. */
static int reserve(struct frame_buf *b, size_t more)
{
	size_t cap = b->cap != 0 ? b->cap : 1024, need;
	uint8_t *p;

	if (b->len == 0)
		b->start = 0;
	if (more <= b->cap - b->start - b->len)
		return 0;
	if (__builtin_add_overflow(b->len, more, &need) || need > SIZE_MAX / 4)
		return -ENOMEM;
	while (cap < need)
		cap *= 2;
	if (cap == b->cap) {
		memmove(b->s, b->s + b->start, b->len);
		b->start = 0;
		return 0;
	}
	p = malloc(cap);
	if (p == NULL)
		return -ENOMEM;
	if (b->len != 0)
		memcpy(p, b->s + b->start, b->len);
	if (b->s != NULL)
		explicit_bzero(b->s, b->cap); /* keys pass through here */
	free(b->s);
	b->s = p;
	b->start = 0;
	b->cap = cap;
	return 0;
}

int frame_buf_add(struct frame_buf *b, const void *s, size_t len)
{
	int r = reserve(b, len);

	if (r < 0)
		return r;
	if (len != 0)
		memcpy(b->s + b->start + b->len, s, len);
	b->len += len;
	return 0;
}

void frame_buf_drop(struct frame_buf *b, size_t len)
{
	b->start += len;
	b->len -= len;
	if (b->len == 0)
		b->start = 0;
}

int frame_put(struct frame_buf *out, enum frame_type type, const void *payload, size_t len)
{
	uint8_t h[FRAME_HEADER] = { (uint8_t)type, (uint8_t)len, (uint8_t)(len >> 8),
				    (uint8_t)(len >> 16), (uint8_t)(len >> 24) };
	int r;

	if (len > FRAME_MAX)
		return -EMSGSIZE;
	r = reserve(out, FRAME_HEADER + len);
	if (r < 0)
		return r;
	frame_buf_add(out, h, sizeof(h));
	return frame_buf_add(out, payload, len);
}

int frame_put_stream(struct frame_buf *out, enum frame_type type, unsigned stream, const void *bytes, size_t len)
{
	size_t n = FRAME_STREAM + len;
	uint8_t h[FRAME_HEADER + FRAME_STREAM] = { (uint8_t)type, (uint8_t)n, (uint8_t)(n >> 8),
						   (uint8_t)(n >> 16), (uint8_t)(n >> 24),
						   (uint8_t)stream, (uint8_t)(stream >> 8) };
	int r;

	if (len > FRAME_MAX - FRAME_STREAM || stream > UINT16_MAX)
		return -EMSGSIZE;
	r = reserve(out, sizeof(h) + len);
	if (r < 0)
		return r;
	frame_buf_add(out, h, sizeof(h));
	return frame_buf_add(out, bytes, len);
}

int frame_put_data(struct frame_buf *out, unsigned stream, const void *bytes, size_t len)
{
	return frame_put_stream(out, FRAME_DATA, stream, bytes, len);
}

int frame_get_data(const uint8_t *payload, size_t len, unsigned *ret_stream, const uint8_t **ret,
		   size_t *ret_len)
{
	if (len < FRAME_STREAM)
		return -EBADMSG;
	*ret_stream = payload[0] | (unsigned)payload[1] << 8;
	*ret = payload + FRAME_STREAM;
	*ret_len = len - FRAME_STREAM;
	return 0;
}

int frame_put_msg(struct frame_buf *out, enum frame_type type, struct msg *m)
{
	int r = msg_done(m);

	if (r == 0)
		r = frame_put(out, type, m->buf, m->len);
	msg_release(m);
	return r;
}

int frame_next(const struct frame_buf *in, size_t max, enum frame_type *ret_type,
	       const uint8_t **ret_payload, size_t *ret_len, size_t *ret_total)
{
	const uint8_t *s = frame_buf_at(in);
	size_t len;

	if (in->len < FRAME_HEADER)
		return 0;
	len = (size_t)s[1] | (size_t)s[2] << 8 | (size_t)s[3] << 16 | (size_t)s[4] << 24;
	if (len > max)
		return -EBADMSG;
	if (in->len - FRAME_HEADER < len)
		return 0;
	*ret_type = (enum frame_type)s[0];
	*ret_payload = s + FRAME_HEADER;
	*ret_len = len;
	*ret_total = FRAME_HEADER + len;
	return 1;
}

long frame_write(const struct frame_buf *out, int fd)
{
	ssize_t n;

	do
		n = write(fd, frame_buf_at(out), out->len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int frame_flush(struct frame_buf *out, int fd)
{
	while (out->len != 0) {
		long n = frame_write(out, fd);

		if (n < 0)
			return (int)n;
		frame_buf_drop(out, (size_t)n);
	}
	return 0;
}

long frame_fill(struct frame_buf *in, int fd)
{
	ssize_t n;
	int r = reserve(in, READ_SIZE);

	if (r < 0)
		return r;
	do
		n = read(fd, in->s + in->start + in->len, READ_SIZE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	in->len += (size_t)n;
	return n;
}

int frame_send(int fd, enum frame_type type, struct msg *m)
{
	struct frame_buf b = { 0 };
	int r = frame_put_msg(&b, type, m);

	if (r == 0)
		r = io_write_full(fd, frame_buf_at(&b), b.len);
	frame_buf_release(&b);
	return r;
}

int frame_recv(int fd, struct frame_buf *in, int timeout_ms, enum frame_type *ret_type,
	       const uint8_t **ret_payload, size_t *ret_len, size_t *ret_total)
{
	int64_t end = now_mono_ms() + timeout_ms;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int r = frame_next(in, FRAME_MAX, ret_type, ret_payload, ret_len, ret_total), wait;
		long n;

		if (r != 0)
			return r < 0 ? r : 0;
		wait = timeout_ms < 0 ? -1 : end > now_mono_ms() ? (int)(end - now_mono_ms()) : 0;
		r = poll(&p, 1, wait);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r < 0 ? -errno : -ETIMEDOUT;
		n = frame_fill(in, fd);
		if (n == -EAGAIN)
			continue;
		if (n <= 0)
			return n < 0 ? (int)n : -EPIPE;
	}
}
