#include <config.h>

#include "shell/expand/param_op.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "shell/expand/arith.h"
#include "shell/expand/expand.h"
#include "shell/expand/locale.h"
#include "shell/expand/pattern.h"
#include "shell/expand/quote.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"

/* Bytes of the character that begins here; one that is not valid is one byte. */
static size_t char_len(const char *s, wchar_t *ret)
{
	mbstate_t state = { 0 };
	size_t n = 1;

	*ret = (unsigned char)*s;
	if ((unsigned char)*s >= 0x80) {
		n = mbrtowc(ret, s, strnlen(s, MB_LEN_MAX), &state);
		if (n == 0 || n > MB_LEN_MAX) {
			n = 1;
			*ret = WEOF;
		}
	}
	return n;
}

static char *in_arena(struct shell *sh, struct strbuf *b)
{
	char *s = arena_strndup(sh->arena, strbuf_str(b), b->len);

	strbuf_release(b);
	return s;
}

/* ---- #, ##, %, %% ---- */

static char *trim(struct shell *sh, const struct param_op *o, const char *value)
{
	size_t len = strlen(value);
	bool longest = o->op == AST_PARAM_PREFIX_LONG || o->op == AST_PARAM_SUFFIX_LONG;
	long n;

	if (o->op == AST_PARAM_PREFIX || o->op == AST_PARAM_PREFIX_LONG) {
		n = pattern_prefix(o->pattern, value, len, longest);
		return n <= 0 ? arena_strndup(sh->arena, value, len)
			      : arena_strndup(sh->arena, value + n, len - (size_t)n);
	}
	n = pattern_suffix(o->pattern, value, len, longest);
	return arena_strndup(sh->arena, value, n <= 0 ? len : len - (size_t)n);
}

/* ---- / ---- */

/* At the beginning or the end, where the empty pattern matches, too. */
static char *replace_end(struct shell *sh, const struct param_op *o, const char *value)
{
	bool prefix = o->op == AST_PARAM_REPLACE_PREFIX;
	size_t len = strlen(value);
	long n = prefix ? pattern_prefix(o->pattern, value, len, true) : pattern_suffix(o->pattern, value, len, true);
	struct strbuf b = { 0 };

	if (n < 0)
		return arena_strndup(sh->arena, value, len);
	if (prefix)
		strbuf_adds(&b, o->text);
	strbuf_add(&b, prefix ? value + n : value, len - (size_t)n);
	if (!prefix)
		strbuf_adds(&b, o->text);
	return in_arena(sh, &b);
}

static char *replace(struct shell *sh, const struct param_op *o, const char *value)
{
	size_t left = strlen(value), step;
	struct strbuf b = { 0 };
	bool more = *o->pattern != '\0';
	wchar_t wc;
	long n;

	locale_need();
	if (more && left == 0 && pattern_match(o->pattern, "", 0))
		return arena_strndup(sh->arena, o->text, strlen(o->text));
	while (more && left != 0) {
		n = pattern_prefix(o->pattern, value, left, true);
		step = n > 0 ? (size_t)n : char_len(value, &wc);
		if (n > 0)
			strbuf_adds(&b, o->text);
		else
			strbuf_add(&b, value, step);
		more = n <= 0 || o->op == AST_PARAM_REPLACE_ALL;
		value += step;
		left -= step;
	}
	strbuf_add(&b, value, left);
	return in_arena(sh, &b);
}

/* ---- ^ and , ---- */

char *param_op_case(struct shell *sh, enum ast_param_op op, const char *pattern, const char *value)
{
	bool first = op == AST_PARAM_UPPER_FIRST || op == AST_PARAM_LOWER_FIRST;
	bool upper = op == AST_PARAM_UPPER_FIRST || op == AST_PARAM_UPPER;
	struct strbuf b = { 0 };
	char mb[MB_LEN_MAX];
	size_t n, made;
	wchar_t wc;

	locale_need();
	for (const char *s = value; *s != '\0'; s += n) {
		mbstate_t state = { 0 };

		n = char_len(s, &wc);
		made = (size_t)-1;
		if ((s == value || !first) && wc != (wchar_t)WEOF && (*pattern == '\0' || pattern_match(pattern, s, n)))
			made = wcrtomb(mb, (wchar_t)(upper ? towupper((wint_t)wc) : towlower((wint_t)wc)), &state);
		if (made != (size_t)-1)
			strbuf_add(&b, mb, made);
		else
			strbuf_add(&b, s, n);
	}
	return in_arena(sh, &b);
}

/* ---- : ---- */

int param_op_slice(struct shell *sh, const struct param_op *o, int64_t len, int64_t *ret_from, int64_t *ret_n)
{
	int64_t from = o->offset < 0 ? o->offset + len : o->offset, end = len;

	*ret_from = *ret_n = 0;
	if (from < 0 || from > len)
		return 0; /* nothing is there */
	if (!o->to_end && o->length < 0)
		end = len + o->length;
	else if (!o->to_end && o->length < len - from)
		end = from + o->length;
	if (end < from)
		return sh_abort(sh, 1, "%lld: the end would be before the beginning", (long long)o->length);
	*ret_from = from;
	*ret_n = end - from;
	return 0;
}

static char *slice(struct shell *sh, const struct param_op *o, const char *value)
{
	int64_t len = 0, from, n, i = 0;
	const char *begin, *end;
	wchar_t wc;

	locale_need();
	for (const char *s = value; *s != '\0'; s += char_len(s, &wc))
		len++;
	if (param_op_slice(sh, o, len, &from, &n) < 0)
		return NULL;
	for (begin = value; i < from; i++)
		begin += char_len(begin, &wc);
	for (end = begin; i < from + n; i++)
		end += char_len(end, &wc);
	return arena_strndup(sh->arena, begin, (size_t)(end - begin));
}

/* ---- @ ---- */

static char *transform(struct shell *sh, const struct ast_part *p, const struct param_op *o, const char *value)
{
	char *quoted, *s;

	switch (o->text[0] != '\0' && o->text[1] == '\0' ? o->text[0] : '\0') {
	case 'K':
	case 'k':
	case 'Q':
		quoted = quote_always(value);
		s = arena_strndup(sh->arena, quoted, strlen(quoted));
		free(quoted);
		return s;
	case 'U':
		return param_op_case(sh, AST_PARAM_UPPER, "", value);
	case 'u':
		return param_op_case(sh, AST_PARAM_UPPER_FIRST, "", value);
	case 'L':
		return param_op_case(sh, AST_PARAM_LOWER, "", value);
	case 'P':
		return (char *)(uintptr_t)sh->hooks.prompt(sh, value);
	default:
		sh_abort(sh, 1, "${%s@%s}: bad substitution", p->param.name, o->text);
		return NULL;
	}
}

/* ---- arguments ---- */

static int number(struct shell *sh, const struct ast_word *w, int64_t *ret)
{
	char *s = w->parts != NULL ? expand_string(sh, w) : NULL;

	*ret = 0;
	if (w->parts == NULL)
		return 0;
	return s != NULL ? arith_number(sh, 2, s, ret) : -1;
}

int param_op_prepare(struct shell *sh, const struct ast_part *p, struct param_op *ret)
{
	const struct ast_word *arg = ast_argument(p), *second = arg->next;

	*ret = (struct param_op){ .op = p->op, .pattern = "", .text = "", .to_end = second == NULL };
	if (p->op == AST_PARAM_SLICE && arg->parts == NULL && second == NULL)
		return sh_abort(sh, 2, "${%s:}: bad substitution", p->param.name);
	if (p->op == AST_PARAM_SLICE)
		return number(sh, arg, &ret->offset) < 0 || (second != NULL && number(sh, second, &ret->length) < 0) ?
			       -1 :
			       0;
	if (p->op == AST_PARAM_TRANSFORM) {
		ret->text = expand_string(sh, arg);
		return ret->text != NULL ? 0 : -1;
	}
	ret->pattern = expand_pattern(sh, arg);
	if (ret->pattern == NULL)
		return -1;
	if (second != NULL && second->parts != NULL)
		ret->text = expand_string(sh, second);
	return ret->text != NULL ? 0 : -1;
}

char *param_op_apply(struct shell *sh, const struct ast_part *p, const struct param_op *o, const char *value)
{
	switch (o->op) {
	case AST_PARAM_PREFIX:
	case AST_PARAM_PREFIX_LONG:
	case AST_PARAM_SUFFIX:
	case AST_PARAM_SUFFIX_LONG:
		return trim(sh, o, value);
	case AST_PARAM_REPLACE:
	case AST_PARAM_REPLACE_ALL:
		return replace(sh, o, value);
	case AST_PARAM_REPLACE_PREFIX:
	case AST_PARAM_REPLACE_SUFFIX:
		return replace_end(sh, o, value);
	case AST_PARAM_SLICE:
		return slice(sh, o, value);
	case AST_PARAM_TRANSFORM:
		return transform(sh, p, o, value);
	default:
		return param_op_case(sh, o->op, o->pattern, value);
	}
}
