#include <config.h>

#include "controller/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void node_release(struct view_node *n)
{
	free(n->name);
	free(n->address);
	free(n->cluster);
	free(n->row);
}

void view_release(struct view *v)
{
	for (size_t i = 0; i < v->n; i++)
		node_release(&v->nodes[i]);
	free(v->nodes);
	*v = (struct view){ 0 };
}

int view_init(struct view *v, const char *own_name)
{
	*v = (struct view){ .nodes = calloc(1, sizeof(*v->nodes)), .n = 1 };
	if (v->nodes == NULL)
		return -ENOMEM;
	v->nodes[0].name = strdup(own_name);
	v->nodes[0].cluster = strdup("");
	if (v->nodes[0].name == NULL || v->nodes[0].cluster == NULL) {
		view_release(v);
		return -ENOMEM;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct view_node *)a)->name, ((const struct view_node *)b)->name);
}

static int has_name(const void *name, const void *node)
{
	return strcmp(name, ((const struct view_node *)node)->name);
}

struct view_node *view_find(const struct view *v, const char *name)
{
	return v->n == 0 ? NULL : bsearch(name, v->nodes, v->n, sizeof(*v->nodes), has_name);
}

static int node_fill(struct view_node *n, const struct view_entry *e)
{
	n->name = strdup(e->name);
	n->address = e->address != NULL ? strdup(e->address) : NULL;
	n->cluster = strdup(e->cluster != NULL ? e->cluster : "");
	n->bounds = e->bounds;
	n->n_keys = e->keys.n;
	n->drain = e->drain;
	for (size_t i = 0; i < e->keys.n; i++)
		n->keys[i].public = e->keys.v[i];
	return n->name != NULL && n->cluster != NULL && (e->address == NULL || n->address != NULL) ?
		       0 :
		       -ENOMEM;
}

/* Takes over what was known of the node of that name, but not what the list says of it. */
static void keep_known(const struct view *old, struct view_node *n)
{
	struct view_node *was = view_find(old, n->name);
	struct view_node listed = *n;

	if (was == NULL)
		return;
	*n = *was;
	was->row = NULL;
	n->name = listed.name;
	n->address = listed.address;
	n->cluster = listed.cluster;
	n->bounds = listed.bounds;
	n->drain = listed.drain;
	memcpy(n->keys, listed.keys, sizeof(n->keys));
	n->n_keys = listed.n_keys;
	n->heard_key = n->came_key = 0;
	load_bound(&n->load, &n->bounds);
}

struct view_node *view_find_key(const struct view *v, const uint8_t hint[IDENTITY_HINT], struct view_key **ret)
{
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < v->nodes[i].n_keys; k++)
			if (memcmp(v->nodes[i].keys[k].public.bytes, hint, IDENTITY_HINT) == 0) {
				*ret = &v->nodes[i].keys[k];
				return &v->nodes[i];
			}
	return NULL;
}

void view_forget_pairs(struct view *v)
{
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < IDENTITY_KEYS; k++)
			v->nodes[i].keys[k].paired = false;
}

void view_keep_row(struct view_node *n, const uint8_t *row, size_t len, const uint8_t signature[IDENTITY_SIGNATURE])
{
	uint8_t *p = realloc(n->row, len + IDENTITY_SIGNATURE);

	if (p == NULL) {
		free(n->row);
		n->row = NULL;
		return;
	}
	memcpy(p, row, len);
	memcpy(p + len, signature, IDENTITY_SIGNATURE);
	n->row = p;
	n->row_len = len;
}

int view_configure(struct view *v, const struct view_entry *entries, size_t n)
{
	const struct view_node *self = view_self(v);
	struct view_entry own = { .name = self->name, .address = self->address };
	struct view fresh = { .nodes = calloc(n + 1, sizeof(*fresh.nodes)) };
	int r = fresh.nodes != NULL ? 0 : -ENOMEM;
	bool named = false;

	if (n > VIEW_NODES_MAX)
		r = -E2BIG;
	for (size_t i = 0; i < n && r == 0; i++) {
		named |= strcmp(entries[i].name, own.name) == 0;
		r = node_fill(&fresh.nodes[fresh.n++], &entries[i]);
	}
	if (r == 0 && !named)
		r = node_fill(&fresh.nodes[fresh.n++], &own);
	if (r < 0) {
		view_release(&fresh);
		return r;
	}
	qsort(fresh.nodes, fresh.n, sizeof(*fresh.nodes), by_name);
	for (size_t i = 0; i < fresh.n; i++) { /* a name that was given twice: once */
		if (i + 1 < fresh.n && by_name(&fresh.nodes[i], &fresh.nodes[i + 1]) == 0) {
			node_release(&fresh.nodes[i]);
			memmove(&fresh.nodes[i], &fresh.nodes[i + 1],
				(fresh.n - i - 1) * sizeof(*fresh.nodes));
			fresh.n--;
			i--;
			continue;
		}
		keep_known(v, &fresh.nodes[i]);
	}
	fresh.self = (size_t)(view_find(&fresh, own.name) - fresh.nodes);
	view_release(v);
	*v = fresh;
	return 0;
}

bool view_is_fresh(const struct view *v, const struct view_node *n, int64_t now_ms, int64_t stale_ms)
{
	return n == view_self(v) || (n->boot != 0 && now_ms - n->heard_ms <= stale_ms);
}

/* Numbers are accepted once, in a window of 64 behind the highest: RFC 4303, 3.4.3. */
bool view_accept_seq(struct view_node *n, uint64_t boot, uint64_t seq)
{
	if (boot != n->from_boot) {
		n->from_boot = boot;
		n->from_seq = seq;
		n->from_window = 1;
		return true;
	}
	if (seq > n->from_seq) {
		uint64_t step = seq - n->from_seq;

		n->from_window = step < 64 ? n->from_window << step | 1 : 1;
		n->from_seq = seq;
		return true;
	}
	if (n->from_seq - seq >= 64 || (n->from_window >> (n->from_seq - seq) & 1) != 0)
		return false;
	n->from_window |= UINT64_C(1) << (n->from_seq - seq);
	return true;
}
