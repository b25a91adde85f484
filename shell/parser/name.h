#ifndef MISH_PARSER_NAME_H
#define MISH_PARSER_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "shell/parser/chclass.h"

/* Names (XBD 3.216): letters, digits and underscores of the portable character set. */

static inline bool name_start(int c)
{
	return ch_is(c, CH_NAME_START);
}

static inline bool name_char(int c)
{
	return ch_is(c, CH_NAME);
}

/* Length of the name that s begins with; 0: there is none. */
static inline size_t name_length(const char *s)
{
	size_t n = 0;

	while (n == 0 ? name_start((unsigned char)*s) : name_char((unsigned char)s[n]))
		n++;
	return n;
}

static inline bool name_valid(const char *s)
{
	size_t n = name_length(s);

	return n != 0 && s[n] == '\0';
}

#endif
