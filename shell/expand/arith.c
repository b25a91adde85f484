#include <config.h>

#include "shell/expand/arith.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/expand/element.h"
#include "shell/expand/option.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/chclass.h"
#include "shell/parser/decimal.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"
#include "wire/text.h"

enum op {
	OP_NONE, OP_OR, OP_AND, OP_BITOR, OP_XOR, OP_BITAND, OP_EQ, OP_NE, OP_LT, OP_GT, OP_LE,
	OP_GE, OP_SHL, OP_SHR, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD,
	OP_POW, /* not POSIX's, but bash's, like base#n and the comma */
};

enum { TEXT_SHOWN = 60 };

struct arith {
	struct shell *sh;
	const char *s, *text; /* where it is, and where it began */
	char **why;
	bool failed;
	bool unset; /* what failed is -u */
	int skip;  /* >0: in a branch that is not taken: no effects, no errors */
	const char *var; /* name of the operand just read, when it can be assigned to */
	size_t var_len;
};

static int64_t parse_assign(struct arith *a);
static int64_t parse_comma(struct arith *a);

/* Notes the first error. */
static void fail(struct arith *a, const char *msg)
{
	if (a->failed)
		return;
	a->failed = true;
	if (a->why != NULL && asprintf(a->why, "arithmetic: %s: \"%.*s%s\"", msg, TEXT_SHOWN, a->text, strlen(a->text) > TEXT_SHOWN ? "..." : "") < 0)
		*a->why = NULL;
	if (a->why != NULL && *a->why != NULL)
		text_clean(*a->why); /* a value may be anybody's */
}

/* Is there room for one more in parentheses, an assignment, a variable in a variable? */
static bool may_nest(struct arith *a)
{
	if (sh_stack_is_full(a->sh))
		fail(a, "nested too deeply");
	return !a->failed;
}

static void fail_unset(struct arith *a, const char *name, size_t len)
{
	if (a->failed)
		return;
	a->failed = a->unset = true;
	if (a->why != NULL && asprintf(a->why, "%.*s: parameter not set", (int)len, name) < 0)
		*a->why = NULL;
}

static void skip_space(struct arith *a)
{
	while (ch_is(*a->s, CH_WHITE))
		a->s++;
}

/* The value of a digit in a base up to 64: 0-9 a-z A-Z @ _, where up to 36 upper case is lower. */
static int digit(char c, int64_t base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + (base <= 36 ? 10 : 36);
	return c == '@' ? 62 : c == '_' ? 63 : INT_MAX;
}

/* base#digits; at the first digit. */
static int64_t in_base(struct arith *a, uint64_t base)
{
	uint64_t v = 0;
	const char *start = a->s;

	if (base < 2 || base > 64)
		fail(a, "a base from 2 to 64 is needed");
	for (; name_char((unsigned char)*a->s) || *a->s == '@'; a->s++) {
		int d = digit(*a->s, (int64_t)base);

		if ((uint64_t)d >= base)
			fail(a, "not a digit of that base");
		v = v * base + (uint64_t)d;
	}
	if (a->s == start)
		fail(a, "not a number");
	return (int64_t)v;
}

static int64_t number(struct arith *a)
{
	char *end;
	uint64_t v;

	for (v = 0, end = (char *)(uintptr_t)a->s; *end >= '0' && *end <= '9'; end++)
		v = v * 10 + (uint64_t)(*end - '0');
	if (end - a->s < 19 && *a->s != '0' && end != a->s && !name_char((unsigned char)*end)) {
		a->s = end; /* decimal, and small enough */
		if (*end != '#')
			return (int64_t)v;
		a->s++;
		return in_base(a, v);
	}
	errno = 0;
	v = strtoull(a->s, &end, 0);
	if (end == a->s || name_char((unsigned char)*end))
		fail(a, "not a number");
	if (errno == ERANGE)
		fail(a, "number too large");
	a->s = end;
	return (int64_t)v;
}

/* The usual value: decimal digits, perhaps a sign, so few that they fit. False: another one. */
static bool plain_number(const char *s, int64_t *ret)
{
	bool minus = *s == '-';
	const char *start;
	int64_t v = 0;

	s += minus;
	if (*s == '0' && s[1] == '\0') {
		*ret = 0;
		return true;
	}
	for (start = s; *s >= '0' && *s <= '9'; s++)
		if (s - start >= 18)
			return false;
		else
			v = v * 10 + (*s - '0');
	*ret = minus ? -v : v;
	return *s == '\0' && s != start && *start != '0';
}

/* The text of NAME or NAME[subscript]; NULL: it is not set, or (a->failed) makes no sense. */
static const char *operand_text(struct arith *a, const char *name, size_t len)
{
	struct element e;
	const char *s = NULL;

	if (name[len - 1] != ']')
		return value_text(var_get(a->sh, name, len));
	if (a->skip == 0 && element_in_arith(a->sh, name, len, &e)) {
		s = element_get(a->sh, &e);
		a->failed |= a->sh->frame.flow.kind != FLOW_NONE || a->sh->frame.effects == EFFECTS_WANTED;
	}
	return s;
}

static int64_t variable_value(struct arith *a, const char *name, size_t len)
{
	const char *s = operand_text(a, name, len);
	int64_t v = 0;

	if (a->failed)
		return 0;
	if (s == NULL) {
		if (opt(a->sh, OPT_NOUNSET) && a->skip == 0)
			fail_unset(a, name, len);
		return 0;
	}
	while (ch_is(*s, CH_WHITE))
		s++;
	if (a->skip > 0 || *s == '\0')
		return 0;
	if (plain_number(s, &v))
		return v;
	/* the value may be an expression, which may assign to it; one that names itself ends with the stack */
	s = arena_strndup(a->sh->arena, s, strlen(s));
	struct arith inner = { .sh = a->sh, .why = a->why, .text = s, .s = s };

	if (!may_nest(a))
		return 0;
	v = parse_comma(&inner);
	skip_space(&inner);
	if (!inner.failed && *inner.s != '\0')
		fail(&inner, "not a number");
	a->failed |= inner.failed;
	return v;
}

static void assign(struct arith *a, const char *name, size_t len, int64_t v)
{
	char buf[DECIMAL_MAX], room[64];
	struct element e = { .name = room };

	if (a->skip > 0 || a->failed)
		return;
	if (a->sh->frame.effects != EFFECTS_ON) {
		a->sh->frame.effects = EFFECTS_WANTED;
		a->failed = true;
		return;
	}
	if (len < sizeof(room) && name[len - 1] != ']') {
		memcpy(room, name, len);
		room[len] = '\0';
	} else if (!element_in_arith(a->sh, name, len, &e)) {
		fail(a, "syntax error");
		return;
	}
	if (e.subscript != NULL)
		a->failed |= element_set(a->sh, NULL, &e, decimal_print(buf, v), 0) < 0;
	else if (var_set(a->sh, e.name, decimal_print(buf, v), 0) < 0)
		fail(a, "variable is read-only");
}

/* A number, a variable, or an expression in parentheses (XCU 2.6.4). */
static int64_t parse_primary(struct arith *a)
{
	int64_t v;

	skip_space(a);
	a->var = NULL;
	if (*a->s == '(') {
		a->s++;
		if (!may_nest(a))
			return 0;
		v = parse_comma(a);
		skip_space(a);
		if (*a->s == ')')
			a->s++;
		else
			fail(a, "missing `)'");
		a->var = NULL;
		return v;
	}
	if (name_start((unsigned char)*a->s)) {
		const char *name = a->s;
		size_t len;

		while (name_char((unsigned char)*a->s))
			a->s++;
		if (!opt(a->sh, OPT_POSIX))
			a->s = element_end(a->s);
		len = (size_t)(a->s - name);
		name = a->skip == 0 ? element_once(a->sh, name, &len) : name;
		skip_space(a);
		/* in NAME=… the old value is of no use, and NAME may be unset */
		v = *a->s == '=' && a->s[1] != '=' ? 0 : variable_value(a, name, len);
		a->var = name;
		a->var_len = len;
		return v;
	}
	if (*a->s >= '0' && *a->s <= '9')
		return number(a);
	fail(a, *a->s == '\0' ? "operand expected" : "syntax error");
	return 0;
}

static int64_t parse_postfix(struct arith *a)
{
	int64_t v = parse_primary(a);

	skip_space(a);
	if (a->var != NULL && (*a->s == '+' || *a->s == '-') && a->s[1] == *a->s) {
		uint64_t d = *a->s == '+' ? 1 : UINT64_MAX;

		a->s += 2;
		assign(a, a->var, a->var_len, (int64_t)((uint64_t)v + d));
		a->var = NULL;
	}
	return v;
}

/* ++NAME or --NAME. */
static int64_t prefix_step(struct arith *a)
{
	uint64_t d = *a->s == '+' ? 1 : UINT64_MAX;
	int64_t v;

	a->s += 2;
	v = (int64_t)((uint64_t)parse_primary(a) + d); /* a name: is_step() saw it */
	assign(a, a->var, a->var_len, v);
	a->var = NULL;
	return v;
}

/* True for ++NAME and --NAME. */
static bool is_step(const struct arith *a)
{
	const char *s = a->s + 2;

	if ((*a->s != '+' && *a->s != '-') || a->s[1] != *a->s)
		return false;
	while (ch_is(*s, CH_WHITE))
		s++;
	return name_start((unsigned char)*s);
}

static int64_t parse_unary(struct arith *a)
{
	int64_t v;
	char c;

	skip_space(a);
	c = *a->s;
	if (is_step(a))
		return prefix_step(a);
	if (c != '-' && c != '+' && c != '~' && c != '!')
		return parse_postfix(a);
	a->s++;
	if (!may_nest(a))
		return 0;
	v = parse_unary(a);
	a->var = NULL;
	switch (c) {
	case '-':
		return (int64_t)(0 - (uint64_t)v);
	case '~':
		return ~v;
	case '!':
		return v == 0;
	}
	return v;
}

/*
 * The binary operator at the input, its length and how strongly it binds; OP_NONE: there is none.
 * `+=` and its like are assignments.
 */
static enum op peek_op(struct arith *a, int *ret_len, int *ret_prec)
{
	static const struct {
		signed char prec;
		unsigned char op, twice_prec, twice_op; /* of one such character, and of two */
	} ops[128] = {
		['|'] = { 3, OP_BITOR, 1, OP_OR },  ['&'] = { 5, OP_BITAND, 2, OP_AND },
		['='] = { 0, OP_NONE, 6, OP_EQ },   ['<'] = { 7, OP_LT, 8, OP_SHL },
		['>'] = { 7, OP_GT, 8, OP_SHR },    ['^'] = { 4, OP_XOR, 0, OP_NONE },
		['+'] = { 9, OP_ADD, 0, OP_NONE },  ['-'] = { 9, OP_SUB, 0, OP_NONE },
		['*'] = { 10, OP_MUL, 11, OP_POW }, ['/'] = { 10, OP_DIV, 0, OP_NONE },
		['%'] = { 10, OP_MOD, 0, OP_NONE }, ['!'] = { 0, OP_NONE, 0, OP_NONE },
	};
	unsigned char c;
	enum op op;

	skip_space(a);
	c = (unsigned char)*a->s;
	*ret_prec = 0;
	if (c == '\0' || c >= 128)
		return OP_NONE;
	*ret_len = 1;
	*ret_prec = ops[c].prec;
	op = (enum op)ops[c].op;
	if ((unsigned char)a->s[1] == c && ops[c].twice_prec != 0) {
		*ret_len = 2;
		*ret_prec = ops[c].twice_prec;
		op = (enum op)ops[c].twice_op;
	} else if (a->s[1] == '=' && (c == '<' || c == '>' || c == '!')) {
		*ret_len = 2;
		*ret_prec = c == '!' ? 6 : 7;
		return c == '!' ? OP_NE : c == '<' ? OP_LE : OP_GE;
	}
	if (a->s[*ret_len] == '=' && op != OP_EQ && op != OP_OR && op != OP_AND) {
		*ret_prec = 0;
		return OP_NONE;
	}
	return op;
}

static int64_t power(uint64_t x, int64_t n)
{
	uint64_t v = 1;

	for (; n > 0; n >>= 1, x *= x)
		if ((n & 1) != 0)
			v *= x;
	return (int64_t)v;
}

/* x op y in 64 bits that wrap; division by zero is an error. */
static int64_t apply(struct arith *a, enum op op, int64_t x, int64_t y)
{
	uint64_t ux = (uint64_t)x, uy = (uint64_t)y;

	switch (op) {
	case OP_BITOR:
		return x | y;
	case OP_XOR:
		return x ^ y;
	case OP_BITAND:
		return x & y;
	case OP_EQ:
		return x == y;
	case OP_NE:
		return x != y;
	case OP_LT:
		return x < y;
	case OP_GT:
		return x > y;
	case OP_LE:
		return x <= y;
	case OP_GE:
		return x >= y;
	case OP_SHL:
		return (int64_t)(ux << (uy & 63));
	case OP_SHR:
		return x >> (uy & 63);
	case OP_ADD:
		return (int64_t)(ux + uy);
	case OP_SUB:
		return (int64_t)(ux - uy);
	case OP_MUL:
		return (int64_t)(ux * uy);
	case OP_DIV:
	case OP_MOD:
		if (y == 0) {
			if (a->skip == 0)
				fail(a, "division by zero");
			return 0;
		}
		if (y == -1) /* INT64_MIN / -1 traps */
			return op == OP_DIV ? (int64_t)(0 - ux) : 0;
		return op == OP_DIV ? x / y : x % y;
	case OP_POW:
		if (y < 0 && a->skip == 0)
			fail(a, "an exponent below 0");
		return power(ux, y);
	default:
		return 0;
	}
}

static int64_t parse_binary(struct arith *a, int min_prec)
{
	int64_t v = parse_unary(a);
	int len, prec;
	enum op op;

	while (!a->failed && (op = peek_op(a, &len, &prec)) != OP_NONE && prec >= min_prec) {
		a->s += len;
		if (op == OP_OR || op == OP_AND) {
			bool skip = op == OP_OR ? v != 0 : v == 0;

			a->skip += skip;
			int64_t y = parse_binary(a, prec + 1);

			a->skip -= skip;
			v = op == OP_OR ? v != 0 || y != 0 : v != 0 && y != 0;
		} else {
			/* ** binds to the right */
			if (op == OP_POW && !may_nest(a))
				return 0;
			v = apply(a, op, v, parse_binary(a, op == OP_POW ? prec : prec + 1));
		}
		a->var = NULL;
	}
	return v;
}

static int64_t parse_conditional(struct arith *a)
{
	int64_t v = parse_binary(a, 1), x, y;

	skip_space(a);
	if (*a->s != '?' || a->failed)
		return v;
	a->s++;
	if (!may_nest(a))
		return 0;
	a->skip += v == 0;
	x = parse_assign(a);
	a->skip -= v == 0;
	skip_space(a);
	if (*a->s != ':') {
		fail(a, "missing `:'");
		return 0;
	}
	a->s++;
	a->skip += v != 0;
	y = parse_conditional(a);
	a->skip -= v != 0;
	a->var = NULL;
	return v != 0 ? x : y;
}

/* The operator of a compound assignment at the input, or OP_NONE. */
static enum op assign_op(const char *s, int *ret_len)
{
	static const struct {
		char text[4];
		enum op op;
	} ops[] = {
		{ "*=", OP_MUL }, { "/=", OP_DIV }, { "%=", OP_MOD }, { "+=", OP_ADD },
		{ "-=", OP_SUB }, { "<<=", OP_SHL }, { ">>=", OP_SHR }, { "&=", OP_BITAND },
		{ "^=", OP_XOR }, { "|=", OP_BITOR },
	};

	for (size_t i = 0; *s != '\0' && *s != ')' && i < sizeof(ops) / sizeof(ops[0]); i++)
		if (strncmp(s, ops[i].text, strlen(ops[i].text)) == 0) {
			*ret_len = (int)strlen(ops[i].text);
			return ops[i].op;
		}
	return OP_NONE;
}

static int64_t parse_assign(struct arith *a)
{
	int64_t v = parse_conditional(a), y;
	const char *name = a->var;
	size_t len = a->var_len;
	enum op op;
	int n;

	if (name == NULL || a->failed)
		return v;
	skip_space(a);
	op = assign_op(a->s, &n);
	if (op == OP_NONE && (*a->s != '=' || a->s[1] == '='))
		return v;
	a->s += op == OP_NONE ? 1 : n;
	if (!may_nest(a))
		return 0;
	y = parse_assign(a);
	v = op == OP_NONE ? y : apply(a, op, v, y);
	assign(a, name, len, v);
	a->var = NULL;
	return v;
}

/* Expressions with commas between them: the value is the last one's. */
static int64_t parse_comma(struct arith *a)
{
	int64_t v = parse_assign(a);

	skip_space(a);
	while (*a->s == ',' && !a->failed) {
		a->s++;
		v = parse_assign(a);
		a->var = NULL;
		skip_space(a);
	}
	return v;
}

int arith_eval(struct shell *sh, const char *expr, int64_t *ret, char **why)
{
	struct arith a = { .sh = sh, .s = expr, .text = expr, .why = why };
	int64_t v;

	skip_space(&a);
	if (*a.s == '\0') {
		*ret = 0;
		return 0;
	}
	v = may_nest(&a) ? parse_comma(&a) : 0; /* a subscript in a subscript is an expression of its own */
	skip_space(&a);
	if (!a.failed && *a.s != '\0')
		fail(&a, "syntax error");
	if (a.failed)
		return a.unset ? -ENOENT : -1;
	*ret = v;
	return 0;
}

int arith_number(struct shell *sh, int status, const char *expr, int64_t *ret)
{
	char *why = NULL;
	int r = arith_eval(sh, expr, ret, &why);

	/* where it would assign and may not, a subshell is going to do it */
	if (r < 0 && sh->frame.effects != EFFECTS_WANTED && sh->frame.flow.kind == FLOW_NONE)
		sh_abort(sh, status, "%s", why != NULL ? why : "arithmetic error");
	free(why);
	return r < 0 ? -1 : 0;
}
