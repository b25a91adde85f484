#ifndef MISH_MIGRATE_SEAL_H
#define MISH_MIGRATE_SEAL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sealing a state: XChaCha20-Poly1305 with session, epoch and a sequence number as
 * associated data, so that no checkpoint can be left out or put into another place. The
 * rendezvous sees only sealed bytes.
 */
enum { SEAL_KEY_LEN = 32 };

struct seal_key {
	uint8_t bytes[SEAL_KEY_LEN];
};

/* Returns 0 or -errno; a fresh random key. */
int seal_key_draw(struct seal_key *ret);
void seal_key_wipe(struct seal_key *k);

/* Returns 0 or -errno; the caller frees *ret. */
int seal_close(const struct seal_key *k, const char *session, uint64_t epoch, uint64_t seq,
	       const void *plain, size_t len, uint8_t **ret, size_t *ret_len);
/* -EBADMSG when it is not what was sealed for this session, epoch and number. */
int seal_open(const struct seal_key *k, const char *session, uint64_t epoch, uint64_t seq,
	      const void *sealed, size_t len, uint8_t **ret, size_t *ret_len);

#endif
