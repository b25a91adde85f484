#ifndef MISH_PTY_CARRIED_H
#define MISH_PTY_CARRIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A node without mish (`smigrate -i', a destination with `+' before it): the peer, the shell and its modules go along into a
 * directory of the user's there, ~/.cache/mish/SYSTEM-HASH, once; later links find them there, if their sums are right.
 */
struct carried {
	char *command;	/* what runs there instead of `mish --peer'; NULL: nothing is carried */
	uint8_t *files; /* an archive, for when the node says CARRIED_WANTS */
	size_t len;
};

#define CARRIED_WANTS "mish wants files\n"

/* Packs them. 0, or -1 with *why (caller frees). */
int carried_pack(struct carried *c, char **why);
void carried_release(struct carried *c);

#endif
