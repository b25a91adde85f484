#include <config.h>

#include "shell/expand/element.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/expand/arith.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"

const char *element_end(const char *s)
{
	const char *begin = s;
	int depth = 0;

	for (; *s != '\0' && *begin == '['; s++)
		if (*s == '[')
			depth++;
		else if (*s == ']' && --depth == 0)
			return s + 1;
	return begin;
}

bool element_split(struct shell *sh, const char *text, size_t len, struct element *ret)
{
	size_t n = 0;

	while (n < len && name_char((unsigned char)text[n]))
		n++;
	if (n == 0 || !name_start((unsigned char)*text))
		return false;
	*ret = (struct element){ .name = arena_strndup(sh->arena, text, n) };
	if (n == len)
		return true;
	if (text[n] != '[' || text[len - 1] != ']' || len - n < 3 || opt(sh, OPT_POSIX))
		return false;
	ret->subscript = arena_strndup(sh->arena, text + n + 1, len - n - 2);
	return true;
}

bool element_in_arith(struct shell *sh, const char *text, size_t len, struct element *ret)
{
	const char *s;
	size_t n;

	if (!element_split(sh, text, len, ret))
		return false;
	s = ret->subscript;
	n = s != NULL ? strlen(s) : 0;
	if (n > 2 && (*s == '\'' || *s == '"') && strchr(s + 1, *s) == s + n - 1)
		ret->subscript = arena_strndup(sh->arena, s + 1, n - 2);
	return true;
}

static int bad_subscript(struct shell *sh, const char *name, const char *subscript)
{
	return sh_discard(sh, "%s[%s]: bad array subscript", name, subscript);
}

/* 0, -1 with a message, or 1 where there can be no such element. */
static int find_key(struct shell *sh, const char *name, const char *subscript, struct array_key *ret)
{
	const struct var *v = var_find(sh, var_target(sh, name));

	*ret = (struct array_key){ 0 };
	if (v != NULL && (v->flags & VAR_REFERENCE) != 0) /* … to an element, which has none */
		return 1;
	if (v != NULL && (v->flags & VAR_BY_NAME) != 0) {
		ret->name = subscript;
		return *subscript == '\0';
	}
	if (subscript[strspn(subscript, " \t\n")] == '\0')
		return 1;
	if (arith_number(sh, 1, subscript, &ret->index) < 0)
		return -1;
	if (ret->index < 0) {
		struct value now = var_get(sh, name, strlen(name));

		ret->index += now.kind == VALUE_ARRAY ? array_end(now.array) : now.kind == VALUE_SCALAR;
	}
	return ret->index < 0 || ret->index == INT64_MAX;
}

int element_key(struct shell *sh, const char *name, const char *subscript, struct array_key *ret)
{
	int r = find_key(sh, name, subscript, ret);

	return r > 0 ? bad_subscript(sh, name, subscript) : r;
}

const char *element_get(struct shell *sh, const struct element *e)
{
	struct array_key key;
	struct value v;
	int r;

	if (e->subscript == NULL)
		return var_text(sh, e->name);
	r = find_key(sh, e->name, e->subscript, &key);
	if (r > 0 && e->subscript[strspn(e->subscript, " \t\n")] == '\0')
		return bad_subscript(sh, e->name, e->subscript), NULL;
	if (r > 0) /* as in bash: who only looks finds nothing */
		sh_warn(sh, "%s[%s]: bad array subscript", e->name, e->subscript);
	if (r != 0)
		return NULL;
	v = var_get(sh, e->name, strlen(e->name));
	if (v.kind == VALUE_ARRAY)
		return array_get(v.array, key);
	return key.name == NULL && key.index == 0 ? value_text(v) : NULL;
}

/* Tells what came of an assignment. */
int element_told(struct shell *sh, const char *cmd, const char *name, int r)
{
	const char *why = r == -EEXIST ? "an array by number cannot become one by name, or the other way" : "is read-only";

	if (r == 0)
		return 0;
	if (r != -EINVAL && cmd != NULL)
		sh_warn(sh, "%s: %s: %s", cmd, name, why);
	else if (r != -EINVAL)
		sh_abort(sh, 2, "%s: %s", name, why);
	return -1;
}

int element_set(struct shell *sh, const char *cmd, const struct element *e, const char *value, unsigned flags)
{
	struct array_key key;

	if (e->subscript == NULL)
		return element_told(sh, cmd, e->name, var_set(sh, e->name, value, flags));
	if (element_key(sh, e->name, e->subscript, &key) < 0)
		return -1;
	if (flags != 0)
		(void)var_set(sh, e->name, NULL, flags);
	return element_told(sh, cmd, e->name, var_set_element(sh, e->name, key, value));
}

int element_unset(struct shell *sh, const char *cmd, const struct element *e)
{
	struct array_key key;
	const struct var *v;

	if (e->subscript == NULL)
		return element_told(sh, cmd, e->name, var_unset(sh, e->name));
	v = var_find(sh, var_target(sh, e->name));
	if (v == NULL)
		return 0;
	if ((v->flags & VAR_BY_NAME) == 0 && strlen(e->subscript) == 1 && strchr("@*", *e->subscript) != NULL)
		return element_told(sh, cmd, e->name, var_unset(sh, e->name));
	if (element_key(sh, e->name, e->subscript, &key) < 0)
		return -1;
	return element_told(sh, cmd, e->name, var_unset_element(sh, e->name, key));
}

char element_all(const struct ast_word *subscript)
{
	const struct ast_part *p = subscript->parts;

	if (p == NULL || p->next != NULL || p->kind != AST_LIT || p->quoted || p->len != 1)
		return '\0';
	return *p->text == '@' || *p->text == '*' ? *p->text : '\0';
}

/* An expression is not evaluated again: `a[i++]+=x`. */
static int fix_subscript(struct shell *sh, struct element *e)
{
	struct array_key key;
	char buf[DECIMAL_MAX];

	if (e->subscript == NULL)
		return 0;
	if (element_key(sh, e->name, e->subscript, &key) < 0)
		return -1;
	if (key.name == NULL) {
		e->subscript = decimal_print(buf, key.index);
		e->subscript = arena_strndup(sh->arena, e->subscript, strlen(e->subscript));
	}
	return 0;
}

char *element_appended(struct shell *sh, struct element *e, const char *value)
{
	const struct var *v = var_find(sh, var_target(sh, e->name));
	bool integer = v != NULL && (v->flags & VAR_INTEGER) != 0;
	const char *old = fix_subscript(sh, e) < 0 ? NULL : element_get(sh, e);
	char *s;

	if (sh->frame.flow.kind != FLOW_NONE)
		return NULL;
	old = old != NULL ? old : integer ? "0" : "";
	if (!integer)
		return arena_concat(sh->arena, old, value);
	size_t room = strlen(old) + strlen(value) + sizeof("()+(0)");

	s = arena_alloc(sh->arena, room);
	snprintf(s, room, "(%s)+(%s)", old, *value != '\0' ? value : "0");
	return s;
}

const char *element_once(struct shell *sh, const char *text, size_t *len)
{
	struct element e;
	char *fixed;
	size_t room;

	if (text[*len - 1] != ']' || (memchr(text, '+', *len) == NULL && memchr(text, '-', *len) == NULL && memchr(text, '=', *len) == NULL) ||
	    !element_in_arith(sh, text, *len, &e) || fix_subscript(sh, &e) < 0)
		return text;
	room = strlen(e.name) + strlen(e.subscript) + sizeof("[]");
	fixed = arena_alloc(sh->arena, room);
	snprintf(fixed, room, "%s[%s]", e.name, e.subscript);
	*len = room - 1;
	return fixed;
}
