#ifndef MISH_CONTROLLER_USAGE_DB_H
#define MISH_CONTROLLER_USAGE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire/rud.h"

/*
 * What commands took, in a file (SQLite): of each user the last USAGE_DB_MOST. One thread at a time. Whatever is wrong with the file, mishd works without: one that is
 * damaged is set aside (PATH.damaged, in place of the one before), one of a newer mishd is left alone.
 */
enum { USAGE_DB_MOST = 20000 };

struct usage_db;

struct usage_row {
	uid_t uid;
	struct rud rud;
};

/* Where a reader of all users is. */
struct usage_cursor {
	uid_t uid;
	uint64_t at_ms, args, elapsed_ms;
	bool begun;
};

/* The file is made, with its directory, for its owner only. NULL: no memory. It is opened when it is needed. */
struct usage_db *usage_db_new(const char *path);
void usage_db_free(struct usage_db *db); /* takes NULL */
/* All or none; what is there already (a shell tells each node) stays once. 0, or -1 with *why (static text, or the database's): to be tried again. */
int usage_db_write(struct usage_db *db, const struct usage_row *v, size_t n, const char **why);
/*
 * A user's, whose key begins so ("": all): the newest `most` records, the oldest first; or, by kind, each key once, what took the most CPU first,
 * with the means of the times, the largest size, the last status and node, and their number in used.processes. -1 with *why; the caller frees *ret.
 */
int usage_db_read(struct usage_db *db, uid_t uid, const char *prefix, size_t most, bool by_kind, struct usage_row **ret, size_t *ret_n, const char **why);
/* The next `most` of all users that are public (RUD_PUBLIC), by user and time; *at is moved on. -1 with *why; the caller frees *ret. */
int usage_db_read_public(struct usage_db *db, struct usage_cursor *at, size_t most, struct usage_row **ret, size_t *ret_n, const char **why);

#endif
