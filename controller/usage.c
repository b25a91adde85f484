#include <config.h>

#include "controller/usage.h"

#include <stdlib.h>
#include <string.h>

enum { WRITE_MS = 1000 /* so many come together */, AGAIN_MS = 10000 /* when it did not work */, PENDING_MOST = 4096, KINDS_MOST = 200, RECORDS_ASKED_MOST = 800, HISTORIES_MOST = 1000 /* at a time */ };

/* What a thread does: writes, and then reads what a client asks for. */
struct work {
	uv_work_t req;
	struct usage *u;
	struct usage_row *rows;
	size_t n;
	bool wrote;
	uint64_t turn; /* of the client; 0: none asks */
	uid_t uid;
	enum usage_what what;
	char prefix[RUD_KEY];
	struct usage_cursor cursor;
	struct usage_row *found;
	size_t n_found;
	const char *why; /* static text; NULL: it went well */
};

static void next(struct usage *u);

static void on_later(uv_timer_t *t)
{
	next(t->data);
}

void usage_init(struct usage *u, uv_loop_t *loop, struct clients *clients, const char *path)
{
	*u = (struct usage){ .loop = loop, .clients = clients, .db = path != NULL ? usage_db_new(path) : NULL, .path = path != NULL ? strdup(path) : NULL };
	uv_timer_init(loop, &u->later);
	u->later.data = u;
}

bool usage_stop(struct usage *u)
{
	const char *why = NULL;

	if (u->busy)
		return false;
	if (u->db != NULL && u->n != 0)
		(void)usage_db_write(u->db, u->rows, u->n, &why);
	u->n = 0;
	return true;
}

void usage_release(struct usage *u)
{
	usage_db_free(u->db);
	free(u->path);
	free(u->rows);
}

/* ---- a thread ---- */

static void work(uv_work_t *req)
{
	struct work *w = req->data;
	struct usage_db *db = w->u->db;
	bool by_kind = w->what == USAGE_KINDS;
	const char *why = NULL;
	int r = 0;

	w->wrote = w->n == 0 || usage_db_write(db, w->rows, w->n, &w->why) == 0;
	if (w->turn != 0 && w->what == USAGE_HISTORIES)
		r = usage_db_read_public(db, &w->cursor, HISTORIES_MOST, &w->found, &w->n_found, &why);
	else if (w->turn != 0)
		r = usage_db_read(db, w->uid, w->prefix, by_kind ? KINDS_MOST : RECORDS_ASKED_MOST, by_kind, &w->found, &w->n_found, &why);
	if (r < 0)
		w->why = why;
}

static struct client *asker(const struct usage *u, uint64_t turn)
{
	struct client *c = u->clients->first;

	while (c != NULL && (c->usage.turn != turn || c->closing))
		c = c->next;
	return c;
}

/* Whose it is, and what, is hidden before it leaves this process. */
static void hide(const struct usage *u, struct usage_row *row, struct msg *m)
{
	char user[HISTORIES_NAME];

	histories_hide(u->salt, &row->rud, row->uid, user);
	msg_str(m, MSG_USER, user);
}

static void answer(struct usage *u, struct client *c, struct work *w)
{
	struct frame_buf out = { 0 };
	struct msg m;

	c->usage.turn = 0;
	if (w->found == NULL) {
		client_answer(c, w->why != NULL ? w->why : "out of memory");
		return;
	}
	for (size_t i = 0; i < w->n_found; i++) {
		msg_init(&m);
		if (w->what == USAGE_HISTORIES)
			hide(u, &w->found[i], &m);
		record_put(&rud_record, &w->found[i].rud, &m);
		(void)frame_put_msg(&out, FRAME_ROW, &m);
	}
	c->usage.cursor = w->cursor;
	msg_init(&m);
	(void)frame_put_msg(&out, FRAME_OK, &m);
	client_send(c, &out);
}

/* Those that could not be written come before what came meanwhile; of too many the oldest are forgotten. */
static void put_back(struct usage *u, struct work *w)
{
	size_t room = PENDING_MOST - u->n, n = w->n < room ? w->n : room;
	struct usage_row *v = realloc(w->rows, (n + u->n + 1) * sizeof(*v));

	if (v == NULL)
		return;
	w->rows = NULL;
	memmove(v, v + (w->n - n), n * sizeof(*v));
	if (u->n != 0)
		memcpy(v + n, u->rows, u->n * sizeof(*v));
	free(u->rows);
	u->rows = v;
	u->n += n;
}

static void on_done(uv_work_t *req, int status)
{
	struct work *w = req->data;
	struct usage *u = w->u;
	struct client *c = w->turn != 0 ? asker(u, w->turn) : NULL;

	(void)status;
	u->busy = false;
	if (!w->wrote) {
		journal_often(&u->failed, "record: %s (tried again; what commands took is kept where `record PATH' says, or not at all by `record no': mishd.conf(5))", w->why != NULL ? w->why : "failed");
		put_back(u, w);
	}
	if (c != NULL)
		answer(u, c, w);
	if (u->n != 0 && !uv_is_closing((uv_handle_t *)&u->later))
		uv_timer_start(&u->later, on_later, w->wrote ? WRITE_MS : AGAIN_MS, 0);
	free(w->rows);
	free(w->found);
	free(w);
	for (c = u->clients->first; c != NULL; c = c->next)
		if (c->usage.turn != 0 && !c->closing) {
			next(u);
			return;
		}
}

/* Who has waited longest is next. */
static const struct client *first_asker(const struct usage *u)
{
	const struct client *first = NULL;

	for (const struct client *c = u->clients->first; c != NULL; c = c->next)
		if (c->usage.turn != 0 && !c->closing && (first == NULL || c->usage.turn < first->usage.turn))
			first = c;
	return first;
}

static void next(struct usage *u)
{
	const struct client *c = first_asker(u);
	struct work *w;

	if (u->busy || u->db == NULL || (c == NULL && u->n == 0) || (w = calloc(1, sizeof(*w))) == NULL)
		return;
	w->u = u;
	w->req.data = w;
	if (c != NULL) {
		w->turn = c->usage.turn;
		w->uid = c->uid;
		w->what = c->usage.what;
		w->cursor = c->usage.cursor;
		memcpy(w->prefix, c->usage.prefix, sizeof(w->prefix));
	}
	w->rows = u->rows;
	w->n = u->n;
	if (uv_queue_work(u->loop, &w->req, work, on_done) < 0) {
		free(w);
		return;
	}
	u->rows = NULL;
	u->n = 0;
	u->busy = true;
}

/* ---- what clients say ---- */

void usage_record(struct usage *u, const struct client *c, const struct msg_view *v)
{
	struct usage_row *rows, row = { .uid = c->uid };

	if (record_get(&rud_record, v, &row.rud) < 0 || u->db == NULL)
		return;
	if (u->n == PENDING_MOST) {
		memmove(u->rows, u->rows + 1, (u->n - 1) * sizeof(*u->rows));
		u->n--;
	}
	rows = realloc(u->rows, (u->n + 1) * sizeof(*rows));
	if (rows == NULL)
		return;
	rows[u->n++] = row;
	u->rows = rows;
	if (!u->busy && !uv_is_active((uv_handle_t *)&u->later))
		uv_timer_start(&u->later, on_later, WRITE_MS, 0);
}

/* False: it is answered why there is none. */
static bool need_salt(struct usage *u, struct client *c)
{
	int r = u->salted ? 0 : histories_salt(u->path, u->salt);

	u->salted = r == 0;
	if (r < 0)
		client_answer(c, "no salt can be read or made beside the records (PATH.salt, with PATH of `record' in mishd.conf): that directory has to be writable for mishd's user");
	return u->salted;
}

void usage_ask(struct usage *u, struct client *c, const struct msg_view *v, enum usage_what what)
{
	if (u->db == NULL) {
		client_answer(c, "nothing is recorded here (mishd.conf: record no)");
		return;
	}
	if (what == USAGE_HISTORIES && !need_salt(u, c))
		return;
	if (msg_get_str(v, MSG_COMMAND, c->usage.prefix, sizeof(c->usage.prefix)) < 0)
		c->usage.prefix[0] = '\0';
	c->usage.what = what;
	c->usage.turn = ++u->turns;
	next(u);
}
