#ifndef MISH_MIGRATE_PACK_H
#define MISH_MIGRATE_PACK_H

#include "migrate/module.h"
#include "migrate/sealed.h"
#include "migrate/state_msgpack.h"

/*
 * The module that is loaded when a shell moves: what needs msgpack and libsodium. The
 * shell calls it through pack_load(), so that it starts without either in memory.
 */
struct pack_ops {
	struct module module; /* first */
	/*
	 * Encodes the state and seals it into s->state, for s->epoch, with a key that is drawn
	 * into s->key. 0; -EFBIG when it is more than STATE_MAX; or -errno.
	 */
	int (*pack)(const struct shell *sh, const struct state_section *const *sections,
		    const char *session, struct sealed *s);
	/*
	 * A checkpoint: what changed since the tracker's last, sealed with s->key for the
	 * number `seq`. The caller frees *ret. 0, -ENOENT when there is nothing, or -errno.
	 */
	int (*pack_more)(const struct shell *sh, const struct state_section *const *sections,
			 const char *session, const struct sealed *s, uint64_t seq,
			 struct state_tracker *tracker, struct blob *ret);
	/* Opens the state with its parts and loads it; see state_decode() and seal_open(). */
	int (*unpack)(struct shell *sh, const struct state_section *const *sections,
		      const char *session, const struct sealed *s,
		      void (*warn)(void *arg, const char *line), void *arg);
};

#define PACK_SYMBOL "mish_pack_ops"

/* Loads the module, once. NULL with *why (caller frees) when it cannot be had. */
const struct pack_ops *pack_load(const struct programs *p, char **why);
/* What that gave; a shell that was restored has it. NULL: it is not loaded. */
const struct pack_ops *pack_loaded(void);

#endif
