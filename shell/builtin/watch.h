#ifndef MISH_BUILTIN_WATCH_H
#define MISH_BUILTIN_WATCH_H

#include "shell/shell.h"

/*
 * Who logs in and out, for those whom the variable `watch` names (tcsh(1)): pairs of a user and a terminal, `any` for each, and before
 * them every how many minutes it is looked. Told at a prompt, in the form that `who` (zsh: WATCHFMT) has. Only where the system keeps
 * utmp(5).
 */
void watch_before_prompt(struct shell *sh);

#endif
