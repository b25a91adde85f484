#ifndef MISH_EXPAND_LOCALE_H
#define MISH_EXPAND_LOCALE_H

#include <string.h>

#include "shell/shell.h"

/*
 * The locale that LC_ALL, LC_… and LANG name. setlocale() reads several files, which most scripts
 * never need, as ASCII is the same everywhere. So it is called when something depends on it.
 */

/* Tells that one of these variables changed. */
void locale_changed(struct shell *sh);
/*
 * Sets it, if that is still to be done. To be called before a libc function that depends on the
 * locale gets anything but ASCII, or collates.
 */
void locale_need(void);
/* … and tells a person of one that the host does not have: once in a session. */
void locale_tell(struct shell *sh);

/* True if text may be searched byte by byte: in UTF-8, and where each byte is a character. */
bool locale_is_bytewise(void);
/* True if strcoll() does what strcmp() does. */
bool locale_collates_by_code(void);

/* Bytes of the character that begins at s, of `len` bytes; of one that is none, 1. */
size_t locale_wide_char(const char *s, size_t len);
static inline size_t locale_char(const char *s, size_t len)
{
	return (unsigned char)*s < 0x80 ? 1 : locale_wide_char(s, len);
}
/* Columns that so many bytes take on a terminal; of what is no character, one. */
size_t locale_columns(const char *s, size_t len);
/* Is the character of n bytes at `c` one of those in the list? */
bool locale_has_wide_char(const char *list, const char *c, size_t n);
static inline bool locale_has_char(const char *list, const char *c, size_t n)
{
	return (unsigned char)*c < 0x80 ? strchr(list, *c) != NULL : locale_has_wide_char(list, c, n);
}

/* In lower case, for a comparison that does not tell upper from lower case: in sh->arena. */
char *locale_fold(struct shell *sh, const char *s);

#endif
