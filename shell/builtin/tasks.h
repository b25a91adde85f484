#ifndef MISH_BUILTIN_TASKS_H
#define MISH_BUILTIN_TASKS_H

#include "shell/shell.h"

/*
 * Which commands may run on another node by themselves (set -o autoplace): those that `place` names and `keep` does not, as
 * lstcsh's task lists.
 */
struct state_section;
extern const struct state_section tasks_section;

/* Of what was said last about this command, by a pattern for its name or for the end of its path: is it to be placed? */
bool tasks_has(const char *command);
/* … is it to stay here? */
bool tasks_keeps(const char *command);

#endif
