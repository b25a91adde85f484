#include <config.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/expand/locale.h"
#include "shell/parser/chclass.h"

/* test and [ (XCU test): by the number of arguments up to four, then by grammar. */
struct tester {
	struct shell *sh;
	char **v;
	int n, i;
	bool failed;
};

static bool parse_or(struct tester *t);

static bool fail(struct tester *t, const char *what, const char *msg)
{
	if (!t->failed)
		sh_warn(t->sh, "test: %s: %s", what, msg);
	t->failed = true;
	return false;
}

static long long number(struct tester *t, const char *s)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(s, &end, 10);
	while (ch_is(*end, CH_WHITE))
		end++;
	if (end == s || *end != '\0' || errno != 0)
		fail(t, s, "not a number");
	return n;
}

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

enum binary_op {
	OP_NONE = -1,
	OP_SAME, OP_SAME_TOO, OP_OTHER, OP_BEFORE, OP_AFTER,
	OP_EQ, OP_NE, OP_GT, OP_GE, OP_LT, OP_LE,
	OP_NEWER, OP_OLDER, OP_SAME_FILE,
};

static const char *const binary_ops[] = {
	[OP_SAME] = "=",     [OP_SAME_TOO] = "==", [OP_OTHER] = "!=",	[OP_BEFORE] = "<",
	[OP_AFTER] = ">",    [OP_EQ] = "-eq",	   [OP_NE] = "-ne",	[OP_GT] = "-gt",
	[OP_GE] = "-ge",     [OP_LT] = "-lt",	   [OP_LE] = "-le",	[OP_NEWER] = "-nt",
	[OP_OLDER] = "-ot",  [OP_SAME_FILE] = "-ef",
};

static enum binary_op binary_op(const char *s)
{
	for (size_t i = 0; i < sizeof(binary_ops) / sizeof(binary_ops[0]); i++)
		/* most differ in the first bytes */
		if (s[0] == binary_ops[i][0] && s[1] == binary_ops[i][1] &&
		    strcmp(s, binary_ops[i]) == 0)
			return (enum binary_op)i;
	return OP_NONE;
}

/* A primary with two operands (XCU test). */
static bool binary(struct tester *t, const char *a, enum binary_op op, const char *b)
{
	long long x, y;

	switch (op) {
	case OP_SAME:
	case OP_SAME_TOO:
		return strcmp(a, b) == 0;
	case OP_OTHER:
		return strcmp(a, b) != 0;
	case OP_BEFORE:
		locale_need();
		return strcoll(a, b) < 0;
	case OP_AFTER:
		locale_need();
		return strcoll(a, b) > 0;
	case OP_NEWER:
		return newer(a, b) != 0;
	case OP_OLDER:
		return newer(b, a) != 0;
	case OP_SAME_FILE:
		return same_file(a, b);
	default:
		break;
	}
	x = number(t, a);
	y = number(t, b);
	switch (op) {
	case OP_EQ:
		return x == y;
	case OP_NE:
		return x != y;
	case OP_GT:
		return x > y;
	case OP_GE:
		return x >= y;
	case OP_LT:
		return x < y;
	default:
		return x <= y;
	}
}

static bool is_unary(const char *s)
{
	return s[0] == '-' && s[1] != '\0' && s[2] == '\0' &&
	       strchr("bcdefghLnprSstuwxzkOG", s[1]) != NULL;
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

/* A primary with one operand (XCU test). */
static bool unary(char op, const char *s)
{
	struct stat st;

	switch (op) {
	case 'n':
		return *s != '\0';
	case 'z':
		return *s == '\0';
	case 't':
		return is_terminal(s);
	case 'r':
		return eaccess(s, R_OK) == 0;
	case 'w':
		return eaccess(s, W_OK) == 0;
	case 'x':
		return eaccess(s, X_OK) == 0;
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
	case 'O':
		return st.st_uid == geteuid();
	case 'G':
		return st.st_gid == getegid();
	}
	return true; /* -e */
}

/* A primary, ! or ( … ), by the operands that are left. */
static bool parse_primary(struct tester *t)
{
	const char *s;

	if (t->i >= t->n)
		return fail(t, t->n != 0 ? t->v[t->n - 1] : "", "an argument is needed");
	s = t->v[t->i];
	if (t->n - t->i >= 3 && binary_op(t->v[t->i + 1]) != OP_NONE) {
		bool r = binary(t, s, binary_op(t->v[t->i + 1]), t->v[t->i + 2]);

		t->i += 3;
		return r;
	}
	if (strcmp(s, "!") == 0 && t->n - t->i > 1) {
		t->i++;
		return !parse_primary(t);
	}
	if (strcmp(s, "(") == 0 && t->n - t->i > 2) {
		t->i++;
		bool r = parse_or(t);

		if (t->i >= t->n || strcmp(t->v[t->i], ")") != 0)
			return fail(t, "(", "missing )");
		t->i++;
		return r;
	}
	if (is_unary(s) && t->n - t->i >= 2) {
		t->i += 2;
		return unary(s[1], t->v[t->i - 1]);
	}
	t->i++;
	return *s != '\0';
}

static bool parse_and(struct tester *t)
{
	bool r = parse_primary(t);

	while (!t->failed && t->i < t->n && strcmp(t->v[t->i], "-a") == 0) {
		t->i++;
		r &= parse_primary(t);
	}
	return r;
}

static bool parse_or(struct tester *t)
{
	bool r = parse_and(t);

	while (!t->failed && t->i < t->n && strcmp(t->v[t->i], "-o") == 0) {
		t->i++;
		r |= parse_and(t);
	}
	return r;
}

/* By the number of arguments (XCU test); where that leaves it open, by the grammar. */
static bool evaluate(struct tester *t)
{
	char **v = t->v + t->i;

	switch (t->n - t->i) {
	case 0:
		return false;
	case 1:
		t->i++;
		return v[0][0] != '\0';
	case 2:
		t->i += 2;
		if (strcmp(v[0], "!") == 0)
			return v[1][0] == '\0';
		if (is_unary(v[0]))
			return unary(v[0][1], v[1]);
		return fail(t, v[0], "unknown operator");
	case 3:
		if (binary_op(v[1]) != OP_NONE) {
			t->i += 3;
			return binary(t, v[0], binary_op(v[1]), v[2]);
		}
		if (strcmp(v[0], "!") == 0) {
			t->i++;
			return !evaluate(t);
		}
		if (strcmp(v[0], "(") == 0 && strcmp(v[2], ")") == 0) {
			t->i += 3;
			return v[1][0] != '\0';
		}
		break;
	case 4:
		if (strcmp(v[0], "!") == 0) {
			t->i++;
			return !evaluate(t);
		}
		if (strcmp(v[0], "(") == 0 && strcmp(v[3], ")") == 0) {
			struct tester inner = { .sh = t->sh, .v = t->v, .n = t->n - 1, .i = t->i + 1 };
			bool r = evaluate(&inner);

			t->failed |= inner.failed;
			t->i = t->n;
			return r;
		}
		break;
	}
	return parse_or(t);
}

int builtin_test(struct shell *sh, int argc, char **argv)
{
	struct tester t = { .sh = sh, .v = argv, .n = argc, .i = 1 };
	bool r;

	if (argv[0][0] == '[') {
		if (strcmp(argv[argc - 1], "]") != 0 || argc < 2) {
			sh_warn(sh, "[: missing ]");
			return 2;
		}
		t.n--;
	}
	r = evaluate(&t);
	if (!t.failed && t.i < t.n)
		fail(&t, t.v[t.i], "unexpected argument");
	return t.failed ? 2 : !r;
}
