#include <config.h>

#include "controller/gossip.h"

#include <string.h>

/*
 * Dissemination (Concert 3.3): a node tells its own row when that has changed, at most once
 * in the minimum period, and at each heartbeat. In a cluster of up to MESH_MAX nodes each
 * node tells every other. In a larger one each node tells FANOUT others at random, every
 * period, with one datagram full of rows: its own row first, then the news that it has passed
 * on least often, then rows at random (Barak and Shiloh 1985: part of the load vector to a
 * random other). So the cost for a node is the same for any number of nodes. Every
 * FAR_ONE_IN-th telling goes to a node of another cluster, too.
 */
enum {
	MESH_MAX = 16,
	FANOUT = 4,
	NEWS_TOLD = 4,	   /* times that news is passed on: log2 of many nodes, and a little */
	NEWS_MS = 10000,   /* older news is none */
	TABLE_MAX = DATAGRAM_MAX - DATAGRAM_OVERHEAD - 32 - VIEW_NAME_MAX,
	ROWS_MAX = 24,
	FAR_ONE_IN = 8,
	ROW_BYTES_MAX = 64 + VIEW_NAME_MAX + 160, /* of a signed row: each of its numbers at its largest */
};

static bool is_member(const struct share *s, const struct view_node *n)
{
	return strcmp(n->cluster, view_self(&s->view)->cluster) == 0;
}

static size_t members(const struct share *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->view.n; i++)
		n += is_member(s, &s->view.nodes[i]);
	return n;
}

/* Makes this node's row anew, signed: others pass it on, and cannot change it. */
static void sign_own(struct share *s)
{
	struct view_node *self = view_self(&s->view);
	uint8_t signature[IDENTITY_SIGNATURE];
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_NAME, self->name);
	msg_uint(&m, MSG_BOOT, self->boot);
	msg_uint(&m, MSG_SEQ, self->seq);
	load_put(&self->load, &m);
	if (msg_done(&m) == 0 && identity_sign(&s->identity, m.buf, m.len, signature) == 0)
		view_keep_row(self, m.buf, m.len, signature);
	msg_release(&m);
}

/* Appends a node's row to a table if there is room for it; false: there was none. */
static bool put_row(const struct view_node *n, int64_t now_ms, uint8_t *table, size_t *len)
{
	struct msg m;
	bool fits;

	if (n->row == NULL)
		return true;
	msg_init(&m);
	msg_bytes(&m, MSG_ROW, n->row, n->row_len);
	msg_bytes(&m, MSG_SIGNATURE, n->row + n->row_len, IDENTITY_SIGNATURE);
	msg_uint(&m, MSG_AGE, now_ms > n->heard_ms ? (uint64_t)(now_ms - n->heard_ms) : 0);
	if (n->news)
		msg_uint(&m, MSG_NEWS, 1);
	fits = msg_done(&m) == 0 && m.len + 2 <= TABLE_MAX - *len;
	if (fits) {
		table[*len] = (uint8_t)(m.len & 0xff);
		table[*len + 1] = (uint8_t)(m.len >> 8);
		memcpy(table + *len + 2, m.buf, m.len);
		*len += m.len + 2;
	}
	msg_release(&m);
	return fits;
}

/* Fills `ret` with the rows to pass on: news that was told least often first, then rows at random. */
static size_t choose_rows(struct share *s, int64_t now_ms, struct view_node *ret[ROWS_MAX])
{
	size_t n = 0, start = (size_t)(share_random(s) % s->view.n);
	unsigned key[ROWS_MAX];

	for (size_t k = 0; k < s->view.n; k++) {
		struct view_node *x = &s->view.nodes[(start + k) % s->view.n];
		unsigned rank = NEWS_TOLD;
		size_t at;

		if (x == view_self(&s->view) || !is_member(s, x) ||
		    !view_is_fresh(&s->view, x, now_ms, s->conf.stale_ms))
			continue;
		if (x->news && x->told < NEWS_TOLD && now_ms - x->heard_ms < NEWS_MS)
			rank = x->told;
		if (n == ROWS_MAX && rank >= key[n - 1])
			continue;
		n += n < ROWS_MAX;
		for (at = n - 1; at != 0 && key[at - 1] > rank; at--) {
			key[at] = key[at - 1];
			ret[at] = ret[at - 1];
		}
		key[at] = rank;
		ret[at] = x;
	}
	return n;
}

static void send_table(struct share *s, const struct view_node *to, const uint8_t *table, size_t len)
{
	struct msg m;

	share_begin(s, &m, DATAGRAM_STATE);
	msg_bytes(&m, MSG_TABLE, table, len);
	share_send(s, to, &m);
}

/* A random other node, of our cluster or of the others; NULL: there is none. */
static const struct view_node *anyone(const struct share *s, bool member)
{
	size_t n = 0, pick;

	for (size_t i = 0; i < s->view.n; i++)
		n += i != s->view.self && is_member(s, &s->view.nodes[i]) == member;
	if (n == 0)
		return NULL;
	pick = (size_t)(share_random(s) % n);
	for (size_t i = 0; i < s->view.n; i++)
		if (i != s->view.self && is_member(s, &s->view.nodes[i]) == member && pick-- == 0)
			return &s->view.nodes[i];
	return NULL;
}

static void tell(struct share *s, bool mesh, bool fresh, int64_t now_ms)
{
	uint8_t table[TABLE_MAX];
	struct view_node *rows[ROWS_MAX];
	size_t len = 0, n = 0, own;
	const struct view_node *far;

	(void)put_row(view_self(&s->view), now_ms, table, &len);
	own = len;
	if (mesh && fresh)
		for (size_t i = 0; i < s->view.n; i++)
			if (i != s->view.self && is_member(s, &s->view.nodes[i]))
				send_table(s, &s->view.nodes[i], table, own);
	far = share_random(s) % FAR_ONE_IN == 0 ? anyone(s, false) : NULL;
	if (mesh && far == NULL)
		return;
	n = choose_rows(s, now_ms, rows);
	for (size_t i = 0; i < n; i++) /* one for which there is no room keeps none from those behind it */
		if (put_row(rows[i], now_ms, table, &len))
			rows[i]->told += FANOUT;
	for (int i = 0; i < FANOUT && !mesh; i++) {
		const struct view_node *to = anyone(s, true);

		if (to != NULL)
			send_table(s, to, table, len);
	}
	if (far != NULL)
		send_table(s, far, table, len);
}

void gossip_init(struct gossip *g, struct share *s)
{
	/* both long ago: the first tick is free to tell at once */
	*g = (struct gossip){ .share = s, .told_ms = INT64_MIN / 2, .round_ms = INT64_MIN / 2 };
}

void gossip_again(struct gossip *g)
{
	g->told_ms = INT64_MIN / 2;
}

int64_t gossip_tick(struct gossip *g, int64_t now_ms)
{
	struct share *s = g->share;
	struct view_node *self = view_self(&s->view);
	bool mesh = members(s) <= MESH_MAX, changed, fresh = false;

	if (share_is_alone(s))
		return INT64_MAX;
	changed = self->seq == 0 || load_differs(&g->told, &self->load);
	if ((changed && now_ms - g->told_ms >= s->conf.min_period_ms) ||
	    now_ms - g->told_ms >= s->conf.heartbeat_ms) {
		self->boot = s->boot;
		self->seq++;
		self->heard_ms = now_ms;
		self->news = changed;
		sign_own(s);
		g->told = self->load;
		g->told_ms = now_ms;
		fresh = true;
	}
	if (fresh || (!mesh && now_ms - g->round_ms >= s->conf.min_period_ms)) {
		g->round_ms = now_ms;
		tell(s, mesh, fresh, now_ms);
	}
	if (!mesh)
		return g->round_ms + s->conf.min_period_ms;
	return g->told_ms + (changed && !fresh ? s->conf.min_period_ms : s->conf.heartbeat_ms);
}

/* A row as it came: what its node signed, and what those who passed it on said of it. */
struct row {
	const uint8_t *s, *signature;
	size_t len, signature_len;
	char name[VIEW_NAME_MAX + 1];
	uint64_t boot, seq, age, news;
	struct load load;
};

static bool parse_row(const struct msg_view *v, struct row *ret)
{
	struct msg_view in;

	*ret = (struct row){ 0 };
	(void)msg_get_uint(v, MSG_AGE, INT32_MAX, &ret->age);
	(void)msg_get_uint(v, MSG_NEWS, 1, &ret->news);
	return msg_get_bytes(v, MSG_ROW, &ret->s, &ret->len) == 0 && ret->len <= ROW_BYTES_MAX &&
	       msg_get_bytes(v, MSG_SIGNATURE, &ret->signature, &ret->signature_len) == 0 &&
	       ret->signature_len == IDENTITY_SIGNATURE && msg_parse(&in, ret->s, ret->len) == 0 &&
	       msg_get_str(&in, MSG_NAME, ret->name, sizeof(ret->name)) == 0 &&
	       msg_get_uint(&in, MSG_BOOT, UINT64_MAX, &ret->boot) == 0 && ret->boot != 0 &&
	       msg_get_uint(&in, MSG_SEQ, UINT64_MAX, &ret->seq) == 0 && load_get(&in, &ret->load) == 0;
}

/* Did the node say so itself? Asked last: it costs more than all else. */
static bool is_signed(const struct view_node *n, const struct row *r)
{
	for (size_t i = 0; i < n->n_keys; i++)
		if (identity_signed(&n->keys[i].public, r->s, r->len, r->signature))
			return true;
	return false;
}

/* Takes one row of what another node knows, if it is newer than what is known here. */
static void take_row(struct share *s, const struct row *r, const char *from, bool passes_on, int64_t now_ms)
{
	struct view_node *n = view_find(&s->view, r->name);
	bool own = strcmp(r->name, from) == 0;

	if (n == NULL || n == view_self(&s->view) || (int64_t)r->age > s->conf.stale_ms ||
	    !share_trusts_node(s, r->name))
		return;
	/* a row of an earlier run is believed only from that node: others could say two in turn for ever */
	if (r->boot < n->boot && !own)
		return;
	/* where rows are passed on, one that nobody else would believe is not */
	if ((r->boot == n->boot && r->seq <= n->seq) || ((!own || passes_on) && !is_signed(n, r)))
		return;
	n->boot = r->boot;
	n->seq = r->seq;
	n->heard_ms = now_ms - (int64_t)r->age;
	n->load = r->load;
	load_bound(&n->load, &n->bounds);
	n->news = r->news != 0;
	n->told = 0;
	view_keep_row(n, r->s, r->len, r->signature);
}

void gossip_receive(struct gossip *g, const struct datagram *d, int64_t now_ms)
{
	bool passes_on = members(g->share) > MESH_MAX;
	const uint8_t *table;
	size_t len, off = 0;

	if (msg_get_bytes(&d->body, MSG_TABLE, &table, &len) < 0)
		return;
	while (len - off >= 2) {
		size_t n = table[off] | (size_t)table[off + 1] << 8;
		struct msg_view v;
		struct row r;

		off += 2;
		if (n > len - off || msg_parse(&v, table + off, n) < 0)
			return;
		if (parse_row(&v, &r))
			take_row(g->share, &r, d->from, passes_on, now_ms);
		off += n;
	}
}
