#include <config.h>

#include "controller/usage_db.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCHEMA = 1, BUSY_MS = 2000, TRIM_EVERY = 1000 /* rows that were written */ };

struct usage_db {
	char *path;
	sqlite3 *db; /* NULL: not open */
	size_t written; /* since the last trim */
};

struct usage_db *usage_db_new(const char *path)
{
	struct usage_db *db = calloc(1, sizeof(*db));

	if (db != NULL)
		db->path = strdup(path);
	if (db != NULL && db->path == NULL) {
		free(db);
		db = NULL;
	}
	return db;
}

static void close_file(struct usage_db *db)
{
	(void)sqlite3_close(db->db);
	db->db = NULL;
}

void usage_db_free(struct usage_db *db)
{
	if (db == NULL)
		return;
	close_file(db);
	free(db->path);
	free(db);
}

/* ---- opening ---- */

static const char create[] =
	"CREATE TABLE IF NOT EXISTS rud (uid INTEGER, at INTEGER, args INTEGER, elapsed INTEGER, key TEXT, node TEXT, dir INTEGER, user INTEGER, sys INTEGER,"
	" rss INTEGER, read INTEGER, written INTEGER, processes INTEGER, status INTEGER, flags INTEGER, PRIMARY KEY (uid, at, args, elapsed)) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS rud_key ON rud (uid, key);"
	"PRAGMA user_version = 1;";

static bool run(struct usage_db *db, const char *sql)
{
	return sqlite3_exec(db->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static int take_number(void *arg, int n, char **values, char **names)
{
	(void)names;
	if (n == 1 && values[0] != NULL)
		*(int *)arg = atoi(values[0]);
	return 0;
}

/* For its owner only, before anything is in it: what the database makes beside it is as it is. */
static void make_file(const char *path)
{
	char *dir = strdup(path);
	int fd;

	for (char *p = dir; p != NULL && (p = strchr(p + 1, '/')) != NULL; *p = '/') {
		*p = '\0';
		(void)mkdir(dir, 0755);
	}
	free(dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		close(fd);
}

/* 0; 1: it is damaged; -1 with *why. */
static int open_file(struct usage_db *db, const char **why)
{
	int version = -1, r;

	make_file(db->path);
	r = sqlite3_open_v2(db->path, &db->db, SQLITE_OPEN_READWRITE, NULL);
	if (r == SQLITE_OK) {
		sqlite3_busy_timeout(db->db, BUSY_MS);
		r = sqlite3_exec(db->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA user_version", take_number, &version, NULL);
	}
	if (r == SQLITE_OK && version == 0)
		r = sqlite3_exec(db->db, create, NULL, NULL, NULL);
	if (r == SQLITE_OK && version <= SCHEMA)
		return 0;
	*why = r == SQLITE_OK ? "the file is of a newer mishd" : sqlite3_errstr(r);
	close_file(db);
	return r == SQLITE_CORRUPT || r == SQLITE_NOTADB ? 1 : -1;
}

/* What it was is there to be looked at, and the next one begins anew. */
static void set_aside(struct usage_db *db)
{
	static const char *const with[] = { "", "-wal", "-shm" };
	char *from, *to;

	close_file(db);
	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		if (asprintf(&from, "%s%s", db->path, with[i]) < 0)
			return;
		if (asprintf(&to, "%s.damaged%s", db->path, with[i]) >= 0) {
			(void)rename(from, to);
			free(to);
		}
		free(from);
	}
}

static int need_file(struct usage_db *db, const char **why)
{
	int r = db->db != NULL ? 0 : open_file(db, why);

	if (r == 1) {
		set_aside(db);
		r = open_file(db, why);
	}
	return r == 0 ? 0 : -1;
}

/* It did not work: why. True: the file was damaged, and the next begins. */
static bool failed(struct usage_db *db, const char **why)
{
	int r = sqlite3_errcode(db->db);

	*why = sqlite3_errstr(r);
	if (r == SQLITE_CORRUPT || r == SQLITE_NOTADB) {
		set_aside(db);
		return true;
	}
	if (r != SQLITE_BUSY && r != SQLITE_FULL)
		close_file(db); /* it may have been removed, or moved */
	return false;
}

/* ---- writing ---- */

static bool insert(sqlite3_stmt *s, const struct usage_row *row)
{
	const struct rud *r = &row->rud;
	const uint64_t numbers[] = { row->uid, r->at_ms, r->args, r->elapsed_ms };
	const uint64_t more[] = { r->dir, r->used.user_us, r->used.system_us, r->used.rss_kib, r->used.read_kib, r->used.written_kib, r->used.processes, r->status, r->flags };
	int at = 1;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sqlite3_bind_int64(s, at++, (sqlite3_int64)numbers[i]);
	sqlite3_bind_text(s, at++, r->key, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, at++, r->node, -1, SQLITE_STATIC);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		sqlite3_bind_int64(s, at++, (sqlite3_int64)more[i]);
	return sqlite3_step(s) == SQLITE_DONE && sqlite3_reset(s) == SQLITE_OK;
}

static const char trim[] =
	"DELETE FROM rud WHERE (uid, at, args, elapsed) IN (SELECT uid, at, args, elapsed FROM"
	" (SELECT uid, at, args, elapsed, row_number() OVER (PARTITION BY uid ORDER BY at DESC) AS n FROM rud) WHERE n > 20000)";
_Static_assert(USAGE_DB_MOST == 20000, "as in the statement");

/* 0; 1: the file was damaged; -1. */
static int try_write(struct usage_db *db, const struct usage_row *v, size_t n, const char **why)
{
	sqlite3_stmt *s = NULL;
	bool ok;

	if (need_file(db, why) < 0)
		return -1;
	ok = run(db, "BEGIN IMMEDIATE") && sqlite3_prepare_v2(db->db, "INSERT OR IGNORE INTO rud VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &s, NULL) == SQLITE_OK;
	for (size_t i = 0; ok && i < n; i++)
		ok = insert(s, &v[i]);
	(void)sqlite3_finalize(s);
	db->written += n;
	if (ok && db->written >= TRIM_EVERY) {
		db->written = 0;
		ok = run(db, trim);
	}
	if (ok && run(db, "COMMIT"))
		return 0;
	if (failed(db, why))
		return 1;
	if (db->db != NULL)
		(void)run(db, "ROLLBACK");
	return -1;
}

int usage_db_write(struct usage_db *db, const struct usage_row *v, size_t n, const char **why)
{
	int r = try_write(db, v, n, why);

	return r == 1 ? try_write(db, v, n, why) == 0 ? 0 : -1 : r;
}

/* ---- reading ---- */

static const char by_time[] =
	"SELECT key, node, args, dir, at, elapsed, user, sys, rss, read, written, processes, status, flags, uid FROM"
	" (SELECT * FROM rud WHERE uid = ?1 AND key >= ?2 AND substr(key, 1, length(?2)) = ?2 ORDER BY at DESC LIMIT ?3) ORDER BY at";
/* max(at) has the others of its row: SQLite, "bare columns in an aggregate query" */
static const char by_key[] =
	"SELECT key, node, 0, 0, max(at), avg(elapsed), avg(user), avg(sys), m, avg(read), avg(written), n, status, flags, uid FROM"
	" (SELECT *, max(rss) OVER w AS m, count(*) OVER w AS n FROM rud WHERE uid = ?1 AND key >= ?2 AND substr(key, 1, length(?2)) = ?2"
	" WINDOW w AS (PARTITION BY key)) GROUP BY key ORDER BY sum(user + sys) DESC, key LIMIT ?3";

static void take_text(sqlite3_stmt *s, int column, char *ret, size_t size)
{
	const unsigned char *text = sqlite3_column_text(s, column);

	snprintf(ret, size, "%s", text != NULL ? (const char *)text : "");
}

static uint64_t number(sqlite3_stmt *s, int column)
{
	sqlite3_int64 n = sqlite3_column_int64(s, column);

	return n > 0 ? (uint64_t)n : 0;
}

static void take_row(sqlite3_stmt *s, struct usage_row *row)
{
	struct rud *r = &row->rud;

	take_text(s, 0, r->key, sizeof(r->key));
	take_text(s, 1, r->node, sizeof(r->node));
	r->args = number(s, 2) & UINT32_MAX;
	r->dir = number(s, 3) & UINT32_MAX;
	r->at_ms = number(s, 4);
	r->elapsed_ms = number(s, 5);
	r->used = (struct used){ number(s, 6), number(s, 7), number(s, 8), number(s, 9), number(s, 10), number(s, 11) };
	r->status = number(s, 12) & 255;
	r->flags = number(s, 13) & RUD_FLAGS;
	row->uid = (uid_t)number(s, 14);
}

/* What a statement finds, at most so many; it ends with it. NULL: it could not be prepared. 0, or -1 with *why. */
static int collect(struct usage_db *db, sqlite3_stmt *s, size_t most, struct usage_row **ret, size_t *ret_n, const char **why)
{
	struct usage_row *v = calloc(most + 1, sizeof(*v));
	int r = v != NULL ? SQLITE_ERROR : SQLITE_NOMEM;
	size_t n = 0;

	while (s != NULL && v != NULL && (r = sqlite3_step(s)) == SQLITE_ROW && n < most)
		take_row(s, &v[n++]);
	(void)sqlite3_finalize(s);
	if (r == SQLITE_DONE || r == SQLITE_ROW) {
		*ret = v;
		*ret_n = n;
		return 0;
	}
	free(v);
	if (r == SQLITE_NOMEM)
		*why = "out of memory";
	else
		(void)failed(db, why);
	return -1;
}

int usage_db_read(struct usage_db *db, uid_t uid, const char *prefix, size_t most, bool by_kind, struct usage_row **ret, size_t *ret_n, const char **why)
{
	sqlite3_stmt *s = NULL;

	if (need_file(db, why) < 0)
		return -1;
	if (sqlite3_prepare_v2(db->db, by_kind ? by_key : by_time, -1, &s, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(s, 1, uid);
		sqlite3_bind_text(s, 2, prefix, -1, SQLITE_STATIC);
		sqlite3_bind_int64(s, 3, (sqlite3_int64)most);
	}
	return collect(db, s, most, ret, ret_n, why);
}

static const char public[] =
	"SELECT key, node, args, dir, at, elapsed, user, sys, rss, read, written, processes, status, flags, uid FROM rud"
	" WHERE flags & 4 AND (?1 OR (uid, at, args, elapsed) > (?2, ?3, ?4, ?5)) ORDER BY uid, at, args, elapsed LIMIT ?6";
_Static_assert(RUD_PUBLIC == 4, "as in the statement");

int usage_db_read_public(struct usage_db *db, struct usage_cursor *at, size_t most, struct usage_row **ret, size_t *ret_n, const char **why)
{
	const uint64_t from[] = { !at->begun, at->uid, at->at_ms, at->args, at->elapsed_ms, most };
	sqlite3_stmt *s = NULL;
	const struct usage_row *last;

	if (need_file(db, why) < 0)
		return -1;
	if (sqlite3_prepare_v2(db->db, public, -1, &s, NULL) == SQLITE_OK)
		for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++)
			sqlite3_bind_int64(s, (int)i + 1, (sqlite3_int64)from[i]);
	if (collect(db, s, most, ret, ret_n, why) < 0)
		return -1;
	if (*ret_n != 0) {
		last = &(*ret)[*ret_n - 1];
		*at = (struct usage_cursor){ last->uid, last->rud.at_ms, last->rud.args, last->rud.elapsed_ms, true };
	}
	return 0;
}
