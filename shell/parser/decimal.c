#include <config.h>

#include "shell/parser/decimal.h"

char *decimal_print(char buf[DECIMAL_MAX], int64_t v)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char *s = buf + DECIMAL_MAX;

	*--s = '\0';
	do
		*--s = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (v < 0)
		*--s = '-';
	return s;
}
