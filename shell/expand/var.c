#include <config.h>

#include "shell/expand/var.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/times.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"

struct saved {
	struct saved *next;
	char *name;
	char *text; /* NULL: it did not exist */
	unsigned flags;
};

struct scope {
	struct scope *outer;
	struct saved *saved;
};

struct var_table {
	struct var **bucket;
	size_t n_buckets; /* a power of two */
	size_t n;
	struct scope *scope;
	char **env; /* cache; NULL when something exported changed */
	char **foreign; /* entries of the first environment whose names are no variable's */
	size_t n_foreign;
};

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

static void env_changed(struct var_table *t)
{
	free(t->env);
	t->env = NULL;
}

/* Replaces the text, which the variable then owns. */
static void give_text(struct var *v, char *text, size_t cap)
{
	if (!v->borrowed)
		free(v->text);
	v->text = text;
	v->cap = cap;
	v->borrowed = false;
}

static void var_free(struct var *v)
{
	give_text(v, NULL, 0);
	free(v);
}

static void saved_free(struct saved *s)
{
	free(s->name);
	free(s->text);
	free(s);
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
	while (t->scope != NULL) {
		struct scope *sc = t->scope;

		while (sc->saved != NULL) {
			struct saved *s = sc->saved;

			sc->saved = s->next;
			saved_free(s);
		}
		t->scope = sc->outer;
		free(sc);
	}
	free(t->foreign);
	env_changed(t);
	free(t->bucket);
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

/* The variable of that name; a new one borrows `text`, which is NAME=…, unless it is NULL. */
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
	*p = xcalloc(1, sizeof(**p));
	(*p)->text = text != NULL ? text : xstrndup(name, len);
	(*p)->borrowed = text != NULL;
	(*p)->name_len = (uint32_t)len;
	(*p)->hash = h;
	return *p;
}

static struct var *find_or_new(struct var_table *t, const char *name)
{
	return find_or_new_n(t, name, strlen(name), NULL);
}

const struct var *var_find(const struct shell *sh, const char *name)
{
	size_t len = strlen(name);

	return *slot(sh->vars, name, len, hash_name(name, len));
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
	give_text(v, s, cap);
	return true;
}

/* SECONDS is kept in ms; a larger value is cut to half of what fits, so that it can go on. */
#define SECONDS_MAX (INT64_MAX / 2000)

/*
 * A steady clock, in units of sysconf(_SC_CLK_TCK). clock_gettime() is finer, but it reads the
 * kernel's page of clocks, and each shell would take a page fault for that when it starts.
 */
static clock_t ticks(void)
{
	return times(&(struct tms){ 0 });
}

static int64_t seconds_ms(const struct shell *sh)
{
	uint64_t passed = (uint64_t)(ticks() - sh->clock.seconds_since);

	return (int64_t)((uint64_t)sh->clock.seconds_ms + passed * 1000 / (uint64_t)sysconf(_SC_CLK_TCK));
}

static void set_seconds_ms(struct shell *sh, int64_t ms)
{
	sh->clock.seconds_ms = ms;
	sh->clock.seconds_since = ticks();
}

void var_clock_init(struct shell *sh)
{
	set_seconds_ms(sh, 0);
	/* shells that start together may have the same pid, in different namespaces */
	if (getrandom(&sh->clock.random, sizeof(sh->clock.random), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(sh->clock.random))
		sh->clock.random = (uint32_t)sh->pid * 2654435761u ^ (uint32_t)sh->clock.seconds_since;
}

/* Computes the value of a dynamic variable: somebody is about to look at it. */
static void refresh(struct shell *sh, struct var *v)
{
	char buf[DECIMAL_MAX];
	int64_t n;

	if (strncmp(v->text, "LINENO", v->name_len) == 0) {
		n = sh->frame.lineno;
	} else if (strncmp(v->text, "RANDOM", v->name_len) == 0) {
		if (sh->frame.effects != EFFECTS_ON) { /* to draw a number changes the next one */
			sh->frame.effects = EFFECTS_WANTED;
			return;
		}
		sh->clock.random = sh->clock.random * 1103515245u + 12345u;
		n = sh->clock.random >> 16 & 0x7fff;
	} else {
		n = seconds_ms(sh);
		n = n / 1000 - (n % 1000 < 0);
	}
	if (set_text(v, decimal_print(buf, n)))
		env_changed(sh->vars);
}

struct value var_get(struct shell *sh, const char *name, size_t len)
{
	struct var *v = *slot(sh->vars, name, len, hash_name(name, len));

	if (v == NULL)
		return (struct value){ 0 };
	if ((v->flags & VAR_DYNAMIC) != 0)
		refresh(sh, v);
	return value_scalar(var_value(v));
}

const char *var_text(struct shell *sh, const char *name)
{
	return value_text(var_get(sh, name, strlen(name)));
}

/* RANDOM and SECONDS go on from what is assigned; LINENO becomes an ordinary variable. */
static void assign_dynamic(struct shell *sh, struct var *v, const char *value)
{
	long long n = strtoll(value, NULL, 10);

	if (strncmp(v->text, "RANDOM", v->name_len) == 0)
		sh->clock.random = (uint32_t)n;
	else if (strncmp(v->text, "SECONDS", v->name_len) == 0)
		set_seconds_ms(sh, (n > SECONDS_MAX ? SECONDS_MAX : n < -SECONDS_MAX ? -SECONDS_MAX : n) * 1000);
	else
		v->flags &= ~(unsigned)VAR_DYNAMIC;
}

int var_set(struct shell *sh, const char *name, const char *value, unsigned flags)
{
	struct var *v = find_or_new(sh->vars, name);

	if (value != NULL) {
		if ((v->flags & VAR_READONLY) != 0)
			return -EPERM;
		if ((v->flags & VAR_DYNAMIC) != 0)
			assign_dynamic(sh, v, value);
		set_text(v, value);
		if (opt(sh, OPT_ALLEXPORT))
			flags |= VAR_EXPORT;
	}
	v->flags |= flags;
	if ((v->flags & VAR_EXPORT) != 0)
		env_changed(sh->vars);
	if (sh->var_changed != NULL)
		sh->var_changed(sh, name);
	return 0;
}

static void remove_var(struct shell *sh, const char *name)
{
	size_t len = strlen(name);
	struct var **p = slot(sh->vars, name, len, hash_name(name, len)), *v = *p;

	if (v == NULL)
		return;
	if ((v->flags & VAR_EXPORT) != 0)
		env_changed(sh->vars);
	*p = v->next;
	sh->vars->n--;
	var_free(v);
	if (sh->var_changed != NULL)
		sh->var_changed(sh, name);
}

int var_unset(struct shell *sh, const char *name)
{
	const struct var *v = var_find(sh, name);

	if (v != NULL && (v->flags & VAR_READONLY) != 0)
		return -EPERM;
	remove_var(sh, name);
	return 0;
}

void var_clear_flags(struct shell *sh, const char *name, unsigned flags)
{
	struct var *v = find_or_new(sh->vars, name);

	v->flags &= ~flags;
	env_changed(sh->vars);
}

void var_import(struct shell *sh, char **env)
{
	struct var_table *t = sh->vars;

	for (; *env != NULL; env++) {
		size_t len = name_length(*env);

		if (len != 0 && (*env)[len] == '=') {
			struct var *v = find_or_new_n(t, *env, len, *env);

			if (v->text != *env) /* named twice: the last one counts */
				set_text(v, *env + len + 1);
			v->flags |= VAR_EXPORT;
		} else if (strchr(*env, '=') != NULL) {
			t->foreign = xreallocarray(t->foreign, t->n_foreign + 1,
						   sizeof(*t->foreign));
			t->foreign[t->n_foreign++] = *env;
		}
	}
	env_changed(t);
}

char **var_environ(struct shell *sh)
{
	struct var_table *t = sh->vars;
	size_t n = 0;

	if (t->env != NULL)
		return t->env;
	t->env = xreallocarray(NULL, t->n + t->n_foreign + 1, sizeof(*t->env));
	for (size_t i = 0; i < t->n_foreign; i++)
		t->env[n++] = t->foreign[i];
	for (size_t i = 0; i < t->n_buckets; i++)
		for (struct var *v = t->bucket[i]; v != NULL; v = v->next)
			if ((v->flags & VAR_EXPORT) != 0 && var_value(v) != NULL)
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

/* ---- scopes ---- */

void var_scope_enter(struct shell *sh)
{
	struct scope *sc = xcalloc(1, sizeof(*sc));

	sc->outer = sh->vars->scope;
	sh->vars->scope = sc;
}

bool var_local(struct shell *sh, const char *name)
{
	struct scope *sc = sh->vars->scope;
	const struct var *v = var_find(sh, name);
	struct saved *s;

	if (sc == NULL)
		return false;
	for (s = sc->saved; s != NULL; s = s->next)
		if (strcmp(s->name, name) == 0)
			return false;
	s = xcalloc(1, sizeof(*s));
	s->name = xstrdup(name);
	if (v != NULL) {
		s->text = xstrdup(v->text);
		s->flags = v->flags;
	}
	s->next = sc->saved;
	sc->saved = s;
	return true;
}

void var_scope_leave(struct shell *sh)
{
	struct scope *sc = sh->vars->scope;

	sh->vars->scope = sc->outer;
	while (sc->saved != NULL) {
		struct saved *s = sc->saved;

		sc->saved = s->next;
		if (s->text == NULL) {
			remove_var(sh, s->name);
		} else {
			struct var *v = find_or_new(sh->vars, s->name);

			give_text(v, s->text, 0);
			v->flags = s->flags;
			s->text = NULL;
			env_changed(sh->vars);
			if (sh->var_changed != NULL)
				sh->var_changed(sh, s->name);
		}
		saved_free(s);
	}
	free(sc);
}

/* ---- state ---- */

enum { VAR_LIST = 1, CLOCK_RANDOM = 1, CLOCK_SECONDS_MS = 2 };

/* One flat array of name, flags, has-value, value: the decoder takes no deep nesting. */
enum { VAR_COLUMNS = 4 };

static void var_save(const struct shell *sh, struct state_enc *e)
{
	size_t n, kept = 0;
	const struct var **v = var_sorted(sh, &n);

	for (size_t i = 0; i < n; i++)
		if (!state_is_host_bound(v[i]->text, v[i]->name_len))
			v[kept++] = v[i];
	state_put_array(e, VAR_LIST, (uint32_t)(kept * VAR_COLUMNS));
	for (size_t i = 0; i < kept; i++) {
		const char *value = var_value(v[i]);

		state_add_bytes(e, v[i]->text, v[i]->name_len);
		state_add_uint(e, v[i]->flags);
		state_add_uint(e, value != NULL);
		state_add_bytes(e, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
	}
	free(v);
}

/* Removes what a state brings: all variables but those that are bound to this host. */
static void remove_travellers(struct shell *sh)
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
	env_changed(t);
}

/* Replaces all variables but those of this host, which stay as they are here. */
static int var_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint64_t flags, has;
	uint32_t n;
	int r = state_get_array(d, VAR_LIST, &a, &n);

	if (r < 0 || n % VAR_COLUMNS != 0)
		return r < 0 ? r : -EBADMSG;
	remove_travellers(sh);
	for (uint32_t i = 0; i < n; i += VAR_COLUMNS) {
		const char *name, *value;
		struct var *v;

		r = state_elem_str(d, a, i, &name, NULL);
		if (r == 0)
			r = state_elem_uint(d, a, i + 1, UINT32_MAX, &flags);
		if (r == 0)
			r = state_elem_uint(d, a, i + 2, 1, &has);
		if (r == 0)
			r = state_elem_str(d, a, i + 3, &value, NULL);
		if (r < 0 || !name_valid(name) || state_is_host_bound(name, strlen(name)))
			return r < 0 ? r : -EBADMSG;
		if ((flags & ~(uint64_t)VAR_ALL_FLAGS) != 0) /* of a later version: the value counts */
			state_warn(d, "%s: it has an attribute that is not known here", name);
		v = find_or_new(sh->vars, name);
		v->flags = (unsigned)flags & VAR_ALL_FLAGS;
		if (has != 0)
			set_text(v, value);
		if (sh->var_changed != NULL)
			sh->var_changed(sh, name);
	}
	env_changed(sh->vars);
	return 0;
}

const struct state_section var_section = {
	.name = "vars", .version = 1, .save = var_save, .load = var_load,
};

/* ---- state of RANDOM and SECONDS: a section that is different each time ---- */

static void clock_save(const struct shell *sh, struct state_enc *e)
{
	state_put_uint(e, CLOCK_RANDOM, sh->clock.random);
	state_put_uint(e, CLOCK_SECONDS_MS, (uint64_t)seconds_ms(sh));
}

static int clock_load(struct shell *sh, const struct state_dec *d)
{
	uint64_t number;

	if (state_get_uint(d, CLOCK_RANDOM, UINT32_MAX, &number) == 0)
		sh->clock.random = (uint32_t)number;
	if (state_get_uint(d, CLOCK_SECONDS_MS, UINT64_MAX, &number) == 0)
		set_seconds_ms(sh, (int64_t)number); /* it may be negative */
	return 0;
}

const struct state_section clock_section = {
	.name = "clock", .version = 1, .save = clock_save, .load = clock_load, .quiet = true,
};
