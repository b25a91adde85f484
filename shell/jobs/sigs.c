#include <config.h>

#include "shell/jobs/sigs.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <unistd.h>

#include "shell/parser/strbuf.h"

/*
 * Signals, the whole scheme.
 *
 * Caught: what `trap` gives an action; in an interactive shell also INT, QUIT (to
 * ignore it without children ignoring it), TERM, HUP, WINCH and CHLD. A handler sets
 * a flag and nothing else; all are installed with SA_RESTART, so a signal never cuts
 * a system call short, except where the shell sleeps on purpose (`wait`, `read`, the
 * prompt): there they are blocked first, the flags are looked at, and ppoll() or
 * sigsuspend() lets them in, so no wake-up falls between the look and the sleep.
 * A foreground command is waited for with the actions pending (XCU 2.11): wait4()
 * restarts. Once per command trap_check() looks at one variable.
 *
 * Ignored: what the shell was started with ignored stays so (non-interactive), what
 * `trap ''` says, and with job control TSTP, TTIN and TTOU in the shell itself.
 *
 * Children: sigs_enter_subshell() for a copy of the shell, sigs_before_exec() for a
 * program: every disposition that is not "ignored by the user" becomes default. The
 * signal mask is that which the shell was started with, always.
 */

struct sigs {
	unsigned char wish[SIGS_MAX];  /* enum sigs_wish */
	bool entry_ignored[SIGS_MAX];  /* ignored when the shell began */
	bool looked[SIGS_MAX];	       /* entry_ignored is known */
	bool handled[SIGS_MAX];	       /* our handler is installed */
	int n_handled;
	bool interactive, job_control;
	bool unstoppable;  /* a command substitution: ^Z would stop it, and not the shell */
	bool may_unignore; /* an interactive shell or its subshell */
	bool parents;	   /* a subshell, which has no wishes of its own yet */
	sigset_t original_mask;
};

volatile int sigs_pending;

/*
 * What came, twice: trap_run() acts on a signal between two commands, the prompt draws anew
 * after SIGWINCH, reaps after SIGCHLD, and ends. Neither takes it from the other.
 */
enum { FOR_TRAP, FOR_PROMPT, N_FOR };
static volatile sig_atomic_t got[N_FOR][SIGS_MAX];

static sigset_t sleep_mask, sleep_saved; /* rebuilt at each sleep */
static volatile pid_t hangup_pgid;	 /* see sigs_pass_hangup() */

static const struct {
	char name[8]; /* no pointer: nothing for the loader to do */
	int signo;
} names[] = {
	{ "EXIT", 0 },	 { "HUP", SIGHUP },   { "INT", SIGINT },   { "QUIT", SIGQUIT },
	{ "ILL", SIGILL }, { "TRAP", SIGTRAP }, { "ABRT", SIGABRT }, { "BUS", SIGBUS },
	{ "FPE", SIGFPE }, { "KILL", SIGKILL }, { "USR1", SIGUSR1 }, { "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 }, { "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM },
	{ "STKFLT", SIGSTKFLT }, { "CHLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU }, { "URG", SIGURG },
	{ "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ }, { "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF }, { "WINCH", SIGWINCH }, { "POLL", SIGPOLL }, { "PWR", SIGPWR },
	{ "SYS", SIGSYS }, { "IO", SIGIO }, { "IOT", SIGIOT }, { "CLD", SIGCHLD },
};

static void on_signal(int signo)
{
	got[FOR_TRAP][signo] = got[FOR_PROMPT][signo] = 1;
	if (signo == SIGHUP && hangup_pgid > 0) {
		kill(-hangup_pgid, SIGHUP);
		kill(-hangup_pgid, SIGCONT);
	}
	sigs_pending = 1;
}

struct sigs *sigs_new(void)
{
	struct sigs *s = xcalloc(1, sizeof(*s));

	sigprocmask(SIG_SETMASK, NULL, &s->original_mask);
	return s;
}

void sigs_free(struct sigs *s)
{
	free(s);
}

int sigs_number(const char *name)
{
	char *end;
	long n;

	if (name[0] >= '0' && name[0] <= '9') {
		n = strtol(name, &end, 10);
		return *end == '\0' && n < SIGS_MAX ? (int)n : -1;
	}
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].signo;
	if (strncasecmp(name, "RTMIN+", 6) == 0 && name[6] >= '0' && name[6] <= '9') {
		n = strtol(name + 6, &end, 10);
		return *end == '\0' && n <= SIGRTMAX - SIGRTMIN ? SIGRTMIN + (int)n : -1;
	}
	if (strncasecmp(name, "RTMAX-", 6) == 0 && name[6] >= '0' && name[6] <= '9') {
		n = strtol(name + 6, &end, 10);
		return *end == '\0' && n <= SIGRTMAX - SIGRTMIN ? SIGRTMAX - (int)n : -1;
	}
	if (strcasecmp(name, "RTMIN") == 0)
		return SIGRTMIN;
	if (strcasecmp(name, "RTMAX") == 0)
		return SIGRTMAX;
	return -1;
}

const char *sigs_name(int signo, char *buf)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].signo == signo)
			return names[i].name;
	if (signo == SIGRTMIN || signo == SIGRTMAX)
		snprintf(buf, 16, signo == SIGRTMIN ? "RTMIN" : "RTMAX");
	else if (signo > SIGRTMIN && signo < SIGRTMAX) /* from the nearer end, as in bash */
		snprintf(buf, 16, signo - SIGRTMIN <= (SIGRTMAX - SIGRTMIN) / 2 ? "RTMIN+%d" : "RTMAX-%d",
			 signo - SIGRTMIN <= (SIGRTMAX - SIGRTMIN) / 2 ? signo - SIGRTMIN : SIGRTMAX - signo);
	else
		snprintf(buf, 16, "%d", signo);
	return buf;
}

/* Notes whether the shell was started with the signal ignored, before that changes. */
static void look(struct sigs *s, int signo)
{
	struct sigaction sa;

	if (s->looked[signo])
		return;
	s->looked[signo] = true;
	if (sigaction(signo, NULL, &sa) == 0)
		s->entry_ignored[signo] = sa.sa_handler == SIG_IGN;
}

static bool wanted_by_shell(const struct sigs *s, int signo)
{
	if (signo == SIGHUP && s->entry_ignored[signo])
		return false; /* nohup is meant */
	return s->interactive && (signo == SIGINT || signo == SIGQUIT || signo == SIGTERM ||
				  signo == SIGHUP || signo == SIGWINCH || signo == SIGCHLD);
}

/* Makes the kernel's disposition what the table says. */
static void install(struct sigs *s, int signo)
{
	struct sigaction sa = { .sa_flags = SA_RESTART };

	look(s, signo);
	if (signo == SIGKILL || signo == SIGSTOP)
		return;
	sa.sa_handler = SIG_DFL;
	if (s->wish[signo] == SIGS_IGNORE)
		sa.sa_handler = SIG_IGN;
	else if (s->wish[signo] == SIGS_CATCH || wanted_by_shell(s, signo))
		sa.sa_handler = on_signal;
	else if (s->job_control && (signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU))
		sa.sa_handler = SIG_IGN;
	else if (s->entry_ignored[signo])
		sa.sa_handler = SIG_IGN;
	s->n_handled -= s->handled[signo];
	s->handled[signo] = sa.sa_handler == on_signal;
	s->n_handled += s->handled[signo];
	sigaction(signo, &sa, NULL);
}

bool sigs_set(struct shell *sh, int signo, enum sigs_wish wish)
{
	struct sigs *s = sh->sigs;

	if (signo != 0)
		look(s, signo);
	if (s->entry_ignored[signo]) {
		if (!s->may_unignore && !sh->interactive)
			return false;
		s->entry_ignored[signo] = false; /* from now on what the user says */
	}
	s->wish[signo] = (unsigned char)wish;
	if (signo != 0)
		install(s, signo);
	return true;
}

enum sigs_wish sigs_wish(const struct shell *sh, int signo)
{
	return sh->sigs->entry_ignored[signo] ? SIGS_IGNORE : (enum sigs_wish)sh->sigs->wish[signo];
}

bool sigs_acts(const struct shell *sh, int signo)
{
	return sh->sigs->wish[signo] == SIGS_CATCH && !sh->sigs->parents;
}

bool sigs_interactive(const struct shell *sh)
{
	return sh->sigs->interactive;
}

void sigs_init_interactive(struct shell *sh)
{
	static const int wanted[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH, SIGCHLD };

	sh->sigs->interactive = sh->sigs->may_unignore = true;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		install(sh->sigs, wanted[i]);
}

void sigs_keys_on(struct shell *sh)
{
	static const int keys[] = { SIGINT, SIGQUIT, SIGTSTP };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		sigdelset(&sh->sigs->original_mask, keys[i]);
	sigprocmask(SIG_SETMASK, &sh->sigs->original_mask, NULL);
}

void sigs_job_control(struct shell *sh, bool on)
{
	sh->sigs->job_control = on;
	install(sh->sigs, SIGTSTP);
	install(sh->sigs, SIGTTIN);
	install(sh->sigs, SIGTTOU);
}

/* The dispositions for another program: what `trap ''` ignores stays ignored. */
static void reset_dispositions(const struct sigs *s)
{
	for (int i = 1; i < SIGS_MAX; i++) {
		if (!s->looked[i] || s->wish[i] == SIGS_IGNORE)
			continue;
		bool ignore = s->entry_ignored[i] || (i == SIGTSTP && s->unstoppable);
		struct sigaction sa = { .sa_handler = ignore ? SIG_IGN : SIG_DFL };

		sigaction(i, &sa, NULL);
	}
}

bool sigs_handled(const struct shell *sh)
{
	return sh->sigs->n_handled != 0;
}

void sigs_spawned(const struct shell *sh)
{
	if (!sh->sigs->parents) /* a subshell has done this */
		reset_dispositions(sh->sigs);
	sigprocmask(SIG_SETMASK, &sh->sigs->original_mask, NULL);
}

void sigs_ignore_stop(struct shell *sh)
{
	sh->sigs->unstoppable = true;
}

void sigs_enter_subshell(struct shell *sh)
{
	struct sigs *s = sh->sigs;

	s->interactive = false;
	s->job_control = false;
	s->parents = true;
	reset_dispositions(s);
	if (s->n_handled == 0)
		return; /* nothing can have come, and nothing is blocked */
	memset(s->handled, 0, sizeof(s->handled));
	s->n_handled = 0;
	for (int k = 0; k < N_FOR; k++)
		for (int i = 0; i < SIGS_MAX; i++)
			got[k][i] = 0;
	sigs_pending = 0;
	sigprocmask(SIG_SETMASK, &s->original_mask, NULL);
}

void sigs_own(struct shell *sh)
{
	struct sigs *s = sh->sigs;

	for (int i = 0; i < SIGS_MAX && s->parents; i++)
		if (s->wish[i] == SIGS_CATCH)
			s->wish[i] = SIGS_DEFAULT;
	s->parents = false;
}

void sigs_before_exec(struct shell *sh)
{
	if (!sh->sigs->parents)
		sigs_enter_subshell(sh);
}

void sigs_restore_original(struct shell *sh)
{
	reset_dispositions(sh->sigs);
	sigprocmask(SIG_SETMASK, &sh->sigs->original_mask, NULL);
}

void sigs_reinstall(struct shell *sh)
{
	struct sigs *s = sh->sigs;

	for (int i = 1; i < SIGS_MAX && !s->parents; i++)
		if (s->looked[i])
			install(s, i);
}

void sigs_interruptible(const struct shell *sh, bool on)
{
	static const int cuts[] = { SIGINT, SIGHUP };

	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct sigaction sa = { .sa_handler = on_signal,
					.sa_flags = on ? 0 : SA_RESTART };

		if (sh->sigs->handled[cuts[i]])
			sigaction(cuts[i], &sa, NULL);
	}
}

/* ---- what has come ---- */

static bool take(int whose, int signo)
{
	bool was = got[whose][signo] != 0;

	got[whose][signo] = 0;
	return was;
}

bool sigs_take(int signo)
{
	return take(FOR_TRAP, signo);
}

void sigs_forget(int signo)
{
	got[FOR_PROMPT][signo] = 0;
}

/* The signal came, and the user has ordered nothing for it. */
static bool came_bare(const struct shell *sh, int signo)
{
	return got[FOR_TRAP][signo] && sh->sigs->wish[signo] == SIGS_DEFAULT;
}

int sigs_line_ends(const struct shell *sh)
{
	if (!sh->sigs->interactive)
		return 0;
	return came_bare(sh, SIGHUP) ? SIGHUP : came_bare(sh, SIGINT) ? SIGINT : 0;
}

bool sigs_pass_int(struct shell *sh)
{
	if (!sh->sigs->interactive || !came_bare(sh, SIGINT))
		return false;
	got[FOR_TRAP][SIGINT] = got[FOR_PROMPT][SIGINT] = 0; /* the job's death will end the line */
	return true;
}

void sigs_pass_hangup(const struct shell *sh, pid_t pgid)
{
	if (!sh->sigs->interactive)
		return;
	hangup_pgid = sh->sigs->wish[SIGHUP] == SIGS_DEFAULT ? pgid : 0;
	if (hangup_pgid > 0 && got[FOR_PROMPT][SIGHUP]) /* it came before we could say so */
		kill(-hangup_pgid, SIGHUP);
}

int sigs_waiting(const struct shell *sh)
{
	for (int i = 1; i < SIGS_MAX; i++)
		if (got[FOR_TRAP][i] && i != SIGCHLD && i != SIGWINCH &&
		    (sigs_acts(sh, i) || (sh->sigs->interactive && (i == SIGINT || i == SIGHUP))))
			return i;
	return got[FOR_TRAP][SIGCHLD] && sigs_acts(sh, SIGCHLD) ? SIGCHLD : 0;
}

static volatile sig_atomic_t was_up;

/* The children of our group as well, of which one may be what takes so long. */
static void time_is_up(int signo)
{
	(void)signo;
	was_up = 1;
	kill(getpgrp() == getpid() ? 0 : getpid(), SIGINT);
}

bool sigs_limit_time(long ms)
{
	bool up = was_up;

	static struct sigaction saved; /* rebuilt: while a completion runs */
	struct sigaction sa = { .sa_handler = time_is_up };
	struct itimerval t = { .it_value = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 } };
	static bool on;

	if (ms > 0 && !on)
		sigaction(SIGALRM, &sa, &saved);
	if (ms > 0 || on)
		setitimer(ITIMER_REAL, &t, NULL);
	if (ms <= 0 && on)
		sigaction(SIGALRM, &saved, NULL);
	on = ms > 0;
	was_up = 0;
	return up;
}

bool sigs_take_int(const struct shell *sh)
{
	if (got[FOR_PROMPT][SIGINT] && !sigs_acts(sh, SIGINT))
		got[FOR_TRAP][SIGINT] = 0;
	return take(FOR_PROMPT, SIGINT);
}

bool sigs_take_winch(void)
{
	return take(FOR_PROMPT, SIGWINCH);
}

bool sigs_take_chld(void)
{
	return take(FOR_PROMPT, SIGCHLD);
}

int sigs_take_end(const struct shell *sh)
{
	/* a SIGTERM must not hide the hang-up */
	bool term = take(FOR_PROMPT, SIGTERM), hup = take(FOR_PROMPT, SIGHUP);
	int signo = hup ? SIGHUP : term ? SIGTERM : 0;

	return signo == 0 || sigs_acts(sh, signo) ? 0 : signo;
}

/* It only has to end a sleep. */
static void on_child(int signo)
{
	(void)signo;
}

void sigs_wake_for_children(struct shell *sh)
{
	struct sigaction sa;

	if (sigs_wish(sh, SIGCHLD) != SIGS_DEFAULT || sh->interactive)
		return;
	if (sigaction(SIGCHLD, NULL, &sa) == 0 && sa.sa_handler == SIG_DFL) {
		sa = (struct sigaction){ .sa_handler = on_child, .sa_flags = SA_RESTART };
		sigaction(SIGCHLD, &sa, NULL);
	}
}

void sigs_sleep_begin(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &sleep_saved);
	sleep_mask = sleep_saved;
}

const sigset_t *sigs_sleep_mask(void)
{
	return &sleep_mask;
}

void sigs_sleep_deliver(void)
{
	static const struct timespec now;

	(void)ppoll(NULL, 0, &now, &sleep_mask);
}

void sigs_sleep_end(void)
{
	sigprocmask(SIG_SETMASK, &sleep_saved, NULL);
}
