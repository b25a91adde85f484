#ifndef MISH_MIGRATE_SEALED_H
#define MISH_MIGRATE_SEALED_H

#include "wire/record.h"

/*
 * A shell's state as others have it: sealed, with the checkpoints that came after it, and the
 * key to them. It opens only with its session, epoch and number, which are associated data.
 */
struct sealed {
	uint8_t key[32];
	uint64_t epoch; /* of the holder that sealed it */
	uint64_t seq;	/* its number: 0 as handed off, else a whole checkpoint's */
	struct blob state;
	struct blob parts; /* later checkpoints, in order: 4 bytes length, sealed bytes */
};

/* The rows of a record for a member of this type; see migrate/handover.c. */
#define SEALED_FIELDS(type, member) \
	RECORD_SIZED(type, member.key, MSG_KEY, RECORD_SECRET), \
	RECORD_FIELD(type, member.epoch, MSG_EPOCH, RECORD_UINT, UINT64_MAX / 2), \
	RECORD_FIELD(type, member.seq, MSG_SEQ, RECORD_UINT, UINT64_MAX / 2), \
	RECORD_FIELD(type, member.state, MSG_STATE, RECORD_BLOB, STATE_MAX), \
	RECORD_FIELD(type, member.parts, MSG_PARTS, RECORD_BLOB, STATE_MAX)

/* Puts a copy of a whole checkpoint in place of all there is. 0, -ENOMEM or -EFBIG, nothing changed. */
int sealed_replace(struct sealed *s, uint64_t seq, const void *state, size_t len);
/* Appends a checkpoint. 0, -ENOMEM, or -EFBIG when that would be more than a frame takes. */
int sealed_add_part(struct sealed *s, const void *part, size_t len);
/* The next part at *off, which moves on: 1, 0 at the end, -EBADMSG. Start with 0. */
int sealed_next_part(const struct sealed *s, size_t *off, const uint8_t **ret, size_t *ret_len);
/* `to`, which is empty, gets a copy; it stays empty where there is no memory. */
void sealed_copy(struct sealed *to, const struct sealed *from);
/* `to` is released, and `from` then empty. */
void sealed_move(struct sealed *to, struct sealed *from);
/* Frees the bytes: they have gone where they were needed. */
void sealed_drop(struct sealed *s);

#endif
