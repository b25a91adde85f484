#include <config.h>

#include "shell/expand/array.h"

#include <stdlib.h>
#include <string.h>

#include "shell/parser/strbuf.h"

enum { FEW = 8 }; /* so many names are found as fast without a table */

struct element {
	int64_t index;
	char *name; /* NULL: by number */
	char *text;
};

struct array {
	bool by_name;
	struct element *v;
	size_t n, cap;
	uint32_t *table; /* of names, by hash: the element's place and one; 0 free. NULL: none, or stale */
	size_t table_len; /* a power of two */
};

struct array *array_new(bool by_name)
{
	struct array *a = xcalloc(1, sizeof(*a));

	a->by_name = by_name;
	return a;
}

static void drop_table(struct array *a)
{
	free(a->table);
	a->table = NULL;
	a->table_len = 0;
}

void array_free(struct array *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n; i++) {
		free(a->v[i].name);
		free(a->v[i].text);
	}
	free(a->v);
	drop_table(a);
	free(a);
}

struct array *array_copy(const struct array *a)
{
	struct array *b = array_new(a->by_name);

	b->v = xreallocarray(NULL, a->n + 1, sizeof(*b->v));
	b->cap = a->n + 1;
	for (size_t i = 0; i < a->n; i++)
		b->v[i] = (struct element){ a->v[i].index, a->v[i].name != NULL ? xstrdup(a->v[i].name) : NULL,
					    xstrdup(a->v[i].text) };
	b->n = a->n;
	return b;
}

bool array_by_name(const struct array *a)
{
	return a->by_name;
}

size_t array_len(const struct array *a)
{
	return a->n;
}

const char *array_at(const struct array *a, size_t i, struct array_key *ret)
{
	*ret = (struct array_key){ a->v[i].index, a->v[i].name };
	return a->v[i].text;
}

int64_t array_end(const struct array *a)
{
	return a->n != 0 && !a->by_name ? a->v[a->n - 1].index + 1 : 0;
}

static size_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	while (*s != '\0')
		h = (h ^ (unsigned char)*s++) * 16777619u;
	return h;
}

static void enter(struct array *a, size_t i)
{
	size_t at = hash(a->v[i].name);

	while (a->table[at &= a->table_len - 1] != 0)
		at++;
	a->table[at] = (uint32_t)i + 1;
}

static void make_table(struct array *a)
{
	drop_table(a);
	for (a->table_len = 4 * FEW; a->table_len < 2 * a->n; a->table_len *= 2)
		;
	a->table = xcalloc(a->table_len, sizeof(*a->table));
	for (size_t i = 0; i < a->n; i++)
		enter(a, i);
}

/* Where that name is; a->n: nowhere. */
static size_t find_name(struct array *a, const char *name)
{
	size_t i;

	if (a->n <= FEW) {
		for (i = 0; i < a->n && strcmp(a->v[i].name, name) != 0; i++)
			;
		return i;
	}
	if (a->table == NULL)
		make_table(a);
	for (size_t at = hash(name); (i = a->table[at &= a->table_len - 1]) != 0; at++)
		if (strcmp(a->v[i - 1].name, name) == 0)
			return i - 1;
	return a->n;
}

/* Where that number is, or belongs. */
static size_t find_index(const struct array *a, int64_t index)
{
	size_t low = 0, high = a->n;

	if (index >= 0 && (uint64_t)index < a->n && a->v[index].index == index) /* without gaps before it */
		return (size_t)index;
	if (a->n != 0 && index > a->v[a->n - 1].index)
		return a->n;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (a->v[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* True: it is there, at *ret; false: it belongs there. */
static bool find(const struct array *a, struct array_key key, size_t *ret)
{
	if (a->by_name) {
		*ret = find_name((struct array *)(uintptr_t)a, key.name); /* which may make the table */
		return *ret < a->n;
	}
	*ret = find_index(a, key.index);
	return *ret < a->n && a->v[*ret].index == key.index;
}

const char *array_get(const struct array *a, struct array_key key)
{
	size_t i;

	return find(a, key, &i) ? a->v[i].text : NULL;
}

void array_set(struct array *a, struct array_key key, const char *text)
{
	char *copy = xstrdup(text); /* it may be the old one */
	size_t i;

	if (find(a, key, &i)) {
		free(a->v[i].text);
		a->v[i].text = copy;
		return;
	}
	if (a->n == a->cap) {
		a->cap = a->cap != 0 ? 2 * a->cap : 4;
		a->v = xreallocarray(a->v, a->cap, sizeof(*a->v));
	}
	memmove(a->v + i + 1, a->v + i, (a->n - i) * sizeof(*a->v));
	a->v[i] = (struct element){ key.index, a->by_name ? xstrdup(key.name) : NULL, copy };
	a->n++;
	if (a->table != NULL && 2 * a->n > a->table_len)
		drop_table(a);
	else if (a->table != NULL)
		enter(a, i);
}

void array_remove(struct array *a, struct array_key key)
{
	size_t i;

	if (!find(a, key, &i))
		return;
	free(a->v[i].name);
	free(a->v[i].text);
	a->n--;
	memmove(a->v + i, a->v + i + 1, (a->n - i) * sizeof(*a->v));
	drop_table(a);
}

struct array_key array_first(const struct array *a)
{
	return (struct array_key){ 0, a->by_name ? "0" : NULL };
}
