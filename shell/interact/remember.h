#ifndef MISH_INTERACT_REMEMBER_H
#define MISH_INTERACT_REMEMBER_H

#include "shell/shell.h"

/*
 * Adds a command to the history and its file, unless it begins with a blank or HISTCONTROL, HISTIGNORE (as in bash) or
 * histdup (as in tcsh) keep it out.
 */
void remember_command(struct shell *sh, const char *text);
/* How it went with the command that was entered, or has brought the shell here (`ms` -1: since it was entered). */
void remember_result(struct shell *sh, int64_t ms);
/* set -o sharehistory: takes in what other shells have added to the file. */
void remember_others(struct shell *sh);

#endif
