#include <config.h>

#include "shell/exec/hist.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/exec/hist_list.h"
#include "shell/exec/hist_mark.h"
#include "shell/parser/strbuf.h"
#include "wire/io_full.h"

/* The history's file. */

enum {
	HIST_TAIL = 1 << 18, /* of the file is read first */
	HIST_FILE_MAX = 1 << 27, /* … and that much at most, for a large HISTSIZE */
	HIST_OWN_MAX = 64,
	HIST_GROWTH_MAX = 1 << 20, /* … with what others append meanwhile */
};

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

static void add_entry(struct hist *h, const char *s, const char *end, int64_t time)
{
	size_t len = (size_t)(end - 1 - s);
	struct strbuf b = { 0 };

	if (len != 0 && memchr(s, '\0', len) == NULL && memmem(s, len, "\\\n", 2) == NULL) { /* most are one line */
		hist_put(h, (struct hist_entry){ .number = h->next, .text = xstrndup(s, len), .time = time, .status = -1 });
		return;
	}
	for (; s < end - 1; s++)
		if (!(s[0] == '\\' && s[1] == '\n'))
			strbuf_addc(&b, *s);
	if (b.len != 0 && b.s[strspn(b.s, "\n")] != '\0') { /* a NUL ends an entry, too */
		hist_add(h, b.s, time);
		hist_entry(h, h->n - 1)->own = false;
	}
	strbuf_release(&b);
}

/* A line of the file: an entry, or what is known of one. *m: the mark before; *time: that of the entry that comes. */
static void take_line(struct hist *h, const char *s, const char *end, struct mark *m, int64_t *time)
{
	switch (mark_read(s, end - 1, m)) {
	case MARK_TIME:
		*time = m->time;
		break;
	case MARK_RESULT:
		mark_apply(h, m);
		break;
	case MARK_NONE:
		add_entry(h, s, end, *time);
		*time = 0;
		break;
	}
}

/* Is it surely an entry? What begins so is mostly a mark: it is looked at once, and an entry too many makes the oldest go. */
static bool is_entry(const char *s)
{
	return s[0] != '#' || s[1] < '0' || s[1] > '9';
}

/* How many entries there are up to the end, at least. */
static size_t count_entries(const char *s, const char *end)
{
	const char *next;
	size_t n = 0;

	for (; (next = entry_end(s, end)) != NULL; s = next)
		n += is_entry(s);
	return n;
}

/* Behind the first n of them. */
static const char *skip_entries(const char *s, const char *end, size_t n)
{
	const char *next;

	for (; n != 0 && (next = entry_end(s, end)) != NULL; s = next)
		n -= is_entry(s);
	return s;
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
	struct mark m = { 0 };
	int64_t time = 0;

	if (r == 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)))
		r = -EINVAL;
	for (off_t want = HIST_TAIL; r == 0; want *= 8) { /* until there are enough */
		free(text);
		text = NULL;
		r = read_tail(fd, st.st_size, want, &text, &s, &end);
		n = r == 0 ? count_entries(s, end) : 0;
		if (n >= h->max || want >= st.st_size || want >= HIST_FILE_MAX)
			break;
	}
	if (r == 0 && n > h->max)
		s = skip_entries(s, end, n - h->max);
	for (; r == 0 && (next = entry_end(s, end)) != NULL; s = next)
		take_line(h, s, next, &m, &time);
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
	struct mark m = { 0 };
	int64_t time = 0;

	if (r == 0 && (!is_own_file(fd) || fstat(fd, &st) < 0))
		r = -EPERM;
	if (r == 0 && (h->seen < 0 || h->seen > st.st_size)) /* what there is came along, or somebody has made it shorter */
		h->seen = st.st_size;
	if (r == 0 && st.st_size > h->seen)
		r = io_read_file_from(fd, h->seen, HIST_FILE_MAX, &text, &len);
	s = text;
	while (r == 0 && text != NULL && (next = entry_end(s, text + len)) != NULL) {
		if (!is_own_part(h, h->seen))
			take_line(h, s, next, &m, &time);
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
	struct mark m = { 0 };

	for (const char *s = e->text; *s != '\0'; s++) {
		if (*s == '\n')
			strbuf_addc(b, '\\');
		strbuf_addc(b, *s);
	}
	if (b->len == before)
		return;
	if (b->s[b->len - 1] == '\\' || mark_read(b->s + before, b->s + b->len, &m) != MARK_NONE)
		strbuf_addc(b, ' '); /* else it would go on with the next entry, or be no entry */
	strbuf_addc(b, '\n');
}

/* … and what is known of it. */
static void put_whole(struct strbuf *b, const struct hist *h, const struct hist_entry *e, bool marks)
{
	if (marks)
		mark_put_time(b, e);
	put_entry(b, e);
	if (marks)
		mark_put_result(b, h, e, false);
}

/* Writes it in one go: shells that share the file do not mix their lines. *end: where it ends in the file. */
static int write_text(const char *path, int flags, const struct strbuf *b, off_t *end)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | flags, 0600);
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

	if (h->n != 0 && hist_entry(h, h->n - 1)->text[0] != '\0')
		put_whole(&b, h, hist_entry(h, h->n - 1), true);
	if (b.len != 0)
		r = write_text(path, O_CREAT | O_APPEND, &b, &end);
	if (r == 0 && b.len != 0)
		note_own(h, (off_t)b.len, end);
	if (r == 0)
		h->saved = h->next;
	strbuf_release(&b);
	return r;
}

/* To a file that is there: what belongs to an entry that is elsewhere makes none. */
static int append_mark(struct hist *h, const char *path, bool dropped)
{
	size_t i = hist_running(h);
	struct strbuf b = { 0 };
	off_t end = 0;
	int r = 0;

	if (i < h->n)
		mark_put_result(&b, h, hist_entry(h, i), dropped);
	if (b.len != 0)
		r = write_text(path, O_APPEND, &b, &end);
	if (r == 0 && b.len != 0)
		note_own(h, (off_t)b.len, end);
	strbuf_release(&b);
	return r;
}

int hist_append_result(struct hist *h, const char *path)
{
	return append_mark(h, path, false);
}

int hist_append_dropped(struct hist *h, const char *path)
{
	return append_mark(h, path, true);
}

int hist_append_own(struct hist *h, const char *path, bool marks)
{
	bool again = h->exported_to != NULL && strcmp(h->exported_to, path) == 0;
	struct strbuf b = { 0 };
	off_t end;
	int r;

	for (size_t i = 0; i < h->n; i++)
		if (hist_entry(h, i)->own && (!again || hist_entry(h, i)->number >= h->exported))
			put_whole(&b, h, hist_entry(h, i), marks);
	r = write_text(path, O_CREAT | O_APPEND, &b, &end);
	if (r == 0 && !again) {
		free(h->exported_to);
		h->exported_to = xstrdup(path);
	}
	if (r == 0)
		h->exported = h->next;
	strbuf_release(&b);
	return r;
}

int hist_write_file(struct hist *h, const char *path, bool append, bool marks)
{
	struct strbuf b = { 0 };
	off_t end;
	int r;

	for (size_t i = 0; i < h->n; i++)
		if (!append || hist_entry(h, i)->number >= h->saved)
			put_whole(&b, h, hist_entry(h, i), marks);
	r = write_text(path, O_CREAT | (append ? O_APPEND : 0), &b, &end);
	if (r == 0 && append)
		note_own(h, (off_t)b.len, end);
	else if (r == 0)
		h->seen = end, h->n_own = 0;
	if (r == 0)
		h->saved = h->next;
	strbuf_release(&b);
	return r;
}
