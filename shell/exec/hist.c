#include <config.h>

#include "shell/exec/hist.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/exec/hist_list.h"
#include "shell/parser/strbuf.h"

enum { HIST_DEFAULT_MAX = 1000, HIST_NODES_MAX = 1000 };

struct hist *hist_new(void)
{
	struct hist *h = xcalloc(1, sizeof(*h));

	h->max = HIST_DEFAULT_MAX;
	h->next = 1;
	return h;
}

void hist_clear(struct hist *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(hist_entry(h, i)->text);
	h->n = h->first = h->known = 0;
	h->next = 1;
	h->running = 0;
	h->removed++;
}

void hist_free(struct hist *h)
{
	if (h == NULL)
		return;
	hist_clear(h);
	free(h->v);
	free(h->letters);
	free(h->own);
	free(h->exported_to);
	for (size_t i = 0; i < h->n_nodes; i++)
		free(h->nodes[i]);
	free(h->nodes);
	free(h);
}

size_t hist_count(const struct hist *h)
{
	return h->n;
}

const struct hist_entry *hist_at(const struct hist *h, size_t i)
{
	return i < h->n ? hist_entry(h, i) : NULL;
}

size_t hist_position(const struct hist *h, uint32_t number)
{
	size_t i = 0;

	while (i < h->n && hist_entry(h, i)->number != number)
		i++;
	return i;
}

static struct hist_letters letters_of(const char *s)
{
	struct hist_letters r = { 0 };
	unsigned last = 0;

	for (; *s != '\0'; s++) {
		unsigned c = (unsigned char)*s;

		r.single |= 1ull << ((c & 31) | (c & 64) >> 1); /* letters in one half, digits in the other */
		if (last != 0)
			r.pairs |= 1ull << ((last * 9 + c) & 63);
		last = c;
	}
	return r;
}

void hist_learn(struct hist *h)
{
	if (h->known == h->n)
		return;
	if (h->letters_cap != h->cap)
		h->letters = xreallocarray(h->letters, h->letters_cap = h->cap, sizeof(*h->letters));
	for (; h->known < h->n; h->known++)
		h->letters[h->first + h->known] = letters_of(hist_entry(h, h->known)->text);
}

enum { LOOK = 16 }; /* so many entries are passed over while one is looked at */

/* The first of so many from i on that may have it, and the first behind these if none does; hist_count(): behind the last. */
static size_t pass_over(const struct hist *h, size_t i, int step, struct hist_letters want, size_t *left)
{
	const struct hist_letters *has = h->letters + h->first;
	size_t n = *left;

	for (size_t known = h->known; n != 0 && i < known && ((want.single & ~has[i].single) | (want.pairs & ~has[i].pairs)) != 0; n--)
		i += (size_t)step;
	*left = n;
	return i < h->n ? i : h->n;
}

size_t hist_find(const struct hist *h, size_t i, int step, const char *text, bool begins, size_t *left)
{
	size_t len = strlen(text), any = SIZE_MAX;
	struct hist_letters want = letters_of(text);

	if (left == NULL)
		left = &any;
	while ((i = pass_over(h, i, step, want, left)) < h->n && *left != 0) {
		const char *s = hist_entry(h, i)->text;

		if (begins ? strncmp(s, text, len) == 0 : strstr(s, text) != NULL)
			break;
		i += (size_t)step;
		*left -= *left < LOOK ? *left : LOOK;
	}
	return i;
}

uint32_t hist_next_number(const struct hist *h)
{
	return h->next;
}

static void trim(struct hist *h)
{
	size_t over = h->n > h->max ? h->n - h->max : 0;

	for (size_t i = 0; i < over; i++)
		free(hist_entry(h, i)->text);
	h->first += over;
	h->n -= over;
	h->known -= over < h->known ? over : h->known;
}

/* Makes room behind the newest. A move of n entries follows n that went, so it costs nothing over time. */
static void reserve(struct hist *h)
{
	if (h->first + h->n < h->cap)
		return;
	if (h->first > h->n) {
		memcpy(h->v, hist_entry(h, 0), h->n * sizeof(*h->v));
		if (h->known != 0)
			memmove(h->letters, h->letters + h->first, h->known * sizeof(*h->letters));
		h->first = 0;
		return;
	}
	h->cap = h->cap != 0 ? h->cap * 2 : 64;
	h->v = xreallocarray(h->v, h->cap, sizeof(*h->v));
}

void hist_put(struct hist *h, struct hist_entry e)
{
	reserve(h);
	*hist_entry(h, h->n++) = e;
	h->next = e.number + 1;
	trim(h);
}

void hist_add(struct hist *h, const char *text, int64_t time)
{
	size_t len = strlen(text);

	while (len != 0 && text[len - 1] == '\n')
		len--;
	hist_put(h, (struct hist_entry){ .number = h->next, .text = xstrndup(text, len), .time = time, .status = -1,
				      .own = true });
}

void hist_set_running(struct hist *h, const char *node)
{
	struct hist_entry *e = node != NULL && h->n != 0 ? hist_entry(h, h->n - 1) : NULL;

	if (e != NULL)
		e->node = hist_node_number(h, node);
	h->running = e != NULL ? e->number : 0;
}

size_t hist_running(const struct hist *h)
{
	size_t i = h->n;

	while (i != 0 && hist_entry(h, i - 1)->number > h->running)
		i--;
	return h->running != 0 && i != 0 && hist_entry(h, i - 1)->number == h->running ? i - 1 : h->n;
}

uint16_t hist_node_number(struct hist *h, const char *name)
{
	size_t i = 0;

	while (i < h->n_nodes && strcmp(h->nodes[i], name) != 0)
		i++;
	if (i == h->n_nodes && i < HIST_NODES_MAX) {
		h->nodes = xreallocarray(h->nodes, i + 1, sizeof(*h->nodes));
		h->nodes[h->n_nodes++] = xstrdup(name);
	}
	return i < HIST_NODES_MAX ? (uint16_t)(i + 1) : 0;
}

void hist_set_result(struct hist *h, int status, int64_t ms)
{
	size_t i = hist_running(h);
	struct hist_entry *e = hist_entry(h, i);

	if (i == h->n)
		return;
	if (e->status >= 0)
		ms += e->ms;
	e->status = status;
	e->ms = ms < 0 ? 0 : ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

const char *hist_node(const struct hist *h, const struct hist_entry *e)
{
	return e->node != 0 && e->node <= h->n_nodes ? h->nodes[e->node - 1] : NULL;
}

void hist_drop_newest(struct hist *h)
{
	if (h->n != 0)
		hist_drop(h, h->n - 1);
}

/* The number of the newest is free again. */
void hist_drop(struct hist *h, size_t i)
{
	uint32_t number = hist_entry(h, i)->number;

	if (i + 1 == h->n)
		h->next = number;
	if (number == h->running)
		h->running = 0;
	if (h->saved > h->next)
		h->saved = h->next;
	if (h->exported > h->next)
		h->exported = h->next;
	free(hist_entry(h, i)->text);
	memmove(hist_entry(h, i), hist_entry(h, i + 1), (h->n - i - 1) * sizeof(*h->v));
	if (i < h->known) {
		h->known--;
		memmove(h->letters + h->first + i, h->letters + h->first + i + 1, (h->known - i) * sizeof(*h->letters));
	}
	h->n--;
	h->removed++;
}

void hist_set_expander(struct hist *h, bool (*expand)(const struct hist *h, const char *line, char **ret))
{
	h->expand = expand;
}

bool hist_expand(const struct hist *h, const char *line, char **ret)
{
	return h->expand(h, line, ret);
}

void hist_set_max(struct hist *h, size_t max)
{
	h->max = max;
	trim(h);
}

/* ---- state ---- */

enum { HIST_ENTRIES = 1, HIST_NEXT = 2, HIST_SINCE = 3, HIST_LEFT = 4, HIST_NODES = 5, HIST_WHERE = 6, HIST_OWN = 7,
       HIST_RUNNING = 8 };
enum { WHERE_COLUMNS = 2 }; /* of the same entries: ms, and the node's place in HIST_NODES + 1 */
enum { HIST_COLUMNS = 4 }; /* number, text, time, status + 1 */
enum { HIST_STATE_BYTES = 1 << 24 }; /* of text that a state takes along, the newest first */

/* The number of the first that was entered in this shell. */
static uint32_t first_own(const struct hist *h)
{
	size_t i = 0;

	while (i < h->n && !hist_entry(h, i)->own)
		i++;
	return i < h->n ? hist_entry(h, i)->number : h->next;
}

/* How many of the newest entries fit. */
static size_t fitting(const struct hist *h)
{
	size_t n = 0, bytes = 0;

	while (n < h->n && (bytes += strlen(hist_entry(h, h->n - 1 - n)->text)) <= HIST_STATE_BYTES)
		n++;
	return n;
}

static void hist_save(const struct shell *sh, struct state_enc *e)
{
	const struct hist *h = sh->hist;
	size_t n = fitting(h);

	if (n < h->n && e->since == 0)
		state_put_uint(e, HIST_LEFT, h->n - n);
	while (e->since != 0 && n != 0 && hist_entry(h, h->n - n)->number < e->since)
		n--;
	if (e->since != 0)
		state_put_uint(e, HIST_SINCE, e->since);
	state_put_uint(e, HIST_NEXT, h->next);
	state_put_uint(e, HIST_OWN, first_own(h));
	state_put_uint(e, HIST_RUNNING, h->running);
	state_put_array(e, HIST_ENTRIES, (uint32_t)(n * HIST_COLUMNS));
	for (size_t i = h->n - n; i < h->n; i++) {
		const struct hist_entry *x = hist_entry(h, i);

		state_add_uint(e, x->number);
		state_add_str(e, x->text);
		state_add_uint(e, (uint64_t)x->time);
		state_add_uint(e, (uint64_t)(x->status + 1));
	}
	state_put_array(e, HIST_NODES, (uint32_t)h->n_nodes);
	for (size_t i = 0; i < h->n_nodes; i++)
		state_add_str(e, h->nodes[i]);
	state_put_array(e, HIST_WHERE, (uint32_t)(n * WHERE_COLUMNS));
	for (size_t i = h->n - n; i < h->n; i++) {
		state_add_uint(e, hist_entry(h, i)->ms);
		state_add_uint(e, hist_entry(h, i)->node);
	}
}

/* Where the newest n entries ran; from an older node nothing is known. */
static void load_where(struct hist *h, const struct state_dec *d, size_t n)
{
	const struct state_value *where, *nodes;
	uint32_t n_where, n_nodes;

	if (state_get_array(d, HIST_WHERE, &where, &n_where) < 0 || n_where != n * WHERE_COLUMNS ||
	    state_get_array(d, HIST_NODES, &nodes, &n_nodes) < 0)
		return;
	for (size_t i = n < h->n ? n : h->n; i > 0; i--) {
		struct hist_entry *e = hist_entry(h, h->n - i);
		uint32_t at = (uint32_t)(n - i) * WHERE_COLUMNS;
		uint64_t ms, node;
		const char *name;

		if (state_elem_uint(d, where, at, UINT32_MAX, &ms) < 0 || state_elem_uint(d, where, at + 1, n_nodes, &node) < 0)
			return;
		e->ms = (uint32_t)ms;
		if (node != 0 && state_elem_str(d, nodes, (uint32_t)node - 1, &name, NULL) == 0)
			e->node = hist_node_number(h, name);
	}
}

/* The list as it was; a checkpoint only brings what is newer than the one before. */
static int hist_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint64_t next = 1, since = 0, own = UINT32_MAX, running = 0, left;
	uint32_t n;
	int r = state_get_array(d, HIST_ENTRIES, &a, &n);

	if (r < 0 || n % HIST_COLUMNS != 0)
		return r < 0 ? r : -EBADMSG;
	if (state_get_uint(d, HIST_SINCE, UINT32_MAX, &since) < 0)
		hist_clear(sh->hist);
	(void)state_get_uint(d, HIST_OWN, UINT32_MAX, &own);
	sh->hist->seen = -1;
	sh->hist->n_own = 0;
	if (state_get_uint(d, HIST_LEFT, UINT32_MAX, &left) == 0)
		state_warn(d, "%llu older history entries did not come along (more than 16 MiB)",
			   (unsigned long long)left);
	for (uint32_t i = 0; r == 0 && i < n; i += HIST_COLUMNS) {
		uint64_t number, when, status;
		const char *text;

		r = state_elem_uint(d, a, i, UINT32_MAX - 1, &number);
		if (r == 0)
			r = state_elem_str(d, a, i + 1, &text, NULL);
		if (r == 0)
			r = state_elem_uint(d, a, i + 2, INT64_MAX, &when);
		if (r == 0)
			r = state_elem_uint(d, a, i + 3, 256, &status);
		if (r == 0)
			hist_put(sh->hist, (struct hist_entry){ .number = (uint32_t)number, .text = xstrdup(text),
								.time = (int64_t)when, .status = (int)status - 1, .own = number >= own });
	}
	if (r == 0)
		load_where(sh->hist, d, n / HIST_COLUMNS);
	if (r == 0 && state_get_uint(d, HIST_NEXT, UINT32_MAX, &next) == 0)
		sh->hist->next = (uint32_t)next;
	(void)state_get_uint(d, HIST_RUNNING, UINT32_MAX, &running);
	sh->hist->running = (uint32_t)running;
	return r;
}

static uint64_t hist_mark(const struct shell *sh)
{
	return (uint64_t)sh->hist->removed << 32 | sh->hist->next;
}

const struct state_section hist_section = {
	.name = "history", .version = 1, .save = hist_save, .load = hist_load, .mark = hist_mark,
};
