#ifndef MISH_INTERACT_TIMER_H
#define MISH_INTERACT_TIMER_H

#include "shell/shell.h"

/* What happens at a prompt because time passes: commands of `sched`, an allocation that ends (batch.h), and the end of a shell that nobody uses (TMOUT, autologout). */

enum timer { TIMER_NONE, TIMER_SCHED, TIMER_LOGOUT };

/* A key was typed, or a prompt is shown. */
void timer_touch(void);
/* How long to wait for the next one, in ms; -1: there is none. `fresh`: a command may run now. */
int timer_wait(struct shell *sh, bool fresh);
enum timer timer_due(struct shell *sh, bool fresh);
/* Runs what is due. */
void timer_run(struct shell *sh);

#endif
