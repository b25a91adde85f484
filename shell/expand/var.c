#include <config.h>

#include "shell/expand/var.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/expand/dynamic.h"
#include "shell/expand/var_table.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"

enum { REFERENCES_MAX = 8 }; /* that mean one another */

static uint32_t hash_name(const char *s, size_t len)
{
	uint32_t h = 2166136261u;

	while (len-- != 0)
		h = (h ^ (unsigned char)*s++) * 16777619u;
	return h;
}

struct var_table *var_table_new(void)
{
	struct var_table *t = xcalloc(1, sizeof(*t));

	t->n_buckets = 64;
	t->bucket = xcalloc(t->n_buckets, sizeof(*t->bucket));
	return t;
}

void var_env_changed(struct var_table *t)
{
	free(t->env);
	t->env = NULL;
}

void var_give_text(struct var *v, char *text, size_t cap)
{
	if (!v->borrowed)
		free(v->text);
	v->text = text;
	v->cap = cap;
	v->borrowed = false;
}

static void var_free(struct var *v)
{
	array_free(v->array);
	var_give_text(v, NULL, 0);
	if (!v->pooled)
		free(v);
}

void var_table_free(struct var_table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n_buckets; i++)
		while (t->bucket[i] != NULL) {
			struct var *v = t->bucket[i];

			t->bucket[i] = v->next;
			var_free(v);
		}
	var_scopes_free(t);
	free(t->foreign);
	for (size_t i = 0; i < t->n_own; i++)
		free(t->own[i]);
	free(t->own);
	var_env_changed(t);
	free(t->bucket);
	free(t->pool);
	free(t);
}

/* The pointer to the variable of that name, or the NULL at which a new one belongs. */
static struct var **slot(const struct var_table *t, const char *name, size_t len, uint32_t h)
{
	struct var **p = &t->bucket[h & (t->n_buckets - 1)];

	while (*p != NULL && ((*p)->hash != h || (*p)->name_len != len ||
			      memcmp((*p)->text, name, len) != 0))
		p = &(*p)->next;
	return p;
}

static void grow(struct var_table *t)
{
	size_t n = t->n_buckets * 2;
	struct var **b = xcalloc(n, sizeof(*b));

	for (size_t i = 0; i < t->n_buckets; i++)
		while (t->bucket[i] != NULL) {
			struct var *v = t->bucket[i];

			t->bucket[i] = v->next;
			v->next = b[v->hash & (n - 1)];
			b[v->hash & (n - 1)] = v;
		}
	free(t->bucket);
	t->bucket = b;
	t->n_buckets = n;
}

/* The variable of that name; a new one borrows `text`, which is NAME or NAME=…, unless it is NULL. */
static struct var *find_or_new_n(struct var_table *t, const char *name, size_t len, char *text)
{
	uint32_t h = hash_name(name, len);
	struct var **p = slot(t, name, len, h);

	if (*p != NULL)
		return *p;
	if (len > UINT32_MAX / 2)
		xmalloc(SIZE_MAX); /* ends the program with the usual message */
	if (t->n++ > t->n_buckets) {
		grow(t);
		p = slot(t, name, len, h);
	}
	*p = t->n_pooled < t->n_pool ? &t->pool[t->n_pooled] : xcalloc(1, sizeof(**p));
	(*p)->pooled = t->n_pooled < t->n_pool;
	t->n_pooled += (*p)->pooled;
	(*p)->text = text != NULL ? text : xstrndup(name, len);
	(*p)->borrowed = text != NULL;
	(*p)->name_len = (uint32_t)len;
	(*p)->hash = h;
	return *p;
}

struct var *var_table_make(struct var_table *t, const char *name)
{
	return find_or_new_n(t, name, strlen(name), NULL);
}

struct var *var_table_make_constant(struct var_table *t, const char *name)
{
	return find_or_new_n(t, name, strlen(name), (char *)(uintptr_t)name);
}

void var_reserve(struct shell *sh, size_t n)
{
	sh->vars->pool = xcalloc(n, sizeof(*sh->vars->pool));
	sh->vars->n_pool = n;
}

struct var *var_table_find(const struct shell *sh, const char *name, size_t len)
{
	return *slot(sh->vars, name, len, hash_name(name, len));
}

const struct var *var_find(const struct shell *sh, const char *name)
{
	return var_table_find(sh, name, strlen(name));
}

/* Returns true if the text moved: pointers to it, as in the environment, are stale. */
static bool set_text(struct var *v, const char *value)
{
	size_t len = strlen(value), need = v->name_len + len + 2;

	if (need <= v->cap && need >= v->cap / 4) { /* the value may be part of the old text */
		memmove(v->text + v->name_len + 1, value, len + 1);
		v->text[v->name_len] = '=';
		return false;
	}
	size_t cap = (need + 31) & ~(size_t)15;
	char *s = xmalloc(cap);

	memcpy(s, v->text, v->name_len);
	s[v->name_len] = '=';
	memcpy(s + v->name_len + 1, value, len + 1);
	var_give_text(v, s, cap);
	return true;
}

/* Computes the value of a dynamic variable: somebody is about to look at it. */
static void refresh(struct shell *sh, struct var *v)
{
	char buf[DECIMAL_MAX];
	const char *value;

	if ((v->flags & VAR_ARRAY) != 0) {
		array_free(v->array);
		v->array = dynamic_array(sh, v->text);
		return;
	}
	value = dynamic_text(sh, v->text, v->name_len, buf);
	if (value != NULL && set_text(v, value))
		var_env_changed(sh->vars);
}

/* The variable that a reference, and references in references, mean: its name. */
static const char *follow(const struct shell *sh, const struct var *v, const char *name)
{
	for (int i = 0; v != NULL && (v->flags & VAR_REFERENCE) != 0 && i < REFERENCES_MAX; i++) {
		const char *target = v->array == NULL ? var_value(v) : NULL;

		if (target == NULL || !name_valid(target))
			return name;
		name = target;
		v = var_table_find(sh, name, strlen(name));
	}
	return name;
}

/* Is it a reference to an element of an array? */
static bool names_element(const struct var *v)
{
	const char *target = (v->flags & VAR_REFERENCE) != 0 && v->array == NULL ? var_value(v) : NULL;

	return target != NULL && strchr(target, '[') != NULL;
}

const char *var_target(const struct shell *sh, const char *name)
{
	return follow(sh, var_find(sh, name), name);
}

struct value var_get(struct shell *sh, const char *name, size_t len)
{
	struct var *v = var_table_find(sh, name, len);

	if (v != NULL && (v->flags & VAR_REFERENCE) != 0) {
		name = follow(sh, v, v->text);
		if (name == v->text) /* it means an element, or nothing yet */
			return value_scalar(names_element(v) ? sh->hooks.element_get(sh, var_value(v)) : var_value(v));
		v = var_table_find(sh, name, strlen(name));
	}
	if (v == NULL)
		return (struct value){ 0 };
	if ((v->flags & VAR_DYNAMIC) != 0)
		refresh(sh, v);
	if (v->array != NULL)
		return (struct value){ .kind = VALUE_ARRAY, .array = v->array };
	return value_scalar(var_value(v));
}

const char *var_text(struct shell *sh, const char *name)
{
	return value_text(var_get(sh, name, strlen(name)));
}

void var_tell(struct shell *sh, const char *name)
{
	if (sh->hooks.var_changed != NULL)
		sh->hooks.var_changed(sh, name);
}

static void changed(struct shell *sh, const struct var *v, const char *name)
{
	if ((v->flags & VAR_EXPORT) != 0)
		var_env_changed(sh->vars);
	var_tell(sh, name);
}

/* What the variable makes of a value that it is given; NULL with a message, where that is nothing. */
static const char *converted(struct shell *sh, const struct var *v, unsigned flags, const char *value)
{
	flags |= v->flags;
	return (flags & VAR_CONVERTS) != 0 ? sh->hooks.var_convert(sh, flags, value) : value;
}

/* Assigns to a variable that is not readonly, at its first element where it is an array. */
static void give(struct shell *sh, struct var *v, const char *value)
{
	if ((v->flags & VAR_DYNAMIC) != 0 && !dynamic_assign(sh, v->text, v->name_len, value))
		v->flags &= ~(unsigned)VAR_DYNAMIC;
	if ((v->flags & VAR_ARRAY) == 0) {
		set_text(v, value);
		return;
	}
	if (v->array == NULL)
		v->array = array_new((v->flags & VAR_BY_NAME) != 0);
	array_set(v->array, array_first(v->array), value);
}

int var_set(struct shell *sh, const char *name, const char *value, unsigned flags)
{
	struct var *v = var_table_make(sh->vars, name);

	if ((v->flags & VAR_REFERENCE) != 0 && (flags & VAR_REFERENCE) == 0) {
		name = follow(sh, v, name);
		v = var_table_make(sh->vars, name);
		if (value != NULL && names_element(v))
			return sh->hooks.element_set(sh, var_value(v), value);
	}
	if (value != NULL) {
		if ((v->flags & VAR_READONLY) != 0)
			return -EPERM;
		if (((v->flags | flags) & ~(unsigned)VAR_EXPORT) == 0) { /* most are so */
			set_text(v, value);
		} else {
			value = converted(sh, v, flags, value);
			if (value == NULL)
				return -EINVAL;
			give(sh, v, value);
		}
		if (opt(sh, OPT_ALLEXPORT))
			flags |= VAR_EXPORT;
	}
	v->flags |= flags;
	changed(sh, v, name);
	return 0;
}

/* ---- arrays ---- */

/* The variable that is meant, to be changed; NULL: it is readonly. */
static struct var *to_change(struct shell *sh, const char *name)
{
	struct var *v = var_table_make(sh->vars, var_target(sh, name));

	return (v->flags & VAR_READONLY) != 0 ? NULL : v;
}

static int make_array(struct var *v, bool by_name)
{
	char *old;

	if ((v->flags & VAR_ARRAY) != 0 && ((v->flags & VAR_BY_NAME) != 0) != by_name)
		return -EEXIST;
	if ((v->flags & VAR_ARRAY) != 0)
		return 0;
	v->flags |= by_name ? VAR_BY_NAME : VAR_INDEXED;
	v->flags &= ~(unsigned)VAR_DYNAMIC;
	if (var_value(v) == NULL)
		return 0;
	old = xstrdup(var_value(v));
	var_give_text(v, xstrndup(v->text, v->name_len), 0);
	v->array = array_new(by_name);
	array_set(v->array, array_first(v->array), old);
	free(old);
	return 0;
}

int var_make_array(struct shell *sh, const char *name, bool by_name)
{
	struct var *v = to_change(sh, name);
	int r = v != NULL ? make_array(v, by_name) : -EPERM;

	if (r == 0)
		changed(sh, v, var_target(sh, name));
	return r;
}

int var_set_element(struct shell *sh, const char *name, struct array_key key, const char *value)
{
	struct var *v = to_change(sh, name);
	int r = v != NULL ? make_array(v, key.name != NULL) : -EPERM;

	if (r < 0)
		return r;
	value = converted(sh, v, 0, value);
	if (value == NULL)
		return -EINVAL;
	if (v->array == NULL)
		v->array = array_new(key.name != NULL);
	array_set(v->array, key, value);
	changed(sh, v, var_target(sh, name));
	return 0;
}

int var_set_array(struct shell *sh, const char *name, struct array *a)
{
	struct var *v = to_change(sh, name);
	int r = v != NULL ? make_array(v, array_by_name(a)) : -EPERM;
	struct array_key key;

	for (size_t i = 0; r == 0 && (v->flags & VAR_CONVERTS) != 0 && i < array_len(a); i++) {
		const char *value = converted(sh, v, 0, array_at(a, i, &key));

		if (value == NULL)
			r = -EINVAL;
		else
			array_set(a, key, value);
	}
	if (r < 0) {
		array_free(a);
		return r;
	}
	array_free(v->array);
	v->array = a;
	changed(sh, v, var_target(sh, name));
	return 0;
}

int var_unset_element(struct shell *sh, const char *name, struct array_key key)
{
	struct var *v = to_change(sh, name);

	if (v == NULL)
		return -EPERM;
	if (v->array != NULL)
		array_remove(v->array, key);
	changed(sh, v, var_target(sh, name));
	return 0;
}

void var_table_remove(struct shell *sh, const char *name)
{
	size_t len = strlen(name);
	struct var **p = slot(sh->vars, name, len, hash_name(name, len)), *v = *p;

	if (v == NULL)
		return;
	if ((v->flags & VAR_EXPORT) != 0)
		var_env_changed(sh->vars);
	*p = v->next;
	sh->vars->n--;
	var_free(v);
	var_tell(sh, name);
}

int var_unset(struct shell *sh, const char *name)
{
	const struct var *v;

	name = var_target(sh, name);
	v = var_find(sh, name);
	if (v != NULL && (v->flags & VAR_READONLY) != 0)
		return -EPERM;
	if (opt(sh, OPT_POSIX) || !var_scope_reveal(sh, name))
		var_table_remove(sh, name);
	return 0;
}

void var_clear_flags(struct shell *sh, const char *name, unsigned flags)
{
	struct var *v = var_table_make(sh->vars, name);

	v->flags &= ~flags;
	var_env_changed(sh->vars);
}

void var_import(struct shell *sh, char **env)
{
	struct var_table *t = sh->vars;

	for (; *env != NULL; env++) {
		size_t len = name_length(*env);

		if (len != 0 && (*env)[len] == '=') {
			struct var *v = find_or_new_n(t, *env, len, *env);

			if ((v->flags & VAR_DYNAMIC) != 0 && dynamic_yields(*env, len))
				v->flags &= ~(unsigned)(VAR_ARRAY | VAR_DYNAMIC);
			if (v->text != *env) /* named twice: the last one counts */
				set_text(v, *env + len + 1);
			v->flags |= VAR_EXPORT;
		} else if (strchr(*env, '=') != NULL && strncmp(*env, VAR_FUNCTION, sizeof(VAR_FUNCTION) - 1) != 0) {
			t->foreign = xreallocarray(t->foreign, t->n_foreign + 1,
						   sizeof(*t->foreign));
			t->foreign[t->n_foreign++] = *env;
		}
	}
	var_env_changed(t);
}

void var_set_foreign(struct shell *sh, const char *name, const char *value)
{
	struct var_table *t = sh->vars;
	size_t len = strlen(name), i = 0;

	while (i < t->n_own && strncmp(t->own[i], name, len) != 0)
		i++;
	var_env_changed(t);
	if (i < t->n_own)
		free(t->own[i]);
	if (value == NULL && i < t->n_own)
		t->own[i] = t->own[--t->n_own];
	if (value == NULL)
		return;
	if (i == t->n_own) {
		t->own = xreallocarray(t->own, t->n_own + 1, sizeof(*t->own));
		t->n_own++;
	}
	t->own[i] = xmalloc(len + strlen(value) + 1);
	memcpy(t->own[i], name, len);
	memcpy(t->own[i] + len, value, strlen(value) + 1);
}

char **var_environ(struct shell *sh)
{
	struct var_table *t = sh->vars;
	size_t n = 0;

	if (t->env != NULL && t->env_options == sh->options)
		return t->env;
	for (size_t i = 0; i < t->n_buckets; i++)
		for (struct var *v = t->bucket[i]; v != NULL; v = v->next)
			if ((v->flags & (VAR_EXPORT | VAR_DYNAMIC | VAR_READONLY)) == (VAR_EXPORT | VAR_DYNAMIC | VAR_READONLY))
				refresh(sh, v); /* SHELLOPTS; the others are what they were when they were exported */
	var_env_changed(t);
	t->env_options = sh->options;
	t->env = xreallocarray(NULL, t->n + t->n_foreign + t->n_own + 1, sizeof(*t->env));
	for (size_t i = 0; i < t->n_foreign; i++)
		t->env[n++] = t->foreign[i];
	for (size_t i = 0; i < t->n_own; i++)
		t->env[n++] = t->own[i];
	for (size_t i = 0; i < t->n_buckets; i++)
		for (struct var *v = t->bucket[i]; v != NULL; v = v->next)
			if ((v->flags & VAR_EXPORT) != 0 && v->array == NULL && var_value(v) != NULL)
				t->env[n++] = v->text;
	t->env[n] = NULL;
	return t->env;
}

static int compare_vars(const void *a, const void *b)
{
	const struct var *x = *(const struct var *const *)a, *y = *(const struct var *const *)b;
	size_t n = x->name_len < y->name_len ? x->name_len : y->name_len;
	int c = memcmp(x->text, y->text, n);

	return c != 0 ? c : (x->name_len > y->name_len) - (x->name_len < y->name_len);
}

const struct var **var_sorted(const struct shell *sh, size_t *ret_n)
{
	const struct var_table *t = sh->vars;
	const struct var **v = xreallocarray(NULL, t->n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < t->n_buckets; i++)
		for (const struct var *p = t->bucket[i]; p != NULL; p = p->next)
			v[n++] = p;
	qsort(v, n, sizeof(*v), compare_vars);
	*ret_n = n;
	return v;
}

/* ---- for a state ---- */

void var_forget_travellers(struct shell *sh)
{
	struct var_table *t = sh->vars;

	for (size_t i = 0; i < t->n_buckets; i++)
		for (struct var **p = &t->bucket[i]; *p != NULL;) {
			struct var *v = *p;

			if (state_is_host_bound(v->text, v->name_len)) {
				p = &v->next;
				continue;
			}
			*p = v->next;
			t->n--;
			var_free(v);
		}
	var_env_changed(t);
}

void var_restore(struct shell *sh, const char *name, const char *value, unsigned flags, struct array *array)
{
	struct var *v = var_table_make(sh->vars, name);

	v->flags = flags;
	array_free(v->array);
	v->array = array;
	if (value != NULL)
		set_text(v, value);
	var_env_changed(sh->vars);
	var_tell(sh, name);
}
