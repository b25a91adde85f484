#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/pack.h"
#include "migrate/seal.h"
#include "migrate/state_msgpack.h"
#include "wire/frame.h"

/* The module mish-move.so (pack.h): encoding and sealing in one step, and back. */

extern const struct pack_ops mish_pack_ops; /* found by dlsym() */

enum { PARTS_MAX = 4096 };

static int close_up(const struct seal_key *key, const char *session, uint64_t epoch, uint64_t seq,
		    char *plain, size_t plain_len, struct blob *ret)
{
	int r = seal_close(key, session, epoch, seq, plain, plain_len, &ret->s, &ret->len);

	explicit_bzero(plain, plain_len);
	free(plain);
	if (r == 0 && ret->len > STATE_MAX) {
		free(ret->s);
		*ret = (struct blob){ 0 };
		r = -EFBIG;
	}
	return r;
}

static int pack(const struct shell *sh, const struct state_section *const *sections,
		const char *session, struct sealed *s)
{
	struct seal_key key;
	char *plain;
	size_t len;
	int r = seal_key_draw(&key);

	if (r == 0)
		r = state_encode(sh, sections, NULL, &plain, &len);
	if (r == 0)
		r = close_up(&key, session, s->epoch, 0, plain, len, &s->state);
	if (r == 0)
		memcpy(s->key, key.bytes, sizeof(s->key));
	seal_key_wipe(&key);
	return r;
}

static int pack_more(const struct shell *sh, const struct state_section *const *sections,
		     const char *session, const struct sealed *s, uint64_t seq,
		     struct state_tracker *tracker, struct blob *ret)
{
	struct seal_key key;
	char *plain;
	size_t len;
	int r = state_encode(sh, sections, tracker, &plain, &len);

	if (r < 0)
		return r;
	memcpy(key.bytes, s->key, sizeof(key.bytes));
	r = close_up(&key, session, s->epoch, seq, plain, len, ret);
	seal_key_wipe(&key);
	return r;
}

static int open_one(const struct seal_key *key, const char *session, uint64_t epoch, uint64_t seq,
		    const uint8_t *sealed, size_t len, struct state_doc *ret)
{
	uint8_t *plain;
	int r = seal_open(key, session, epoch, seq, sealed, len, &plain, &ret->len);

	ret->s = r == 0 ? (char *)plain : NULL;
	return r;
}

static int unpack(struct shell *sh, const struct state_section *const *sections, const char *session,
		  const struct sealed *s, void (*warn)(void *arg, const char *line), void *arg)
{
	struct state_doc *docs = calloc(PARTS_MAX, sizeof(*docs));
	struct seal_key key;
	const uint8_t *part;
	size_t n = 0, off = 0, len;
	int r = docs != NULL ? 0 : -ENOMEM;

	memcpy(key.bytes, s->key, sizeof(key.bytes));
	if (r == 0)
		r = open_one(&key, session, s->epoch, s->seq, s->state.s, s->state.len, &docs[n++]);
	while (r == 0 && (r = sealed_next_part(s, &off, &part, &len)) == 1) {
		r = n < PARTS_MAX ? open_one(&key, session, s->epoch, s->seq + n, part, len, &docs[n]) :
				    -E2BIG;
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

const struct pack_ops mish_pack_ops = {
	.module = { MODULE_BUILD }, .pack = pack, .pack_more = pack_more, .unpack = unpack,
};
