#ifndef MISH_INTERACT_PROMPT_H
#define MISH_INTERACT_PROMPT_H

#include "shell/shell.h"

/*
 * A prompt variable as text (caller frees): parameter expansion as POSIX has it (XCU
 * 2.5.3, PS1), then tcsh's % escapes: %n user, %m and %M host, %~ and %/ and %c
 * directory, %# mark, %h history number, %? status, %T %P time, %D{…} strftime,
 * %B %b %U %u %S %s attributes, %{…%} no width, %O the origin when elsewhere, %%.
 * %j jobs, %l terminal, %d %w %W %y %Y %p date and time.
 * What has no width stands between \1 bytes. Other shells' escapes: prompt_lang.h.
 */
char *prompt_text(struct shell *sh, const char *var, const char *fallback);

/* An escape of ours that nobody types: bash's \w, which PROMPT_DIRTRIM shortens. */
enum { PROMPT_BASH_DIR = '\2' };

/* Does one of our escapes begin at s, behind the %? */
bool prompt_is_escape(const char *s);

/* ${name@P}: a text in bash's escapes, in sh->arena. */
const char *prompt_of_bash(struct shell *sh, const char *value);

extern const char prompt_default[];

#endif
