#ifndef MISH_EXPAND_XCTX_H
#define MISH_EXPAND_XCTX_H

#include "shell/expand/fields.h"
#include "shell/parser/ast.h"
#include "shell/shell.h"

/* One word while it is expanded: for expand.c and substitute.c. */
struct xctx {
	struct shell *sh;
	struct xword x;
	enum fields_attr lit; /* the mark of unquoted literal text: ATTR_EXP inside ${name-word} */
};

/* Appends what the parts come to. 0, or -1 with the message printed. */
int xctx_parts(struct xctx *c, const struct ast_part *p);
/* Appends what a quoted or unquoted expansion came to. */
void xctx_put(struct xctx *c, const struct ast_part *p, const char *s, size_t len);

#endif
