#include <config.h>

#include "shell/expand/quote.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "shell/expand/locale.h"
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

/* How many bytes the character at s has; 0: it is none in this locale, or steers a terminal. */
static size_t printable(const char *s)
{
	mbstate_t state = { 0 };
	wchar_t wc;
	size_t n;

	if ((unsigned char)*s < 0x80)
		return (unsigned char)*s >= ' ' && *s != 0177;
	locale_need();
	n = mbrtowc(&wc, s, MB_LEN_MAX, &state);
	return n == (size_t)-1 || n == (size_t)-2 || (wc >= 0x80 && wc < 0xa0) ? 0 : n;
}

bool quote_has_control(const char *s)
{
	for (size_t n; *s != '\0'; s += n) {
		n = printable(s);
		if (n == 0)
			return true;
	}
	return false;
}

void quote_ansi(struct strbuf *b, const char *s)
{
	static const char names[] = "abtnvfr"; /* from 007 on */

	strbuf_adds(b, "$'");
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		size_t n;

		if (c >= 7 && c <= 13)
			strbuf_addf(b, "\\%c", names[c - 7]);
		else if (c == 033)
			strbuf_adds(b, "\\E");
		else if ((n = printable(s)) == 0)
			strbuf_addf(b, "\\%03o", c);
		else if (c == '\'' || c == '\\')
			strbuf_addf(b, "\\%c", c);
		else {
			strbuf_add(b, s, n);
			s += n - 1;
		}
	}
	strbuf_addc(b, '\'');
}

static char *in_single(const char *s)
{
	struct strbuf b = { 0 };

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

char *quote_str(const char *s)
{
	return is_safe(s) ? xstrdup(s) : strcmp(s, "'") == 0 ? xstrdup("\\'") : quote_always(s);
}

char *quote_always(const char *s)
{
	struct strbuf b = { 0 };

	if (!quote_has_control(s))
		return in_single(s);
	quote_ansi(&b, s);
	return strbuf_take(&b);
}

char *quote_backslash(const char *s)
{
	struct strbuf b = { 0 };

	if (*s == '\0' || quote_has_control(s))
		return quote_always(s);
	for (const char *c = s; *c != '\0'; c++) {
		if (strchr(" '\"\\|&;()<>!{}*[?]^$`,", *c) != NULL || (c == s && (*c == '#' || *c == '~')))
			strbuf_addc(&b, '\\');
		strbuf_addc(&b, *c);
	}
	return strbuf_take(&b);
}

void quote_print(FILE *f, const char *s)
{
	char *q = quote_str(s);

	fputs(q, f);
	free(q);
}
