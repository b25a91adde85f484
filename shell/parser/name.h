#ifndef MISH_PARSER_NAME_H
#define MISH_PARSER_NAME_H

#include <stdbool.h>

/* Names (XBD 3.216): letters, digits and underscores of the portable character set. */

static inline bool name_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static inline bool name_char(int c)
{
	return name_start(c) || (c >= '0' && c <= '9');
}

static inline bool name_valid(const char *s)
{
	if (!name_start((unsigned char)*s))
		return false;
	while (*++s != '\0')
		if (!name_char((unsigned char)*s))
			return false;
	return true;
}

#endif
