#include <config.h>

#include "wire/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void *member(void *of, const struct record_field *f)
{
	return (char *)of + f->at;
}

static const void *const_member(const void *of, const struct record_field *f)
{
	return (const char *)of + f->at;
}

bool record_secret_is_set(const uint8_t *secret, size_t len)
{
	uint8_t any = 0;

	for (size_t i = 0; i < len; i++)
		any |= secret[i];
	return any != 0;
}

static void put_field(const struct record_field *f, const void *from, struct msg *m)
{
	const void *p = const_member(from, f);
	const struct blob *b = p;
	uint64_t n = 0;

	switch (f->kind) {
	case RECORD_UINT:
	case RECORD_UINT16:
		n = f->kind == RECORD_UINT ? *(const uint64_t *)p : *(const uint16_t *)p;
		if (n != 0 || f->needed)
			msg_uint(m, f->key, n);
		break;
	case RECORD_NAME:
		if (*(const char *)p != '\0' || f->needed)
			msg_str(m, f->key, p);
		break;
	case RECORD_SECRET:
		if (record_secret_is_set(p, (size_t)f->max))
			msg_bytes(m, f->key, p, (size_t)f->max);
		break;
	case RECORD_TEXT:
		msg_str(m, f->key, *(char *const *)p);
		break;
	case RECORD_BLOB:
		if (b->s != NULL)
			msg_bytes(m, f->key, b->s, b->len);
		break;
	}
}

void record_put(const struct record *r, const void *from, struct msg *m)
{
	for (size_t i = 0; i < r->n; i++)
		put_field(&r->fields[i], from, m);
}

static int get_blob(const struct record_field *f, const struct msg_view *v, struct blob *ret)
{
	const uint8_t *s;
	size_t len;
	int r = msg_get_bytes(v, f->key, &s, &len);

	if (r < 0 || len > f->max)
		return r < 0 ? r : -EBADMSG;
	ret->s = malloc(len + 1);
	if (ret->s == NULL)
		return -ENOMEM;
	memcpy(ret->s, s, len);
	ret->len = len;
	return 0;
}

static int get_secret(const struct record_field *f, const struct msg_view *v, uint8_t *ret)
{
	const uint8_t *s;
	size_t len;
	int r = msg_get_bytes(v, f->key, &s, &len);

	if (r < 0 || len != f->max)
		return r < 0 ? r : -EBADMSG;
	memcpy(ret, s, len);
	return 0;
}

/* Reads one member; -ENOENT where the message has no such key. */
static int get_field(const struct record_field *f, const struct msg_view *v, void *ret)
{
	void *p = member(ret, f);
	uint64_t n;
	int r;

	switch (f->kind) {
	case RECORD_UINT:
		return msg_get_uint(v, f->key, f->max, p);
	case RECORD_UINT16:
		r = msg_get_uint(v, f->key, f->max, &n);
		if (r == 0)
			*(uint16_t *)p = (uint16_t)n;
		return r;
	case RECORD_NAME:
		return msg_get_str(v, f->key, p, (size_t)f->max);
	case RECORD_SECRET:
		return get_secret(f, v, p);
	case RECORD_TEXT:
		return msg_get_strdup(v, f->key, p);
	case RECORD_BLOB:
		return get_blob(f, v, p);
	}
	return -EBADMSG;
}

int record_get(const struct record *r, const struct msg_view *v, void *ret)
{
	int err = 0;

	memset(ret, 0, r->size);
	for (size_t i = 0; err == 0 && i < r->n; i++) {
		err = get_field(&r->fields[i], v, ret);
		if (err == -ENOENT)
			err = r->fields[i].needed ? -EBADMSG : 0;
	}
	if (err < 0)
		record_release(r, ret);
	return err;
}

/* Checks as get_field() does, and copies nothing. */
static int check_field(const struct record_field *f, const struct msg_view *v)
{
	const uint8_t *s;
	uint64_t n;
	size_t len;
	int r;

	if (f->kind == RECORD_UINT || f->kind == RECORD_UINT16)
		return msg_get_uint(v, f->key, f->max, &n);
	r = msg_get_bytes(v, f->key, &s, &len);
	if (r < 0)
		return r;
	switch (f->kind) {
	case RECORD_NAME:
		return len < f->max && memchr(s, '\0', len) == NULL ? 0 : -EBADMSG;
	case RECORD_SECRET:
		return len == f->max ? 0 : -EBADMSG;
	case RECORD_TEXT:
		return memchr(s, '\0', len) == NULL ? 0 : -EBADMSG;
	case RECORD_BLOB:
		return len <= f->max ? 0 : -EBADMSG;
	default:
		return -EBADMSG;
	}
}

int record_check(const struct record *r, const struct msg_view *v)
{
	for (size_t i = 0; i < r->n; i++) {
		int err = check_field(&r->fields[i], v);

		if (err == -ENOENT ? r->fields[i].needed : err < 0)
			return -EBADMSG;
	}
	return 0;
}

void record_release(const struct record *r, void *of)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct record_field *f = &r->fields[i];
		struct blob *b = member(of, f);

		if (f->kind == RECORD_TEXT) {
			free(*(char **)member(of, f));
		} else if (f->kind == RECORD_BLOB && b->s != NULL) {
			explicit_bzero(b->s, b->len); /* typed secrets, and states */
			free(b->s);
		}
	}
	explicit_bzero(of, r->size);
}
