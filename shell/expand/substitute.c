#include <config.h>

#include "shell/expand/substitute.h"

#include <stdlib.h>
#include <string.h>

#include "shell/expand/declaration.h"
#include "shell/expand/element.h"
#include "shell/expand/expand.h"
#include "shell/expand/locale.h"
#include "shell/expand/param.h"
#include "shell/expand/param_op.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"

const char *substitute_ifs(struct shell *sh, size_t *ret_len)
{
	const char *ifs = var_text(sh, "IFS");

	*ret_len = ifs == NULL ? 1 : *ifs == '\0' ? 0 : locale_char(ifs, strlen(ifs));
	return ifs != NULL ? ifs : " ";
}

/* The argument of an operator as one string. */
static char *arg_string(struct shell *sh, const struct ast_word *arg)
{
	return arg->parts == NULL ? arena_strndup(sh->arena, "", 0) : expand_string(sh, arg);
}

/* What stands in front of the operator. */
struct source {
	char star; /* '@' or '*': a list, as $@, $* and ${name[@]}; '\0': one value */
	char *const *v;
	size_t n;	   /* of the list */
	const char *value; /* borrowed; NULL: it is unset */
};

/* $* and $@, and what an operator made of such a list. */
static void put_all(struct xctx *c, const struct ast_part *p, char star, char *const *v, size_t n)
{
	bool joined = star == '*' && p->quoted;
	size_t sep_len = 0;
	const char *sep = joined ? substitute_ifs(c->sh, &sep_len) : "";
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (i != 0 && !joined)
			xword_mark(&c->x, ATTR_BREAK);
		else if (i != 0 && sep_len != 0)
			xword_add(&c->x, sep, sep_len, ATTR_QUOTED);
		any |= v[i][0] != '\0' || (i != 0 && sep_len != 0);
		if (v[i][0] != '\0')
			xword_add(&c->x, v[i], strlen(v[i]), p->quoted ? ATTR_QUOTED : ATTR_EXP);
		else if (p->quoted && !joined)
			xword_mark(&c->x, ATTR_EMPTY);
	}
	if (joined && !any)
		xword_mark(&c->x, ATTR_EMPTY);
}

static bool is_all(const char *name)
{
	return (name[0] == '@' || name[0] == '*') && name[1] == '\0';
}

/* The texts of an array, in sh->arena; `copy`: arguments of the operator may change the array. */
static void list_array(struct shell *sh, const struct array *a, bool copy, struct source *ret)
{
	size_t n = array_len(a);
	char **v = arena_alloc(sh->arena, (n + 1) * sizeof(*v));
	struct array_key key;

	for (size_t i = 0; i < n; i++) {
		const char *text = array_at(a, i, &key);

		v[i] = copy ? arena_strndup(sh->arena, text, strlen(text)) : (char *)(uintptr_t)text;
	}
	ret->v = v;
	ret->n = n;
}

/* ${name[@]…} and ${name[subscript]…}. 0, or -1 with the message printed. */
static int find_element(struct shell *sh, const struct ast_part *p, struct source *ret)
{
	const struct ast_word *subscript = ast_subscript(p);
	struct element e = { .name = p->param.name };
	struct value v;
	char **one;

	ret->star = element_all(subscript);
	if (ret->star == '\0') {
		e.subscript = arg_string(sh, subscript);
		if (e.subscript == NULL)
			return -1;
		ret->value = element_get(sh, &e);
		return sh->frame.flow.kind != FLOW_NONE || sh->frame.effects == EFFECTS_WANTED ? -1 : 0;
	}
	v = var_get(sh, e.name, strlen(e.name));
	switch (v.kind) {
	case VALUE_ARRAY:
		list_array(sh, v.array, p->op != AST_PARAM_PLAIN && p->op != AST_PARAM_LENGTH, ret);
		break;
	case VALUE_SCALAR:
		one = arena_alloc(sh->arena, sizeof(*one));
		one[0] = arena_strndup(sh->arena, v.text, strlen(v.text));
		ret->v = one;
		ret->n = 1;
		break;
	case VALUE_UNSET:
		break;
	}
	return 0;
}

static int find_source(struct shell *sh, const struct ast_part *p, char buf[PARAM_ROOM], struct source *ret)
{
	*ret = (struct source){ 0 };
	if (p->subscript)
		return find_element(sh, p, ret);
	if (is_all(p->param.name))
		*ret = (struct source){ .star = p->param.name[0], .v = sh->params->v, .n = sh->params->n };
	else
		ret->value = param_get(sh, p->param.name, buf);
	return 0;
}

static int not_set(struct shell *sh, const char *name)
{
	return sh_abort(sh, 2, "%s: parameter not set", name);
}

/*
 * Puts an operator's argument in place of the value: what it quotes is quoted, the rest is so if
 * the expansion is.
 */
static int put_arg(struct xctx *c, const struct ast_part *p)
{
	enum fields_attr lit = c->lit;
	int r;

	c->lit = p->quoted ? ATTR_QUOTED : ATTR_EXP;
	if (ast_argument(p)->parts == NULL && p->quoted)
		xword_mark(&c->x, ATTR_EMPTY);
	r = xctx_parts(c, ast_argument(p)->parts);
	c->lit = lit;
	return r;
}

static int put_length(struct xctx *c, const struct ast_part *p, const struct source *from)
{
	const char *value = from->value;
	char buf[DECIMAL_MAX], *s;
	size_t n;

	if (from->star != '\0') {
		n = from->n;
	} else {
		if (value == NULL && opt(c->sh, OPT_NOUNSET))
			return not_set(c->sh, p->param.name);
		if (value == NULL)
			value = "";
		for (n = 0; (unsigned char)value[n] - 1u < 0x7f; n++)
			;
		if (value[n] != '\0') {
			locale_need();
			n = mbstowcs(NULL, value, 0);
			if (n == (size_t)-1)
				n = strlen(value);
		}
	}
	s = decimal_print(buf, (int64_t)n);
	xctx_put(c, p, s, strlen(s));
	return 0;
}

/* ${@:offset:length}: of the list whose number 0 is $0. */
static int put_params_slice(struct xctx *c, const struct ast_part *p, const struct param_op *o)
{
	struct shell *sh = c->sh;
	size_t n = sh->params->n;
	char **v = arena_alloc(sh->arena, (n + 1) * sizeof(*v));
	int64_t from, count;

	if (!o->to_end && o->length < 0)
		return sh_abort(sh, 2, "%lld: a length below 0", (long long)o->length);
	v[0] = arena_strndup(sh->arena, sh->arg0, strlen(sh->arg0));
	memcpy(v + 1, sh->params->v, n * sizeof(*v));
	if (param_op_slice(sh, o, (int64_t)n + 1, &from, &count) < 0)
		return -1;
	put_all(c, p, p->param.name[0], v + from, (size_t)count);
	return 0;
}

/* ${name[@]:offset:length}: elements from that number on. */
static int put_array_slice(struct xctx *c, const struct ast_part *p, const struct source *from, const struct param_op *o)
{
	struct shell *sh = c->sh;
	struct value now = var_get(sh, p->param.name, strlen(p->param.name));
	int64_t end = now.kind == VALUE_ARRAY && !array_by_name(now.array) ? array_end(now.array) : (int64_t)from->n;
	int64_t offset = o->offset < 0 ? o->offset + end : o->offset;
	struct array_key key;
	size_t first = 0, n;

	if (!o->to_end && o->length < 0)
		return sh_abort(sh, 1, "%lld: a length below 0", (long long)o->length);
	if (offset < 0)
		offset = end;
	if (now.kind == VALUE_ARRAY && !array_by_name(now.array)) {
		while (first < from->n && first < array_len(now.array)) {
			(void)array_at(now.array, first, &key);
			if (key.index >= offset)
				break;
			first++;
		}
	} else {
		first = offset < (int64_t)from->n ? (size_t)offset : from->n;
	}
	n = from->n - first;
	if (!o->to_end && (uint64_t)o->length < n)
		n = (size_t)o->length;
	put_all(c, p, from->star, from->v + first, n);
	return 0;
}

/* ${name[@]@a}: the attributes, for each element; ${name[@]@k}: keys and values in turn. */
static bool put_variable_all(struct xctx *c, const struct ast_part *p, const struct source *from, const struct var *v,
			     char letter)
{
	char **words = arena_alloc(c->sh->arena, (2 * from->n + 1) * sizeof(*words)), buf[DECIMAL_MAX];
	char letters[LETTERS_ROOM];
	struct array_key key;
	size_t n = 0;

	if (letter == 'k' && (v == NULL || v->array == NULL))
		return false;
	for (size_t i = 0; i < from->n; i++) {
		const char *s = v != NULL ? declaration_letters(v->flags, letters) : "";

		if (letter == 'k') {
			(void)array_at(v->array, i, &key);
			s = key.name != NULL ? key.name : decimal_print(buf, key.index);
		}
		words[n++] = arena_strndup(c->sh->arena, s, strlen(s));
		if (letter == 'k')
			words[n++] = from->v[i];
	}
	put_all(c, p, from->star, words, n);
	return true;
}

/* ${name@a}, ${name@A} and ${name[@]@K}: of the variable, not of its value. False: another letter. */
static bool put_variable(struct xctx *c, const struct ast_part *p, const struct source *from, char letter)
{
	const struct var *v = var_find(c->sh, var_target(c->sh, p->param.name));
	char letters[LETTERS_ROOM];
	struct strbuf b = { 0 };

	if (from->star != '\0' && strchr("ak", letter) != NULL)
		return put_variable_all(c, p, from, v, letter);
	if (letter == 'a') {
		strbuf_adds(&b, v != NULL ? declaration_letters(v->flags, letters) : "");
	} else if (letter == 'A' && v != NULL && (v->flags & ~(unsigned)VAR_DYNAMIC) == 0 && from->value != NULL) {
		char *quoted = quote_str(from->value);

		strbuf_addf(&b, *quoted == '\'' ? "%s=%s" : "%s='%s'", p->param.name, quoted);
		free(quoted);
	} else if (letter == 'A' && v != NULL) {
		declaration_put(c->sh, &b, v);
	} else if (letter == 'K' && from->star != '\0' && v != NULL && v->array != NULL) {
		declaration_put_array(&b, v->array, true);
	} else if (letter != 'A') {
		return false;
	}
	xctx_put(c, p, strbuf_str(&b), b.len);
	strbuf_release(&b);
	return true;
}

/* An operator on each of a list. */
static int put_changed_all(struct xctx *c, const struct ast_part *p, const struct source *from, const struct param_op *o)
{
	char **v;

	if (o->op == AST_PARAM_SLICE)
		return p->subscript ? put_array_slice(c, p, from, o) : put_params_slice(c, p, o);
	v = arena_alloc(c->sh->arena, (from->n + 1) * sizeof(*v));
	for (size_t i = 0; i < from->n; i++)
		if ((v[i] = param_op_apply(c->sh, p, o, from->v[i])) == NULL)
			return -1;
	put_all(c, p, from->star, v, from->n);
	return 0;
}

/* ${name#pattern}, and all that make another value of a value. */
static int put_changed(struct xctx *c, const struct ast_part *p, const struct source *from)
{
	struct shell *sh = c->sh;
	const char *value = from->value;
	struct param_op o;
	char *copy = NULL;

	if (value == NULL && from->star == '\0' && opt(sh, OPT_NOUNSET))
		return not_set(sh, p->param.name);
	if (value != NULL) /* the arguments may assign to the parameter */
		copy = arena_strndup(sh->arena, value, strlen(value));
	if (param_op_prepare(sh, p, &o) < 0)
		return -1;
	if (o.op == AST_PARAM_TRANSFORM && o.text[0] != '\0' && o.text[1] == '\0' &&
	    (name_valid(p->param.name) || o.text[0] == 'a') &&
	    strchr("aAkK", o.text[0]) != NULL &&
	    put_variable(c, p, &(struct source){ from->star, from->v, from->n, copy }, o.text[0]))
		return 0;
	if (from->star != '\0')
		return put_changed_all(c, p, from, &o);
	if (copy == NULL && o.op == AST_PARAM_TRANSFORM) /* ${unset@Q} is nothing, not '' */
		copy = arena_strndup(sh->arena, "", 0);
	else
		copy = param_op_apply(sh, p, &o, copy != NULL ? copy : "");
	if (copy == NULL)
		return -1;
	xctx_put(c, p, copy, strlen(copy));
	return 0;
}

/* ${!prefix*} and ${!prefix@}: the names of the variables that begin so, as "$*" and "$@" would be. */
static int put_names(struct xctx *c, const struct ast_part *p)
{
	const char *prefix = p->param.name;
	size_t n, found = 0;
	const struct var **all = var_sorted(c->sh, &n);
	char **v = arena_alloc(c->sh->arena, (n + 1) * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		if ((var_value(all[i]) != NULL || (all[i]->flags & (VAR_INDEXED | VAR_BY_NAME)) != 0) && all[i]->name_len >= strlen(prefix) &&
		    strncmp(all[i]->text, prefix, strlen(prefix)) == 0)
			v[found++] = arena_strndup(c->sh->arena, all[i]->text, all[i]->name_len);
	free(all);
	put_all(c, p, *ast_argument(p)->parts->text, v, found);
	return 0;
}

/* ${!name[@]}: the numbers, or names, of an array's elements. */
static int put_keys(struct xctx *c, const struct ast_part *p)
{
	struct shell *sh = c->sh;
	struct value now = var_get(sh, p->param.name, strlen(p->param.name));
	size_t n = now.kind == VALUE_ARRAY ? array_len(now.array) : now.kind == VALUE_SCALAR;
	char **v = arena_alloc(sh->arena, (n + 1) * sizeof(*v)), buf[DECIMAL_MAX];
	struct array_key key = { 0 };

	for (size_t i = 0; i < n; i++) {
		const char *s;

		if (now.kind == VALUE_ARRAY)
			(void)array_at(now.array, i, &key);
		s = key.name != NULL ? key.name : decimal_print(buf, key.index);
		v[i] = arena_strndup(sh->arena, s, strlen(s));
	}
	put_all(c, p, element_all(ast_subscript(p)), v, n);
	return 0;
}

/* A part like p of the parameter that `text` names, as `a[1]` or `a[@]`, too. False: it names none. */
static bool target_of(struct shell *sh, const struct ast_part *p, const char *text, struct ast_part *ret)
{
	bool number = *text != '\0' && text[strspn(text, "0123456789")] == '\0';
	bool special = *text != '\0' && text[1] == '\0' && strchr("@*#?-$!", *text) != NULL;
	struct ast_word *w;
	struct element e;

	*ret = *p;
	ret->indirect = ret->subscript = false;
	ret->param.arg = ast_argument(p);
	ret->param.name = text;
	if (number || special)
		return true;
	if (!element_split(sh, text, strlen(text), &e))
		return false;
	ret->param.name = e.name;
	if (e.subscript == NULL)
		return true;
	w = parser_subscript(sh->arena, e.subscript); /* a text, which may be anybody's, runs no command */
	if (w == NULL)
		return false;
	w->next = ret->param.arg;
	ret->param.arg = w;
	ret->subscript = true;
	return true;
}

/* ${!name…}: what ${…} would be with the name that is the value. */
static int put_indirect(struct xctx *c, const struct ast_part *p)
{
	struct shell *sh = c->sh;
	const struct var *v = !p->subscript && name_valid(p->param.name) ? var_find(sh, p->param.name) : NULL;
	struct ast_part target, named = *p;
	struct source from;
	char buf[PARAM_ROOM];

	if (p->subscript && p->op == AST_PARAM_PLAIN && element_all(ast_subscript(p)) != '\0')
		return put_keys(c, p);
	if (v != NULL && (v->flags & VAR_REFERENCE) != 0 && p->op == AST_PARAM_PLAIN && var_value(v) != NULL) {
		xctx_put(c, p, var_value(v), strlen(var_value(v)));
		return 0;
	}
	named.indirect = false;
	if (find_source(sh, &named, buf, &from) < 0)
		return -1;
	if (from.star != '\0')
		from.value = from.n == 1 ? from.v[0] : NULL;
	if (from.value == NULL || !target_of(sh, p, arena_strndup(sh->arena, from.value, strlen(from.value)), &target))
		return sh_discard(sh, "${!%s}: %s", p->param.name,
				  from.value == NULL ? "parameter not set" : "its value is no name");
	return substitute(c, &target);
}

/* ${name=word} */
static int put_assigned(struct xctx *c, const struct ast_part *p)
{
	struct element e = { .name = p->param.name };
	char *s;

	if (!name_valid(e.name) || (p->subscript && element_all(ast_subscript(p)) != '\0'))
		return sh_abort(c->sh, 2, "%s: cannot assign in this way", e.name);
	if (p->subscript && (e.subscript = arg_string(c->sh, ast_subscript(p))) == NULL)
		return -1;
	s = arg_string(c->sh, ast_argument(p));
	if (s == NULL || element_set(c->sh, NULL, &e, s, 0) < 0)
		return -1;
	xctx_put(c, p, s, strlen(s));
	return 0;
}

/* ${name?word} */
static int report_unset(struct xctx *c, const struct ast_part *p)
{
	char *s;

	if (ast_argument(p)->parts == NULL)
		return sh_abort(c->sh, 2, "%s: parameter %s", p->param.name,
				p->colon ? "null or not set" : "not set");
	s = arg_string(c->sh, ast_argument(p));
	if (s == NULL)
		return -1;
	return sh_abort(c->sh, 2, "%s: %s", p->param.name, s);
}

/* Would "$*" be nothing, or is "$@" one empty word? */
static bool is_null_list(struct shell *sh, const struct ast_part *p, const struct source *from)
{
	const char *ifs = var_text(sh, "IFS");
	size_t i = 0;

	while (i < from->n && from->v[i][0] == '\0')
		i++;
	return i == from->n && (i <= 1 || (p->quoted && from->star == '*' && ifs != NULL && *ifs == '\0'));
}

/* ${…}: the value, and what its operator makes of it (XCU 2.6.2). */
int substitute(struct xctx *c, const struct ast_part *p)
{
	struct shell *sh = c->sh;
	const char *name = p->param.name;
	char buf[PARAM_ROOM];
	struct source from;
	bool null;

	if (p->op == AST_PARAM_PLAIN && !p->indirect && !p->subscript && !is_all(name)) {
		const char *value = param_get(sh, name, buf); /* most are so */

		if (value == NULL && opt(sh, OPT_NOUNSET))
			return not_set(sh, name);
		xctx_put(c, p, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
		return 0;
	}
	if (p->op == AST_PARAM_NAMES)
		return put_names(c, p);
	if (p->op == AST_PARAM_BAD)
		return sh_bad_substitution(sh, name);
	if (p->indirect)
		return put_indirect(c, p);
	if (find_source(sh, p, buf, &from) < 0)
		return -1;
	null = from.star != '\0' ? from.n == 0 : from.value == NULL;
	if (!null && p->colon)
		null = from.star != '\0' ? is_null_list(sh, p, &from) : *from.value == '\0';
	switch (p->op) {
	case AST_PARAM_PLAIN:
		break;
	case AST_PARAM_LENGTH:
		return put_length(c, p, &from);
	case AST_PARAM_DEFAULT:
		if (null)
			return put_arg(c, p);
		break;
	case AST_PARAM_ASSIGN:
		if (null && sh->frame.effects != EFFECTS_ON) {
			sh->frame.effects = EFFECTS_WANTED;
			return -1;
		}
		if (null)
			return put_assigned(c, p);
		break;
	case AST_PARAM_ERROR:
		if (null)
			return report_unset(c, p);
		break;
	case AST_PARAM_ALTERNATIVE:
		if (!null)
			return put_arg(c, p);
		if (p->quoted && !(p->subscript && from.star == '@'))
			xword_mark(&c->x, ATTR_EMPTY);
		return 0;
	default:
		return put_changed(c, p, &from);
	}
	if (from.star != '\0') {
		put_all(c, p, from.star, from.v, from.n);
		return 0;
	}
	if (from.value == NULL && opt(sh, OPT_NOUNSET))
		return not_set(sh, name);
	xctx_put(c, p, from.value != NULL ? from.value : "", from.value != NULL ? strlen(from.value) : 0);
	return 0;
}
