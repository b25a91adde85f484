#ifndef MISH_EXPAND_LOCALE_H
#define MISH_EXPAND_LOCALE_H

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

/* True if text may be searched byte by byte: in UTF-8, and where each byte is a character. */
bool locale_is_bytewise(void);
/* True if strcoll() does what strcmp() does. */
bool locale_collates_by_code(void);

/* In lower case, for a comparison that does not tell upper from lower case: in sh->arena. */
char *locale_fold(struct shell *sh, const char *s);

#endif
