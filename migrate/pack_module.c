#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/pack.h"
#include "migrate/state_msgpack.h"
#include "rendezvous/frame.h"

/* The module PACK_MODULE. */

extern const struct pack_ops mish_pack_ops; /* found by dlsym() */

static int pack(const struct shell *sh, const struct state_section *const *sections,
		const char *session, uint64_t epoch, struct seal_key *ret_key, uint8_t **ret,
		size_t *ret_len)
{
	struct seal_key key;
	char *plain;
	size_t len;
	int r = seal_key_draw(&key);

	if (r < 0)
		return r;
	r = state_encode(sh, sections, &plain, &len);
	if (r < 0) {
		seal_key_wipe(&key);
		return r;
	}
	r = seal_close(&key, session, epoch, plain, len, ret, ret_len);
	explicit_bzero(plain, len);
	free(plain);
	if (r == 0 && *ret_len > STATE_MAX) {
		free(*ret);
		*ret = NULL; /* the caller releases what it has */
		r = -EFBIG;
	}
	if (r == 0)
		*ret_key = key;
	seal_key_wipe(&key);
	return r;
}

static int unpack(struct shell *sh, const struct state_section *const *sections,
		  const char *session, uint64_t epoch, const struct seal_key *key,
		  const void *sealed, size_t len, void (*warn)(void *arg, const char *line),
		  void *arg)
{
	uint8_t *plain;
	size_t plain_len;
	int r = seal_open(key, session, epoch, sealed, len, &plain, &plain_len);

	if (r < 0)
		return r;
	r = state_decode(sh, sections, (const char *)plain, plain_len, warn, arg);
	explicit_bzero(plain, plain_len);
	free(plain);
	return r;
}

const struct pack_ops mish_pack_ops = { .pack = pack, .unpack = unpack };
