#ifndef MISH_WIRE_RECORD_H
#define MISH_WIRE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/msg.h"

/*
 * A struct as a message: a table says which member goes by which key. The tables are also
 * what doc/PROTOCOL.md lists: a key that is not in the record of a frame is not read from it.
 */

/* Bytes of any length, which belong to the owner of the struct; s is NULL where there are none. */
struct blob {
	uint8_t *s;
	size_t len;
};

enum record_kind {
	RECORD_UINT,   /* uint64_t */
	RECORD_UINT16, /* uint16_t */
	RECORD_NAME,   /* char[size], NUL-terminated; empty: left out */
	RECORD_SECRET, /* uint8_t[size]; all zeros: left out */
	RECORD_TEXT,   /* char *, for free(3); NULL: left out */
	RECORD_BLOB,   /* struct blob */
};

struct record_field {
	enum msg_key key;
	enum record_kind kind;
	bool needed; /* a message without it is refused */
	size_t at;   /* of the member in the struct */
	uint64_t max; /* the largest number; bytes of a NAME (with its NUL), a SECRET or a BLOB */
};

struct record {
	size_t size; /* of the struct */
	const struct record_field *fields;
	size_t n;
};

#define RECORD(type, table) { sizeof(struct type), table, sizeof(table) / sizeof((table)[0]) }
#define RECORD_FIELD(type, member, key, kind, max) { key, kind, false, offsetof(struct type, member), max }
#define RECORD_NEEDED(type, member, key, kind, max) { key, kind, true, offsetof(struct type, member), max }
/* A NAME or a SECRET is as long as its member. */
#define RECORD_SIZED(type, member, key, kind) \
	{ key, kind, false, offsetof(struct type, member), sizeof(((struct type *)0)->member) }

/* Is there a key or a secret, or only zeros? */
bool record_secret_is_set(const uint8_t *secret, size_t len);

/* Adds the members to the message; zeros, empty names and NULL only where they are needed. */
void record_put(const struct record *r, const void *from, struct msg *m);
/* Reads them. 0; or -EBADMSG or -ENOMEM, and the struct is all zeros. What it held before is lost. */
int record_get(const struct record *r, const struct msg_view *v, void *ret);
/* Makes the same checks on a message that is passed on unread. 0 or -EBADMSG. */
int record_check(const struct record *r, const struct msg_view *v);
/* Frees what the struct owns, and wipes it. */
void record_release(const struct record *r, void *of);

#endif
