#include <config.h>

#include "shell/exec/hist_mark.h"

#include <string.h>

#include "shell/exec/hist_list.h"
#include "shell/parser/strbuf.h"
#include "wire/node.h"

enum {
	MARK_BACK_MAX = 4096, /* entries that may have come since */
	MARK_SKEW = 300, /* seconds that the clocks of nodes may differ */
};

/* FNV-1a; without blanks at the end, where the file may have one more. */
static uint32_t sum_of(const char *text)
{
	uint32_t sum = 2166136261;
	size_t len = strlen(text);

	while (len != 0 && text[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)text[i]) * 16777619;
	return sum;
}

/* A number at *s, which moves behind it. */
static bool read_number(const char **s, const char *end, int64_t max, int64_t *ret)
{
	const char *begin = *s;

	const char *p = begin;
	int64_t n = 0;

	for (; p < end && *p >= '0' && *p <= '9' && n <= max; p++)
		n = 10 * n + *p - '0';
	*s = p;
	*ret = n;
	return p != begin && n <= max;
}

static bool read_blank(const char **s, const char *end)
{
	return *s < end && *(*s)++ == ' ';
}

/* A node, which is mostly that of the mark before. */
static bool read_node(const char **s, const char *end, struct mark *m)
{
	const char *blank = memchr(*s, ' ', (size_t)(end - *s)), *begin = *s;
	size_t len = blank != NULL ? (size_t)(blank - begin) : 0;

	if (len == 0 || len >= sizeof(m->node) || memchr(begin, '\0', len) != NULL)
		return false;
	*s = blank;
	if (memcmp(m->node, begin, len) == 0 && m->node[len] == '\0')
		return true;
	memcpy(m->node, begin, len);
	m->node[len] = '\0';
	if (node_name_valid(m->node))
		return true;
	m->node[0] = '\0';
	return false;
}

enum mark_kind mark_read(const char *s, const char *end, struct mark *ret)
{
	int64_t ms, status = -1, sum;
	bool dropped;

	if (s == end || *s++ != '#' || !read_number(&s, end, INT64_C(1) << 40, &ret->time))
		return MARK_NONE;
	if (s == end)
		return MARK_TIME;
	if (!read_blank(&s, end) || !read_node(&s, end, ret) || !read_blank(&s, end) ||
	    !read_number(&s, end, UINT32_MAX, &ms) || !read_blank(&s, end))
		return MARK_NONE;
	dropped = s < end && *s == '-';
	s += dropped;
	if ((!dropped && !read_number(&s, end, 255, &status)) || !read_blank(&s, end) ||
	    !read_number(&s, end, UINT32_MAX, &sum) || s != end)
		return MARK_NONE;
	ret->ms = (uint32_t)ms;
	ret->status = (int)status;
	ret->sum = (uint32_t)sum;
	return MARK_RESULT;
}

void mark_put_time(struct strbuf *b, const struct hist_entry *e)
{
	if (e->time > 0)
		strbuf_addf(b, "#%lld\n", (long long)e->time);
}

void mark_put_result(struct strbuf *b, const struct hist *h, const struct hist_entry *e, bool dropped)
{
	const char *node = hist_node(h, e);
	char status[12] = "-";

	if (e->time <= 0 || node == NULL || !node_name_valid(node) || (!dropped && e->status < 0))
		return;
	if (!dropped)
		snprintf(status, sizeof(status), "%d", e->status);
	strbuf_addf(b, "#%lld %s %u %s %u\n", (long long)e->time, node, dropped ? 0 : e->ms, status, sum_of(e->text));
}

void mark_apply(struct hist *h, const struct mark *m)
{
	for (size_t i = h->n, left = MARK_BACK_MAX; i-- != 0 && left-- != 0;) {
		struct hist_entry *e = hist_entry(h, i);

		if (e->time != 0 && e->time < m->time - MARK_SKEW)
			return;
		if (e->time != m->time || sum_of(e->text) != m->sum)
			continue;
		if (m->status < 0) {
			hist_drop(h, i);
			return;
		}
		e->ms = m->ms;
		e->status = m->status;
		e->node = hist_node_number(h, m->node);
		return;
	}
}
