#ifndef MISH_MIGRATE_STATE_MSGPACK_H
#define MISH_MIGRATE_STATE_MSGPACK_H

#include "migrate/state.h"

/*
 * The state's wire format (DESIGN 5), with msgpack-c: an array of the format's version
 * and, for each section, an array of name, version and a map from number to value.
 * Values are unsigned integers, byte strings, or flat arrays of these.
 */
enum { STATE_FORMAT = 1, STATE_PLAIN_MAX = 64 << 20 };

/* Returns 0 or -errno; the caller frees *ret (it may hold secrets: wipe it). */
int state_encode(const struct shell *sh, const struct state_section *const *sections, char **ret,
		 size_t *ret_len);

/*
 * Loads the sections in the registry's order. Unknown sections are skipped and told,
 * missing ones left as they are. `warn` gets one line for each thing that did not come
 * along. Returns 0, or -EBADMSG when the bytes cannot be believed, -ENOMEM.
 */
int state_decode(struct shell *sh, const struct state_section *const *sections, const char *buf,
		 size_t len, void (*warn)(void *arg, const char *line), void *arg);

#endif
