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
 * A program in the foreground, without a copy of the shell, and not for a job of its own
 * (tty_controls()): ^Z before execve(2) would stop it, and us with it. fds: what is
 * copied to its descriptors 0, 1 and 2, in this order (-1: as it is). 0, or -errno: from
 * execve(2), or because there is no process; then nothing has happened.
 */
int fork_exec(struct shell *sh, struct job *j, const char *path, char **argv,
	      const int fds[3]);

/* What is printed before a process begins comes before what that prints, and once. */
void fork_flush(void);

#endif
