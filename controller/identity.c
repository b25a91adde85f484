#include <config.h>

#include "controller/identity.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

_Static_assert(crypto_sign_SECRETKEYBYTES == sizeof(((struct identity *)0)->secret), "a secret key");
_Static_assert(crypto_sign_PUBLICKEYBYTES == IDENTITY_KEY && crypto_sign_SEEDBYTES == IDENTITY_KEY &&
		       crypto_scalarmult_BYTES == IDENTITY_KEY && crypto_sign_BYTES == IDENTITY_SIGNATURE,
	       "sizes are what they are");
_Static_assert(sodium_base64_ENCODED_LEN(IDENTITY_KEY, sodium_base64_VARIANT_ORIGINAL) == IDENTITY_TEXT,
	       "so is a text's");

static const char prefix[] = "secret:";
/* What is signed, or shared, for one purpose serves no other. */
static const char for_rows[] = "mish row 1", for_datagrams[] = "mish datagram 2";

int identity_draw(struct identity *ret)
{
	uint8_t public[IDENTITY_KEY];

	return sodium_init() >= 0 && crypto_sign_keypair(public, ret->secret) == 0 ? 0 : -ENOSYS;
}

int identity_from_seed(const uint8_t seed[IDENTITY_KEY], struct identity *ret)
{
	uint8_t public[IDENTITY_KEY];

	return sodium_init() >= 0 && crypto_sign_seed_keypair(public, ret->secret, seed) == 0 ? 0 : -ENOSYS;
}

void identity_wipe(struct identity *id)
{
	explicit_bzero(id, sizeof(*id));
}

/* ---- texts ---- */

static int decode(const char *text, uint8_t ret[IDENTITY_KEY])
{
	size_t len = strlen(text), n = 0;

	while (len != 0 && isspace((unsigned char)text[len - 1]))
		len--;
	if (sodium_base642bin(ret, IDENTITY_KEY, text, len, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    n != IDENTITY_KEY)
		return -EINVAL;
	return 0;
}

int identity_from_text(const char *text, struct identity *ret)
{
	uint8_t seed[IDENTITY_KEY];
	int r = strncmp(text, prefix, sizeof(prefix) - 1) == 0 ? decode(text + sizeof(prefix) - 1, seed) : -EINVAL;

	if (r == 0)
		r = identity_from_seed(seed, ret);
	explicit_bzero(seed, sizeof(seed));
	return r;
}

void identity_to_text(const struct identity *id, char ret[IDENTITY_SECRET_TEXT])
{
	memcpy(ret, prefix, sizeof(prefix) - 1);
	sodium_bin2base64(ret + sizeof(prefix) - 1, IDENTITY_TEXT, id->secret, IDENTITY_KEY,
			  sodium_base64_VARIANT_ORIGINAL);
}

int identity_public_from_text(const char *text, struct identity_public *ret)
{
	uint8_t curve[IDENTITY_KEY];

	if (decode(text, ret->bytes) < 0 || sodium_init() < 0 ||
	    crypto_sign_ed25519_pk_to_curve25519(curve, ret->bytes) != 0) /* not a point, or a weak one */
		return -EINVAL;
	return 0;
}

void identity_public_to_text(const struct identity_public *p, char ret[IDENTITY_TEXT])
{
	sodium_bin2base64(ret, IDENTITY_TEXT, p->bytes, IDENTITY_KEY, sodium_base64_VARIANT_ORIGINAL);
}

/* ---- keys ---- */

struct identity_public identity_public(const struct identity *id)
{
	struct identity_public p;

	memcpy(p.bytes, id->secret + IDENTITY_KEY, sizeof(p.bytes));
	return p;
}

bool identity_has(const struct identity_keys *k, const struct identity_public *p)
{
	for (size_t i = 0; i < k->n; i++)
		if (memcmp(k->v[i].bytes, p->bytes, sizeof(p->bytes)) == 0)
			return true;
	return false;
}

int identity_pair(const struct identity *id, const struct identity_public *other, uint8_t ret[IDENTITY_KEY])
{
	struct identity_public own = identity_public(id);
	bool first = memcmp(own.bytes, other->bytes, IDENTITY_KEY) < 0;
	uint8_t scalar[IDENTITY_KEY], point[IDENTITY_KEY], shared[IDENTITY_KEY];
	crypto_generichash_state h;
	int r = -EINVAL;

	if (crypto_sign_ed25519_sk_to_curve25519(scalar, id->secret) == 0 &&
	    crypto_sign_ed25519_pk_to_curve25519(point, other->bytes) == 0 &&
	    crypto_scalarmult(shared, scalar, point) == 0) {
		crypto_generichash_init(&h, shared, sizeof(shared), IDENTITY_KEY);
		crypto_generichash_update(&h, (const uint8_t *)for_datagrams, sizeof(for_datagrams) - 1);
		crypto_generichash_update(&h, first ? own.bytes : other->bytes, IDENTITY_KEY);
		crypto_generichash_update(&h, first ? other->bytes : own.bytes, IDENTITY_KEY);
		crypto_generichash_final(&h, ret, IDENTITY_KEY);
		explicit_bzero(&h, sizeof(h));
		r = 0;
	}
	explicit_bzero(scalar, sizeof(scalar));
	explicit_bzero(shared, sizeof(shared));
	return r;
}

/* Puts the purpose before it. */
static size_t to_sign(const void *s, size_t len, uint8_t buf[sizeof(for_rows) + IDENTITY_SIGNED_MAX])
{
	memcpy(buf, for_rows, sizeof(for_rows));
	memcpy(buf + sizeof(for_rows), s, len);
	return sizeof(for_rows) + len;
}

int identity_sign(const struct identity *id, const void *s, size_t len, uint8_t ret[IDENTITY_SIGNATURE])
{
	uint8_t buf[sizeof(for_rows) + IDENTITY_SIGNED_MAX];

	if (len > IDENTITY_SIGNED_MAX)
		return -EMSGSIZE;
	crypto_sign_detached(ret, NULL, buf, to_sign(s, len, buf), id->secret);
	return 0;
}

bool identity_signed(const struct identity_public *by, const void *s, size_t len,
		     const uint8_t signature[IDENTITY_SIGNATURE])
{
	uint8_t buf[sizeof(for_rows) + IDENTITY_SIGNED_MAX];

	return len <= IDENTITY_SIGNED_MAX &&
	       crypto_sign_verify_detached(signature, buf, to_sign(s, len, buf), by->bytes) == 0;
}
