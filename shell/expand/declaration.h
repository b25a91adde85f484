#ifndef MISH_EXPAND_DECLARATION_H
#define MISH_EXPAND_DECLARATION_H

#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"

/* Variables as text that makes them again, in bash's form: `declare -p`, `set`, ${name@A}. */

/* "value", or $'…' where it has control characters. */
void declaration_put_text(struct strbuf *b, const char *value);
/* ([0]="x" [1]="y"); `pairs`: as ${name[@]@K} has it, 0 "x" 1 "y". */
void declaration_put_array(struct strbuf *b, const struct array *a, bool pairs);
/* declare -x name="value" */
void declaration_put(struct shell *sh, struct strbuf *b, const struct var *v);

/* The letters of a variable's attributes, as `declare` takes them, in `buf`. */
enum { LETTERS_ROOM = 16 };
const char *declaration_letters(unsigned flags, char buf[LETTERS_ROOM]);

#endif
