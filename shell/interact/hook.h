#ifndef MISH_INTERACT_HOOK_H
#define MISH_INTERACT_HOOK_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * Commands of the user's that run around others at the prompt: bash's PROMPT_COMMAND, the special aliases of tcsh(1) (functions
 * do as well), zsh's hook functions and the arrays of their names. $? stays what it was.
 */

/* Whom `watch` names; PROMPT_COMMAND, precmd, precmd_functions; and every so often periodic (tperiod, in minutes; PERIOD, in seconds). */
void hook_before_prompt(struct shell *sh);
/* postcmd, preexec and preexec_functions, jobcmd if it is not only builtins, and PS0: with the command, for functions as argument. */
void hook_before_command(struct shell *sh, const char *command, const struct ast_list *list);
/* cwdcmd, chpwd and chpwd_functions, if the directory is another one than when this was called last. */
void hook_after_command(struct shell *sh);
/* tcsh's beepcmd, in place of a bell, or nothing (nobeep). False: there is neither. */
bool hook_beep(struct shell *sh);

#endif
