#ifndef MISH_PTY_CONFINE_H
#define MISH_PTY_CONFINE_H

#include <sys/prctl.h>

/*
 * The link parses all that comes from the network. What it does not need for that it gives up, so
 * that whoever gets into it gets no further than its connection and its terminal. Where a kernel
 * lacks a part, the others hold.
 */

/*
 * At the start, before there are keys in memory: no core, and no other process of the user looks in; until this process
 * executes another program.
 */
static inline void confine_undumped(void)
{
	(void)prctl(PR_SET_DUMPABLE, 0);
}
/* The same for a process that executes none: nor has it a size for cores. */
void confine_memory(void);
/* Once it is connected: no files, no programs, no other processes, and no new privileges. */
void confine_rights(void);

#endif
