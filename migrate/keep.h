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

/*
 * Changes the file from what it said to what it says now, all or nothing and under a lock: NULL is
 * no file. Nobody changes a file that does not say what he believes: so of several terminals
 * that attach, move or recover a session at once, one does. 0; -ESTALE: another terminal has changed
 * it; -EBUSY: the lock is
 * somebody's, and nothing is changed; or -errno: it could not be written and, with `remove`, is
 * removed, for it must not say what is no longer true; 1 where that could not be done either, with errno;
 * -EINVAL: its session is no name of one.
 */
int keep_change(const struct kept *was, const struct kept *now, bool remove);

/* Keeps a state that could not be restored; 0 or -errno (-EBADMSG: there is none, else as keep_change()). */
int keep_arrival(const struct arrival *a);

/*
 * Reads one: by its name or a beginning of it, NULL when there is but one. 0, or -1 with
 * *why (caller frees).
 */
int keep_read(const char *session, struct kept *ret, char **why);

/* Prints all of them. An exit status. */
int keep_list(void);

#endif
