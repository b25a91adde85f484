#ifndef MISH_INTERACT_EDIT_TEXT_H
#define MISH_INTERACT_EDIT_TEXT_H

#include <stddef.h>
#include <wchar.h>

/*
 * Bytes and the characters that the editor has for them, in the thread's locale. Nothing is lost: a byte that is no character
 * is kept as one (SCREEN_RAW_FIRST), and becomes that byte again.
 */

/* The characters of so many bytes, ended by L'\0' (caller frees); *ret_n may be NULL. */
wchar_t *edit_text_decode(const char *s, size_t len, size_t *ret_n);
/* The reverse; NULs are left out. */
char *edit_text_encode(const wchar_t *s, size_t n);

/* How many bytes so many characters are; and the other way: characters that begin in so many bytes. */
size_t edit_text_bytes(const wchar_t *s, size_t n);
size_t edit_text_chars(const char *s, size_t bytes);
/* The most bytes, at most so many, that end with a character. */
size_t edit_text_whole(const char *s, size_t bytes);

/* Bytes that come one by one: characters that are complete, at most EDIT_TEXT_MAX, in ret. */
enum { EDIT_TEXT_MAX = 16 };
struct edit_decoder {
	char s[EDIT_TEXT_MAX];
	size_t n;
};
size_t edit_text_feed(struct edit_decoder *d, unsigned char c, wchar_t ret[EDIT_TEXT_MAX]);

#endif
