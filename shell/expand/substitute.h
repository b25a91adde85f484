#ifndef MISH_EXPAND_SUBSTITUTE_H
#define MISH_EXPAND_SUBSTITUTE_H

#include "shell/expand/xctx.h"

/* Parameter expansion (XCU 2.6.2), and what bash has of it beyond POSIX. */

/* Appends what an AST_PARAM comes to. 0, or -1 with the message printed. */
int substitute(struct xctx *c, const struct ast_part *p);

/* What joins the fields of "$*": the first character of IFS, borrowed; of length 0: nothing. */
const char *substitute_ifs(struct shell *sh, size_t *ret_len);

#endif
