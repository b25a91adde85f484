#ifndef MISH_MIGRATE_KEEP_H
#define MISH_MIGRATE_KEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "migrate/handover.h"

/*
 * Sessions that persist (set -o persist): what `mish --attach` on any node needs to go on
 * with one. A file each, for its owner only, in $XDG_STATE_HOME/mish (~/.local/state/mish):
 * where the session is, the secret that its peer asks for, and the last checkpoint with
 * its key, should the peer be gone. A state that could not be restored is kept likewise,
 * with an empty address: it is nowhere, and goes on where `mish --attach` is said.
 */

/* Writes it anew, all or nothing. 0 or -errno (-EINVAL: its session is no name of one). */
int keep_write(const struct kept *k);

/* Keeps a state that could not be restored; 0 or -errno (-EBADMSG: there is none, else as keep_write()). */
int keep_arrival(const struct arrival *a);

/*
 * Reads one: by its name or a beginning of it, NULL when there is but one. 0, or -1 with
 * *why (caller frees).
 */
int keep_read(const char *session, struct kept *ret, char **why);

/* Whose is the file of a session that has this secret? */
enum keep_owner {
	KEEP_OURS,    /* also where the file cannot be read */
	KEEP_OTHERS,  /* somebody has attached to the session from elsewhere since */
	KEEP_MISSING,
};
enum keep_owner keep_owner(const struct kept *k);

void keep_remove(const char *session);

/* Prints all of them. An exit status. */
int keep_list(void);

#endif
