#ifndef MISH_MOVE_AT_PROMPT_H
#define MISH_MOVE_AT_PROMPT_H

#include "shell/move/session.h"
#include "shell/shell.h"

/* What the shell does for its session between commands: the prompt calls these. */

/* Before the first prompt: names the session and sets MISH_… and HOST. */
void at_prompt_begin(struct shell *sh);
/* Before the prompt of a new command. */
void at_prompt_idle(struct shell *sh);
/* Before the prompt of a further line of a command: a grant has to wait. */
void at_prompt_more(struct shell *sh);
/* Before a command that was typed runs. */
void at_prompt_busy(struct shell *sh, const char *text);
/* The i-th descriptor of session_fd() is readable. True: leave the editor, for at_prompt_act(). */
bool at_prompt_ready(struct shell *sh, int i);
/* A controller wants us elsewhere, and the way is open; or there is something to tell. */
void at_prompt_act(struct shell *sh);

#endif
