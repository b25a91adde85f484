#include <config.h>

#include "shell/exec/hist.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/state.h"
#include "wire/io_full.h"
#include "shell/parser/strbuf.h"

enum {
	HIST_DEFAULT_MAX = 1000,
	HIST_TAIL = 1 << 18, /* of the file is read first */
	HIST_FILE_MAX = 1 << 27, /* … and that much at most, for a large HISTSIZE */
	HIST_OWN_MAX = 64,
	HIST_NODES_MAX = 1000,
	HIST_GROWTH_MAX = 1 << 20, /* … with what others append meanwhile */
};

struct hist {
	struct hist_entry *v; /* the entries are v[first .. first+n): the oldest go without moving the others */
	size_t first, n, cap, max;
	uint32_t next;
	uint32_t removed; /* how often an entry was removed for another reason than its age */
	off_t seen; /* bytes of the history file that were read, or written by us (-1: as many as there are); … */
	struct span {
		off_t from, to;
	} *own; /* … and what we wrote behind what others have written since: HIST_OWN_MAX, once there is one */
	size_t n_own;
	char **nodes; /* names of nodes where entries ran; those have one more than the place here */
	size_t n_nodes;
	uint32_t saved; /* entries from this number on are not in the file */
};

struct hist *hist_new(void)
{
	struct hist *h = xcalloc(1, sizeof(*h));

	h->max = HIST_DEFAULT_MAX;
	h->next = 1;
	return h;
}

static struct hist_entry *entry(const struct hist *h, size_t i)
{
	return h->v + h->first + i;
}

void hist_clear(struct hist *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(entry(h, i)->text);
	h->n = h->first = 0;
	h->next = 1;
	h->removed++;
}

void hist_free(struct hist *h)
{
	if (h == NULL)
		return;
	hist_clear(h);
	free(h->v);
	free(h->own);
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
	return i < h->n ? entry(h, i) : NULL;
}

size_t hist_position(const struct hist *h, uint32_t number)
{
	size_t i = 0;

	while (i < h->n && entry(h, i)->number != number)
		i++;
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
		free(entry(h, i)->text);
	h->first += over;
	h->n -= over;
}

/* Makes room behind the newest. A move of n entries follows n that went, so it costs nothing over time. */
static void reserve(struct hist *h)
{
	if (h->first + h->n < h->cap)
		return;
	if (h->first > h->n) {
		memcpy(h->v, entry(h, 0), h->n * sizeof(*h->v));
		h->first = 0;
		return;
	}
	h->cap = h->cap != 0 ? h->cap * 2 : 64;
	h->v = xreallocarray(h->v, h->cap, sizeof(*h->v));
}

static void put(struct hist *h, struct hist_entry e)
{
	reserve(h);
	*entry(h, h->n++) = e;
	h->next = e.number + 1;
	trim(h);
}

void hist_add(struct hist *h, const char *text, int64_t time)
{
	size_t len = strlen(text);

	while (len != 0 && text[len - 1] == '\n')
		len--;
	put(h, (struct hist_entry){ .number = h->next, .text = xstrndup(text, len), .time = time, .status = -1 });
}

/* The number of a node's name; 0: there are too many. */
static uint16_t node_number(struct hist *h, const char *name)
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

void hist_set_result(struct hist *h, int status, const char *node, int64_t ms)
{
	struct hist_entry *e = h->n != 0 ? entry(h, h->n - 1) : NULL;

	if (e == NULL)
		return;
	e->status = status;
	e->node = node_number(h, node);
	e->ms = ms < 0 ? 0 : ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

const char *hist_node(const struct hist *h, const struct hist_entry *e)
{
	return e->node != 0 && e->node <= h->n_nodes ? h->nodes[e->node - 1] : NULL;
}

void hist_drop_newest(struct hist *h)
{
	if (h->n != 0)
		free(entry(h, --h->n)->text);
	h->removed++;
}

void hist_drop(struct hist *h, size_t i)
{
	free(entry(h, i)->text);
	memmove(entry(h, i), entry(h, i + 1), (h->n - i - 1) * sizeof(*h->v));
	h->n--;
	h->removed++;
}

void hist_set_max(struct hist *h, size_t max)
{
	h->max = max;
	trim(h);
}

/* The end of an entry at s, behind its newline: a backslash before one continues it. NULL: cut short. */
static const char *entry_end(const char *s, const char *end)
{
	const char *nl;

	while ((nl = memchr(s, '\n', (size_t)(end - s))) != NULL) {
		if (nl == s || nl[-1] != '\\')
			return nl + 1;
		s = nl + 1;
	}
	return NULL;
}

static void add_entry(struct hist *h, const char *s, const char *end)
{
	size_t len = (size_t)(end - 1 - s);
	struct strbuf b = { 0 };

	if (len != 0 && memchr(s, '\0', len) == NULL && memmem(s, len, "\\\n", 2) == NULL) { /* most are one line */
		put(h, (struct hist_entry){ .number = h->next, .text = xstrndup(s, len), .status = -1 });
		return;
	}
	for (; s < end - 1; s++)
		if (!(s[0] == '\\' && s[1] == '\n'))
			strbuf_addc(&b, *s);
	if (b.len != 0 && b.s[strspn(b.s, "\n")] != '\0') /* a NUL ends an entry, too */
		hist_add(h, b.s, 0);
	strbuf_release(&b);
}

/* The last part of a file, from the beginning of an entry on; *ret is freed by the caller. */
static int read_tail(int fd, off_t size, off_t want, char **ret, const char **ret_s, const char **ret_end)
{
	off_t from = size > want ? size - want : 0;
	size_t len;
	int r = io_read_file_from(fd, from, (size_t)(size - from) + HIST_GROWTH_MAX, ret, &len);

	if (r < 0)
		return r;
	*ret_end = *ret + len;
	*ret_s = *ret;
	if (from == 0)
		return 0;
	/* a newline that is continued might be cut from its backslash: the first one says nothing */
	*ret_s = memchr(*ret, '\n', len);
	if (*ret_s != NULL)
		*ret_s = entry_end(*ret_s + 1, *ret_end);
	if (*ret_s == NULL)
		*ret_s = *ret_end;
	return 0;
}

int hist_load_file(struct hist *h, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r = fd < 0 ? -errno : 0;
	const char *s = NULL, *next, *end = NULL;
	char *text = NULL;
	struct stat st;
	size_t n = 0;

	if (r == 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)))
		r = -EINVAL;
	for (off_t want = HIST_TAIL; r == 0; want *= 8) { /* until there are enough */
		free(text);
		text = NULL;
		r = read_tail(fd, st.st_size, want, &text, &s, &end);
		n = 0;
		for (const char *at = s; r == 0 && (next = entry_end(at, end)) != NULL; at = next)
			n++;
		if (n >= h->max || want >= st.st_size || want >= HIST_FILE_MAX)
			break;
	}
	for (; r == 0 && (next = entry_end(s, end)) != NULL; s = next)
		if (n-- <= h->max)
			add_entry(h, s, next);
	if (r == 0) {
		h->seen = st.st_size;
		h->n_own = 0;
		h->saved = h->next;
	}
	free(text);
	if (fd >= 0)
		close(fd);
	return r;
}

static bool is_own_part(const struct hist *h, off_t at)
{
	for (size_t i = 0; i < h->n_own; i++)
		if (at >= h->own[i].from && at < h->own[i].to)
			return true;
	return false;
}

/* HISTFILE may have come from another node: what has its name here need not be ours. */
static bool is_own_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid();
}

int hist_load_new(struct hist *h, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r = fd < 0 ? -errno : 0;
	const char *s, *next;
	char *text = NULL;
	struct stat st;
	size_t len = 0;

	if (r == 0 && (!is_own_file(fd) || fstat(fd, &st) < 0))
		r = -EPERM;
	if (r == 0 && (h->seen < 0 || h->seen > st.st_size)) /* what there is came along, or somebody has made it shorter */
		h->seen = st.st_size;
	if (r == 0 && st.st_size > h->seen)
		r = io_read_file_from(fd, h->seen, HIST_FILE_MAX, &text, &len);
	s = text;
	while (r == 0 && text != NULL && (next = entry_end(s, text + len)) != NULL) {
		if (!is_own_part(h, h->seen))
			add_entry(h, s, next);
		h->seen += next - s;
		s = next;
	}
	h->n_own = 0;
	if (r == 0)
		h->saved = h->next;
	free(text);
	if (fd >= 0)
		close(fd);
	return r;
}

/* An entry as the file has it. */
static void put_entry(struct strbuf *b, const struct hist_entry *e)
{
	size_t before = b->len;

	for (const char *s = e->text; *s != '\0'; s++) {
		if (*s == '\n')
			strbuf_addc(b, '\\');
		strbuf_addc(b, *s);
	}
	if (b->len == before)
		return;
	if (b->s[b->len - 1] == '\\')
		strbuf_addc(b, ' '); /* else it would go on with the next entry */
	strbuf_addc(b, '\n');
}

/* Writes it in one go: shells that share the file do not mix their lines. *end: where it ends in the file. */
static int write_text(const char *path, int flags, const struct strbuf *b, off_t *end)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags, 0600);
	int r = fd < 0 ? -errno : is_own_file(fd) ? 0 : -EPERM;

	if (r == 0 && (flags & O_APPEND) == 0 && ftruncate(fd, 0) < 0)
		r = -errno;
	if (r == 0)
		r = io_write_full(fd, strbuf_str(b), b->len);
	*end = r == 0 ? lseek(fd, 0, SEEK_CUR) : 0;
	if (fd >= 0)
		close(fd);
	return r;
}

/* We wrote so much, up to `end`. */
static void note_own(struct hist *h, off_t len, off_t end)
{
	if (end - len == h->seen) {
		h->seen = end;
	} else if (h->n_own != 0 && h->own[h->n_own - 1].to == end - len) {
		h->own[h->n_own - 1].to = end;
	} else if (h->n_own < HIST_OWN_MAX) {
		if (h->own == NULL)
			h->own = xcalloc(HIST_OWN_MAX, sizeof(*h->own));
		h->own[h->n_own].from = end - len;
		h->own[h->n_own++].to = end;
	}
}

int hist_append_file(struct hist *h, const char *path)
{
	struct strbuf b = { 0 };
	off_t end = 0;
	int r = 0;

	if (h->n != 0)
		put_entry(&b, entry(h, h->n - 1));
	if (b.len != 0)
		r = write_text(path, O_APPEND, &b, &end);
	if (r == 0 && b.len != 0)
		note_own(h, (off_t)b.len, end);
	if (r == 0)
		h->saved = h->next;
	strbuf_release(&b);
	return r;
}

int hist_write_file(struct hist *h, const char *path, bool append)
{
	struct strbuf b = { 0 };
	off_t end;
	int r;

	for (size_t i = 0; i < h->n; i++)
		if (!append || entry(h, i)->number >= h->saved)
			put_entry(&b, entry(h, i));
	r = write_text(path, append ? O_APPEND : 0, &b, &end);
	if (r == 0 && append)
		note_own(h, (off_t)b.len, end);
	else if (r == 0)
		h->seen = end, h->n_own = 0;
	if (r == 0)
		h->saved = h->next;
	strbuf_release(&b);
	return r;
}

/* ---- state ---- */

enum { HIST_ENTRIES = 1, HIST_NEXT = 2, HIST_SINCE = 3, HIST_LEFT = 4, HIST_NODES = 5, HIST_WHERE = 6 };
enum { WHERE_COLUMNS = 2 }; /* of the same entries: ms, and the node's place in HIST_NODES + 1 */
enum { HIST_COLUMNS = 4 }; /* number, text, time, status + 1 */
enum { HIST_STATE_BYTES = 1 << 24 }; /* of text that a state takes along, the newest first */

/* How many of the newest entries fit. */
static size_t fitting(const struct hist *h)
{
	size_t n = 0, bytes = 0;

	while (n < h->n && (bytes += strlen(entry(h, h->n - 1 - n)->text)) <= HIST_STATE_BYTES)
		n++;
	return n;
}

static void hist_save(const struct shell *sh, struct state_enc *e)
{
	const struct hist *h = sh->hist;
	size_t n = fitting(h);

	if (n < h->n && e->since == 0)
		state_put_uint(e, HIST_LEFT, h->n - n);
	while (e->since != 0 && n != 0 && entry(h, h->n - n)->number < e->since)
		n--;
	if (e->since != 0)
		state_put_uint(e, HIST_SINCE, e->since);
	state_put_uint(e, HIST_NEXT, h->next);
	state_put_array(e, HIST_ENTRIES, (uint32_t)(n * HIST_COLUMNS));
	for (size_t i = h->n - n; i < h->n; i++) {
		const struct hist_entry *x = entry(h, i);

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
		state_add_uint(e, entry(h, i)->ms);
		state_add_uint(e, entry(h, i)->node);
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
		struct hist_entry *e = entry(h, h->n - i);
		uint32_t at = (uint32_t)(n - i) * WHERE_COLUMNS;
		uint64_t ms, node;
		const char *name;

		if (state_elem_uint(d, where, at, UINT32_MAX, &ms) < 0 || state_elem_uint(d, where, at + 1, n_nodes, &node) < 0)
			return;
		e->ms = (uint32_t)ms;
		if (node != 0 && state_elem_str(d, nodes, (uint32_t)node - 1, &name, NULL) == 0)
			e->node = node_number(h, name);
	}
}

/* The list as it was; a checkpoint only brings what is newer than the one before. */
static int hist_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint64_t next = 1, since = 0, left;
	uint32_t n;
	int r = state_get_array(d, HIST_ENTRIES, &a, &n);

	if (r < 0 || n % HIST_COLUMNS != 0)
		return r < 0 ? r : -EBADMSG;
	if (state_get_uint(d, HIST_SINCE, UINT32_MAX, &since) < 0)
		hist_clear(sh->hist);
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
			put(sh->hist, (struct hist_entry){ .number = (uint32_t)number, .text = xstrdup(text),
							   .time = (int64_t)when, .status = (int)status - 1 });
	}
	if (r == 0)
		load_where(sh->hist, d, n / HIST_COLUMNS);
	if (r == 0 && state_get_uint(d, HIST_NEXT, UINT32_MAX, &next) == 0)
		sh->hist->next = (uint32_t)next;
	return r;
}

static uint64_t hist_mark(const struct shell *sh)
{
	return (uint64_t)sh->hist->removed << 32 | sh->hist->next;
}

const struct state_section hist_section = {
	.name = "history", .version = 1, .save = hist_save, .load = hist_load, .mark = hist_mark,
};
