#ifndef MISH_BUILTIN_SCHED_H
#define MISH_BUILTIN_SCHED_H

#include "shell/shell.h"

/* tcsh's sched: commands that the shell runs at a time, while it waits at a prompt. */

struct state_section;
extern const struct state_section sched_section;

/* When the next one is to run, in seconds since the Epoch; -1: there is none. */
int64_t sched_next(void);
/* Takes the first one whose time has come (caller frees); NULL: there is none. */
char *sched_take(int64_t now);

#endif
