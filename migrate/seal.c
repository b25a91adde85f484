#include <config.h>

#include "migrate/seal.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	AD_MAX = 96,
};

int seal_key_draw(struct seal_key *ret)
{
	if (sodium_init() < 0)
		return -ENOSYS;
	randombytes_buf(ret->bytes, sizeof(ret->bytes));
	return 0;
}

void seal_key_wipe(struct seal_key *k)
{
	explicit_bzero(k, sizeof(*k));
}

static int associated(char *ad, const char *session, uint64_t epoch, uint64_t seq)
{
	int n = snprintf(ad, AD_MAX, "mish state %s %llu %llu", session, (unsigned long long)epoch,
			 (unsigned long long)seq);

	return n < 0 || n >= AD_MAX ? -EINVAL : n;
}

int seal_close(const struct seal_key *k, const char *session, uint64_t epoch, uint64_t seq,
	       const void *plain, size_t len, uint8_t **ret, size_t *ret_len)
{
	char ad[AD_MAX];
	int n = associated(ad, session, epoch, seq);
	unsigned long long out_len;
	uint8_t *out;

	if (n < 0)
		return n;
	if (sodium_init() < 0)
		return -ENOSYS;
	out = len <= SIZE_MAX - NONCE - TAG ? malloc(NONCE + len + TAG) : NULL;
	if (out == NULL)
		return -ENOMEM;
	randombytes_buf(out, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &out_len, plain, len,
						   (const uint8_t *)ad, (unsigned long long)n,
						   NULL, out, k->bytes);
	*ret = out;
	*ret_len = NONCE + (size_t)out_len;
	return 0;
}

int seal_open(const struct seal_key *k, const char *session, uint64_t epoch, uint64_t seq,
	      const void *sealed, size_t len, uint8_t **ret, size_t *ret_len)
{
	const uint8_t *s = sealed;
	char ad[AD_MAX];
	int n = associated(ad, session, epoch, seq);
	unsigned long long out_len;
	uint8_t *out;

	if (n < 0)
		return n;
	if (len < NONCE + TAG)
		return -EBADMSG;
	if (sodium_init() < 0)
		return -ENOSYS;
	out = malloc(len - NONCE - TAG + 1);
	if (out == NULL)
		return -ENOMEM;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &out_len, NULL, s + NONCE, len - NONCE,
						       (const uint8_t *)ad, (unsigned long long)n,
						       s, k->bytes) != 0) {
		free(out);
		return -EBADMSG;
	}
	*ret = out;
	*ret_len = (size_t)out_len;
	return 0;
}
