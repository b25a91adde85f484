#ifndef MISH_INTERACT_PROMPT_H
#define MISH_INTERACT_PROMPT_H

#include "shell/shell.h"

/*
 * A prompt variable as text (caller frees): parameter expansion as POSIX has it (XCU
 * 2.5.3, PS1), then tcsh's % escapes: %n user, %m and %M host, %~ and %/ and %c
 * directory, %# mark, %h history number, %? status, %T %P time, %D{…} strftime,
 * %B %b %U %u %S %s attributes, %{…%} no width, %O the origin when elsewhere, %%.
 * What has no width stands between \1 bytes. A prompt that has \u, \h, \w, \W, \[ or \] in it is in
 * bash's escapes instead.
 */
char *prompt_text(struct shell *sh, const char *var, const char *fallback);

extern const char prompt_default[];

#endif
