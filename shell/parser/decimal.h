#ifndef MISH_PARSER_DECIMAL_H
#define MISH_PARSER_DECIMAL_H

#include <stdint.h>

enum { DECIMAL_MAX = 24 }; /* bytes of any int64_t, its sign and a NUL */

/* The number in decimal; the result is somewhere in buf. printf(3) takes ten times as long. */
char *decimal_print(char buf[DECIMAL_MAX], int64_t v);

#endif
