#include <config.h>

#include "shell/expand/quote.h"

#include <stdlib.h>
#include <string.h>

#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"

/* True if the text is the same word without quotes. */
static bool is_safe(const char *s)
{
	if (*s == '\0' || *s == '~' || *s == '#')
		return false;
	for (; *s != '\0'; s++)
		if (!name_char((unsigned char)*s) && strchr("%+,-./:=@^~#", *s) == NULL)
			return false;
	return true;
}

char *quote_str(const char *s)
{
	struct strbuf b = { 0 };

	if (is_safe(s)) {
		strbuf_adds(&b, s);
		return strbuf_take(&b);
	}
	strbuf_addc(&b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			strbuf_adds(&b, "'\\''");
		else
			strbuf_addc(&b, *s);
	}
	strbuf_addc(&b, '\'');
	return strbuf_take(&b);
}

void quote_print(FILE *f, const char *s)
{
	char *q = quote_str(s);

	fputs(q, f);
	free(q);
}
