#include <config.h>

#include "shell/jobs/fork.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/expand/var.h"
#include "shell/jobs/job.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"

enum { FORK_DEPTH_MAX = 256 }; /* subshells in subshells: a function that calls itself in one */

void fork_flush(void)
{
	if (__fpending(stdout) != 0)
		fflush(stdout);
	if (__fpending(stderr) != 0)
		fflush(stderr);
}

/* Called in the child (pid 0) and in the parent: whoever comes first does it. */
static void join_group(const struct shell *sh, const struct job *j, pid_t pid, enum job_mode mode)
{
	pid_t pgid = j->pgid;

	if (!j->control)
		return;
	if (pgid == 0)
		pgid = pid != 0 ? pid : getpid();
	setpgid(pid, pgid);
	if (mode == JOB_FG)
		tty_foreground(sh, pgid);
}

static void enter_child(struct shell *sh, struct job *j, enum job_mode mode)
{
	if (j != NULL)
		join_group(sh, j, 0, mode);
	if (j != NULL)
		sh->placed.file = j->brought;
	sh->placed.waits = (sh->placed.waits || mode == JOB_BG) && (j == NULL || j->n_procs == 0); /* not a stage: others wait for it */
	if (j != NULL && !j->control && tty_controls(sh))
		sigs_ignore_stop(sh);
	sh->clock.random ^= (uint32_t)getpid() * 2654435761u; /* its own numbers */
	sh->fork_depth++;
	sh->frame.effects = EFFECTS_ON;
	sh->frame.events_off |= sh->hooks.not_inherited(sh);
	stdout = sh->out;
	sh->interactive = false;
	sh->tty->no_control = true;
	opt_set(sh, OPT_MONITOR, false);
	sigs_enter_subshell(sh);
	sh->frame.action = (struct trap_action){ .status = -1 };
	if (mode == JOB_BG && !(j != NULL && j->control)) {
		sigs_own(sh);
		(void)sigs_set(sh, SIGINT, SIGS_IGNORE);
		(void)sigs_set(sh, SIGQUIT, SIGS_IGNORE);
	}
	job_enter_subshell(sh);
	/* mishd and a warm link hear of the shell's end, whatever it leaves in the background */
	for (int i = 0; i < SHELL_ONLY_FDS; i++)
		if (sh->shell_only[i] != NULL && *sh->shell_only[i] >= 0) {
			close(*sh->shell_only[i]);
			*sh->shell_only[i] = -1;
		}
}

pid_t fork_shell(struct shell *sh, struct job *j, enum job_mode mode)
{
	bool block = sigs_handled(sh); /* a handler must not run in the child */
	sigset_t all, old;
	pid_t pid;

	if (sh->fork_depth >= FORK_DEPTH_MAX)
		return -EAGAIN;
	if (j != NULL && mode == JOB_FG)
		tty_loud_for_command(sh);
	fork_flush();
	if (block) {
		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, &old);
	}
	pid = fork();
	if (pid == 0) {
		enter_child(sh, j, mode); /* restores the mask */
		return 0;
	}
	if (block)
		sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid < 0)
		return -errno;
	if (j == NULL)
		return pid;
	if (j->control && j->pgid == 0)
		j->pgid = pid;
	join_group(sh, j, pid, mode);
	job_add(j, pid);
	return pid;
}

/*
 * vfork(2) because a fork copies page tables, which takes longer than the rest of starting a
 * program. The child has our memory: it makes system calls and nothing else. What a handler
 * would do there it would do to us, so no signal is let in before there are none.
 */
static __attribute__((noinline)) pid_t spawn(const struct shell *sh, const char *path,
					     char **argv, char **env, const int fds[3],
					     volatile int *err)
{
	pid_t pid = vfork();
	sigset_t came;

	if (pid != 0)
		return pid;
	sigpending(&came);
	if (sigismember(&came, SIGTSTP) == 1) { /* let it stop the shell; see fork_exec() */
		*err = EINTR;
		_exit(127);
	}
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			dup2(fds[i], i);
	sigs_spawned(sh); /* last: who is stopped before execve() keeps us waiting */
	execve(path, argv, env);
	*err = errno;
	_exit(127);
}

int fork_exec(struct shell *sh, struct job *j, const char *path, char **argv,
	      const int fds[3])
{
	char **env = var_environ(sh);
	volatile int err;
	sigset_t all, old;
	pid_t pid;
	int e;

	tty_loud_for_command(sh);
	fork_flush();
	sigfillset(&all);
	/* A child that ^Z stops before execve(2) would keep us from stopping with it, and our own
	 * parent would never notice. So it ends instead, we stop, and start another afterwards. */
	do {
		err = 0;
		sigprocmask(SIG_BLOCK, &all, &old);
		pid = spawn(sh, path, argv, env, fds, &err);
		e = pid < 0 ? errno : err;
		if (pid > 0 && e != 0) /* it never was a command: nobody else may reap it */
			while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
				;
		sigprocmask(SIG_SETMASK, &old, NULL);
	} while (pid > 0 && e == EINTR);
	if (e == 0)
		job_add(j, pid);
	return -e;
}
