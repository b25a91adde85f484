#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/condition.h"
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

/* A primary with two operands (XCU test). */
static bool binary(struct tester *t, const char *a, enum condition op, const char *b)
{
	return op < CONDITION_EQ || op > CONDITION_LE ? condition_binary(a, op, b) :
							condition_numbers(number(t, a), op, number(t, b));
}

/* -a or -o between two expressions (XSI). */
static bool joins(const char *s)
{
	return strcmp(s, "-a") == 0 || strcmp(s, "-o") == 0;
}

/* A primary, ! or ( … ), by the operands that are left. */
static bool parse_primary(struct tester *t)
{
	const char *s;

	if (t->i >= t->n)
		return fail(t, t->n != 0 ? t->v[t->n - 1] : "", "an argument is needed");
	s = t->v[t->i];
	if (t->n - t->i >= 3 && condition_find(t->v[t->i + 1]) != CONDITION_NONE) {
		bool r = binary(t, s, condition_find(t->v[t->i + 1]), t->v[t->i + 2]);

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
	/* `-v -a x`: there the first is a text */
	if (condition_is_unary(s) && t->n - t->i >= 2 && !(t->n - t->i >= 3 && joins(t->v[t->i + 1]))) {
		t->i += 2;
		return condition_unary(t->sh, s[1], t->v[t->i - 1]);
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
		if (condition_is_unary(v[0]))
			return condition_unary(t->sh, v[0][1], v[1]);
		return fail(t, v[0], "unknown operator");
	case 3:
		if (joins(v[1])) {
			t->i += 3;
			return v[1][1] == 'a' ? v[0][0] != '\0' && v[2][0] != '\0' : v[0][0] != '\0' || v[2][0] != '\0';
		}
		if (condition_find(v[1]) != CONDITION_NONE) {
			t->i += 3;
			return binary(t, v[0], condition_find(v[1]), v[2]);
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

/* let expression …: the last one's value as a status (not POSIX's, but bash's). */
int builtin_let(struct shell *sh, int argc, char **argv)
{
	int64_t v = 0;

	if (argc < 2)
		return builtin_usage(sh, "let");
	for (int i = 1; i < argc; i++)
		if (condition_evaluate(sh, argv[i], &v) < 0)
			return 1;
	return v == 0;
}
