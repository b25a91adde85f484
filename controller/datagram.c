#include <config.h>

#include "controller/datagram.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "wire/node.h"

enum {
	MAGIC = 4,
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	AD_MAX = 16 + VIEW_NAME_MAX,
	HEAD = MAGIC + IDENTITY_HINT,
};

_Static_assert(HEAD + NONCE + TAG == DATAGRAM_OVERHEAD, "the overhead is what it is");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == IDENTITY_KEY, "and so is the key");

static const char magic[] = "msh2";

static unsigned long long associated(char *ad, const char *to)
{
	int n = snprintf(ad, AD_MAX, "mish %s %.*s", magic, VIEW_NAME_MAX, to);

	return n > 0 ? (unsigned long long)n : 0;
}

void datagram_begin(struct msg *m, enum datagram_kind kind, const char *from, uint64_t boot, uint64_t seq)
{
	msg_init(m);
	msg_uint(m, MSG_KIND, kind);
	msg_str(m, MSG_NAME, from);
	msg_uint(m, MSG_BOOT, boot);
	msg_uint(m, MSG_SEQ, seq);
}

int datagram_seal(const uint8_t pair[IDENTITY_KEY], const struct identity_public *from, const char *to,
		  struct msg *m, uint8_t out[DATAGRAM_MAX])
{
	unsigned long long len = 0;
	char ad[AD_MAX];
	int r = msg_done(m);

	if (r == 0 && m->len > DATAGRAM_MAX - DATAGRAM_OVERHEAD)
		r = -EMSGSIZE;
	if (r == 0) {
		memcpy(out, magic, MAGIC);
		memcpy(out + MAGIC, from->bytes, IDENTITY_HINT);
		randombytes_buf(out + HEAD, NONCE);
		crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD + NONCE, &len, m->buf, m->len,
							   (const uint8_t *)ad, associated(ad, to),
							   NULL, out + HEAD, pair);
	}
	msg_release(m);
	return r < 0 ? r : HEAD + NONCE + (int)len;
}

const uint8_t *datagram_hint(const uint8_t *s, size_t len)
{
	return len < DATAGRAM_OVERHEAD || len > DATAGRAM_MAX || memcmp(s, magic, MAGIC) != 0 ? NULL : s + MAGIC;
}

int datagram_open(const uint8_t pair[IDENTITY_KEY], const char *to, const uint8_t *s, size_t len,
		  struct datagram *ret)
{
	unsigned long long n = 0;
	uint64_t kind;
	char ad[AD_MAX];

	if (datagram_hint(s, len) == NULL ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(ret->plain, &n, NULL, s + HEAD + NONCE,
						       len - HEAD - NONCE, (const uint8_t *)ad,
						       associated(ad, to), s + HEAD, pair) != 0)
		return -EBADMSG;
	if (msg_parse(&ret->body, ret->plain, (size_t)n) < 0 ||
	    msg_get_uint(&ret->body, MSG_KIND, 255, &kind) < 0 ||
	    msg_get_str(&ret->body, MSG_NAME, ret->from, sizeof(ret->from)) < 0 ||
	    !node_name_valid(ret->from) ||
	    msg_get_uint(&ret->body, MSG_BOOT, UINT64_MAX, &ret->boot) < 0 || ret->boot == 0 ||
	    msg_get_uint(&ret->body, MSG_SEQ, UINT64_MAX, &ret->seq) < 0)
		return -EBADMSG;
	ret->kind = (enum datagram_kind)kind;
	return 0;
}
