#ifndef MISH_CONTROLLER_IDENTITY_H
#define MISH_CONTROLLER_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Who a controller is: an Ed25519 key pair of its own (RFC 8032). The secret key is in its key
 * file, the public one in every node's list of nodes. What two nodes say to each other is sealed
 * with a key that only these two can compute (X25519 of the same keys, RFC 7748); what others
 * pass on is signed. So a node speaks for itself, and for nobody else.
 */
enum {
	IDENTITY_KEY = 32,
	IDENTITY_SIGNATURE = 64,
	IDENTITY_HINT = 8,	  /* first bytes of a public key, by which a datagram names its sender */
	IDENTITY_TEXT = 44 + 1,	  /* a public key: base64 */
	IDENTITY_SECRET_TEXT = 7 + IDENTITY_TEXT, /* "secret:" before it, so that nobody takes one for the other */
	IDENTITY_KEYS = 2,	  /* of one node: two while one is exchanged for the other */
};

struct identity {
	uint8_t secret[64]; /* the seed and the public key, as libsodium has it */
};

struct identity_public {
	uint8_t bytes[IDENTITY_KEY];
};

/* The public keys of one node. */
struct identity_keys {
	struct identity_public v[IDENTITY_KEYS];
	size_t n;
};

/* Draws a new secret key. Returns 0 or -ENOSYS. */
int identity_draw(struct identity *ret);
/* The one of this seed: for tests and simulations, which repeat. */
int identity_from_seed(const uint8_t seed[IDENTITY_KEY], struct identity *ret);
void identity_wipe(struct identity *id);

/* A key file's text, and back; blanks at its end do not count. Returns 0 or -EINVAL. */
int identity_from_text(const char *text, struct identity *ret);
void identity_to_text(const struct identity *id, char ret[IDENTITY_SECRET_TEXT]);
int identity_public_from_text(const char *text, struct identity_public *ret);
void identity_public_to_text(const struct identity_public *p, char ret[IDENTITY_TEXT]);

struct identity_public identity_public(const struct identity *id);
bool identity_has(const struct identity_keys *k, const struct identity_public *p);

/* The key that this node and the one of that public key share. Returns 0 or -EINVAL: no good key. */
int identity_pair(const struct identity *id, const struct identity_public *other, uint8_t ret[IDENTITY_KEY]);
/* Of a row: at most IDENTITY_SIGNED_MAX bytes. 0 or -EMSGSIZE. */
enum { IDENTITY_SIGNED_MAX = 512 };
int identity_sign(const struct identity *id, const void *s, size_t len, uint8_t ret[IDENTITY_SIGNATURE]);
bool identity_signed(const struct identity_public *by, const void *s, size_t len,
		     const uint8_t signature[IDENTITY_SIGNATURE]);

#endif
