#ifndef MISH_EXPAND_LOCALE_H
#define MISH_EXPAND_LOCALE_H

#include "shell/shell.h"

/*
 * The locale of LC_ALL, LC_… and LANG. It is a handful of files, which most scripts never
 * need: ASCII is the same everywhere. So it is read when something asks.
 */

/* The variables have changed. */
void locale_changed(struct shell *sh);
/* Before a function that depends on the locale gets anything but ASCII, or compares. */
void locale_need(void);

/* May text be searched byte by byte, as in UTF-8 and wherever a character is a byte? */
bool locale_is_bytewise(void);
/* Is strcoll() nothing but strcmp()? */
bool locale_collates_by_code(void);

#endif
