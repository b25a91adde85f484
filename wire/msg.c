#include <config.h>

#include "wire/msg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 5, MAX_DEPTH = 8, MAX_PAIRS = 256 };

static void put(struct msg *m, const void *s, size_t len)
{
	if (m->failed)
		return;
	if (len > m->cap - m->len) {
		size_t cap = m->cap != 0 ? m->cap : 256;
		uint8_t *p;

		while (cap - m->len < len && cap < SIZE_MAX / 4)
			cap *= 2;
		p = cap - m->len < len ? NULL : malloc(cap);
		if (p == NULL) {
			m->failed = true;
			return;
		}
		if (m->len != 0)
			memcpy(p, m->buf, m->len);
		if (m->buf != NULL)
			explicit_bzero(m->buf, m->cap); /* realloc would leave a key behind */
		free(m->buf);
		m->buf = p;
		m->cap = cap;
	}
	if (len != 0)
		memcpy(m->buf + m->len, s, len);
	m->len += len;
}

static void put_be(struct msg *m, uint8_t tag, uint64_t v, int bytes)
{
	uint8_t b[9] = { tag };

	for (int i = 0; i < bytes; i++)
		b[1 + i] = (uint8_t)(v >> 8 * (bytes - 1 - i));
	put(m, b, 1 + (size_t)bytes);
}

static void put_uint(struct msg *m, uint64_t v)
{
	if (v < 0x80) {
		uint8_t b = (uint8_t)v;

		put(m, &b, 1);
	} else if (v <= UINT8_MAX) {
		put_be(m, 0xcc, v, 1);
	} else if (v <= UINT16_MAX) {
		put_be(m, 0xcd, v, 2);
	} else if (v <= UINT32_MAX) {
		put_be(m, 0xce, v, 4);
	} else {
		put_be(m, 0xcf, v, 8);
	}
}

void msg_init(struct msg *m)
{
	*m = (struct msg){ 0 };
	put_be(m, 0xdf, 0, 4); /* map32: the count is filled in by msg_done() */
}

void msg_release(struct msg *m)
{
	if (m->buf != NULL)
		explicit_bzero(m->buf, m->cap);
	free(m->buf);
	*m = (struct msg){ 0 };
}

void msg_uint(struct msg *m, enum msg_key key, uint64_t v)
{
	put_uint(m, (uint64_t)key);
	put_uint(m, v);
	m->n++;
}

void msg_bytes(struct msg *m, enum msg_key key, const void *s, size_t len)
{
	put_uint(m, (uint64_t)key);
	if (len > UINT32_MAX) {
		m->failed = true;
		return;
	}
	if (len <= UINT8_MAX)
		put_be(m, 0xc4, len, 1);
	else
		put_be(m, 0xc6, len, 4);
	put(m, s, len);
	m->n++;
}

void msg_str(struct msg *m, enum msg_key key, const char *s)
{
	if (s != NULL)
		msg_bytes(m, key, s, strlen(s));
}

int msg_done(struct msg *m)
{
	if (m->failed)
		return -ENOMEM;
	for (int i = 0; i < 4; i++)
		m->buf[1 + i] = (uint8_t)(m->n >> 8 * (3 - i));
	return 0;
}

/* ---- reading ---- */

static uint64_t get_be(const uint8_t *s, int bytes)
{
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v = v << 8 | s[i];
	return v;
}

struct value {
	enum { VALUE_UINT, VALUE_BYTES, VALUE_OTHER } kind;
	uint64_t number;
	const uint8_t *s;
	size_t len;
};

/*
 * One value at *p, which moves past it. A count is never believed before the bytes are
 * there: every element takes at least one.
 */
static int read_value(const uint8_t **p, const uint8_t *end, struct value *ret, int depth)
{
	size_t left = (size_t)(end - *p), head = 1, body = 0, items = 0;
	uint8_t tag;

	*ret = (struct value){ .kind = VALUE_OTHER };
	if (left < 1 || depth > MAX_DEPTH)
		return -EBADMSG;
	tag = **p;
	if (tag < 0x80) {
		ret->kind = VALUE_UINT;
		ret->number = tag;
	} else if (tag < 0x90) {
		items = 2u * (tag & 0x0f);
	} else if (tag < 0xa0) {
		items = tag & 0x0f;
	} else if (tag < 0xc0) {
		ret->kind = VALUE_BYTES;
		body = tag & 0x1f;
	} else {
		/* bytes of the number that follows the tag, for 0xc4 … 0xdf */
		static const uint8_t width[] = { 1, 2, 4, 1, 2, 4, 4, 8, 1, 2, 4, 8, 1, 2,
						 4, 8, 1, 1, 1, 1, 1, 1, 2, 4, 2, 4, 2, 4 };
		uint64_t n;

		if (tag >= 0xe0 || tag == 0xc0 || tag == 0xc2 || tag == 0xc3) {
			(*p)++;
			return 0; /* a negative number, nil, false, true */
		}
		if (tag == 0xc1)
			return -EBADMSG;
		head = 1u + width[tag - 0xc4];
		if (tag >= 0xd4 && tag <= 0xd8) { /* fixext: type byte and 1 … 16 bytes */
			head = 2;
			body = (size_t)1 << (tag - 0xd4);
		}
		if (left < head)
			return -EBADMSG;
		n = get_be(*p + 1, (int)head - 1);
		if (tag >= 0xc4 && tag <= 0xc6) {
			ret->kind = VALUE_BYTES;
			body = n;
		} else if (tag >= 0xc7 && tag <= 0xc9) {
			body = n + 1;
		} else if (tag >= 0xcc && tag <= 0xcf) {
			ret->kind = VALUE_UINT;
			ret->number = n;
		} else if (tag >= 0xd9 && tag <= 0xdb) {
			ret->kind = VALUE_BYTES;
			body = n;
		} else if (tag == 0xdc || tag == 0xdd) {
			items = n;
		} else if (tag == 0xde || tag == 0xdf) {
			items = 2 * n;
		}
	}
	if (body > left - head || items > left - head)
		return -EBADMSG;
	ret->s = *p + head;
	ret->len = body;
	*p += head + body;
	for (size_t i = 0; i < items; i++) {
		struct value skipped;

		if (read_value(p, end, &skipped, depth + 1) < 0)
			return -EBADMSG;
	}
	return 0;
}

/* The map's header at *p; returns 0 and the number of pairs. */
static int read_header(const uint8_t **p, const uint8_t *end, uint32_t *ret)
{
	size_t left = (size_t)(end - *p);

	if (left >= 1 && **p >= 0x80 && **p < 0x90) {
		*ret = **p & 0x0f;
		(*p)++;
	} else if (left >= 3 && **p == 0xde) {
		*ret = (uint32_t)get_be(*p + 1, 2);
		*p += 3;
	} else if (left >= HEADER && **p == 0xdf) {
		*ret = (uint32_t)get_be(*p + 1, 4);
		*p += HEADER;
	} else {
		return -EBADMSG;
	}
	return 0;
}

int msg_parse(struct msg_view *v, const uint8_t *buf, size_t len)
{
	const uint8_t *p = buf, *end = buf + len;
	uint32_t n;

	if (read_header(&p, end, &n) < 0 || n > MAX_PAIRS) /* each look-up walks over all */
		return -EBADMSG;
	for (uint32_t i = 0; i < n; i++) {
		struct value key, value;

		if (read_value(&p, end, &key, 0) < 0 || read_value(&p, end, &value, 0) < 0 ||
		    key.kind != VALUE_UINT)
			return -EBADMSG;
	}
	if (p != end)
		return -EBADMSG;
	*v = (struct msg_view){ buf, len, n };
	return 0;
}

/* The first value with that key. */
static int find(const struct msg_view *v, enum msg_key key, struct value *ret)
{
	const uint8_t *p = v->buf, *end = v->buf + v->len;
	uint32_t n;

	if (v->buf == NULL || read_header(&p, end, &n) < 0)
		return -ENOENT;
	for (uint32_t i = 0; i < n; i++) {
		struct value k;

		if (read_value(&p, end, &k, 0) < 0 || read_value(&p, end, ret, 0) < 0)
			return -EBADMSG;
		if (k.number == (uint64_t)key)
			return 0;
	}
	return -ENOENT;
}

int msg_get_uint(const struct msg_view *v, enum msg_key key, uint64_t max, uint64_t *ret)
{
	struct value x;
	int r = find(v, key, &x);

	if (r < 0)
		return r;
	if (x.kind != VALUE_UINT || x.number > max)
		return -EBADMSG;
	*ret = x.number;
	return 0;
}

int msg_get_bytes(const struct msg_view *v, enum msg_key key, const uint8_t **ret,
		  size_t *ret_len)
{
	struct value x;
	int r = find(v, key, &x);

	if (r < 0)
		return r;
	if (x.kind != VALUE_BYTES)
		return -EBADMSG;
	*ret = x.s;
	*ret_len = x.len;
	return 0;
}

int msg_get_str(const struct msg_view *v, enum msg_key key, char *buf, size_t size)
{
	const uint8_t *s;
	size_t len;
	int r = msg_get_bytes(v, key, &s, &len);

	if (r < 0)
		return r;
	if (len >= size || memchr(s, '\0', len) != NULL)
		return -EBADMSG;
	memcpy(buf, s, len);
	buf[len] = '\0';
	return 0;
}

int msg_get_strdup(const struct msg_view *v, enum msg_key key, char **ret)
{
	const uint8_t *s;
	char *copy;
	size_t len;
	int r = msg_get_bytes(v, key, &s, &len);

	if (r < 0)
		return r;
	if (memchr(s, '\0', len) != NULL)
		return -EBADMSG;
	copy = strndup((const char *)s, len);
	if (copy == NULL)
		return -ENOMEM;
	*ret = copy;
	return 0;
}
