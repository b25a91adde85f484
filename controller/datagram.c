#include <config.h>

#include "controller/datagram.h"

#include <ctype.h>
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
	SECRET_MIN = 32,
};

_Static_assert(MAGIC + NONCE + TAG == DATAGRAM_OVERHEAD, "the overhead is what it is");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == DATAGRAM_KEY, "and so is the key");

static const char magic[] = "msh1";
/* so that a text which is used elsewhere, too, makes another key here */
static const char purpose[] = "mish cluster key";

int datagram_key_from(const char *text, struct datagram_key *ret)
{
	size_t len = strlen(text);

	while (len != 0 && isspace((unsigned char)text[len - 1]))
		len--;
	if (len < SECRET_MIN || sodium_init() < 0)
		return -EINVAL;
	crypto_generichash(ret->bytes, sizeof(ret->bytes), (const uint8_t *)text, len,
			   (const uint8_t *)purpose, sizeof(purpose) - 1);
	return 0;
}

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

int datagram_seal(const struct datagram_key *k, const char *to, struct msg *m, uint8_t out[DATAGRAM_MAX])
{
	unsigned long long len = 0;
	char ad[AD_MAX];
	int r = msg_done(m);

	if (r == 0 && m->len > DATAGRAM_MAX - DATAGRAM_OVERHEAD)
		r = -EMSGSIZE;
	if (r == 0) {
		memcpy(out, magic, MAGIC);
		randombytes_buf(out + MAGIC, NONCE);
		crypto_aead_xchacha20poly1305_ietf_encrypt(out + MAGIC + NONCE, &len, m->buf, m->len,
							   (const uint8_t *)ad, associated(ad, to),
							   NULL, out + MAGIC, k->bytes);
	}
	msg_release(m);
	return r < 0 ? r : MAGIC + NONCE + (int)len;
}

int datagram_open(const struct datagram_key *k, const char *to, const uint8_t *s, size_t len,
		  struct datagram *ret)
{
	unsigned long long n = 0;
	uint64_t kind;
	char ad[AD_MAX];

	if (len < DATAGRAM_OVERHEAD || len > DATAGRAM_MAX || memcmp(s, magic, MAGIC) != 0 ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(ret->plain, &n, NULL, s + MAGIC + NONCE,
						       len - MAGIC - NONCE, (const uint8_t *)ad,
						       associated(ad, to), s + MAGIC, k->bytes) != 0)
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
