#include <config.h>

#include "migrate/sealed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire/frame.h"

enum { PART_HEADER = 4 };

int sealed_replace(struct sealed *s, uint64_t seq, const void *state, size_t len)
{
	uint8_t *copy;

	if (len > STATE_MAX)
		return -EFBIG;
	copy = malloc(len + 1);
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, state, len);
	sealed_drop(s);
	s->state = (struct blob){ copy, len };
	s->seq = seq;
	return 0;
}

int sealed_add_part(struct sealed *s, const void *part, size_t len)
{
	uint8_t *p;

	if (len > STATE_MAX || s->parts.len + PART_HEADER + len > STATE_MAX)
		return -EFBIG;
	p = realloc(s->parts.s, s->parts.len + PART_HEADER + len);
	if (p == NULL)
		return -ENOMEM;
	s->parts.s = p;
	p += s->parts.len;
	for (int i = 0; i < PART_HEADER; i++)
		p[i] = (uint8_t)(len >> 8 * i);
	memcpy(p + PART_HEADER, part, len);
	s->parts.len += PART_HEADER + len;
	return 0;
}

int sealed_next_part(const struct sealed *s, size_t *off, const uint8_t **ret, size_t *ret_len)
{
	const uint8_t *p;
	size_t left = s->parts.len - *off, len;

	if (left == 0)
		return 0;
	p = s->parts.s + *off;
	if (left < PART_HEADER)
		return -EBADMSG;
	len = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
	if (len > left - PART_HEADER)
		return -EBADMSG;
	*ret = p + PART_HEADER;
	*ret_len = len;
	*off += PART_HEADER + len;
	return 1;
}

void sealed_drop(struct sealed *s)
{
	free(s->state.s);
	free(s->parts.s);
	s->state = s->parts = (struct blob){ 0 };
}

void sealed_copy(struct sealed *to, const struct sealed *from)
{
	struct sealed copy = *from;

	copy.parts = (struct blob){ 0 };
	copy.state = (struct blob){ malloc(from->state.len + 1), from->state.len };
	if (copy.state.s != NULL && from->state.s != NULL)
		memcpy(copy.state.s, from->state.s, from->state.len);
	if (from->parts.len != 0)
		copy.parts = (struct blob){ malloc(from->parts.len), from->parts.len };
	if (copy.parts.s != NULL)
		memcpy(copy.parts.s, from->parts.s, from->parts.len);
	if (from->state.s != NULL && copy.state.s != NULL && (copy.parts.s != NULL || from->parts.len == 0))
		*to = copy;
	else
		sealed_drop(&copy);
	explicit_bzero(&copy, sizeof(copy));
}

void sealed_move(struct sealed *to, struct sealed *from)
{
	sealed_drop(to);
	*to = *from;
	explicit_bzero(from, sizeof(*from));
}
