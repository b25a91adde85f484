#ifndef MISH_EXPAND_QUOTE_H
#define MISH_EXPAND_QUOTE_H

#include <stdio.h>

/* Prints a word so that the shell reads it back as the same word. */
void quote_print(FILE *f, const char *s);
/* The same as a string (caller frees). */
char *quote_str(const char *s);

#endif
