#include <config.h>

#include <errno.h>
#include <string.h>

#include "controller/balance.h"

/*
 * Dissemination (Concert 3.3): a node tells its own row when it has changed, not more
 * often than the minimum period, and at the heartbeat. Up to MESH_MAX nodes each tells
 * each. Above, every period it tells FANOUT others, at random, a datagram full of rows,
 * its own first, then news that it has passed on least, then whatever (Barak and Shiloh
 * 1985: part of the load vector to a random other), so that the cost for a node is the
 * same for any number of nodes. Other clusters hear now and then.
 */
enum {
	MESH_MAX = 16,
	FANOUT = 2,
	NEWS_TOLD = 8,	   /* log2 of many nodes, and a little */
	NEWS_MS = 10000,   /* then it is no news */
	TABLE_MAX = DATAGRAM_MAX - DATAGRAM_OVERHEAD - 32 - VIEW_NAME_MAX,
	ROWS_MAX = 24,
	FAR_ONE_IN = 8,
};

static bool is_member(const struct balance *b, const struct view_node *n)
{
	return strcmp(n->cluster, view_self(&b->view)->cluster) == 0;
}

size_t gossip_members(const struct balance *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->view.n; i++)
		n += is_member(b, &b->view.nodes[i]);
	return n;
}

/* Appends a node's row if it fits; true when it did. */
static bool put_row(const struct view_node *n, int64_t now_ms, uint8_t *table, size_t *len)
{
	struct msg m;
	bool fits;

	msg_init(&m);
	msg_str(&m, MSG_NAME, n->name);
	msg_uint(&m, MSG_BOOT, n->boot);
	msg_uint(&m, MSG_SEQ, n->seq);
	msg_uint(&m, MSG_AGE, now_ms > n->heard_ms ? (uint64_t)(now_ms - n->heard_ms) : 0);
	if (n->news)
		msg_uint(&m, MSG_NEWS, 1);
	load_put(&n->load, &m);
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

/* What is to be passed on first: news, told least; then by chance. Fills `ret`. */
static size_t choose_rows(struct balance *b, int64_t now_ms, struct view_node *ret[ROWS_MAX])
{
	size_t n = 0, start = (size_t)(b->ops->random(b->arg) % b->view.n);
	unsigned key[ROWS_MAX];

	for (size_t k = 0; k < b->view.n; k++) {
		struct view_node *x = &b->view.nodes[(start + k) % b->view.n];
		unsigned rank = NEWS_TOLD;
		size_t at;

		if (x == view_self(&b->view) || !is_member(b, x) ||
		    !view_is_fresh(&b->view, x, now_ms, b->conf.stale_ms))
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

static void send_table(struct balance *b, const struct view_node *to, const uint8_t *table, size_t len)
{
	struct msg m;

	datagram_begin(&m, DATAGRAM_STATE, view_self(&b->view)->name, b->boot, ++b->seq);
	msg_bytes(&m, MSG_TABLE, table, len);
	balance_send(b, to, &m);
}

/* A random other node, of our cluster or of the others; NULL: there is none. */
static const struct view_node *anyone(const struct balance *b, bool member)
{
	size_t n = 0, pick;

	for (size_t i = 0; i < b->view.n; i++)
		n += i != b->view.self && is_member(b, &b->view.nodes[i]) == member;
	if (n == 0)
		return NULL;
	pick = (size_t)(b->ops->random(b->arg) % n);
	for (size_t i = 0; i < b->view.n; i++)
		if (i != b->view.self && is_member(b, &b->view.nodes[i]) == member && pick-- == 0)
			return &b->view.nodes[i];
	return NULL;
}

static void tell(struct balance *b, bool mesh, bool fresh, int64_t now_ms)
{
	uint8_t table[TABLE_MAX];
	struct view_node *rows[ROWS_MAX];
	size_t len = 0, n = 0, own;
	const struct view_node *far;

	(void)put_row(view_self(&b->view), now_ms, table, &len);
	own = len;
	if (mesh && fresh)
		for (size_t i = 0; i < b->view.n; i++)
			if (i != b->view.self && is_member(b, &b->view.nodes[i]))
				send_table(b, &b->view.nodes[i], table, own);
	far = b->ops->random(b->arg) % FAR_ONE_IN == 0 ? anyone(b, false) : NULL;
	if (mesh && far == NULL)
		return;
	n = choose_rows(b, now_ms, rows);
	for (size_t i = 0; i < n && put_row(rows[i], now_ms, table, &len); i++)
		rows[i]->told += FANOUT;
	for (int i = 0; i < FANOUT && !mesh; i++) {
		const struct view_node *to = anyone(b, true);

		if (to != NULL)
			send_table(b, to, table, len);
	}
	if (far != NULL)
		send_table(b, far, table, len);
}

int64_t gossip_tick(struct balance *b, int64_t now_ms)
{
	struct view_node *self = view_self(&b->view);
	bool mesh = gossip_members(b) <= MESH_MAX, changed, fresh = false;

	if (b->view.n < 2 || b->alone)
		return INT64_MAX;
	changed = self->seq == 0 || load_differs(&b->told, &self->load);
	if ((changed && now_ms - b->told_ms >= b->conf.min_period_ms) ||
	    now_ms - b->told_ms >= b->conf.heartbeat_ms) {
		self->boot = b->boot;
		self->seq++;
		self->heard_ms = now_ms;
		self->news = changed;
		b->told = self->load;
		b->told_ms = now_ms;
		fresh = true;
	}
	if (fresh || (!mesh && now_ms - b->round_ms >= b->conf.min_period_ms)) {
		b->round_ms = now_ms;
		tell(b, mesh, fresh, now_ms);
	}
	if (!mesh)
		return b->round_ms + b->conf.min_period_ms;
	return b->told_ms + (changed && !fresh ? b->conf.min_period_ms : b->conf.heartbeat_ms);
}

/* One row of what another knows. */
static void take_row(struct balance *b, const struct msg_view *v, const char *from, int64_t now_ms)
{
	char name[VIEW_NAME_MAX + 1];
	uint64_t boot, seq, age = 0, news = 0;
	struct view_node *n;
	struct load l;

	if (msg_get_str(v, MSG_NAME, name, sizeof(name)) < 0 ||
	    msg_get_uint(v, MSG_BOOT, UINT64_MAX, &boot) < 0 || boot == 0 ||
	    msg_get_uint(v, MSG_SEQ, UINT64_MAX, &seq) < 0 || load_get(v, &l) < 0)
		return;
	(void)msg_get_uint(v, MSG_AGE, INT32_MAX, &age);
	(void)msg_get_uint(v, MSG_NEWS, 1, &news);
	n = view_find(&b->view, name);
	if (n == NULL || n == view_self(&b->view) || (int64_t)age > b->conf.stale_ms ||
	    !b->conf.trusts_node(b->conf.trust_arg, name))
		return;
	/* of an earlier run only from itself, or when nothing newer is known */
	if (boot < n->boot && strcmp(name, from) != 0 &&
	    view_is_fresh(&b->view, n, now_ms, b->conf.stale_ms))
		return;
	if (boot == n->boot && seq <= n->seq)
		return;
	n->boot = boot;
	n->seq = seq;
	n->heard_ms = now_ms - (int64_t)age;
	n->load = l;
	n->news = news != 0;
	n->told = 0;
}

void gossip_receive(struct balance *b, const struct datagram *d, int64_t now_ms)
{
	const uint8_t *table;
	size_t len, off = 0;

	if (msg_get_bytes(&d->body, MSG_TABLE, &table, &len) < 0)
		return;
	while (len - off >= 2) {
		size_t n = table[off] | (size_t)table[off + 1] << 8;
		struct msg_view v;

		off += 2;
		if (n > len - off || msg_parse(&v, table + off, n) < 0)
			return;
		take_row(b, &v, d->from, now_ms);
		off += n;
	}
}
