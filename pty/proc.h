#ifndef MISH_PTY_PROC_H
#define MISH_PTY_PROC_H

#include <sys/types.h>

/*
 * Sends a signal, and SIGCONT, to every process of a session (setsid(2)) but its leader:
 * its jobs, which a leader that is killed outright cannot tell any more.
 */
void proc_kill_session(pid_t sid, int signo);

#endif
