#include <config.h>

#include "shell/jobs/job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "migrate/handover.h"
#include "shell/jobs/brought.h"
#include "shell/jobs/job_list.h"
#include "shell/jobs/job_text.h"
#include "shell/jobs/left.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

struct job_table *job_table_new(void)
{
	return xcalloc(1, sizeof(struct job_table));
}

static void job_free(struct job *j)
{
	free(j->procs);
	free(j->text);
	free(j->node);
	free(j->on);
	free(j->modes);
	(void)(j->brought >= 0 && close(j->brought));
	free(j);
}

void job_table_free(struct job_table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n; i++)
		job_free(t->v[i]);
	free(t->v);
	free(t);
}

struct job *job_new(struct shell *sh, const struct ast_pipeline *pl)
{
	struct job_table *t = sh->jobs;
	struct job *j = xcalloc(1, sizeof(*j));

	if (pl != NULL && (sh->interactive || opt(sh, OPT_MONITOR) || pl->async)) {
		struct strbuf s = { 0 };

		ast_print_pipeline_brief(&s, pl);
		j->text = strbuf_take(&s);
	}
	j->began_ms = sh->interactive ? now_mono_ms() : 0;
	j->control = tty_controls(sh);
	j->brought = brought_new(pl);
	j->stands_in = j->brought >= 0;
	t->v = xreallocarray(t->v, t->n + 1, sizeof(*t->v));
	t->v[t->n++] = j;
	return j;
}

/* The best job for `%+` or `%-` besides `not`: a stopped one before a running one. */
static struct job *best(const struct job_table *t, const struct job *not)
{
	struct job *found = NULL;

	for (size_t i = t->n; i-- > 0;) {
		struct job *j = t->v[i];

		if (j == not || j->id == 0 || job_state(j) == JOB_DONE)
			continue;
		if (job_state(j) == JOB_STOPPED)
			return j;
		if (found == NULL)
			found = j;
	}
	return found;
}

/* Once it has ended. */
static void take_brought(struct shell *sh, struct job *j, bool typed)
{
	if (j->brought < 0)
		return;
	brought_take(sh, j->brought, typed && sh->interactive);
	close(j->brought);
	j->brought = -1;
}

/* Its text may have been shortened: that is as good. */
static void record_background(const struct shell *sh, const struct job *j)
{
	if (j->background && j->ended_ms != 0 && j->text != NULL && !j->foreign && job_state(j) == JOB_DONE)
		rud_command(sh, j->text, NULL, j->ended_ms - j->began_ms, &j->used, job_status(sh, j), RUD_BACKGROUND);
}

void job_forget(struct shell *sh, struct job *j)
{
	struct job_table *t = sh->jobs;
	uint64_t was[2];
	size_t i = 0;

	while (i < t->n && t->v[i] != j)
		i++;
	if (i == t->n)
		return;
	was[0] = sh->placed.us[0];
	was[1] = sh->placed.us[1];
	take_brought(sh, j, false);
	j->used.user_us += sh->placed.us[0] - was[0];
	j->used.system_us += sh->placed.us[1] - was[1];
	record_background(sh, j);
	memmove(t->v + i, t->v + i + 1, (t->n - i - 1) * sizeof(*t->v));
	t->n--;
	if (t->current == j) {
		t->current = t->previous != NULL ? t->previous : best(t, NULL);
		t->previous = best(t, t->current);
	} else if (t->previous == j) {
		t->previous = best(t, t->current);
	}
	job_free(j);
}

void job_number(struct shell *sh, struct job *j)
{
	struct job_table *t = sh->jobs;

	if (j->id == 0) {
		j->id = 1;
		for (size_t i = 0; i < t->n; i++)
			if (t->v[i] != j && t->v[i]->id >= j->id)
				j->id = t->v[i]->id + 1;
	}
	if (t->current == j)
		return;
	if (t->current == NULL || job_state(j) == JOB_STOPPED ||
	    job_state(t->current) != JOB_STOPPED) {
		t->previous = t->current;
		t->current = j;
	} else if (t->previous == NULL || job_state(t->previous) != JOB_STOPPED) {
		t->previous = j;
	}
}

enum job_state job_state(const struct job *j)
{
	enum job_state s = JOB_DONE;

	for (size_t i = 0; i < j->n_procs; i++) {
		if (j->procs[i].state == JOB_RUNNING)
			return JOB_RUNNING;
		if (j->procs[i].state == JOB_STOPPED)
			s = JOB_STOPPED;
	}
	return s;
}

static int exit_status(int st)
{
	if (WIFEXITED(st))
		return WEXITSTATUS(st);
	if (WIFSIGNALED(st))
		return 128 + WTERMSIG(st);
	return 128 + WSTOPSIG(st);
}

int job_status(const struct shell *sh, const struct job *j)
{
	int status = 0;

	if (j->n_procs == 0)
		return 0;
	if (!opt(sh, OPT_PIPEFAIL))
		return exit_status(j->procs[j->n_procs - 1].status);
	for (size_t i = 0; i < j->n_procs; i++)
		if (j->procs[i].status != 0)
			status = exit_status(j->procs[i].status);
	return status;
}

void job_add(struct job *j, pid_t pid)
{
	j->procs = xreallocarray(j->procs, j->n_procs + 1, sizeof(*j->procs));
	j->procs[j->n_procs++] = (struct job_proc){ .pid = pid };
}

void job_add_done(struct job *j, int status)
{
	job_add(j, 0);
	j->procs[j->n_procs - 1].state = JOB_DONE;
	j->procs[j->n_procs - 1].status = W_EXITCODE(status, 0);
}

pid_t job_pid(const struct job *j)
{
	pid_t pid = j->pgid;

	for (size_t i = 0; pid == 0 && i < j->n_procs; i++)
		pid = j->procs[i].pid;
	return pid;
}

static size_t count_left(const struct job *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->n_procs; i++)
		n += j->procs[i].state != JOB_DONE;
	return n;
}

int job_signal(struct shell *sh, const struct job *j, int signo)
{
	int err = ESRCH;
	bool any = false;

	if (signo == SIGSTOP && j->stands_in && count_left(j) == 1)
		signo = PLACED_STOP;
	if (j->node != NULL)
		return left_signal(sh, j, signo);
	if (j->control)
		return kill(-j->pgid, signo) < 0 ? -errno : 0;
	for (size_t i = 0; i < j->n_procs; i++) {
		if (j->procs[i].pid <= 0 || j->procs[i].state == JOB_DONE)
			continue;
		if (kill(j->procs[i].pid, signo) == 0)
			any = true;
		else
			err = errno;
	}
	return any ? 0 : -err;
}

void job_enter_subshell(struct shell *sh)
{
	struct job_table *t = sh->jobs;

	for (size_t i = 0; i < t->n; i++)
		t->v[i]->foreign = true;
	told_clear(&t->told);
}

/* ---- waiting ---- */

static struct job *find_proc(const struct job_table *t, pid_t pid, struct job_proc **ret)
{
	for (size_t i = t->n; i-- > 0;)
		for (size_t k = 0; k < t->v[i]->n_procs; k++)
			if (t->v[i]->procs[k].pid == pid && !t->v[i]->foreign && t->v[i]->node == NULL) {
				*ret = &t->v[i]->procs[k];
				return t->v[i];
			}
	return NULL;
}

void job_changed(struct job *j, struct job_proc *p, int st)
{
	if (WIFCONTINUED(st)) {
		p->state = JOB_RUNNING;
		return;
	}
	if (WIFSTOPPED(st) && p->state == JOB_STOPPED && p->status == st) /* the guardian has said so, and now the kernel does */
		return;
	p->status = st;
	p->state = WIFSTOPPED(st) ? JOB_STOPPED : JOB_DONE;
	if (job_state(j) != JOB_RUNNING)
		j->changed = true;
}

/* Takes one change of a child; false when there is none (left), or a signal came. */
static bool take_change(struct shell *sh, int flags)
{
	struct job_proc *p;
	struct job *j;
	int st;
	struct rusage used;
	pid_t pid = wait4(-1, &st, flags | (tty_controls(sh) ? WUNTRACED | WCONTINUED : 0), &used);

	if (pid <= 0)
		return pid < 0 && errno == EINTR;
	if ((uint64_t)used.ru_maxrss > sh->jobs->rss_kib)
		sh->jobs->rss_kib = (uint64_t)used.ru_maxrss;
	j = find_proc(sh->jobs, pid, &p);
	if (WIFEXITED(st) || WIFSIGNALED(st))
		used_add(j != NULL && j->background ? &j->used : &sh->jobs->used, &used);
	if (j == NULL)
		return true;
	job_changed(j, p, st);
	if (j->background && j->began_ms != 0)
		j->ended_ms = now_mono_ms();
	return true;
}

uint64_t job_take_rss(struct shell *sh)
{
	uint64_t rss_kib = sh->jobs->rss_kib;

	sh->jobs->rss_kib = 0;
	return rss_kib;
}

struct used job_take_used(struct shell *sh)
{
	struct used used = sh->jobs->used;

	sh->jobs->used = (struct used){ 0 };
	return used;
}

void job_poll(struct shell *sh)
{
	while (take_change(sh, WNOHANG))
		;
	left_hear(sh, false);
}

static void stopped(struct shell *sh, struct job *j)
{
	if (sh->tty->fd >= 0 && j->node == NULL) {
		struct termios t;

		free(j->modes);
		j->modes = tcgetattr(sh->tty->fd, &t) == 0 ? memcpy(xmalloc(sizeof(t)), &t, sizeof(t)) : NULL;
	}
	job_number(sh, j);
	j->background = true;
	j->changed = false;
	if (sh->interactive) {
		putc('\n', stderr);
		job_print(sh, j, stderr);
	}
}

/* For PIPESTATUS. */
static void keep_statuses(struct shell *sh, const struct job *j)
{
	struct statuses *s = &sh->statuses;

	s->n = j->n_procs > 1 ? j->n_procs : 0;
	if (s->n == 0)
		return;
	s->v = xreallocarray(s->v, s->n, sizeof(*s->v));
	for (size_t i = 0; i < s->n; i++)
		s->v[i] = exit_status(j->procs[i].status);
}

int job_wait_fg(struct shell *sh, struct job *j)
{
	int status, last;
	bool died;

	if (j->control && j->node == NULL) {
		sigs_pass_hangup(sh, j->pgid);
		if (sigs_pass_int(sh) && j->pgid > 0)
			kill(-j->pgid, SIGINT);
	}
	while (job_state(j) == JOB_RUNNING)
		if (j->node != NULL ? !left_hear_front(sh, j) : !take_change(sh, 0))
			break; /* no children left: somebody else reaped them */
	sigs_pass_hangup(sh, 0);
	if (j->node != NULL && j->background && job_state(j) == JOB_RUNNING)
		return 0;
	status = job_status(sh, j);
	keep_statuses(sh, j);
	last = j->n_procs != 0 ? j->procs[j->n_procs - 1].status : 0;
	died = WIFSIGNALED(last);
	if (j->control && sh->tty->fd >= 0) {
		tty_foreground(sh, sh->tty->shell_pgid);
		/* what a command that ended well did to the modes (stty) stays */
		if (job_state(j) == JOB_DONE && !died && j->node == NULL)
			tty_save_modes(sh);
	}
	if (job_state(j) == JOB_DONE)
		take_brought(sh, j, j->control);
	if (job_state(j) == JOB_STOPPED) {
		stopped(sh, j);
		tty_restore_modes(sh);
		/* ^Z ends the loops that it is in, or they would go on with the next */
		if (sh->interactive && sh->frame.loop_depth != 0 && sh->frame.flow.kind == FLOW_NONE)
			sh->frame.flow = (struct flow){ .kind = FLOW_BREAK, .count = sh->frame.loop_depth };
		return status;
	}
	if (j->control && died)
		tty_restore_modes(sh);
	job_print_death(sh, j);
	/* ^C ends the whole line, loops too; in its own group the shell had it as well */
	if (died && WTERMSIG(last) == SIGINT && j->control && sh->interactive &&
	    sh->frame.flow.kind == FLOW_NONE)
		sh->frame.flow.kind = FLOW_ABORT;
	job_forget(sh, j);
	return status;
}

/* Sleeps until the job does not run any more, or a signal that has an action came. */
static int wait_job(struct shell *sh, struct job *j)
{
	siginfo_t si;
	int signo = 0;

	sigs_sleep_begin();
	job_poll(sh); /* it may have been continued */
	while (job_state(j) == JOB_RUNNING) {
		signo = sigs_waiting(sh);
		if (signo != 0)
			break;
		job_poll(sh);
		if (job_state(j) != JOB_RUNNING)
			break;
		if (j->node != NULL && left_hear(sh, true))
			continue;
		if (j->node != NULL || (waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD)) {
			for (size_t i = 0; i < j->n_procs; i++) /* reaped by somebody else */
				j->procs[i].state = JOB_DONE;
			break;
		}
		sigsuspend(sigs_sleep_mask());
	}
	sigs_sleep_end();
	return -signo;
}

static void tell_change(struct shell *sh, struct job *j)
{
	if (j->changed && j->background && sh->interactive && j->id != 0)
		job_print(sh, j, stderr);
	j->changed = false;
}

void job_waited(struct shell *sh, struct job *j)
{
	tell_change(sh, j);
	if (job_state(j) != JOB_STOPPED)
		job_forget(sh, j);
}

int job_wait_bg(struct shell *sh, struct job *j)
{
	int status, r;

	sigs_wake_for_children(sh);
	r = wait_job(sh, j);
	if (r < 0)
		return r;
	status = job_status(sh, j);
	job_waited(sh, j);
	return status;
}

int job_wait_all(struct shell *sh)
{
	job_poll(sh);
	for (size_t i = 0; i < sh->jobs->n;) {
		struct job *j = sh->jobs->v[i];
		int r;

		if (j->foreign || job_state(j) == JOB_STOPPED) {
			i++;
			continue;
		}
		r = job_wait_bg(sh, j);
		if (r < 0)
			return r;
	}
	return 0;
}

bool job_has_news(const struct shell *sh)
{
	const struct job_table *t = sh->jobs;

	for (size_t i = 0; i < t->n; i++)
		if (t->v[i]->changed && t->v[i]->background && t->v[i]->id != 0)
			return true;
	return false;
}

/* Told to the user, but `wait` may still ask. */
static void remember(struct shell *sh, const struct job *j)
{
	if (j->background && j->n_procs != 0)
		told_add(&sh->jobs->told, j->was != 0 ? j->was : j->procs[j->n_procs - 1].pid, job_status(sh, j));
}

int job_told_status(struct shell *sh, pid_t pid)
{
	return told_take(&sh->jobs->told, pid);
}

void job_notify(struct shell *sh)
{
	struct job_table *t = sh->jobs;

	job_poll(sh);
	for (size_t i = 0; i < t->n;) {
		struct job *j = t->v[i];

		tell_change(sh, j);
		if (job_state(j) == JOB_DONE && sh->interactive) {
			remember(sh, j);
			job_forget(sh, j);
		} else
			i++;
	}
}

/* ---- fg, bg ---- */

int job_continue(struct shell *sh, struct job *j, enum job_mode mode)
{
	struct job *other;
	int r;

	for (size_t i = 0; i < j->n_procs; i++)
		if (j->procs[i].state == JOB_STOPPED)
			j->procs[i].state = JOB_RUNNING;
	j->changed = false;
	j->background = mode == JOB_BG;
	if (mode == JOB_FG && j->control && j->node == NULL) {
		/* first the modes: later we are in the background, and a trap on SIGTTOU
		 * would have it tried for ever */
		if (j->modes != NULL && sh->tty->fd >= 0)
			tcsetattr(sh->tty->fd, TCSADRAIN, j->modes);
		tty_foreground(sh, j->pgid);
	}
	r = j->node != NULL && mode == JOB_FG ? left_front(sh, j) : job_signal(sh, j, SIGCONT);
	if (r < 0 && r != -ESRCH)
		return r;
	if (mode == JOB_FG)
		return job_wait_fg(sh, j);
	job_number(sh, j);
	other = best(sh->jobs, j);
	if (sh->jobs->current == j && other != NULL && job_state(other) == JOB_STOPPED) {
		sh->jobs->current = other; /* a suspended one, while there is any (POSIX, 3.93 Current Job) */
		sh->jobs->previous = j;
	}
	return 0;
}

bool job_is_stopped(const struct job *j)
{
	return job_state(j) == JOB_STOPPED;
}

size_t job_count(const struct shell *sh, bool stopped_only)
{
	const struct job_table *t = sh->jobs;
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		enum job_state s = job_state(t->v[i]);

		n += !t->v[i]->foreign &&
		     (s == JOB_STOPPED || (s == JOB_RUNNING && !stopped_only));
	}
	return n;
}

void job_hangup(struct shell *sh)
{
	struct job_table *t = sh->jobs;

	for (size_t i = 0; i < t->n; i++) {
		struct job *j = t->v[i];

		if (j->foreign || !j->control || j->no_hangup || job_state(j) == JOB_DONE)
			continue;
		(void)job_signal(sh, j, SIGHUP);
		if (job_state(j) == JOB_STOPPED)
			(void)job_signal(sh, j, SIGCONT);
	}
}
