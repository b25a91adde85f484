#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/pack.h"
#include "migrate/seal.h"
#include "migrate/state_msgpack.h"
#include "wire/frame.h"

/* The module PACK_MODULE. */

extern const struct pack_ops mish_pack_ops; /* found by dlsym() */

enum { PARTS_MAX = 4096 };

static int close_up(const struct seal_key *key, const struct handover *h, uint64_t seq, char *plain,
		    size_t plain_len, uint8_t **ret, size_t *ret_len)
{
	int r = seal_close(key, h->session, h->epoch, seq, plain, plain_len, ret, ret_len);

	explicit_bzero(plain, plain_len);
	free(plain);
	if (r == 0 && *ret_len > STATE_MAX) {
		free(*ret);
		*ret = NULL; /* the caller releases what it has */
		r = -EFBIG;
	}
	return r;
}

static int pack(const struct shell *sh, const struct state_section *const *sections,
		struct handover *h)
{
	struct seal_key key;
	char *plain;
	size_t len;
	int r = seal_key_draw(&key);

	if (r == 0)
		r = state_encode(sh, sections, NULL, &plain, &len);
	if (r == 0)
		r = close_up(&key, h, 0, plain, len, &h->state, &h->state_len);
	if (r == 0)
		memcpy(h->key, key.bytes, sizeof(h->key));
	seal_key_wipe(&key);
	return r;
}

static int pack_more(const struct shell *sh, const struct state_section *const *sections,
		     const struct handover *h, uint64_t seq, struct state_tracker *tracker,
		     uint8_t **ret, size_t *ret_len)
{
	struct seal_key key;
	char *plain;
	size_t len;
	int r = state_encode(sh, sections, tracker, &plain, &len);

	if (r < 0)
		return r;
	memcpy(key.bytes, h->key, sizeof(key.bytes));
	r = close_up(&key, h, seq, plain, len, ret, ret_len);
	seal_key_wipe(&key);
	return r;
}

static int open_one(const struct seal_key *key, const struct handover *h, uint64_t seq,
		    const uint8_t *sealed, size_t len, struct state_doc *ret)
{
	uint8_t *plain;
	int r = seal_open(key, h->session, h->epoch, seq, sealed, len, &plain, &ret->len);

	ret->s = r == 0 ? (char *)plain : NULL;
	return r;
}

static int unpack(struct shell *sh, const struct state_section *const *sections,
		  const struct handover *h, void (*warn)(void *arg, const char *line), void *arg)
{
	struct state_doc *docs = calloc(PARTS_MAX, sizeof(*docs));
	struct seal_key key;
	const uint8_t *part;
	size_t n = 0, off = 0, len;
	int r = docs != NULL ? 0 : -ENOMEM;

	memcpy(key.bytes, h->key, sizeof(key.bytes));
	if (r == 0)
		r = open_one(&key, h, h->seq, h->state, h->state_len, &docs[n++]);
	while (r == 0 && (r = handover_next_part(h, &off, &part, &len)) == 1) {
		r = n < PARTS_MAX ? open_one(&key, h, h->seq + n, part, len, &docs[n]) : -E2BIG;
		n += r == 0;
	}
	if (r == 0)
		r = state_decode(sh, sections, docs, n, warn, arg);
	for (size_t i = 0; docs != NULL && i < n; i++) {
		if (docs[i].s != NULL)
			explicit_bzero(docs[i].s, docs[i].len);
		free(docs[i].s);
	}
	free(docs);
	seal_key_wipe(&key);
	return r;
}

const struct pack_ops mish_pack_ops = { .pack = pack, .pack_more = pack_more, .unpack = unpack };
