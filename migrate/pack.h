#ifndef MISH_MIGRATE_PACK_H
#define MISH_MIGRATE_PACK_H

#include "migrate/seal.h"
#include "migrate/state.h"

/*
 * The module that is loaded when a shell moves: what needs msgpack and libsodium. The
 * shell calls it through pack_load(), so that it starts without either in memory.
 */
struct pack_ops {
	/* Encodes and seals; draws the key. The caller frees *ret. 0 or -errno. */
	int (*pack)(const struct shell *sh, const struct state_section *const *sections,
		    const char *session, uint64_t epoch, struct seal_key *ret_key, uint8_t **ret,
		    size_t *ret_len);
	/* Opens and loads; see state_decode() and seal_open(). */
	int (*unpack)(struct shell *sh, const struct state_section *const *sections,
		      const char *session, uint64_t epoch, const struct seal_key *key,
		      const void *sealed, size_t len, void (*warn)(void *arg, const char *line),
		      void *arg);
};

#define PACK_MODULE "mish-move.so"
#define PACK_SYMBOL "mish_pack_ops"

/* Loads the module, once. NULL with *why (caller frees) when it cannot be had. */
const struct pack_ops *pack_load(char **why);

#endif
