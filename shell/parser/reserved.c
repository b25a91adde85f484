#include <config.h>

#include "shell/parser/reserved.h"

#include <stdint.h>
#include <string.h>

enum { RESERVED_MAX = 8 }; /* bytes of the longest */

static const char *const reserved_names[] = {
	[RES_BANG] = "!",    [RES_CASE] = "case", [RES_DO] = "do",	 [RES_DONE] = "done",
	[RES_ELIF] = "elif", [RES_ELSE] = "else", [RES_ESAC] = "esac",	 [RES_FI] = "fi",
	[RES_FOR] = "for",   [RES_FUNCTION] = "function", [RES_CONDITION] = "[[",   [RES_IF] = "if",	  [RES_IN] = "in",	 [RES_SELECT] = "select", [RES_THEN] = "then",
	[RES_UNTIL] = "until", [RES_WHILE] = "while", [RES_LBRACE] = "{", [RES_RBRACE] = "}",
};

enum { N_RESERVED = sizeof(reserved_names) / sizeof(reserved_names[0]) };

const char *reserved_find(const char *s, size_t len, enum reserved *ret_which)
{
	static const uint8_t first[] = { /* the first of those that begin so */
		['!'] = RES_BANG, ['c'] = RES_CASE, ['d'] = RES_DO, ['e'] = RES_ELIF, ['f'] = RES_FI,
		['i'] = RES_IF, ['s'] = RES_SELECT, ['t'] = RES_THEN, ['u'] = RES_UNTIL, ['w'] = RES_WHILE,
		['['] = RES_CONDITION, ['{'] = RES_LBRACE, ['}'] = RES_RBRACE,
	};
	size_t i = len != 0 && len <= RESERVED_MAX && (unsigned char)s[0] < sizeof(first) ?
			   first[(unsigned char)s[0]] :
			   RES_NONE;

	*ret_which = RES_NONE;
	if (i == RES_NONE)
		return NULL;
	for (; i < N_RESERVED && reserved_names[i][0] == s[0]; i++)
		/* most other words differ in the second byte */
		if ((len == 1 || reserved_names[i][1] == s[1]) && strlen(reserved_names[i]) == len &&
		    memcmp(reserved_names[i], s, len) == 0) {
			*ret_which = (enum reserved)i;
			return reserved_names[i];
		}
	return NULL;
}
