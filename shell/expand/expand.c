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
#include "shell/expand/element.h"
#include "shell/expand/fields.h"
#include "shell/expand/locale.h"
#include "shell/expand/param.h"
#include "shell/expand/pattern.h"
#include "shell/expand/substitute.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"

void xctx_put(struct xctx *c, const struct ast_part *p, const char *s, size_t len)
{
	if (len != 0)
		xword_add(&c->x, s, len, p->quoted ? ATTR_QUOTED : ATTR_EXP);
	else if (p->quoted)
		xword_mark(&c->x, ATTR_EMPTY);
}

/* ~N, ~+N, ~-N: an entry of DIRSTACK, counted from its beginning or its end. NULL: there is none. */
static const char *directory(struct shell *sh, const char *name)
{
	struct value v = var_get(sh, "DIRSTACK", 8);
	char *end;
	long n = strtol(name + (*name == '+' || *name == '-'), &end, 10);

	if (*end != '\0' || v.kind != VALUE_ARRAY)
		return NULL;
	if (*name == '-')
		n = (long)array_len(v.array) - 1 - n;
	return array_get(v.array, (struct array_key){ .index = n });
}

char *expand_tilde(struct shell *sh, const char *name)
{
	const char *home = NULL;

	if (*name == '\0') {
		home = var_text(sh, "HOME");
	} else if (!opt(sh, OPT_POSIX) && strcmp(name, "+") == 0) { /* these are bash's */
		home = sh->pwd;
	} else if (!opt(sh, OPT_POSIX) && strcmp(name, "-") == 0) {
		home = var_text(sh, "OLDPWD");
	} else if (!opt(sh, OPT_POSIX) && name[strspn(name, "+-0123456789")] == '\0') {
		home = directory(sh, name);
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
		xword_add(&c->x, p->tilde, strlen(p->tilde), c->lit); /* it may be a pattern */
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

static int put_command(struct xctx *c, const struct ast_part *p)
{
	struct strbuf out = { 0 };

	if (p->cmd == NULL) {
		c->sh->frame.subst_status = 0;
	} else if (c->sh->hooks.subst(c->sh, p->cmd, &out) < 0) {
		strbuf_release(&out);
		return -1;
	}
	while (out.len != 0 && out.s[out.len - 1] == '\n')
		out.len--;
	xctx_put(c, p, strbuf_str(&out), out.len);
	strbuf_release(&out);
	return 0;
}

static int put_command_here(struct xctx *c, const struct ast_part *p)
{
	struct strbuf out = { 0 };
	bool reply = p->kind == AST_CMDSUB_REPLY;

	if (c->sh->frame.effects != EFFECTS_ON) {
		c->sh->frame.effects = EFFECTS_WANTED;
		return -1;
	}
	if (p->cmd == NULL)
		c->sh->frame.subst_status = 0;
	else if (c->sh->hooks.subst_here(c->sh, p->cmd, reply, &out) < 0) {
		strbuf_release(&out);
		return -1;
	}
	while (!reply && out.len != 0 && out.s[out.len - 1] == '\n')
		out.len--;
	xctx_put(c, p, strbuf_str(&out), out.len);
	strbuf_release(&out);
	return 0;
}

static int put_process(struct xctx *c, const struct ast_part *p)
{
	const char *name;

	if (c->sh->frame.effects != EFFECTS_ON) {
		c->sh->frame.effects = EFFECTS_WANTED;
		return -1;
	}
	name = c->sh->hooks.procsub(c->sh, p->cmd, p->kind == AST_PROCESS_OUT);
	if (name != NULL)
		xword_add(&c->x, name, strlen(name), ATTR_QUOTED);
	return name != NULL ? 0 : -1;
}

static int put_arith(struct xctx *c, const struct ast_part *p)
{
	char *expr = p->arith->parts != NULL ? expand_string(c->sh, p->arith) : NULL;
	char buf[DECIMAL_MAX];
	int64_t v = 0;

	if (p->arith->parts != NULL && (expr == NULL || arith_number(c->sh, 2, expr, &v) < 0))
		return -1;
	expr = decimal_print(buf, v);
	xctx_put(c, p, expr, strlen(expr));
	return 0;
}

int xctx_parts(struct xctx *c, const struct ast_part *p)
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
			r = substitute(c, p);
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
		case AST_ARRAY: /* declare has it, see expand.h */
			break;
		case AST_CMDSUB_HERE:
		case AST_CMDSUB_REPLY:
			r = put_command_here(c, p);
			break;
		case AST_PROCESS_IN:
		case AST_PROCESS_OUT:
			r = put_process(c, p);
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
	    p->subscript || p->param.name[0] == '@' || p->param.name[0] == '*')
		return NULL;
	return param_get(sh, p->param.name, buf);
}

/* True for a value that is one field and no pattern; false, too, where IFS is not the usual one. */
static bool is_one_field(struct shell *sh, const char *s)
{
	const char *ifs = var_text(sh, "IFS");

	if (*s == '\0' || (ifs != NULL && strcmp(ifs, " \t\n") != 0))
		return false;
	return s[strcspn(s, " \t\n*?[")] == '\0';
}

/* The word's text with the separator where $* and $@ are not split into fields. */
static char *join(struct shell *sh, const struct ast_word *w, const struct xword *x, size_t *ret_len)
{
	const char *sep = " ";
	size_t len = 1;

	for (const struct ast_part *p = w->parts; p != NULL; p = p->next)
		if (p->kind == AST_PARAM && (p->subscript ? element_all(ast_subscript(p)) == '*' : p->param.name[0] == '*')) {
			sep = substitute_ifs(sh, &len);
			break;
		}
	return fields_join(sh, x, sep, len, ret_len);
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
	if (xctx_parts(&c, w->parts) == 0)
		s = join(sh, w, &c.x, ret_len);
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

	if (p == NULL && w->plain != NULL && strchr(w->plain, '(') == NULL)
		return arena_strndup(sh->arena, w->plain, strlen(w->plain));
	if (p != NULL && p->next == NULL && p->kind == AST_LIT && !p->quoted && memchr(p->text, '(', p->len) == NULL)
		return arena_strndup(sh->arena, p->text, p->len);
	ctx_init(&c, sh);
	if (p == NULL && w->plain != NULL)
		xword_add(&c.x, w->plain, strlen(w->plain), ATTR_LIT);
	if (xctx_parts(&c, p) == 0)
		s = fields_pattern(sh, &c.x);
	xword_release(&c.x);
	return s;
}

bool expand_matches(struct shell *sh, const char *pattern, const char *s)
{
	if (opt(sh, OPT_NOCASEMATCH)) {
		pattern = locale_fold(sh, pattern);
		s = locale_fold(sh, s);
	}
	return pattern_match(pattern, s, strlen(s));
}

char *expand_regex(struct shell *sh, const struct ast_word *w)
{
	struct xctx c;
	char *s = NULL;

	ctx_init(&c, sh);
	if (xctx_parts(&c, w->parts) == 0)
		s = fields_regex(sh, &c.x);
	xword_release(&c.x);
	return s;
}

/* NAME=value, or NAME=(…): of that the command finds the elements by where its argument is. */
static void add_assignment(struct shell *sh, const struct ast_word *w, char *s, struct fields *ret)
{
	const struct ast_part *p = w->parts;
	struct array_word *a;

	fields_add(sh, ret, s);
	while (p != NULL && p->kind != AST_ARRAY)
		p = p->next;
	if (p == NULL)
		return;
	a = arena_alloc(sh->arena, sizeof(*a));
	*a = (struct array_word){ sh->frame.arrays, s, p->array };
	sh->frame.arrays = a;
}

const struct array_word *expand_array_of(const struct shell *sh, const char *arg)
{
	const struct array_word *a = sh->frame.arrays;

	while (a != NULL && a->arg != arg)
		a = a->next;
	return a;
}

/* tcsh's =N and =- (the last) at a word's beginning: what it stands for, NULL: nothing. *ret_len: so much of the text it is. */
static const char *equals_directory(struct shell *sh, const char *text, size_t len, size_t *ret_len)
{
	const char *slash = memchr(text, '/', len);
	char name[24] = "-0";
	size_t n = slash != NULL ? (size_t)(slash - text) : len;

	*ret_len = n;
	if (n < 2 || *text != '=' || !opt(sh, OPT_INTERACTIVE) || opt(sh, OPT_POSIX))
		return NULL;
	if (n != 2 || text[1] != '-') {
		if (n > sizeof(name) || strspn(text + 1, "0123456789") < n - 1)
			return NULL;
		memcpy(name, text + 1, n - 1);
		name[n - 1] = '\0';
	}
	return directory(sh, name);
}

/* A plain word. */
static char *plain_field(struct shell *sh, const struct ast_word *w)
{
	const char *text = w->plain;
	struct strbuf b = { 0 };
	const char *dir;
	char *field;
	size_t n;

	dir = *text == '=' && (w->parts == NULL || (!w->parts->quoted && w->parts->next == NULL)) ? equals_directory(sh, text, strlen(text), &n) : NULL;
	if (dir == NULL)
		return (char *)(uintptr_t)text;
	strbuf_addf(&b, "%s%s", dir, text + n);
	field = arena_strndup(sh->arena, b.s, b.len);
	strbuf_release(&b);
	return field;
}

/* … and one with parts. */
static int put_parts(struct xctx *c, const struct ast_part *p)
{
	const char *dir;
	size_t n;

	if (p == NULL || p->kind != AST_LIT || p->quoted || p->len == 0 || p->text[0] != '=')
		return xctx_parts(c, p);
	dir = equals_directory(c->sh, p->text, p->len, &n);
	if (dir == NULL || (n == p->len && p->next != NULL))
		return xctx_parts(c, p);
	xword_add(&c->x, dir, strlen(dir), ATTR_QUOTED);
	xword_add(&c->x, p->text + n, p->len - n, c->lit);
	return xctx_parts(c, p->next);
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
			fields_add(sh, ret, plain_field(sh, w));
			continue;
		}
		value = lone_value(sh, w, buf);
		if (value != NULL && (w->parts->quoted || w->assignment || is_one_field(sh, value))) {
			fields_add(sh, ret, arena_strndup(sh->arena, value, strlen(value)));
			continue;
		}
		ctx_init(&c, sh);
		if (value != NULL) /* looked up once: RANDOM has another value each time */
			xctx_put(&c, w->parts, value, strlen(value));
		else
			r = put_parts(&c, w->parts);
		if (r == 0 && w->assignment)
			add_assignment(sh, w, join(sh, w, &c.x, NULL), ret);
		else if (r == 0)
			fields_split(sh, &c.x, ret);
		xword_release(&c.x);
		if (r < 0 || (opt(sh, OPT_FAILGLOB) && sh->frame.flow.kind != FLOW_NONE))
			return -1;
	}
	return 0;
}

char *expand_dquoted(struct shell *sh, const char *text)
{
	struct arena *a = arena_new(), *outer = sh->frame.ast;
	struct ast_word *w = parser_dquoted(a, text, opt(sh, OPT_POSIX));
	char *s = NULL;

	sh->frame.ast = a; /* a function that a substitution in it defines holds this arena */
	if (w != NULL)
		s = w->parts == NULL ? arena_strndup(sh->arena, "", 0) : expand_string(sh, w);
	sh->frame.ast = outer;
	arena_free(a);
	return s;
}
