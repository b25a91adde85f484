#include <config.h>

#include "shell/builtin/keyed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/parser/strbuf.h"

static size_t position(const struct keyed *k, const char *key)
{
	size_t i = 0;

	while (i < k->n && strcmp(k->v[i].key, key) != 0)
		i++;
	return i;
}

static void drop(struct keyed *k, size_t i)
{
	free(k->v[i].key);
	free(k->v[i].text);
	memmove(k->v + i, k->v + i + 1, (--k->n - i) * sizeof(*k->v));
}

void keyed_set(struct keyed *k, const char *key, const char *text)
{
	struct keyed_row row = { xstrdup(key), text != NULL ? xstrdup(text) : NULL }; /* they may be what goes */
	size_t i = position(k, key);

	if (i < k->n)
		drop(k, i);
	if (text == NULL) {
		free(row.key);
		return;
	}
	k->v = xreallocarray(k->v, k->n + 1, sizeof(*k->v));
	k->v[k->n++] = row;
}

const char *keyed_get(const struct keyed *k, const char *key)
{
	size_t i = position(k, key);

	return i < k->n ? k->v[i].text : NULL;
}

void keyed_clear(struct keyed *k)
{
	while (k->n != 0)
		drop(k, k->n - 1);
}

void keyed_save(const struct keyed *k, struct state_enc *e, uint32_t number)
{
	state_put_array(e, number, 2 * (uint32_t)k->n);
	for (size_t i = 0; i < k->n; i++) {
		state_add_str(e, k->v[i].key);
		state_add_str(e, k->v[i].text);
	}
}

int keyed_load(struct keyed *k, const struct state_dec *d, uint32_t number)
{
	const struct state_value *a;
	const char *key, *text;
	uint32_t n;
	int r = state_get_array(d, number, &a, &n);

	keyed_clear(k);
	if (r == -ENOENT)
		return 0;
	if (r < 0 || n % 2 != 0)
		return r < 0 ? r : -EBADMSG;
	for (uint32_t i = 0; i < n; i += 2) {
		if ((r = state_elem_str(d, a, i, &key, NULL)) < 0 || (r = state_elem_str(d, a, i + 1, &text, NULL)) < 0)
			return r;
		if (*key == '\0' || *text == '\0')
			return -EBADMSG;
		keyed_set(k, key, text);
	}
	return 0;
}
