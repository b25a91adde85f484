#ifndef MISH_EXPAND_QUOTE_H
#define MISH_EXPAND_QUOTE_H

#include <stdbool.h>
#include <stdio.h>

#include "shell/parser/strbuf.h"

/* Prints a word so that the shell reads it back as the same word. */
void quote_print(FILE *f, const char *s);
/* The same as a string (caller frees). */
char *quote_str(const char *s);
/* … with quotes also where it needs none, and as $'…' where it has control characters. */
char *quote_always(const char *s);

/* … as printf %q has it in bash: with backslashes (caller frees). */
char *quote_backslash(const char *s);

bool quote_has_control(const char *s);
/* Adds $'…'. */
void quote_ansi(struct strbuf *b, const char *s);

#endif
