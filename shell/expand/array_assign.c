#include <config.h>

#include "shell/expand/array_assign.h"

#include <stdio.h>
#include <string.h>

#include "shell/expand/element.h"
#include "shell/expand/expand.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/decimal.h"
#include "shell/expand/fields.h"

/* One element of an array that is being made: with a subscript a value, else as many as the word's fields. */
static int add_element(struct shell *sh, const char *name, const struct ast_assign *e, struct array *a, int64_t *next)
{
	struct array_key key = { .index = *next };
	char *text, *subscript;
	struct fields f = { 0 };
	struct ast_word one;

	if (e->subscript == NULL && !array_by_name(a)) {
		one = *e->value;
		one.next = NULL;
		if (expand_words(sh, &one, &f) < 0)
			return -1;
		for (size_t i = 0; i < f.n; i++)
			array_set(a, (struct array_key){ .index = (*next)++ }, f.v[i]);
		return 0;
	}
	if (e->subscript == NULL)
		return sh_abort(sh, 1, "%s: an array by name takes [name]=value, or names and values in turn", name);
	subscript = expand_string(sh, e->subscript);
	text = subscript != NULL ? expand_string(sh, e->value) : NULL;
	if (text == NULL || element_key(sh, name, subscript, &key) < 0)
		return -1;
	if (e->append && array_get(a, key) != NULL)
		text = arena_concat(sh->arena, array_get(a, key), text);
	array_set(a, key, text);
	*next = key.index + 1;
	return 0;
}

/*
 * name=([subscript]=value …) by number: all values are expanded first, and then each subscript is evaluated with what
 * was assigned before it, as in bash.
 */
static int assign_in_turn(struct shell *sh, const char *name, const struct ast_assign *e, bool appends)
{
	struct array *fresh = NULL;
	struct fields f = { 0 };
	size_t *counts, n = 0, at = 0;
	struct value old = { 0 };
	int64_t next = 0;

	for (const struct ast_assign *x = e; x != NULL; x = x->next)
		n++;
	counts = arena_alloc(sh->arena, (n + 1) * sizeof(*counts));
	n = 0;
	for (const struct ast_assign *x = e; x != NULL; x = x->next) {
		struct ast_word one = *x->value;
		size_t before = f.n;
		char *text = NULL;

		one.next = NULL;
		if (x->subscript != NULL ? (text = expand_string(sh, x->value)) == NULL : expand_words(sh, &one, &f) < 0)
			return -1;
		if (text != NULL)
			fields_add(sh, &f, text);
		counts[n++] = f.n - before;
	}
	if (appends) /* only now: the values may have assigned to it */
		old = var_get(sh, name, strlen(name));
	if (old.kind == VALUE_ARRAY)
		next = array_end(old.array);
	else
		fresh = array_new(false);
	if (fresh != NULL && old.kind == VALUE_SCALAR) {
		array_set(fresh, (struct array_key){ 0 }, old.text);
		next = 1;
	}
	if (fresh != NULL && element_told(sh, NULL, name, var_set_array(sh, name, fresh)) < 0)
		return -1;
	for (n = 0; e != NULL; e = e->next, n++)
		for (size_t i = 0; i < counts[n]; i++) {
			struct element one = { .name = name };
			struct array_key key = { .index = next };
			const char *text = f.v[at++], *s = e->subscript != NULL ? expand_string(sh, e->subscript) : NULL;

			if (e->subscript != NULL && (s == NULL || element_key(sh, name, s, &key) < 0))
				return -1;
			if (e->append) {
				char buf[DECIMAL_MAX];

				one.subscript = decimal_print(buf, key.index);
				text = element_appended(sh, &one, text);
			}
			if (text == NULL || element_told(sh, NULL, name, var_set_element(sh, name, key, text)) < 0)
				return -1;
			next = key.index + 1;
		}
	return 0;
}

/* An array by name from names and values in turn. */
static int add_pairs(struct shell *sh, const struct ast_assign *e, struct array *a)
{
	struct fields f = { 0 };

	for (; e != NULL; e = e->next) {
		struct ast_word one = *e->value;

		one.next = NULL;
		if (expand_words(sh, &one, &f) < 0)
			return -1;
	}
	for (size_t i = 0; i < f.n; i += 2)
		array_set(a, (struct array_key){ .name = f.v[i] }, i + 1 < f.n ? f.v[i + 1] : "");
	return 0;
}

/* name+=(word …): what is there stays where it is, for a loop that adds one by one. */
static int append(struct shell *sh, const char *name, const struct ast_assign *e, int64_t next)
{
	struct array *more = array_new(false);
	struct array_key key;
	int r = 0;

	for (; r == 0 && e != NULL; e = e->next)
		r = add_element(sh, name, e, more, &next);
	for (size_t i = 0, n = array_len(more); r == 0 && i < n; i++) {
		const char *text = array_at(more, i, &key);

		r = element_told(sh, NULL, name, var_set_element(sh, name, key, text));
	}
	array_free(more);
	return r;
}

static bool has_subscripts(const struct ast_assign *e)
{
	while (e != NULL && e->subscript == NULL)
		e = e->next;
	return e != NULL;
}

int array_assign(struct shell *sh, const char *name, const struct ast_assign *e, bool appends)
{
	const struct var *v = var_find(sh, var_target(sh, name));
	bool by_name = v != NULL && (v->flags & VAR_BY_NAME) != 0;
	struct value old = appends ? var_get(sh, name, strlen(name)) : (struct value){ 0 };
	struct array *a;
	int64_t next;
	int r = 0;

	if (v != NULL && (v->flags & VAR_REFERENCE) != 0)
		return sh_abort(sh, 1, "%s: a reference to an element, which is no array", name);
	if (!by_name && has_subscripts(e))
		return assign_in_turn(sh, name, e, appends);
	if (old.kind == VALUE_ARRAY && !by_name && array_len(old.array) != 0)
		return append(sh, name, e, array_end(old.array));
	a = old.kind == VALUE_ARRAY ? array_copy(old.array) : array_new(by_name);
	if (old.kind == VALUE_SCALAR)
		array_set(a, array_first(a), old.text);
	next = array_end(a);
	if (by_name && e != NULL && e->subscript == NULL)
		r = add_pairs(sh, e, a);
	else
		for (; r == 0 && e != NULL; e = e->next)
			r = add_element(sh, name, e, a, &next);
	if (r < 0) {
		array_free(a);
		return -1;
	}
	return element_told(sh, NULL, name, var_set_array(sh, name, a));
}
