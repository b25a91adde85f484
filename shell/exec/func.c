#include <config.h>

#include "shell/exec/func.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/exec/calls.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"

struct entry {
	struct func pub; /* first */
	char *name;
	int refs;
	bool exported;
	char *csh_alias; /* func_csh_alias(), or NULL */
};

struct func_table {
	struct entry **v; /* sorted by name */
	size_t n;
};

struct func_table *func_table_new(void)
{
	return xcalloc(1, sizeof(struct func_table));
}

static void entry_release(struct entry *f)
{
	if (--f->refs > 0)
		return;
	arena_free(f->pub.arena);
	free(f->pub.file);
	free(f->csh_alias);
	free(f->name);
	free(f);
}

void func_release(struct func *f)
{
	if (f != NULL)
		entry_release((struct entry *)f);
}

static void clear(struct func_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		entry_release(t->v[i]);
	free(t->v);
	*t = (struct func_table){ 0 };
}

void func_table_free(struct func_table *t)
{
	if (t == NULL)
		return;
	clear(t);
	free(t);
}

static size_t find(const struct func_table *t, const char *name, bool *ret_found)
{
	size_t lo = 0, hi = t->n;

	*ret_found = false;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(name, t->v[mid]->name);

		if (c == 0) {
			*ret_found = true;
			return mid;
		}
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* The function's entry in the environment of commands; `source` NULL: it has none. */
static void set_environment(struct shell *sh, const char *name, const char *source)
{
	struct strbuf s = { 0 };

	strbuf_addf(&s, VAR_FUNCTION "%s%%%%=", name);
	var_set_foreign(sh, s.s, source);
	strbuf_release(&s);
}

static void export_source(struct shell *sh, const struct entry *f)
{
	struct strbuf s = { 0 };

	ast_print_function(&s, f->name, f->pub.body);
	set_environment(sh, f->name, s.s);
	strbuf_release(&s);
}

static void put(struct shell *sh, struct entry *f)
{
	struct func_table *t = sh->funcs;
	bool found;
	size_t i = find(t, f->name, &found);

	if (found) {
		f->exported |= t->v[i]->exported;
		entry_release(t->v[i]);
		t->v[i] = f;
		if (f->exported)
			export_source(sh, f);
		return;
	}
	t->v = xreallocarray(t->v, t->n + 1, sizeof(*t->v));
	memmove(t->v + i + 1, t->v + i, (t->n - i) * sizeof(*t->v));
	t->v[i] = f;
	t->n++;
}

/* The function that `text` defines, or NULL: then it is no single definition. */
static struct entry *from_source(const char *text, size_t len, int line)
{
	struct arena *a = arena_new();
	struct input_string is;
	struct parser *p;
	struct ast_list *l = NULL;
	struct entry *f = NULL;

	input_string_init(&is, text, len);
	p = parser_new(&is.in, NULL, line);
	parser_set_remote(p, true);
	parser_set_extglob(p, true); /* as it is printed, nothing else reads like a group */
	if (parser_next(p, a, &l) == PARSE_OK && l != NULL && l->next == NULL && !l->andor->async &&
	    l->andor->next == NULL && !l->andor->bang && !l->andor->timed && l->andor->commands->next == NULL &&
	    l->andor->commands->kind == AST_FUNCTION) {
		const struct ast_command *c = l->andor->commands;

		f = xcalloc(1, sizeof(*f));
		f->name = xstrdup(c->function.name);
		f->pub.body = c->function.body;
		f->pub.arena = a;
		f->pub.file = xstrdup("");
		f->pub.line = line;
		f->refs = 1;
	} else {
		arena_free(a);
	}
	parser_free(p);
	return f;
}

void func_define(struct shell *sh, const char *name, const struct ast_command *body, int line)
{
	struct entry *f = xcalloc(1, sizeof(*f));

	f->name = xstrdup(name);
	f->pub.body = body;
	f->pub.arena = arena_ref(sh->frame.ast);
	f->pub.file = xstrdup(calls_file(sh));
	f->pub.line = line;
	f->refs = 1;
	put(sh, f);
}

int func_unset(struct shell *sh, const char *name)
{
	struct func_table *t = sh->funcs;
	bool found;
	size_t i = find(t, name, &found);

	if (!found)
		return -ENOENT;
	if (t->v[i]->exported)
		set_environment(sh, name, NULL);
	entry_release(t->v[i]);
	t->n--;
	memmove(t->v + i, t->v + i + 1, (t->n - i) * sizeof(*t->v));
	return 0;
}

bool func_exists(const struct shell *sh, const char *name)
{
	bool found;

	find(sh->funcs, name, &found);
	return found;
}

bool func_answers(const struct shell *sh, const char *name)
{
	bool found;
	size_t i = find(sh->funcs, name, &found);

	if (!found || sh->funcs->v[i]->csh_alias == NULL)
		return found;
	for (const struct call *c = sh->frame.call; c != NULL; c = c->outer)
		if (c->function != NULL && strcmp(c->function, name) == 0)
			return false;
	return true;
}

struct func *func_acquire(struct shell *sh, const char *name)
{
	bool found;
	size_t i = find(sh->funcs, name, &found);

	if (!found)
		return NULL;
	sh->funcs->v[i]->refs++;
	return &sh->funcs->v[i]->pub;
}

const char *func_at(const struct shell *sh, size_t i)
{
	return i < sh->funcs->n ? sh->funcs->v[i]->name : NULL;
}

const char *func_csh_alias(const struct shell *sh, const char *name)
{
	bool found;
	size_t i = find(sh->funcs, name, &found);

	return found ? sh->funcs->v[i]->csh_alias : NULL;
}

void func_set_csh_alias(struct shell *sh, const char *name, const char *text)
{
	bool found;
	size_t i = find(sh->funcs, name, &found);

	if (!found)
		return;
	free(sh->funcs->v[i]->csh_alias);
	sh->funcs->v[i]->csh_alias = xstrdup(text);
}

char *func_source(struct shell *sh, const char *name)
{
	bool found;
	size_t i = find(sh->funcs, name, &found);
	struct strbuf s = { 0 };

	if (!found)
		return NULL;
	ast_print_function(&s, name, sh->funcs->v[i]->pub.body);
	return strbuf_take(&s);
}

int func_export(struct shell *sh, const char *name, bool on)
{
	bool found;
	size_t i = find(sh->funcs, name, &found);

	if (!found)
		return -ENOENT;
	sh->funcs->v[i]->exported = on;
	if (on)
		export_source(sh, sh->funcs->v[i]);
	else
		set_environment(sh, name, NULL);
	return 0;
}

void func_import(struct shell *sh, char *const *env)
{
	size_t prefix = sizeof(VAR_FUNCTION) - 1;

	for (; *env != NULL; env++) {
		const char *eq = strncmp(*env, VAR_FUNCTION, prefix) == 0 ? strstr(*env, "%%=") : NULL;
		struct entry *f = eq != NULL ? from_source(eq + 3, strlen(eq + 3), 1) : NULL;

		if (f == NULL)
			continue;
		if (strncmp(f->name, *env + prefix, (size_t)(eq - *env) - prefix) != 0 ||
		    strlen(f->name) != (size_t)(eq - *env) - prefix) {
			entry_release(f); /* it is not what it says */
			continue;
		}
		f->exported = true;
		put(sh, f);
		export_source(sh, f);
	}
}

/* ---- state: functions travel as source text ---- */

enum { FUNC_SOURCES = 1, FUNC_EXPORTED = 2, FUNC_CSH_ALIASES = 3 };

static void func_save(const struct shell *sh, struct state_enc *e)
{
	const struct func_table *t = sh->funcs;
	uint32_t exported = 0, aliases = 0;

	for (size_t i = 0; i < t->n; i++) {
		exported += t->v[i]->exported;
		aliases += t->v[i]->csh_alias != NULL;
	}
	state_put_array(e, FUNC_SOURCES, (uint32_t)t->n);
	for (size_t i = 0; i < t->n; i++) {
		struct strbuf s = { 0 };

		ast_print_function(&s, t->v[i]->name, t->v[i]->pub.body);
		state_add_bytes(e, s.s, s.len);
		strbuf_release(&s);
	}
	state_put_array(e, FUNC_EXPORTED, exported);
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i]->exported)
			state_add_str(e, t->v[i]->name);
	state_put_array(e, FUNC_CSH_ALIASES, 2 * aliases);
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i]->csh_alias != NULL) {
			state_add_str(e, t->v[i]->name);
			state_add_str(e, t->v[i]->csh_alias);
		}
}

/* Which of them are exported; an older node says nothing. */
static void load_exported(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	const char *name;

	if (state_get_array(d, FUNC_EXPORTED, &a, &n) < 0)
		return;
	for (uint32_t i = 0; i < n; i++)
		if (state_elem_str(d, a, i, &name, NULL) == 0)
			(void)func_export(sh, name, true);
}

/* Which of them are csh's aliases, likewise. */
static void load_csh_aliases(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	const char *name, *text;

	if (state_get_array(d, FUNC_CSH_ALIASES, &a, &n) < 0)
		return;
	for (uint32_t i = 0; i + 1 < n; i += 2)
		if (state_elem_str(d, a, i, &name, NULL) == 0 && state_elem_str(d, a, i + 1, &text, NULL) == 0)
			func_set_csh_alias(sh, name, text);
}

static int func_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	int r = state_get_array(d, FUNC_SOURCES, &a, &n);

	if (r < 0)
		return r;
	clear(sh->funcs);
	for (uint32_t i = 0; r == 0 && i < n; i++) {
		const char *text;
		struct entry *f;

		r = state_elem_str(d, a, i, &text, NULL);
		if (r < 0)
			break;
		f = from_source(text, strlen(text), 1);
		if (f != NULL)
			put(sh, f);
		else
			state_warn(d, "a function could not be read: %.30s…", text);
	}
	load_exported(sh, d);
	load_csh_aliases(sh, d);
	return r;
}

const struct state_section func_section = {
	.name = "functions", .version = 1, .save = func_save, .load = func_load,
};
