#include <config.h>

#include "shell/expand/expand.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "shell/expand/arith.h"
#include "shell/expand/brace.h"
#include "shell/expand/fields.h"
#include "shell/expand/locale.h"
#include "shell/expand/param.h"
#include "shell/expand/param_op.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"

/* One word while it is expanded. */
struct xctx {
	struct shell *sh;
	struct xword x;
	enum fields_attr lit; /* the mark of unquoted literal text: ATTR_EXP inside ${name-word} */
};

static int expand_parts(struct xctx *c, const struct ast_part *p);

static enum fields_attr attr_of(const struct ast_part *p)
{
	return p->quoted ? ATTR_QUOTED : ATTR_EXP;
}

/* Appends what a quoted or unquoted expansion came to. */
static void put_value(struct xctx *c, const struct ast_part *p, const char *s, size_t len)
{
	if (len != 0)
		xword_add(&c->x, s, len, attr_of(p));
	else if (p->quoted)
		xword_mark(&c->x, ATTR_EMPTY);
}

char *expand_tilde(struct shell *sh, const char *name)
{
	const char *home = NULL;

	if (*name == '\0') {
		home = var_text(sh, "HOME");
	} else {
		struct passwd *pw = getpwnam(name);

		home = pw != NULL ? pw->pw_dir : NULL;
	}
	return home != NULL ? arena_strndup(sh->arena, home, strlen(home)) : NULL;
}

static void put_tilde(struct xctx *c, const struct ast_part *p)
{
	const char *home = expand_tilde(c->sh, p->tilde);

	if (home == NULL) {
		xword_add(&c->x, "~", 1, ATTR_QUOTED);
		xword_add(&c->x, p->tilde, strlen(p->tilde), ATTR_QUOTED);
	} else if (*home == '\0') {
		xword_mark(&c->x, ATTR_EMPTY);
	} else {
		size_t len = strlen(home);

		/* ~/x with HOME=/ is /x (POSIX.1-2024 XCU 2.6.1) */
		if (p->next != NULL && p->next->kind == AST_LIT && !p->next->quoted &&
		    p->next->text[0] == '/' && home[len - 1] == '/')
			len--;
		xword_add(&c->x, home, len, ATTR_QUOTED);
	}
}

static char ifs_first(struct shell *sh)
{
	const char *ifs = var_text(sh, "IFS");

	return ifs == NULL ? ' ' : *ifs; /* '\0': nothing between what is joined */
}

/* $* and $@; `v` may be the parameters themselves or what an operator made of them. */
static void put_all(struct xctx *c, const struct ast_part *p, char *const *v, size_t n)
{
	bool joined = p->param.name[0] == '*' && p->quoted;
	char sep = joined ? ifs_first(c->sh) : '\0';
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (i != 0 && !joined)
			xword_mark(&c->x, ATTR_BREAK);
		else if (i != 0 && sep != '\0')
			xword_add(&c->x, &sep, 1, ATTR_QUOTED);
		any |= v[i][0] != '\0' || (i != 0 && sep != '\0');
		if (v[i][0] != '\0')
			xword_add(&c->x, v[i], strlen(v[i]), attr_of(p));
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

static int not_set(struct shell *sh, const char *name)
{
	return sh_abort(sh, 2, "%s: parameter not set", name);
}

/* The argument of an operator as one string. */
static char *arg_string(struct shell *sh, const struct ast_word *arg)
{
	return arg->parts == NULL ? arena_strndup(sh->arena, "", 0) : expand_string(sh, arg);
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
	if (p->param.arg->parts == NULL && p->quoted)
		xword_mark(&c->x, ATTR_EMPTY);
	r = expand_parts(c, p->param.arg->parts);
	c->lit = lit;
	return r;
}

static int put_length(struct xctx *c, const struct ast_part *p, const char *value)
{
	char buf[DECIMAL_MAX], *s;
	size_t n;

	if (is_all(p->param.name)) {
		n = c->sh->params->n;
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
	put_value(c, p, s, strlen(s));
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
	put_all(c, p, v + from, (size_t)count);
	return 0;
}

/* ${name#pattern}, and all that make another value of a value. */
static int put_changed(struct xctx *c, const struct ast_part *p, const char *value)
{
	struct shell *sh = c->sh;
	struct param_op o;
	char *copy = NULL;

	if (value == NULL && !is_all(p->param.name) && opt(sh, OPT_NOUNSET))
		return not_set(sh, p->param.name);
	if (value != NULL) /* the arguments may assign to the parameter */
		copy = arena_strndup(sh->arena, value, strlen(value));
	if (param_op_prepare(sh, p, &o) < 0)
		return -1;
	if (is_all(p->param.name)) {
		size_t n = sh->params->n;
		char **v = arena_alloc(sh->arena, (n + 1) * sizeof(*v));

		if (o.op == AST_PARAM_SLICE)
			return put_params_slice(c, p, &o);
		for (size_t i = 0; i < n; i++)
			if ((v[i] = param_op_apply(sh, p, &o, sh->params->v[i])) == NULL)
				return -1;
		put_all(c, p, v, n);
		return 0;
	}
	if (copy == NULL && o.op == AST_PARAM_TRANSFORM) /* ${unset@Q} is nothing, not '' */
		copy = arena_strndup(sh->arena, "", 0);
	else
		copy = param_op_apply(sh, p, &o, copy != NULL ? copy : "");
	if (copy == NULL)
		return -1;
	put_value(c, p, copy, strlen(copy));
	return 0;
}

/* ${!prefix*} and ${!prefix@}: the names of the variables that begin so, as "$*" and "$@" would be. */
static int put_names(struct xctx *c, const struct ast_part *p)
{
	const char *prefix = p->param.name;
	struct ast_part like = *p;
	size_t n, found = 0;
	const struct var **all = var_sorted(c->sh, &n);
	char **v = arena_alloc(c->sh->arena, (n + 1) * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		if (var_value(all[i]) != NULL && all[i]->name_len >= strlen(prefix) &&
		    strncmp(all[i]->text, prefix, strlen(prefix)) == 0)
			v[found++] = arena_strndup(c->sh->arena, all[i]->text, all[i]->name_len);
	free(all);
	like.param.name = p->param.arg->parts->text;
	put_all(c, &like, v, found);
	return 0;
}

static int put_param(struct xctx *c, const struct ast_part *p);

/* ${!name…}: what ${…} would be with the name that is the value. */
static int put_indirect(struct xctx *c, const struct ast_part *p)
{
	struct ast_part target = *p;
	char buf[PARAM_ROOM];
	const char *name = param_get(c->sh, p->param.name, buf);
	bool number = name != NULL && *name != '\0' && name[strspn(name, "0123456789")] == '\0';
	bool special = name != NULL && *name != '\0' && name[1] == '\0' && strchr("@*#?-$!", *name) != NULL;

	if (name == NULL || (!name_valid(name) && !number && !special))
		return sh_abort(c->sh, 1, "${!%s}: %s", p->param.name,
				name == NULL ? "parameter not set" : "its value is no name");
	target.indirect = false;
	target.param.name = arena_strndup(c->sh->arena, name, strlen(name));
	return put_param(c, &target);
}

/* ${name=word} */
static int put_assigned(struct xctx *c, const struct ast_part *p)
{
	char *s;

	if (!name_valid(p->param.name))
		return sh_abort(c->sh, 2, "%s: cannot assign in this way", p->param.name);
	s = arg_string(c->sh, p->param.arg);
	if (s == NULL)
		return -1;
	if (var_set(c->sh, p->param.name, s, 0) < 0)
		return sh_abort(c->sh, 2, "%s: is read-only", p->param.name);
	put_value(c, p, s, strlen(s));
	return 0;
}

/* ${name?word} */
static int report_unset(struct xctx *c, const struct ast_part *p)
{
	char *s;

	if (p->param.arg->parts == NULL)
		return sh_abort(c->sh, 2, "%s: parameter %s", p->param.name,
				p->colon ? "null or not set" : "not set");
	s = arg_string(c->sh, p->param.arg);
	if (s == NULL)
		return -1;
	return sh_abort(c->sh, 2, "%s: %s", p->param.name, s);
}

/* ${…}: the value, and what its operator makes of it (XCU 2.6.2). */
static int put_param(struct xctx *c, const struct ast_part *p)
{
	struct shell *sh = c->sh;
	const char *name = p->param.name, *value;
	bool all = is_all(name), null;
	char buf[PARAM_ROOM];

	if (p->indirect)
		return put_indirect(c, p);
	value = all ? (sh->params->n != 0 ? "" : NULL) : param_get(sh, name, buf);
	null = value == NULL;
	if (!null && p->colon)
		null = all ? sh->params->n == 1 && sh->params->v[0][0] == '\0' : *value == '\0';
	switch (p->op) {
	case AST_PARAM_PLAIN:
		break;
	case AST_PARAM_LENGTH:
		return put_length(c, p, value);
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
		if (p->quoted)
			xword_mark(&c->x, ATTR_EMPTY);
		return 0;
	case AST_PARAM_NAMES:
		return put_names(c, p);
	case AST_PARAM_BAD:
		return sh_abort(sh, 2, "${%s}: bad substitution", name);
	default:
		return put_changed(c, p, value);
	}
	if (all) {
		put_all(c, p, sh->params->v, sh->params->n);
		return 0;
	}
	if (value == NULL && opt(sh, OPT_NOUNSET))
		return not_set(sh, name);
	put_value(c, p, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
	return 0;
}

static int put_command(struct xctx *c, const struct ast_part *p)
{
	struct strbuf out = { 0 };

	if (p->cmd == NULL) {
		c->sh->frame.subst_status = 0;
	} else if (c->sh->subst(c->sh, p->cmd, &out) < 0) {
		strbuf_release(&out);
		return -1;
	}
	while (out.len != 0 && out.s[out.len - 1] == '\n')
		out.len--;
	put_value(c, p, strbuf_str(&out), out.len);
	strbuf_release(&out);
	return 0;
}

static int put_arith(struct xctx *c, const struct ast_part *p)
{
	char *expr = p->arith->parts != NULL ? expand_string(c->sh, p->arith) : NULL;
	char buf[DECIMAL_MAX], *why = NULL;
	int64_t v = 0;

	if (p->arith->parts != NULL && expr == NULL)
		return -1;
	if (expr != NULL && arith_eval(c->sh, expr, &v, &why) < 0) {
		if (c->sh->frame.effects == EFFECTS_WANTED)
			return -1; /* it would assign: a subshell is going to do it */
		sh_abort(c->sh, 2, "%s", why != NULL ? why : "arithmetic error");
		free(why);
		return -1;
	}
	expr = decimal_print(buf, v);
	put_value(c, p, expr, strlen(expr));
	return 0;
}

static int expand_parts(struct xctx *c, const struct ast_part *p)
{
	int r = 0;

	for (; r == 0 && p != NULL; p = p->next) {
		switch (p->kind) {
		case AST_LIT:
			if (p->len != 0)
				xword_add(&c->x, p->text, p->len, p->quoted ? ATTR_QUOTED : c->lit);
			else
				xword_mark(&c->x, ATTR_EMPTY);
			break;
		case AST_PARAM:
			r = put_param(c, p);
			break;
		case AST_CMDSUB:
			r = put_command(c, p);
			break;
		case AST_ARITH:
			r = put_arith(c, p);
			break;
		case AST_TILDE:
			put_tilde(c, p);
			break;
		}
	}
	return r;
}

static void ctx_init(struct xctx *c, struct shell *sh)
{
	c->sh = sh;
	c->lit = ATTR_LIT;
	xword_init(&c->x);
}

/* The value of a word that is one plain parameter; NULL: it is another word, or unset. */
static const char *lone_value(struct shell *sh, const struct ast_word *w, char buf[PARAM_ROOM])
{
	const struct ast_part *p = w->parts;

	if (p == NULL || p->next != NULL || p->kind != AST_PARAM || p->op != AST_PARAM_PLAIN || p->indirect ||
	    is_all(p->param.name))
		return NULL;
	return param_get(sh, p->param.name, buf);
}

/* True for a value that is one field and no pattern; false, too, where IFS is not the usual one. */
static bool is_one_field(struct shell *sh, const char *s)
{
	const char *ifs = var_text(sh, "IFS");

	if (*s == '\0' || (ifs != NULL && strcmp(ifs, " \t\n") != 0))
		return false;
	return strpbrk(s, " \t\n*?[") == NULL;
}

/* The separator where $* and $@ are not split into fields. */
static char join_char(struct shell *sh, const struct ast_word *w)
{
	for (const struct ast_part *p = w->parts; p != NULL; p = p->next)
		if (p->kind == AST_PARAM && p->param.name[0] == '*')
			return ifs_first(sh);
	return ' ';
}

char *expand_text(struct shell *sh, const struct ast_word *w, size_t *ret_len)
{
	const char *value;
	struct xctx c;
	char *s = NULL, buf[PARAM_ROOM];

	if (w->plain != NULL) {
		size_t len = strlen(w->plain);

		if (ret_len != NULL)
			*ret_len = len;
		return arena_strndup(sh->arena, w->plain, len);
	}
	value = lone_value(sh, w, buf);
	if (value != NULL) {
		size_t len = strlen(value);

		if (ret_len != NULL)
			*ret_len = len;
		return arena_strndup(sh->arena, value, len);
	}
	ctx_init(&c, sh);
	if (expand_parts(&c, w->parts) == 0)
		s = fields_join(sh, &c.x, join_char(sh, w), ret_len);
	xword_release(&c.x);
	return s;
}

char *expand_string(struct shell *sh, const struct ast_word *w)
{
	return expand_text(sh, w, NULL);
}

char *expand_pattern(struct shell *sh, const struct ast_word *w)
{
	const struct ast_part *p = w->parts;
	struct xctx c;
	char *s = NULL;

	if (p == NULL && w->plain != NULL)
		return arena_strndup(sh->arena, w->plain, strlen(w->plain));
	if (p != NULL && p->next == NULL && p->kind == AST_LIT && !p->quoted)
		return arena_strndup(sh->arena, p->text, p->len);
	ctx_init(&c, sh);
	if (expand_parts(&c, p) == 0)
		s = fields_pattern(sh, &c.x);
	xword_release(&c.x);
	return s;
}

char *expand_regex(struct shell *sh, const struct ast_word *w)
{
	struct xctx c;
	char *s = NULL;

	ctx_init(&c, sh);
	if (expand_parts(&c, w->parts) == 0)
		s = fields_regex(sh, &c.x);
	xword_release(&c.x);
	return s;
}

int expand_words(struct shell *sh, const struct ast_word *w, struct fields *ret)
{
	for (; w != NULL; w = w->next) {
		if (w->braces && !opt(sh, OPT_POSIX)) {
			const struct ast_word *words = brace_expand(sh, w);

			if (sh->frame.flow.kind != FLOW_NONE || expand_words(sh, words, ret) < 0)
				return -1;
			continue;
		}
		const char *value;
		struct xctx c;
		char buf[PARAM_ROOM];
		int r = 0;

		if (w->plain != NULL) {
			fields_add(sh, ret, (char *)(uintptr_t)w->plain);
			continue;
		}
		value = lone_value(sh, w, buf);
		if (value != NULL && (w->parts->quoted || w->assignment || is_one_field(sh, value))) {
			fields_add(sh, ret, arena_strndup(sh->arena, value, strlen(value)));
			continue;
		}
		ctx_init(&c, sh);
		if (value != NULL) /* looked up once: RANDOM has another value each time */
			put_value(&c, w->parts, value, strlen(value));
		else
			r = expand_parts(&c, w->parts);
		if (r == 0 && w->assignment)
			fields_add(sh, ret, fields_join(sh, &c.x, join_char(sh, w), NULL));
		else if (r == 0)
			fields_split(sh, &c.x, ret);
		xword_release(&c.x);
		if (r < 0)
			return -1;
	}
	return 0;
}

char *expand_dquoted(struct shell *sh, const char *text)
{
	struct arena *a = arena_new(), *outer = sh->frame.ast;
	struct ast_word *w = parser_dquoted(a, text);
	char *s = NULL;

	sh->frame.ast = a; /* a function that a substitution in it defines holds this arena */
	if (w != NULL)
		s = w->parts == NULL ? arena_strndup(sh->arena, "", 0) : expand_string(sh, w);
	sh->frame.ast = outer;
	arena_free(a);
	return s;
}
