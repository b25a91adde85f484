#include <config.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/jobs/job.h"
#include "shell/exec/trap.h"
#include "shell/expand/var.h"
#include "shell/jobs/job_text.h"
#include "shell/jobs/left.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/parser/decimal.h"

static struct job *find(struct shell *sh, const char *cmd, const char *spec)
{
	const char *why;
	struct job *j = job_by_spec(sh, spec, &why);

	if (j == NULL)
		sh_warn(sh, "%s: %s: %s", cmd, spec, why);
	return j;
}

static void print_job(const struct shell *sh, const struct job *j, bool long_format, bool pids)
{
	char buf[64];
	const char *text = j->text != NULL ? j->text : "";

	if (pids) {
		printf("%ld\n", (long)job_pid(j));
		return;
	}
	printf("[%d] %c ", j->id, job_mark(sh, j));
	if (long_format)
		printf("%ld ", (long)job_pid(j));
	printf("%-10s %s", job_state_text(sh, j, buf), text);
	job_print_node(j, stdout);
	putchar('\n');
}

int builtin_jobs(struct shell *sh, int argc, char **argv)
{
	bool long_format = false, pids = false;
	int c, status = 0;
	struct job *j;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "lp")) != -1) {
		if (c == '?')
			return 2;
		long_format |= c == 'l';
		pids |= c == 'p';
	}
	job_poll(sh);
	for (int i = optind; i < argc; i++) {
		j = find(sh, "jobs", argv[i]);
		if (j != NULL)
			print_job(sh, j, long_format, pids);
		else
			status = 1;
	}
	if (optind < argc)
		return status;
	for (size_t i = 0; (j = job_at(sh, i)) != NULL;) {
		print_job(sh, j, long_format, pids);
		j->changed = false;
		if (job_state(j) == JOB_DONE && !sh_is_subshell(sh))
			job_forget(sh, j);
		else
			i++;
	}
	return 0;
}

int builtin_fg(struct shell *sh, int argc, char **argv)
{
	struct job *j;

	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argv++;
		argc--;
	}
	if (!tty_controls(sh)) {
		sh_warn(sh, "fg: no job control");
		return 1;
	}
	j = find(sh, "fg", argc > 1 ? argv[1] : "%+");
	if (j == NULL)
		return 1;
	if (!j->control || job_state(j) == JOB_DONE) {
		sh_warn(sh, "fg: %s", j->control ? "the job has ended" : "started without job control");
		return 1;
	}
	printf("%s\n", j->text != NULL ? j->text : "");
	fflush(stdout);
	return job_continue(sh, j, JOB_FG);
}

int builtin_bg(struct shell *sh, int argc, char **argv)
{
	int status = 0, first = 1;

	if (argc > 1 && strcmp(argv[1], "--") == 0)
		first++;
	if (!tty_controls(sh)) {
		sh_warn(sh, "bg: no job control");
		return 1;
	}
	for (int i = first; i < argc || i == first; i++) {
		struct job *j = find(sh, "bg", i < argc ? argv[i] : "%+");

		if (j == NULL || !j->control) {
			status = 1;
			continue;
		}
		printf("[%d] %s\n", j->id, j->text != NULL ? j->text : "");
		if (job_continue(sh, j, JOB_BG) < 0)
			status = 1;
	}
	return status;
}

/* One that is no child: scripts hear nothing of it, as in dash. */
static int wait_unknown(struct shell *sh, pid_t pid)
{
	int status = job_told_status(sh, pid);

	if (status >= 0)
		return status;
	if (sh->interactive)
		sh_warn(sh, "wait: %d: not a child of this shell", (int)pid);
	return 127;
}

static int wait_one(struct shell *sh, const char *arg)
{
	struct job *j;

	if (arg[0] == '%') {
		const char *why;

		j = job_by_spec(sh, arg, &why);
	} else {
		char *end;
		long pid = strtol(arg, &end, 10);

		if (*end != '\0' || end == arg || pid <= 0) {
			sh_warn(sh, "wait: %s: no such process", arg);
			return 2;
		}
		j = job_by_pid(sh, (pid_t)pid);
		if (j == NULL)
			return wait_unknown(sh, (pid_t)pid);
	}
	if (j == NULL && arg[0] == '%')
		sh_warn(sh, "wait: %s: no such job", arg);
	if (j == NULL || j->foreign)
		return 127;
	return job_wait_bg(sh, j);
}

/* One of the jobs (none named: of all) that has ended; NULL: all run, with *ret_left how many. */
static struct job *ended(struct shell *sh, int argc, char **argv, size_t *ret_left)
{
	struct job *j;
	const char *why;

	*ret_left = 0;
	job_poll(sh);
	for (size_t i = 0; (j = job_at(sh, i)) != NULL; i++) {
		bool meant = argc == 0;

		for (int k = 0; k < argc; k++)
			meant |= *argv[k] == '%' ? job_by_spec(sh, argv[k], &why) == j : job_by_pid(sh, (pid_t)atol(argv[k])) == j;
		if (!meant || j->foreign || job_state(j) == JOB_STOPPED)
			continue;
		if (job_state(j) == JOB_DONE)
			return j;
		++*ret_left;
	}
	return NULL;
}

/* wait -n: for the next one. Its status, 127: there is none; or -signo. */
static int wait_next(struct shell *sh, int argc, char **argv, const char *var)
{
	char buf[DECIMAL_MAX];
	struct job *j;
	size_t left;
	int status, signo = 0;

	sigs_wake_for_children(sh);
	sigs_sleep_begin();
	while ((j = ended(sh, argc, argv, &left)) == NULL && left != 0 && (signo = sigs_waiting(sh)) == 0)
		if (!left_hear(sh, true))
			sigsuspend(sigs_sleep_mask());
	sigs_sleep_end();
	if (signo != 0)
		return -signo;
	if (var != NULL)
		(void)var_unset(sh, var);
	if (j == NULL && argc != 0)
		sh_warn(sh, "wait: no such child");
	if (j == NULL)
		return 127;
	if (var != NULL)
		(void)var_set(sh, var, decimal_print(buf, j->procs[j->n_procs - 1].pid), 0);
	status = job_status(sh, j);
	job_waited(sh, j);
	return status;
}

int builtin_wait(struct shell *sh, int argc, char **argv)
{
	const char *var = NULL;
	int status = 0, first, c;
	bool next = false;

	builtin_opt_begin(); /* the options are bash's */
	while ((c = builtin_opt(sh, argc, argv, opt(sh, OPT_POSIX) ? "" : "fnp:")) != -1) {
		if (c == '?')
			return 2;
		next |= c == 'n';
		var = c == 'p' ? optarg : var;
	}
	first = optind;

	if (next)
		status = wait_next(sh, argc - first, argv + first, var);
	else if (first == argc)
		status = job_wait_all(sh);
	for (int i = first; i < argc && status >= 0 && !next; i++)
		status = wait_one(sh, argv[i]);
	if (status < 0) { /* a signal with a trap came: its action runs at once */
		status = 128 - status;
		sh->frame.status = status;
		trap_check(sh);
		if (sh->frame.flow.kind != FLOW_NONE)
			return sh->frame.status; /* that of an `exit 3` in the action */
	}
	return status;
}

/* disown: the shell forgets the job, or, with -h, lets it live when the terminal goes. */
int builtin_disown(struct shell *sh, int argc, char **argv)
{
	bool all = false, running = false, keep = false;
	int c, status = 0;
	struct job *j;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "ahr")) != -1) {
		if (c == '?')
			return 2;
		all |= c == 'a';
		running |= c == 'r';
		keep |= c == 'h';
	}
	for (size_t i = 0; (all || running) && (j = job_at(sh, i)) != NULL;) {
		if (running && job_state(j) != JOB_RUNNING) {
			i++;
			continue;
		}
		j->no_hangup = true;
		left_keep(sh, j);
		if (keep)
			i++;
		else
			job_forget(sh, j);
	}
	for (int i = optind; !all && !running && (i < argc || i == optind); i++) {
		j = find(sh, "disown", i < argc ? argv[i] : "%+");
		if (j != NULL) {
			j->no_hangup = true;
			left_keep(sh, j);
		}
		if (j != NULL && !keep)
			job_forget(sh, j);
		status |= j == NULL;
	}
	return status;
}

int builtin_suspend(struct shell *sh, int argc, char **argv)
{
	bool force = argc > 1 && strcmp(argv[1], "-f") == 0;

	if (!force && (opt(sh, OPT_LOGIN) || !tty_controls(sh))) {
		sh_warn(sh, "suspend: %s", opt(sh, OPT_LOGIN) ? "a login shell: nobody could go on with it" : "no job control");
		return 1;
	}
	return kill(getpid(), SIGSTOP) < 0;
}

/* ---- kill ---- */

static int list_signals(struct shell *sh, int argc, char **argv)
{
	char buf[16];
	int status = 0;

	if (argc == 0) {
		for (int i = 1; i <= SIGSYS; i++)
			printf("%s%c", sigs_name(i, buf), i == SIGSYS ? '\n' : ' ');
		return 0;
	}
	for (int i = 0; i < argc; i++) {
		int signo = sigs_number(argv[i]);

		if (signo < 0 && argv[i][0] >= '0' && argv[i][0] <= '9')
			signo = atoi(argv[i]) > 128 ? atoi(argv[i]) - 128 : -1; /* an exit status */
		if (signo < 0 || signo > SIGRTMAX) {
			sh_warn(sh, "kill: %s: unknown signal", argv[i]);
			status = 1;
			continue;
		}
		if (argv[i][0] >= '0' && argv[i][0] <= '9')
			printf("%s\n", sigs_name(signo, buf));
		else
			printf("%d\n", signo);
	}
	return status;
}

static int kill_one(struct shell *sh, const char *arg, int signo)
{
	struct job *j;
	char *end;
	long pid;
	int r;

	if (arg[0] == '%') {
		j = find(sh, "kill", arg);
		if (j == NULL)
			return 1;
		r = job_signal(sh, j, signo);
		/* a stopped job would not act on it */
		if (r == 0 && j->control && job_state(j) == JOB_STOPPED &&
		    (signo == SIGTERM || signo == SIGHUP))
			(void)job_signal(sh, j, SIGCONT);
	} else {
		errno = 0;
		pid = strtol(arg, &end, 10);
		if (end == arg || *end != '\0' || errno != 0) {
			sh_warn(sh, "kill: %s: neither a process nor a job", arg);
			return 1;
		}
		j = pid > 0 && pid <= INT_MAX ? job_by_pid(sh, (pid_t)pid) : NULL;
		if (j != NULL && (j->node != NULL || j->was != 0)) /* of a job's on another node: here it may be anybody's */
			r = job_signal(sh, j, signo);
		else
			r = kill((pid_t)pid, signo) < 0 ? -errno : 0;
	}
	if (r < 0)
		sh_warn(sh, "kill: %s: %s", arg, strerror(-r));
	return r < 0 ? 1 : 0;
}

int builtin_kill(struct shell *sh, int argc, char **argv)
{
	int signo = SIGTERM, i = 1, status = 0;

	if (i < argc && argv[i][0] == '-' && argv[i][1] != '\0' && strcmp(argv[i], "--") != 0) {
		const char *name = argv[i] + 1;

		if (strcmp(argv[i], "-l") == 0 || strcmp(argv[i], "-L") == 0)
			return list_signals(sh, argc - 2, argv + 2);
		if (strcmp(argv[i], "-s") == 0 || strcmp(argv[i], "-n") == 0) {
			if (++i >= argc)
				return builtin_usage(sh, "kill");
			name = argv[i];
		} else if (argv[i][1] == 's') {
			name = argv[i] + 2;
		}
		signo = sigs_number(name);
		if (signo < 0 && argv[i] + 2 == name)
			signo = sigs_number(argv[i] + 1); /* it was -segv, not -s egv */
		if (signo < 0) {
			sh_warn(sh, "kill: %s: unknown signal", name);
			return opt(sh, OPT_POSIX) ? 2 : 1;
		}
		i++;
	}
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	if (i >= argc)
		return builtin_usage(sh, "kill");
	for (; i < argc; i++)
		status |= kill_one(sh, argv[i], signo);
	return status;
}
