#include <config.h>

#include "shell/exec/condition.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/expand/arith.h"
#include "shell/expand/element.h"
#include "shell/expand/named.h"
#include "shell/expand/expand.h"
#include "shell/expand/locale.h"
#include "shell/expand/option.h"
#include "shell/expand/param.h"
#include "shell/expand/pattern.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/name.h"

static int newer(const char *a, const char *b)
{
	struct stat x, y;

	if (stat(a, &x) < 0)
		return 0;
	if (stat(b, &y) < 0)
		return 1;
	if (x.st_mtim.tv_sec != y.st_mtim.tv_sec)
		return x.st_mtim.tv_sec > y.st_mtim.tv_sec;
	return x.st_mtim.tv_nsec > y.st_mtim.tv_nsec;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static const char *const binary_ops[] = {
	[CONDITION_SAME] = "=",     [CONDITION_SAME_TOO] = "==", [CONDITION_OTHER] = "!=",	[CONDITION_BEFORE] = "<",
	[CONDITION_AFTER] = ">",    [CONDITION_EQ] = "-eq",	   [CONDITION_NE] = "-ne",	[CONDITION_GT] = "-gt",
	[CONDITION_GE] = "-ge",     [CONDITION_LT] = "-lt",	   [CONDITION_LE] = "-le",	[CONDITION_NEWER] = "-nt",
	[CONDITION_OLDER] = "-ot",  [CONDITION_SAME_FILE] = "-ef",
};

enum condition condition_find(const char *s)
{
	for (size_t i = 0; i < sizeof(binary_ops) / sizeof(binary_ops[0]); i++)
		/* most differ in the first bytes */
		if (s[0] == binary_ops[i][0] && s[1] == binary_ops[i][1] &&
		    strcmp(s, binary_ops[i]) == 0)
			return (enum condition)i;
	return CONDITION_NONE;
}

bool condition_numbers(int64_t x, enum condition op, int64_t y)
{
	switch (op) {
	case CONDITION_EQ:
		return x == y;
	case CONDITION_NE:
		return x != y;
	case CONDITION_GT:
		return x > y;
	case CONDITION_GE:
		return x >= y;
	case CONDITION_LT:
		return x < y;
	default:
		return x <= y;
	}
}

bool condition_binary(const char *a, enum condition op, const char *b)
{
	switch (op) {
	case CONDITION_SAME:
	case CONDITION_SAME_TOO:
		return strcmp(a, b) == 0;
	case CONDITION_OTHER:
		return strcmp(a, b) != 0;
	case CONDITION_BEFORE:
		locale_need();
		return strcoll(a, b) < 0;
	case CONDITION_AFTER:
		locale_need();
		return strcoll(a, b) > 0;
	case CONDITION_NEWER:
		return newer(a, b) != 0;
	case CONDITION_OLDER:
		return newer(b, a) != 0;
	case CONDITION_SAME_FILE:
		return same_file(a, b);
	default:
		return false;
	}
}

static const char unary_ops[] = "abcdefghLnoprSstuvwxzkOGNR";

bool condition_is_unary(const char *s)
{
	return s[0] == '-' && s[1] != '\0' && s[2] == '\0' && strchr(unary_ops, s[1]) != NULL;
}

const char *condition_operator(size_t i, char buf[3])
{
	size_t n = strlen(unary_ops);

	if (i >= n)
		return i - n < sizeof(binary_ops) / sizeof(binary_ops[0]) ? binary_ops[i - n] : NULL;
	memcpy(buf, (const char[]){ '-', unary_ops[i], '\0' }, 3);
	return buf;
}

/* -t: text that is no descriptor's number is no terminal, and no error (XCU test). */
static bool is_terminal(const char *s)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(s, &end, 10);
	return s[0] >= '0' && s[0] <= '9' && *end == '\0' && errno == 0 && n <= INT_MAX &&
	       isatty((int)n) != 0;
}

/* With the rights that opening it would be judged by. */
static bool is_allowed(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0;
}

/* -v: a parameter, a variable, or an element, of an array. */
static bool is_set(struct shell *sh, const char *s)
{
	char buf[PARAM_ROOM];
	struct element e;
	struct value v;

	if (!named_element(sh, s, &e))
		return param_get(sh, s, buf) != NULL;
	if (e.subscript == NULL || strlen(e.subscript) != 1 || strchr("@*", *e.subscript) == NULL)
		return element_get(sh, &e) != NULL;
	v = var_get(sh, e.name, strlen(e.name));
	return v.kind == VALUE_ARRAY ? array_len(v.array) != 0 : v.kind == VALUE_SCALAR;
}

bool condition_unary(struct shell *sh, char op, const char *s)
{
	const struct option_info *o;
	struct stat st;

	switch (op) {
	case 'n':
		return *s != '\0';
	case 'z':
		return *s == '\0';
	case 't':
		return is_terminal(s);
	case 'r':
		return is_allowed(s, R_OK);
	case 'w':
		return is_allowed(s, W_OK);
	case 'x':
		return is_allowed(s, X_OK);
	case 'v':
		return is_set(sh, s);
	case 'R':
		return name_valid(s) && var_find(sh, s) != NULL && (var_find(sh, s)->flags & VAR_REFERENCE) != 0;
	case 'o':
		o = option_by_name(s);
		return o != NULL && option_is_on(sh, o);
	case 'h':
	case 'L':
		return lstat(s, &st) == 0 && S_ISLNK(st.st_mode);
	}
	if (stat(s, &st) < 0)
		return false;
	switch (op) {
	case 'b':
		return S_ISBLK(st.st_mode);
	case 'c':
		return S_ISCHR(st.st_mode);
	case 'd':
		return S_ISDIR(st.st_mode);
	case 'f':
		return S_ISREG(st.st_mode);
	case 'p':
		return S_ISFIFO(st.st_mode);
	case 'S':
		return S_ISSOCK(st.st_mode);
	case 's':
		return st.st_size > 0;
	case 'g':
		return (st.st_mode & S_ISGID) != 0;
	case 'u':
		return (st.st_mode & S_ISUID) != 0;
	case 'k':
		return (st.st_mode & S_ISVTX) != 0;
	case 'N':
		return st.st_mtim.tv_sec > st.st_atim.tv_sec ||
		       (st.st_mtim.tv_sec == st.st_atim.tv_sec && st.st_mtim.tv_nsec > st.st_atim.tv_nsec);
	case 'O':
		return st.st_uid == geteuid();
	case 'G':
		return st.st_gid == getegid();
	}
	return true; /* -e, -a */
}

/* ---- (( … )) and [[ … ]] ---- */

int condition_evaluate(struct shell *sh, const char *text, int64_t *ret)
{
	char *why = NULL;
	int r = arith_eval(sh, text, ret, &why);

	if (r == -ENOENT)
		sh_abort(sh, 2, "%s", why != NULL ? why : "parameter not set");
	else if (r < 0)
		sh_warn(sh, "%s", why != NULL ? why : "arithmetic error"); /* of a subscript it was told */
	free(why);
	return r < 0 ? -1 : 0;
}

int condition_let(struct shell *sh, const struct ast_word *w, int64_t *ret)
{
	char *text;

	if (w->parts == NULL)
		return 0;
	text = expand_string(sh, w);
	return text != NULL ? condition_evaluate(sh, text, ret) : -1;
}

/* =~: what was quoted is itself. 0, 1, or 2 with a message. */
static int match_regex(struct shell *sh, const char *text, const char *regex)
{
	regmatch_t *found;
	struct array *groups = array_new(false);
	regex_t re;
	int r;

	locale_need();
	r = regcomp(&re, regex, REG_EXTENDED | (opt(sh, OPT_NOCASEMATCH) ? REG_ICASE : 0));
	if (r != 0) {
		char why[128];

		regerror(r, &re, why, sizeof(why));
		sh_warn(sh, "[[: %s: %s", regex, why);
		array_free(groups);
		return 2;
	}
	found = arena_alloc(sh->arena, (re.re_nsub + 1) * sizeof(*found));
	r = regexec(&re, text, re.re_nsub + 1, found, 0);
	for (size_t i = 0; r == 0 && i <= re.re_nsub; i++) {
		regoff_t from = found[i].rm_so, to = found[i].rm_eo;

		array_set(groups, (struct array_key){ .index = (int64_t)i },
			  from >= 0 ? arena_strndup(sh->arena, text + from, (size_t)(to - from)) : "");
	}
	regfree(&re);
	(void)var_set_array(sh, "BASH_REMATCH", groups);
	return r != 0;
}

/* In [[ … ]] patterns have groups whatever shopt says. */
static char *in_brackets_pattern(struct shell *sh, const struct ast_word *w)
{
	bool groups = opt(sh, OPT_EXTGLOB);
	char *s;

	opt_set(sh, OPT_EXTGLOB, true);
	s = expand_pattern(sh, w);
	opt_set(sh, OPT_EXTGLOB, groups);
	return s;
}

/* Two words and what is between them. */
static int run_binary(struct shell *sh, const struct ast_condition *c)
{
	enum condition op = condition_find(c->op);
	char *left = expand_string(sh, c->left), *right;
	int64_t x, y;

	if (left == NULL)
		return 2;
	if (strcmp(c->op, "=~") == 0) {
		right = expand_regex(sh, c->right);
		return right != NULL ? match_regex(sh, left, right) : 2;
	}
	if (op == CONDITION_SAME || op == CONDITION_SAME_TOO || op == CONDITION_OTHER) {
		right = in_brackets_pattern(sh, c->right);
		return right == NULL ? 2 : expand_matches(sh, right, left) != (op != CONDITION_OTHER);
	}
	right = expand_string(sh, c->right);
	if (right == NULL)
		return 2;
	if (op < CONDITION_EQ || op > CONDITION_LE)
		return !condition_binary(left, op, right);
	if (condition_evaluate(sh, left, &x) < 0 || condition_evaluate(sh, right, &y) < 0)
		return 1;
	return !condition_numbers(x, op, y);
}

int condition_run(struct shell *sh, const struct ast_condition *c)
{
	char *s;
	int r;

	for (; c->kind <= AST_CONDITION_AND; c = c->b) { /* operands, and the last */
		r = condition_run(sh, c->a);
		if (r != (c->kind == AST_CONDITION_OR))
			return r;
	}
	switch (c->kind) {
	case AST_CONDITION_OR:
	case AST_CONDITION_AND:
		return 2; /* not any more */
	case AST_CONDITION_NOT:
		r = condition_run(sh, c->a);
		return r <= 1 ? !r : r;
	case AST_CONDITION_BINARY:
		return run_binary(sh, c);
	case AST_CONDITION_UNARY:
	case AST_CONDITION_WORD:
		break;
	}
	s = expand_string(sh, c->left);
	if (s == NULL)
		return 2;
	return c->kind == AST_CONDITION_WORD ? *s == '\0' : !condition_unary(sh, c->op[1], s);
}
