#ifndef MISH_MIGRATE_STATE_MSGPACK_H
#define MISH_MIGRATE_STATE_MSGPACK_H

#include "migrate/state.h"

/*
 * The state's bytes, by msgpack-c: an array of the format's version and, for each section, an
 * array of name, version and a map from numbers to values, which are unsigned integers, byte
 * strings, or flat arrays of these. doc/PROTOCOL.md lists the sections.
 */
enum { STATE_FORMAT = 1, STATE_PLAIN_MAX = 64 << 20 };

/* What the previous checkpoint held of each section; all zero: there was none. */
enum { STATE_SECTIONS_MAX = 32 };
struct state_tracker {
	uint64_t hash[STATE_SECTIONS_MAX], mark[STATE_SECTIONS_MAX];
};

/*
 * Returns 0 or -errno; the caller frees *ret (it may hold secrets: wipe it). With a
 * tracker only what changed since it was last passed here: -ENOENT when that is nothing.
 */
int state_encode(const struct shell *sh, const struct state_section *const *sections,
		 struct state_tracker *tracker, char **ret, size_t *ret_len);

/* One encoded state. */
struct state_doc {
	char *s;
	size_t len;
};

/*
 * Loads the sections in the registry's order, each from the last of the documents that
 * has it (one with a mark from all of them). Unknown sections are skipped and told,
 * missing ones left as they are. `warn` gets one line for each thing that did not come
 * along, up to a few hundred. Returns 0, or -EBADMSG when the bytes cannot be believed, -EPROTO
 * when they are of a later format (nothing is loaded then), -ENOMEM.
 */
int state_decode(struct shell *sh, const struct state_section *const *sections,
		 const struct state_doc *docs, size_t n_docs,
		 void (*warn)(void *arg, const char *line), void *arg);

#endif
