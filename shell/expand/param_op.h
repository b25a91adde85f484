#ifndef MISH_EXPAND_PARAM_OP_H
#define MISH_EXPAND_PARAM_OP_H

#include <stdint.h>

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * The operators of ${…} that make another value of a value: #, ## and % of POSIX (XCU 2.6.2), and
 * bash's /, //, ^, , : and @. Their arguments are expanded once, also where there are many values.
 */
struct param_op {
	enum ast_param_op op;
	const char *pattern; /* "": none */
	const char *text;    /* what takes the place of a match; the letter of a transformation */
	int64_t offset, length;
	bool to_end; /* no length was given */
};

/* Expands the arguments. 0, or -1 with the message printed. */
int param_op_prepare(struct shell *sh, const struct ast_part *p, struct param_op *ret);
/* The new value, in sh->arena; NULL with the message printed. */
char *param_op_apply(struct shell *sh, const struct ast_part *p, const struct param_op *o, const char *value);
/* In upper or lower case, what matches the pattern ("": all of it), or only the first character: in sh->arena. */
char *param_op_case(struct shell *sh, enum ast_param_op op, const char *pattern, const char *value);
/*
 * The part of a string of `len` characters, or of a list of so many: from *ret_from, *ret_n of them.
 * 0, or -1 with the message printed.
 */
int param_op_slice(struct shell *sh, const struct param_op *o, int64_t len, int64_t *ret_from, int64_t *ret_n);

#endif
