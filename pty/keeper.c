#include <config.h>

#include "pty/keeper.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pty/term.h"

enum { FAILED = 255, /* ssh(1), EXIT STATUS */
       END_MS = 500 };

void keeper_take_back(int tty, pid_t job)
{
	if (tcgetpgrp(tty) == job)
		(void)tcsetpgrp(tty, getpgrp());
}

/* The terminal goes to the job, as a shell would give it. False: there is none. */
static bool give(pid_t job)
{
	int tty = term_open();
	bool ok = tty >= 0 && tcgetpgrp(tty) == getpgrp();

	if (ok) {
		term_cooked(tty, true);
		ok = tcsetpgrp(tty, job) == 0;
	}
	if (tty >= 0)
		close(tty);
	return ok;
}

/* What the keeper needs of what it got from the link: nothing but a place for messages. */
static void let_go(int err)
{
	if (err > 0)
		(void)close_range(0, (unsigned)err - 1, 0);
	(void)close_range(err >= 0 ? (unsigned)err + 1 : 0, ~0U, 0);
	(void)prctl(PR_SET_NAME, "mish-keeper");
}

/* Until the job has ended: its status, as wait(2) has it. */
static int keep(pid_t job, bool gives, int err, const sigset_t *awaited)
{
	static const struct timespec patience = { 0, END_MS * 1000000L };
	bool ends = false;
	int st, r;

	while ((r = waitpid(job, &st, WNOHANG | WUNTRACED)) == 0 || (r == job && WIFSTOPPED(st))) {
		bool wants = r == job && (WSTOPSIG(st) == SIGTTIN || WSTOPSIG(st) == SIGTTOU);

		if (wants && !(gives && give(job))) {
			if (err >= 0)
				dprintf(err, "%s\n", KEEPER_ASKS);
			kill(-job, SIGHUP);
			ends = true;
		}
		if (r == job) {
			kill(-job, SIGCONT);
			continue;
		}
		r = sigtimedwait(awaited, NULL, ends ? &patience : NULL);
		if (r < 0 && errno == EAGAIN)
			kill(-job, SIGKILL);
		if (r == SIGTERM) {
			kill(-job, SIGHUP);
			kill(-job, SIGCONT);
			ends = true;
		}
	}
	return r == job ? st : -1;
}

void keeper_begin(pid_t link, bool gives, int err, int tell)
{
	pid_t self = getpid(), job;
	sigset_t awaited;
	int st, tty;

	signal(SIGTERM, SIG_DFL);
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGTERM);
	sigaddset(&awaited, SIGCHLD);
	sigprocmask(SIG_SETMASK, &awaited, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	job = getppid() == link ? fork() : -1;
	if (job < 0)
		_exit(FAILED);
	if (job == 0) {
		setpgid(0, 0);
		for (int i = 1; i < NSIG; i++)
			if (i != SIGKILL && i != SIGSTOP)
				signal(i, SIG_DFL);
		sigemptyset(&awaited);
		sigprocmask(SIG_SETMASK, &awaited, NULL);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != self)
			_exit(FAILED);
		return;
	}
	setpgid(job, job);
	if (tell >= 0)
		(void)!write(tell, &job, sizeof(job));
	let_go(err);
	st = keep(job, gives, err, &awaited);
	if (err >= 0 && st != -1 && WIFSIGNALED(st) && WTERMSIG(st) == SIGINT)
		dprintf(err, "%s\n", KEEPER_INTERRUPTED);
	kill(-job, SIGHUP); /* what it started, and left */
	tty = term_open();
	if (tty >= 0)
		keeper_take_back(tty, job);
	_exit(st != -1 && WIFEXITED(st) ? WEXITSTATUS(st) : FAILED);
}
