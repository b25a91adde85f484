#ifndef MISH_JOBS_FORK_H
#define MISH_JOBS_FORK_H

#include "shell/jobs/job.h"
#include "shell/jobs/tty.h"

/* How processes begin: the one place that forks. */

/*
 * A copy of the shell. In the child (returns 0) it is a subshell, its job control off, traps
 * reset, the process in the job's group (j may be NULL: in ours). Returns -errno when there
 * is no process.
 */
pid_t fork_shell(struct shell *sh, struct job *j, enum job_mode mode);

/*
 * A program in the foreground, by vfork(2): no copy of the shell is made. Not where jobs have
 * groups of their own (tty_controls()): ^Z before execve(2) would stop the child, and the shell
 * with it. fds are copied to the program's descriptors 0, 1 and 2, in this order (-1: as it
 * is). Returns 0, or -errno from execve(2) or vfork(2); then nothing has happened.
 */
int fork_exec(struct shell *sh, struct job *j, const char *path, char **argv,
	      const int fds[3]);

/* Flushes stdio: what was printed before a process begins comes before its output, and once. */
void fork_flush(void);

#endif
