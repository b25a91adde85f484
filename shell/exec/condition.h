#ifndef MISH_EXEC_CONDITION_H
#define MISH_EXEC_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "shell/parser/ast.h"
#include "shell/shell.h"

/* The primaries that test (XCU test) and `[[` share, with those of bash besides. */
enum condition {
	CONDITION_NONE = -1,
	CONDITION_SAME, CONDITION_SAME_TOO, CONDITION_OTHER, CONDITION_BEFORE, CONDITION_AFTER,
	CONDITION_EQ, CONDITION_NE, CONDITION_GT, CONDITION_GE, CONDITION_LT, CONDITION_LE,
	CONDITION_NEWER, CONDITION_OLDER, CONDITION_SAME_FILE,
};

/* The operator with two operands that this is, or CONDITION_NONE. */
enum condition condition_find(const char *s);
/* Of strings and files; and from CONDITION_EQ to CONDITION_LE of numbers. */
bool condition_binary(const char *a, enum condition op, const char *b);
bool condition_numbers(int64_t x, enum condition op, int64_t y);

/* Is it an operator with one operand, -f for instance? And is it so, with the letter of it? */
bool condition_is_unary(const char *s);
/* The i-th of them and then of the others, in `buf` or not; NULL past the end. */
const char *condition_operator(size_t i, char buf[3]);
bool condition_unary(struct shell *sh, char op, const char *s);

/* An expression (see arith.h): 0, or -1 with the message printed, under -u with the shell's end begun. */
int condition_evaluate(struct shell *sh, const char *text, int64_t *ret);
/* [[ … ]]: 0 true, 1 false, 2 with a message. */
int condition_run(struct shell *sh, const struct ast_condition *c);
/* An expression as in $((…)); one without text changes nothing. 0, or -1 with a message. */
int condition_let(struct shell *sh, const struct ast_word *w, int64_t *ret);

#endif
