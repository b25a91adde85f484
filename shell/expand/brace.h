#ifndef MISH_EXPAND_BRACE_H
#define MISH_EXPAND_BRACE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * Brace expansion, as bash has it and POSIX does not: x{a,b}y, {1..10..2}, {a..e}. It comes before
 * all others and looks at unquoted text only. Returns the words, in sh->arena; where there is nothing
 * to expand, one that is the same. NULL with the message printed: there are too many.
 */
struct ast_word *brace_expand(struct shell *sh, const struct ast_word *w);

#endif
