#include <config.h>

#include "shell/interact/edit_text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "shell/interact/screen.h"
#include "shell/parser/strbuf.h"

/*
 * One character of s; its length, or 0: more bytes are needed (never with `whole`). Our keys have characters of their own (C1
 * controls): one that is typed is kept as its bytes.
 */
static size_t decode_one(const char *s, size_t len, bool whole, wchar_t *ret)
{
	mbstate_t st = { 0 };
	size_t n = mbrtowc(ret, s, len, &st);

	if (n == (size_t)-2 && !whole)
		return 0;
	if (n == (size_t)-1 || n == (size_t)-2 || (*ret >= 0x80 && *ret <= 0x9f)) {
		*ret = SCREEN_RAW_FIRST + (unsigned char)*s;
		return 1;
	}
	return n != 0 ? n : 1;
}

wchar_t *edit_text_decode(const char *s, size_t len, size_t *ret_n)
{
	wchar_t *w = xreallocarray(NULL, len + 1, sizeof(*w));
	size_t n = 0;

	for (size_t i = 0; i < len; n++)
		i += decode_one(s + i, len - i, true, &w[n]);
	w[n] = L'\0';
	if (ret_n != NULL)
		*ret_n = n;
	return w;
}

static size_t encode_one(char *to, wchar_t w)
{
	mbstate_t st = { 0 };
	size_t n;

	if (w == L'\0')
		return 0;
	if (w >= SCREEN_RAW_FIRST && w <= SCREEN_RAW_FIRST + 0xff) {
		*to = (char)(w - SCREEN_RAW_FIRST);
		return 1;
	}
	n = wcrtomb(to, w, &st);
	return n != (size_t)-1 ? n : 0;
}

char *edit_text_encode(const wchar_t *s, size_t n)
{
	struct strbuf b = { 0 };
	char one[MB_LEN_MAX];

	for (size_t i = 0; i < n; i++)
		strbuf_add(&b, one, encode_one(one, s[i]));
	return b.s != NULL ? strbuf_take(&b) : xstrndup("", 0);
}

size_t edit_text_bytes(const wchar_t *s, size_t n)
{
	size_t bytes = 0;
	char one[MB_LEN_MAX];

	for (size_t i = 0; i < n; i++)
		bytes += encode_one(one, s[i]);
	return bytes;
}

size_t edit_text_chars(const char *s, size_t bytes)
{
	size_t n = 0, len = strlen(s);
	wchar_t w;

	for (size_t i = 0; i < bytes; n++)
		i += decode_one(s + i, len - i, true, &w);
	return n;
}

size_t edit_text_whole(const char *s, size_t bytes)
{
	size_t at = 0, len = strlen(s), step;
	wchar_t w;

	while (at < bytes && (step = decode_one(s + at, len - at, true, &w)) <= bytes - at)
		at += step;
	return at;
}

size_t edit_text_feed(struct edit_decoder *d, unsigned char c, wchar_t ret[EDIT_TEXT_MAX])
{
	size_t n = 0, used = 0, len;

	d->s[d->n++] = (char)c;
	while (used < d->n && (len = decode_one(d->s + used, d->n - used, d->n == EDIT_TEXT_MAX, &ret[n])) != 0) {
		used += len;
		n++;
	}
	memmove(d->s, d->s + used, d->n - used);
	d->n -= used;
	return n;
}
