#include <config.h>

#include "shell/expand/param.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/expand/option.h"
#include "shell/expand/var.h"
#include "shell/parser/decimal.h"
#include "shell/parser/strbuf.h"

struct param_list *param_list_new(void)
{
	return xcalloc(1, sizeof(struct param_list));
}

static void clear(struct param_list *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i]);
	free(p->v);
	*p = (struct param_list){ 0 };
}

void param_list_free(struct param_list *p)
{
	if (p == NULL)
		return;
	clear(p);
	free(p);
}

void param_set(struct shell *sh, char *const *v, size_t n)
{
	struct param_list fresh = { xreallocarray(NULL, n, sizeof(char *)), n };

	for (size_t i = 0; i < n; i++)
		fresh.v[i] = xstrdup(v[i]);
	clear(sh->params);
	*sh->params = fresh;
}

void param_shift(struct shell *sh, size_t n)
{
	struct param_list *p = sh->params;

	for (size_t i = 0; i < n; i++)
		free(p->v[i]);
	p->n -= n;
	memmove(p->v, p->v + n, p->n * sizeof(*p->v));
}

struct param_list *param_swap(struct shell *sh, struct param_list *p)
{
	struct param_list *old = sh->params;

	sh->params = p;
	return old;
}

_Static_assert(PARAM_ROOM >= (int)DECIMAL_MAX && PARAM_ROOM >= (int)OPTION_LETTERS_ROOM,
	       "room for what is printed");

const char *param_get(struct shell *sh, const char *name, char buf[PARAM_ROOM])
{
	char c = name[0];

	if (c >= '0' && c <= '9') {
		unsigned long i = strtoull(name, NULL, 10);

		if (i == 0)
			return sh->arg0;
		return i <= sh->params->n ? sh->params->v[i - 1] : NULL;
	}
	switch (c) {
	case '#':
		return decimal_print(buf, (int64_t)sh->params->n);
	case '?':
		return decimal_print(buf, sh->frame.status);
	case '$':
		return decimal_print(buf, sh->pid);
	case '!':
		return sh->last_bg;
	case '-':
		return option_letters(sh, buf);
	}
	return var_text(sh, name);
}

/* ---- state ---- */

enum { PARAM_LIST = 1, PARAM_ARG0 = 2, PARAM_STATUS = 3, PARAM_LAST_BG = 4, PARAM_GETOPTS = 5,
       PARAM_LINENO = 6, PARAM_STATUSES = 7, PARAM_NAMED = 8 };

static void param_save(const struct shell *sh, struct state_enc *e)
{
	state_put_array(e, PARAM_LIST, (uint32_t)sh->params->n);
	for (size_t i = 0; i < sh->params->n; i++)
		state_add_str(e, sh->params->v[i]);
	state_put_str(e, PARAM_ARG0, sh->arg0);
	state_put_uint(e, PARAM_STATUS, (uint64_t)(unsigned)sh->frame.status);
	state_put_str(e, PARAM_LAST_BG, sh->last_bg);
	state_put_uint(e, PARAM_GETOPTS, (uint64_t)(unsigned)sh->getopts_pos);
	state_put_uint(e, PARAM_LINENO, (uint64_t)(unsigned)sh->frame.lineno);
	if (sh->script_named)
		state_put_uint(e, PARAM_NAMED, 1);
	if (sh->frame.nest != 0) /* the move is itself the last command */
		return;
	state_put_array(e, PARAM_STATUSES, (uint32_t)sh->statuses.n);
	for (size_t i = 0; i < sh->statuses.n; i++)
		state_add_uint(e, (uint64_t)(unsigned)sh->statuses.v[i]);
}

/* PIPESTATUS. */
static void load_statuses(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint64_t status;
	uint32_t n = 0;

	if (state_get_array(d, PARAM_STATUSES, &a, &n) < 0)
		n = 0;
	free(sh->statuses.v);
	sh->statuses.v = xreallocarray(NULL, (size_t)n + 1, sizeof(*sh->statuses.v));
	sh->statuses.n = 0;
	sh->statuses.one = sh->frame.status;
	for (uint32_t i = 0; i < n && state_elem_uint(d, a, i, 255, &status) == 0; i++)
		sh->statuses.v[sh->statuses.n++] = (int)status;
}

static int load_str(const struct state_dec *d, uint32_t key, char **ret)
{
	const char *s;
	int r = state_get_str(d, key, &s);

	if (r == 0) {
		free(*ret);
		*ret = xstrdup(s);
	}
	return r == -ENOENT ? 0 : r;
}

static int load_int(const struct state_dec *d, uint32_t key, int *ret)
{
	uint64_t v;
	int r = state_get_uint(d, key, INT32_MAX, &v);

	if (r == 0)
		*ret = (int)v;
	return r == -ENOENT ? 0 : r;
}

static int param_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n = 0;
	uint64_t named;
	int r = state_get_array(d, PARAM_LIST, &a, &n);
	char **v = r == 0 ? calloc((size_t)n + 1, sizeof(*v)) : NULL;

	if (r == 0 && v == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; r == 0 && i < n; i++) {
		const char *s;

		r = state_elem_str(d, a, i, &s, NULL);
		v[i] = (char *)(uintptr_t)s; /* param_set() copies it */
	}
	if (r == 0)
		param_set(sh, v, n);
	free(v);
	if (r == 0 || r == -ENOENT)
		r = load_str(d, PARAM_ARG0, &sh->arg0);
	if (r == 0)
		r = load_int(d, PARAM_STATUS, &sh->frame.status);
	if (r == 0)
		r = load_str(d, PARAM_LAST_BG, &sh->last_bg);
	if (r == 0)
		r = load_int(d, PARAM_GETOPTS, &sh->getopts_pos);
	if (r == 0)
		r = load_int(d, PARAM_LINENO, &sh->frame.lineno);
	sh->script_named |= state_get_uint(d, PARAM_NAMED, 1, &named) == 0;
	if (r == 0)
		load_statuses(sh, d);
	return r;
}

const struct state_section param_section = {
	.name = "params", .version = 1, .save = param_save, .load = param_load,
};
