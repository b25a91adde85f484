#include <config.h>

#include "wire/text.h"

#include <stdlib.h>
#include <string.h>

/* Length of the well-formed character at s that is no control character; 0: there is none. */
static size_t printable(const unsigned char *s)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

	if (n == 1)
		return s[0] >= ' ' && s[0] != 0x7f;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if (n == 2 && s[0] == 0xc2 && s[1] < 0xa0)
		return 0; /* C1 */
	if (n == 3 && ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0)))
		return 0; /* overlong, or a surrogate */
	if (n == 4 && ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90)))
		return 0;
	return n;
}

void text_clean(char *s)
{
	while (*s != '\0') {
		size_t n = printable((const unsigned char *)s);

		if (n == 0)
			*s = '?';
		s += n != 0 ? n : 1;
	}
}

void text_clean_lines(char *s)
{
	while (*s != '\0') {
		char *end = s + strcspn(s, "\n\t"), c = *end;

		*end = '\0';
		text_clean(s);
		*end = c;
		s = end + (c != '\0');
	}
}

bool text_is_clean(const char *s)
{
	while (*s != '\0') {
		size_t n = printable((const unsigned char *)s);

		if (n == 0)
			return false;
		s += n;
	}
	return true;
}

char *text_line(const char *s)
{
	char *copy = strndup(s, strcspn(s, "\r\n"));

	if (copy != NULL)
		text_clean(copy);
	return copy;
}

char *text_last_line(const char *s, int back)
{
	char *lines[3] = { NULL }, *r;

	for (s += strspn(s, "\r\n"); *s != '\0'; s += strcspn(s, "\r\n"), s += strspn(s, "\r\n")) {
		free(lines[2]);
		lines[2] = lines[1];
		lines[1] = lines[0];
		lines[0] = text_line(s);
	}
	r = lines[back];
	lines[back] = NULL;
	for (int i = 0; i < 3; i++)
		free(lines[i]);
	return r;
}
