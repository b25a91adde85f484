#ifndef MISH_INTERACT_MARKS_H
#define MISH_INTERACT_MARKS_H

#include "shell/parser/strbuf.h"
#include "shell/shell.h"

/*
 * What terminals are told besides what is shown, where TERM says that they know it: the window's title (OSC 0), the working
 * directory (OSC 7), and where prompts, commands and their output begin (OSC 133). shopt -u title and marks turn it off.
 */

/* Before a prompt; the last command's status is told, if there was one. */
void marks_before_prompt(struct shell *sh);
/* What belongs behind the prompt's text, to be appended to it. */
void marks_add_end(struct shell *sh, struct strbuf *prompt);
/* A command that was typed runs now. */
void marks_before_command(struct shell *sh, const char *command);

#endif
