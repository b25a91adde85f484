#include <config.h>

#include "shell/exec/dirs.h"

#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/parser/strbuf.h"

struct dir_stack *dirs_new(void)
{
	return xcalloc(1, sizeof(struct dir_stack));
}

void dirs_clear(struct dir_stack *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i]);
	free(d->v);
	*d = (struct dir_stack){ 0 };
}

void dirs_free(struct dir_stack *d)
{
	if (d == NULL)
		return;
	dirs_clear(d);
	free(d);
}

void dirs_insert(struct dir_stack *d, size_t i, const char *path)
{
	d->v = xreallocarray(d->v, d->n + 1, sizeof(*d->v));
	memmove(d->v + i + 1, d->v + i, (d->n - i) * sizeof(*d->v));
	d->v[i] = xstrdup(path);
	d->n++;
}

char *dirs_take(struct dir_stack *d, size_t i)
{
	char *s = d->v[i];

	d->n--;
	memmove(d->v + i, d->v + i + 1, (d->n - i) * sizeof(*d->v));
	return s;
}

/* ---- state ---- */

enum { DIRS_LIST = 1 };

static void dirs_save(const struct shell *sh, struct state_enc *e)
{
	state_put_array(e, DIRS_LIST, (uint32_t)sh->dirs->n);
	for (size_t i = 0; i < sh->dirs->n; i++)
		state_add_str(e, sh->dirs->v[i]);
}

static int dirs_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	int r = state_get_array(d, DIRS_LIST, &a, &n);

	if (r < 0)
		return r;
	dirs_clear(sh->dirs);
	for (uint32_t i = 0; r == 0 && i < n; i++) {
		const char *s;

		r = state_elem_str(d, a, i, &s, NULL);
		if (r == 0)
			dirs_insert(sh->dirs, i, s);
	}
	return r;
}

const struct state_section dirs_section = {
	.name = "dirstack", .version = 1, .save = dirs_save, .load = dirs_load,
};
