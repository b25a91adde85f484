#include <config.h>

#include "shell/exec/trap.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "migrate/state.h"
#include "shell/exec/exec.h"
#include "shell/exec/job.h"
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
 * Children: trap_enter_subshell() for a copy of the shell, trap_before_exec() for a
 * program: every disposition that is not "ignored by the user" becomes default. The
 * signal mask is that which the shell was started with, always.
 */

enum { N_SIGNALS = 65 };

struct trap_table {
	char *action[N_SIGNALS];       /* NULL default, "" ignored */
	bool entry_ignored[N_SIGNALS]; /* ignored when the shell began */
	bool looked[N_SIGNALS];	       /* entry_ignored is known */
	bool handled[N_SIGNALS];       /* our handler is installed */
	int n_handled;
	bool interactive, job_control;
	bool unstoppable;  /* a command substitution: ^Z would stop it, and not the shell */
	bool may_unignore; /* an interactive shell or its subshell */
	int action_status; /* $? before the action being run; -1: none is */
	int action_depth;  /* of functions and dot scripts where it began */
	bool in_exit;
	bool reset_done; /* a subshell: the listed actions are the parent's */
	sigset_t original_mask;
};

volatile int trap_pending;
static volatile sig_atomic_t got[N_SIGNALS];
static volatile sig_atomic_t got_int, got_winch, got_chld, got_end;
static sigset_t sleep_mask, sleep_saved; /* rebuilt at each sleep */

static const struct {
	const char *name;
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

static volatile pid_t hangup_pgid; /* see trap_pass_hangup() */

static void on_signal(int signo)
{
	got[signo] = 1;
	if (signo == SIGINT)
		got_int = 1;
	else if (signo == SIGWINCH)
		got_winch = 1;
	else if (signo == SIGCHLD)
		got_chld = 1;
	else if (signo == SIGHUP || (signo == SIGTERM && got_end == 0))
		got_end = signo; /* a SIGTERM must not hide the hang-up */
	if (signo == SIGHUP && hangup_pgid > 0) {
		kill(-hangup_pgid, SIGHUP);
		kill(-hangup_pgid, SIGCONT);
	}
	trap_pending = 1;
}

struct trap_table *trap_table_new(void)
{
	struct trap_table *t = xcalloc(1, sizeof(*t));

	t->action_status = -1;
	sigprocmask(SIG_SETMASK, NULL, &t->original_mask);
	return t;
}

void trap_table_free(struct trap_table *t)
{
	if (t == NULL)
		return;
	for (int i = 0; i < N_SIGNALS; i++)
		free(t->action[i]);
	free(t);
}

int trap_signo(const char *name)
{
	char *end;
	long n;

	if (name[0] >= '0' && name[0] <= '9') {
		n = strtol(name, &end, 10);
		return *end == '\0' && n < N_SIGNALS ? (int)n : -1;
	}
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].signo;
	if (strncasecmp(name, "RTMIN", 5) == 0) {
		n = name[5] == '+' ? strtol(name + 6, &end, 10) : 0;
		return SIGRTMIN + (int)n <= SIGRTMAX && n >= 0 ? SIGRTMIN + (int)n : -1;
	}
	if (strcasecmp(name, "RTMAX") == 0)
		return SIGRTMAX;
	return -1;
}

const char *trap_signame(int signo, char *buf)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].signo == signo)
			return names[i].name;
	if (signo >= SIGRTMIN && signo <= SIGRTMAX)
		snprintf(buf, 16, "RTMIN+%d", signo - SIGRTMIN);
	else
		snprintf(buf, 16, "%d", signo);
	return buf;
}

static void look(struct trap_table *t, int signo)
{
	struct sigaction sa;

	if (t->looked[signo])
		return;
	t->looked[signo] = true;
	if (sigaction(signo, NULL, &sa) == 0)
		t->entry_ignored[signo] = sa.sa_handler == SIG_IGN;
}

static bool wanted_by_shell(const struct trap_table *t, int signo)
{
	if (signo == SIGHUP && t->entry_ignored[signo])
		return false; /* nohup is meant */
	return t->interactive && (signo == SIGINT || signo == SIGQUIT || signo == SIGTERM ||
				  signo == SIGHUP || signo == SIGWINCH || signo == SIGCHLD);
}

/* Makes the kernel's disposition what the table says. */
static void install(struct trap_table *t, int signo)
{
	struct sigaction sa = { .sa_flags = SA_RESTART };

	look(t, signo);
	if (signo == SIGKILL || signo == SIGSTOP)
		return;
	sa.sa_handler = SIG_DFL;
	if (t->action[signo] != NULL && *t->action[signo] == '\0')
		sa.sa_handler = SIG_IGN;
	else if (t->action[signo] != NULL || wanted_by_shell(t, signo))
		sa.sa_handler = on_signal;
	else if (t->job_control && (signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU))
		sa.sa_handler = SIG_IGN;
	else if (t->entry_ignored[signo])
		sa.sa_handler = SIG_IGN;
	t->n_handled -= t->handled[signo];
	t->handled[signo] = sa.sa_handler == on_signal;
	t->n_handled += t->handled[signo];
	sigaction(signo, &sa, NULL);
}

void trap_set(struct shell *sh, int signo, const char *action)
{
	struct trap_table *t = sh->traps;

	if (t->reset_done) { /* the first change in a subshell ends the view of the parent's */
		for (int i = 0; i < N_SIGNALS; i++)
			if (t->action[i] != NULL && *t->action[i] != '\0') {
				free(t->action[i]);
				t->action[i] = NULL;
			}
		t->reset_done = false;
	}
	if (signo != 0)
		look(t, signo);
	if (signo != 0 && t->entry_ignored[signo]) {
		if (!t->may_unignore && !sh->interactive)
			return;
		t->entry_ignored[signo] = false; /* from now on what the user says */
	}
	free(t->action[signo]);
	t->action[signo] = action != NULL ? xstrdup(action) : NULL;
	if (signo != 0)
		install(t, signo);
}

const char *trap_get(const struct shell *sh, int signo)
{
	const struct trap_table *t = sh->traps;

	if (t->action[signo] == NULL && signo != 0 && t->looked[signo] && t->entry_ignored[signo])
		return "";
	return t->action[signo];
}

bool trap_any(const struct shell *sh)
{
	for (int i = 0; i < N_SIGNALS; i++)
		if (sh->traps->action[i] != NULL && *sh->traps->action[i] != '\0' &&
		    !sh->traps->reset_done)
			return true;
	return false;
}

void trap_init_interactive(struct shell *sh)
{
	static const int sigs[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH, SIGCHLD };

	sh->traps->interactive = sh->traps->may_unignore = true;
	for (size_t i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++)
		install(sh->traps, sigs[i]);
}

void trap_keys_on(struct shell *sh)
{
	static const int sigs[] = { SIGINT, SIGQUIT, SIGTSTP };

	for (size_t i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++)
		sigdelset(&sh->traps->original_mask, sigs[i]);
	sigprocmask(SIG_SETMASK, &sh->traps->original_mask, NULL);
}

void trap_init_job_control(struct shell *sh, bool on)
{
	sh->traps->job_control = on;
	install(sh->traps, SIGTSTP);
	install(sh->traps, SIGTTIN);
	install(sh->traps, SIGTTOU);
}

/* The dispositions for another program: what `trap ''` ignores stays ignored. */
static void reset_dispositions(const struct trap_table *t)
{
	for (int i = 1; i < N_SIGNALS; i++) {
		if (!t->looked[i] || (t->action[i] != NULL && *t->action[i] == '\0'))
			continue;
		bool ignore = t->entry_ignored[i] || (i == SIGTSTP && t->unstoppable);
		struct sigaction sa = { .sa_handler = ignore ? SIG_IGN : SIG_DFL };

		sigaction(i, &sa, NULL);
	}
}

bool trap_handles(const struct shell *sh)
{
	return sh->traps->n_handled != 0;
}

void trap_spawned(const struct shell *sh)
{
	if (!sh->traps->reset_done) /* a subshell has done this */
		reset_dispositions(sh->traps);
	sigprocmask(SIG_SETMASK, &sh->traps->original_mask, NULL);
}

void trap_ignore_stop(struct shell *sh)
{
	sh->traps->unstoppable = true;
}

void trap_enter_subshell(struct shell *sh)
{
	struct trap_table *t = sh->traps;

	t->interactive = false;
	t->job_control = false;
	t->reset_done = true;
	t->in_exit = false;
	t->action_status = -1;
	reset_dispositions(t);
	if (t->n_handled == 0)
		return; /* nothing can have come, and nothing is blocked */
	memset(t->handled, 0, sizeof(t->handled));
	t->n_handled = 0;
	for (int i = 0; i < N_SIGNALS; i++)
		got[i] = 0;
	trap_pending = 0;
	got_int = got_winch = got_chld = 0;
	got_end = 0;
	sigprocmask(SIG_SETMASK, &t->original_mask, NULL);
}

void trap_before_exec(struct shell *sh)
{
	if (!sh->traps->reset_done)
		trap_enter_subshell(sh);
}

void trap_restore_original(struct shell *sh)
{
	reset_dispositions(sh->traps);
	sigprocmask(SIG_SETMASK, &sh->traps->original_mask, NULL);
}

void trap_reinstall(struct shell *sh)
{
	struct trap_table *t = sh->traps;

	for (int i = 1; i < N_SIGNALS && !t->reset_done; i++)
		if (t->looked[i])
			install(t, i);
}

int trap_entry_status(const struct shell *sh, bool returning)
{
	const struct trap_table *t = sh->traps;

	if (returning && sh->fn_depth + sh->dot_depth != t->action_depth)
		return -1;
	return t->action_status;
}

static void run_action(struct shell *sh, int signo)
{
	char *action = xstrdup(sh->traps->action[signo]);
	struct flow flow = sh->flow;
	struct trap_table *t = sh->traps;
	int status = sh->status, outer_status = t->action_status, outer_depth = t->action_depth;
	bool in_trap = sh->in_trap;

	sh->flow = (struct flow){ 0 };
	sh->in_trap = true;
	t->action_status = status;
	t->action_depth = sh->fn_depth + sh->dot_depth;
	exec_string(sh, action, "trap", 0);
	t->action_status = outer_status;
	t->action_depth = outer_depth;
	sh->in_trap = in_trap;
	free(action);
	if (sh->flow.kind == FLOW_NONE) {
		sh->flow = flow;
		sh->status = status;
	}
}

bool trap_aborts(struct shell *sh)
{
	const struct trap_table *t = sh->traps;

	bool hangup = got[SIGHUP] && t->action[SIGHUP] == NULL;

	if (!t->interactive || (!hangup && (!got[SIGINT] || t->action[SIGINT] != NULL)))
		return false;
	if (sh->flow.kind == FLOW_NONE) {
		sh->status = 128 + (hangup ? SIGHUP : SIGINT);
		sh->flow.kind = hangup ? FLOW_EXIT : FLOW_ABORT;
	}
	return true; /* trap_run() does the rest */
}

bool trap_pass_int(struct shell *sh)
{
	const struct trap_table *t = sh->traps;

	if (!got[SIGINT] || !t->interactive || t->action[SIGINT] != NULL)
		return false;
	got[SIGINT] = got_int = 0; /* the job's death is what ends the line */
	return true;
}

void trap_run(struct shell *sh)
{
	struct trap_table *t = sh->traps;

	trap_pending = 0;
	for (int i = 1; i < N_SIGNALS; i++) {
		if (!got[i])
			continue;
		got[i] = 0;
		if (i == SIGINT)
			got_int = 0; /* else the next prompt would be interrupted too */
		if (t->action[i] != NULL && *t->action[i] != '\0' && !t->reset_done) {
			if (i == SIGHUP || i == SIGTERM)
				got_end = 0;
			run_action(sh, i);
		} else if (i == SIGINT && t->interactive &&
			   (sh->flow.kind == FLOW_NONE || sh->flow.kind == FLOW_ABORT)) {
			sh->status = 128 + SIGINT;
			sh->flow.kind = FLOW_ABORT;
			fputc('\n', stderr); /* the terminal has echoed ^C */
		} else if (i == SIGHUP && t->interactive) {
			sh->status = 128 + SIGHUP;
			sh->flow.kind = FLOW_EXIT;
			got_end = 0; /* or trap_pass_hangup() would end what the EXIT action runs */
			job_hangup(sh);
		}
	}
}

void trap_exit(struct shell *sh)
{
	struct trap_table *t = sh->traps;

	if (t->in_exit || t->reset_done || t->action[0] == NULL || *t->action[0] == '\0')
		return;
	t->in_exit = true;
	int status = sh->status;

	run_action(sh, 0);
	if (sh->flow.kind == FLOW_NONE)
		sh->status = status;
}

int trap_pending_signal(const struct shell *sh)
{
	const struct trap_table *t = sh->traps;

	for (int i = 1; i < N_SIGNALS; i++)
		if (got[i] && i != SIGCHLD && i != SIGWINCH &&
		    ((t->action[i] != NULL && *t->action[i] != '\0') ||
		     (t->interactive && (i == SIGINT || i == SIGHUP))))
			return i;
	if (got[SIGCHLD] && t->action[SIGCHLD] != NULL && *t->action[SIGCHLD] != '\0')
		return SIGCHLD;
	return 0;
}

static bool take(volatile sig_atomic_t *flag)
{
	bool was = *flag != 0;

	*flag = 0;
	return was;
}

static bool has_action(const struct shell *sh, int signo)
{
	const char *action = sh->traps->action[signo];

	return action != NULL && *action != '\0';
}

bool trap_take_int(const struct shell *sh)
{
	if (got_int && !has_action(sh, SIGINT))
		got[SIGINT] = 0;
	return take(&got_int);
}

bool trap_take_winch(void)
{
	return take(&got_winch);
}

bool trap_take_chld(void)
{
	return take(&got_chld);
}

int trap_take_end(const struct shell *sh)
{
	int signo = (int)got_end;

	got_end = 0;
	return signo == 0 || has_action(sh, signo) ? 0 : signo;
}

void trap_pass_hangup(const struct shell *sh, pid_t pgid)
{
	const struct trap_table *t = sh->traps;

	if (!t->interactive)
		return;
	hangup_pgid = t->action[SIGHUP] == NULL ? pgid : 0;
	if (hangup_pgid > 0 && got_end == SIGHUP) /* it came before we could say so */
		kill(-hangup_pgid, SIGHUP);
}

void trap_interruptible(const struct shell *sh, bool on)
{
	static const int sigs[] = { SIGINT, SIGHUP };

	for (size_t i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
		struct sigaction sa = { .sa_handler = on_signal,
					.sa_flags = on ? 0 : SA_RESTART };

		if (sh->traps->handled[sigs[i]])
			sigaction(sigs[i], &sa, NULL);
	}
}

void trap_sleep_begin(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &sleep_saved);
	sleep_mask = sleep_saved;
}

const sigset_t *trap_sleep_mask(void)
{
	return &sleep_mask;
}

void trap_sleep_deliver(void)
{
	static const struct timespec now;

	(void)ppoll(NULL, 0, &now, &sleep_mask);
}

void trap_sleep_end(void)
{
	sigprocmask(SIG_SETMASK, &sleep_saved, NULL);
}

/* ---- state: actions by signal name; "" is an ignored signal ---- */

enum { TRAP_PAIRS = 1 };

static void trap_save(const struct shell *sh, struct state_enc *e)
{
	char buf[16];
	uint32_t n = 0;

	for (int i = 0; i < N_SIGNALS; i++)
		n += trap_get(sh, i) != NULL;
	state_put_array(e, TRAP_PAIRS, 2 * n);
	for (int i = 0; i < N_SIGNALS; i++) {
		const char *action = trap_get(sh, i);

		if (action == NULL)
			continue;
		state_add_str(e, trap_signame(i, buf));
		state_add_str(e, action);
	}
}

static int trap_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	int r = state_get_array(d, TRAP_PAIRS, &a, &n);

	if (r < 0 || n % 2 != 0)
		return r < 0 ? r : -EBADMSG;
	for (uint32_t i = 0; r == 0 && i < n; i += 2) {
		const char *name, *action;
		int signo = -1;

		r = state_elem_str(d, a, i, &name, NULL);
		if (r == 0)
			r = state_elem_str(d, a, i + 1, &action, NULL);
		if (r == 0)
			signo = trap_signo(name);
		if (r == 0 && signo < 0)
			state_warn(d, "trap: no signal %s here", name);
		else if (r == 0)
			trap_set(sh, signo, action);
	}
	return r;
}

const struct state_section trap_section = {
	.name = "traps", .version = 1, .save = trap_save, .load = trap_load,
};
