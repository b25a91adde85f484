#include <config.h>

#include "pty/as_if.h"

#include <signal.h>
#include <stdbool.h>

#include "wire/msg.h"

static bool stops(int signo)
{
	return signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU;
}

void as_if_stopped(int signo)
{
	struct sigaction was;
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, signo);
	if (stops(signo)) {
		sigaction(signo, &(struct sigaction){ .sa_handler = SIG_DFL }, &was);
		raise(signo);
		sigprocmask(SIG_UNBLOCK, &set, &old); /* here we stop; and go on when our shell says so */
		sigprocmask(SIG_SETMASK, &old, NULL);
		sigaction(signo, &was, NULL);
	} else {
		raise(SIGSTOP);
	}
}

int as_if_ended(uint64_t status, uint64_t flags)
{
	int signo = (int)status - 128;

	if ((flags & MSG_LOST) != 0 && signo > 0 && signo < NSIG && signo != SIGSTOP && !stops(signo)) {
		sigset_t set;

		signal(signo, SIG_DFL);
		sigemptyset(&set);
		sigaddset(&set, signo);
		raise(signo);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	}
	return (int)status;
}
