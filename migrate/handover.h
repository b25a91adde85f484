#ifndef MISH_MIGRATE_HANDOVER_H
#define MISH_MIGRATE_HANDOVER_H

#include <stdbool.h>

#include "wire/msg.h"

/*
 * What one image of a session's process hands to the next, or to a child, in a sealed
 * memfd that never has a name: one message (msg.h). Secrets are in no argument and in
 * no environment.
 *
 * mish → mish-stub, mish-stub → mish-link, mish-peer and mish-stub → mish --restore.
 */
struct handover {
	char session[32];
	uint64_t epoch;
	char node[1024]; /* where to: names with blanks between; or where we are */
	char origin[256];
	char peer_node[256]; /* where the session was */
	uint64_t flags;	 /* enum msg_flag */
	uint8_t key[32];
	char *mish;	 /* path of the shell, for the stub */
	char *why;	 /* mish --restore: what to tell the user, NULL nothing */
	char *steps;	 /* … and the steps of smigrate -v */
	uint64_t status; /* … and the exit status */
	uint8_t *state;	 /* sealed */
	size_t state_len;
	uint8_t *input;	 /* typed, but not yet read by the shell */
	size_t input_len;
	uint8_t *modes;	 /* struct termios to fall back to */
	size_t modes_len;
	uint64_t holds;	 /* the epoch of who restores; 0: epoch + 1 */
	uint64_t peer_epoch; /* what it held when its peer was started: part of that one's name */
	uint64_t seq;	 /* number of the state: 0 as handed off, else a whole checkpoint's */
	uint8_t *parts;	 /* later checkpoints, in order: 4 bytes length, sealed bytes */
	size_t parts_len;
	uint8_t secret[32]; /* lets a link attach to the peer that this starts */
	uint8_t new_secret[32];
	char *command;	 /* what was running when the state was lost */
};

/* Is there a key or a secret, or only zeros? */
bool handover_is_set(const uint8_t secret[32]);

/* The epoch of who restores it. */
static inline uint64_t handover_holds(const struct handover *h)
{
	return h->holds != 0 ? h->holds : h->epoch + 1;
}

/* Appends a checkpoint. 0, -ENOMEM, or -EFBIG when that would be more than a frame takes. */
int handover_add_part(struct handover *h, const void *sealed, size_t len);
/*
 * The next part at *off, which moves on: 1, 0 at the end, -EBADMSG. Start with 0.
 */
int handover_next_part(const struct handover *h, size_t *off, const uint8_t **ret, size_t *ret_len);

/* All is owned by the struct; this wipes and frees. */
void handover_release(struct handover *h);

/* A memfd (close-on-exec) to write one to, or -errno. */
int handover_file(void);
/* Writes it there, instead of what is there. 0 or -errno. */
int handover_write_to(const struct handover *h, int fd);
/* Both, and sealed: the descriptor, or -errno. */
int handover_write(const struct handover *h);
/* Lets the next image have it, if possible above the script's own: a descriptor, or -errno. */
int handover_keep(int fd);
/* Reads and checks; the descriptor stays the caller's. 0 or -errno, *ret then empty. */
int handover_read(int fd, struct handover *ret);
/* … and one string that is beside it, "" when it is not there. */
int handover_read_more(int fd, struct handover *ret, enum msg_key key, char *buf, size_t size);
/* Another one with the same in it. 0 or -errno, *ret then empty. */
int handover_copy(const struct handover *h, struct handover *ret);
/* The same between two frames: fields that are set are put, what is there is got. */
void handover_put(const struct handover *h, struct msg *m);
int handover_get(const struct msg_view *v, struct handover *ret);

#endif
