#ifndef MISH_CONTROLLER_USAGE_H
#define MISH_CONTROLLER_USAGE_H

#include <uv.h>

#include "controller/client.h"
#include "controller/histories.h"
#include "controller/usage_db.h"

/*
 * What commands took, as the shells on this node tell (RECORD): kept in a file (usage_db.h), each user's for himself. Threads write and read it, one at a time, the
 * loop never: what cannot be written is tried again, and then forgotten, the oldest first.
 */
struct usage {
	uv_loop_t *loop;
	struct clients *clients;
	char *path;
	uint8_t salt[HISTORIES_SALT]; /* once `salted` */
	bool salted;
	struct usage_db *db; /* NULL: nothing is kept (record no) */
	struct usage_row *rows; /* still to be written */
	size_t n;
	uv_timer_t later; /* when they are */
	bool busy;	  /* a thread has the file */
	uint64_t turns;	  /* of clients that ask */
	struct journal_often failed;
};

/* `path`: NULL nothing is kept. */
void usage_init(struct usage *u, uv_loop_t *loop, struct clients *clients, const char *path);
/* False: a thread still works on the file. Else what is left is written. */
bool usage_stop(struct usage *u);
/* After usage_stop() returned true. */
void usage_release(struct usage *u);

/* A shell tells. */
void usage_record(struct usage *u, const struct client *c, const struct msg_view *v);
/* What the asker's commands took: each, or by kind; or the next of the public histories. It is answered when a thread has looked. */
void usage_ask(struct usage *u, struct client *c, const struct msg_view *v, enum usage_what what);

#endif
