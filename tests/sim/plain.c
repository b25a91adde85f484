#include <config.h>

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "controller/identity.h"

/*
 * controller/identity.h without its cost, as the simulated network is one without delay: linked
 * in its place where thousands of controllers run in one process and nobody attacks them. Keys
 * and signatures are hashes that anybody could compute; sizes are the real ones.
 */
static void hash(uint8_t ret[IDENTITY_KEY], const void *a, size_t a_len, const void *b, size_t b_len)
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, IDENTITY_KEY);
	crypto_generichash_update(&h, a, a_len);
	crypto_generichash_update(&h, b, b_len);
	crypto_generichash_final(&h, ret, IDENTITY_KEY);
}

int identity_from_seed(const uint8_t seed[IDENTITY_KEY], struct identity *ret)
{
	memcpy(ret->secret, seed, IDENTITY_KEY);
	hash(ret->secret + IDENTITY_KEY, "public", 6, seed, IDENTITY_KEY);
	return sodium_init() >= 0 ? 0 : -ENOSYS;
}

void identity_wipe(struct identity *id)
{
	(void)id;
}

struct identity_public identity_public(const struct identity *id)
{
	struct identity_public p;

	memcpy(p.bytes, id->secret + IDENTITY_KEY, sizeof(p.bytes));
	return p;
}

int identity_pair(const struct identity *id, const struct identity_public *other, uint8_t ret[IDENTITY_KEY])
{
	struct identity_public own = identity_public(id);
	bool first = memcmp(own.bytes, other->bytes, IDENTITY_KEY) < 0;

	hash(ret, first ? own.bytes : other->bytes, IDENTITY_KEY, first ? other->bytes : own.bytes, IDENTITY_KEY);
	return 0;
}

int identity_sign(const struct identity *id, const void *s, size_t len, uint8_t ret[IDENTITY_SIGNATURE])
{
	struct identity_public own = identity_public(id);

	memset(ret, 0, IDENTITY_SIGNATURE);
	hash(ret, own.bytes, IDENTITY_KEY, s, len);
	return 0;
}

bool identity_signed(const struct identity_public *by, const void *s, size_t len,
		     const uint8_t signature[IDENTITY_SIGNATURE])
{
	uint8_t h[IDENTITY_KEY];

	hash(h, by->bytes, IDENTITY_KEY, s, len);
	return memcmp(h, signature, IDENTITY_KEY) == 0;
}
