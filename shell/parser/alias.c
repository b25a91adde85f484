#include <config.h>

#include "shell/parser/alias.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/parser/strbuf.h"
#include "shell/shell.h"

struct alias {
	char *name, *value;
};

struct alias_table {
	struct alias *v; /* sorted by name: people have tens of them, not thousands */
	size_t n;
};

struct alias_table *alias_table_new(void)
{
	return xcalloc(1, sizeof(struct alias_table));
}

void alias_clear(struct alias_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i].name);
		free(t->v[i].value);
	}
	free(t->v);
	*t = (struct alias_table){ 0 };
}

void alias_table_free(struct alias_table *t)
{
	if (t == NULL)
		return;
	alias_clear(t);
	free(t);
}

/* Index of name, or of where it belongs; *ret_found tells which. */
static size_t find(const struct alias_table *t, const char *name, int *ret_found)
{
	size_t lo = 0, hi = t->n;

	*ret_found = 0;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(name, t->v[mid].name);

		if (c == 0) {
			*ret_found = 1;
			return mid;
		}
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

const char *alias_get(const struct alias_table *t, const char *name)
{
	int found;
	size_t i = find(t, name, &found);

	return found ? t->v[i].value : NULL;
}

void alias_set(struct alias_table *t, const char *name, const char *value)
{
	int found;
	size_t i = find(t, name, &found);

	if (found) {
		char *copy = xstrdup(value);

		free(t->v[i].value);
		t->v[i].value = copy;
		return;
	}
	t->v = xreallocarray(t->v, t->n + 1, sizeof(*t->v));
	memmove(t->v + i + 1, t->v + i, (t->n - i) * sizeof(*t->v));
	t->v[i] = (struct alias){ xstrdup(name), xstrdup(value) };
	t->n++;
}

int alias_unset(struct alias_table *t, const char *name)
{
	int found;
	size_t i = find(t, name, &found);

	if (!found)
		return -ENOENT;
	free(t->v[i].name);
	free(t->v[i].value);
	t->n--;
	memmove(t->v + i, t->v + i + 1, (t->n - i) * sizeof(*t->v));
	return 0;
}

const char *alias_at(const struct alias_table *t, size_t i, const char **ret_value)
{
	if (i >= t->n)
		return NULL;
	if (ret_value != NULL)
		*ret_value = t->v[i].value;
	return t->v[i].name;
}

/* ---- state ---- */

enum { ALIAS_PAIRS = 1 };

static void alias_save(const struct shell *sh, struct state_enc *e)
{
	const struct alias_table *t = sh->aliases;

	state_put_array(e, ALIAS_PAIRS, (uint32_t)(2 * t->n));
	for (size_t i = 0; i < t->n; i++) {
		state_add_str(e, t->v[i].name);
		state_add_str(e, t->v[i].value);
	}
}

static int alias_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	int r = state_get_array(d, ALIAS_PAIRS, &a, &n);

	if (r < 0 || n % 2 != 0)
		return r < 0 ? r : -EBADMSG;
	alias_clear(sh->aliases);
	for (uint32_t i = 0; r == 0 && i < n; i += 2) {
		const char *name, *value;

		r = state_elem_str(d, a, i, &name, NULL);
		if (r == 0)
			r = state_elem_str(d, a, i + 1, &value, NULL);
		if (r == 0)
			alias_set(sh->aliases, name, value);
	}
	return r;
}

const struct state_section alias_section = {
	.name = "aliases", .version = 1, .save = alias_save, .load = alias_load,
};
