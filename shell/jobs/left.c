#include <config.h>

#include "shell/jobs/left.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "migrate/handover.h"
#include "migrate/state.h"
#include "shell/jobs/job_list.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/parser/strbuf.h"
#include "wire/node.h"

enum { PIDS_MAX = 1 << 22 /* PID_MAX_LIMIT, proc(5) */, JOBS_MAX = 10000, STATUS_MAX = 0xffff };

static bool is_left(const struct job *j)
{
	return j->node != NULL && !j->foreign && job_state(j) != JOB_DONE;
}

bool left_may_stay(const struct job *j)
{
	return j->node != NULL || (j->id != 0 && j->control && !j->foreign);
}

void left_procs(const struct shell *sh, struct left_proc **ret, size_t *ret_size)
{
	const struct job_table *t = sh->jobs;
	size_t n = 0;

	*ret = NULL;
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; left_may_stay(t->v[i]) && t->v[i]->node == NULL && k < t->v[i]->n_procs; k++) {
			const struct job_proc *p = &t->v[i]->procs[k];

			if (p->state == JOB_DONE)
				continue;
			*ret = xreallocarray(*ret, n + 1, sizeof(**ret));
			(*ret)[n++] = (struct left_proc){ t->v[i]->no_hangup ? -p->pid : p->pid, p->state == JOB_STOPPED ? p->status : 0, t->v[i]->pgid };
		}
	*ret_size = n * sizeof(**ret);
}

/* Says something about the first process that is left: the guardian has its group. */
static int tell(struct shell *sh, const struct job *j, int signo, enum left_what what)
{
	size_t i = 0;

	while (i < j->n_procs && j->procs[i].state == JOB_DONE)
		i++;
	if (!is_left(j) || sh->hooks.tell_left == NULL)
		return -ESRCH;
	if (j->on != NULL && !j->claimed) /* another terminal has not said yet who stands for it */
		return sh->hooks.tell_left(sh, j->on, j->first, signo, what);
	return sh->hooks.tell_left(sh, j->node, j->procs[i].pid, signo, what);
}

int left_signal(struct shell *sh, const struct job *j, int signo)
{
	return tell(sh, j, signo, j->no_hangup ? LEFT_KEEP : LEFT_NOTHING);
}

void left_keep(struct shell *sh, const struct job *j)
{
	(void)tell(sh, j, 0, LEFT_KEEP);
}

int left_front(struct shell *sh, const struct job *j)
{
	return tell(sh, j, 0, LEFT_FRONT);
}

/* The first of them, NULL none. */
static struct job *first_left(const struct shell *sh)
{
	const struct job_table *t = sh->jobs;
	size_t i = 0;

	while (i < t->n && !is_left(t->v[i]))
		i++;
	return i < t->n ? t->v[i] : NULL;
}

bool left_hear(struct shell *sh, bool wait)
{
	return first_left(sh) != NULL && !sh_is_subshell(sh) && sh->hooks.hear_left != NULL && sh->hooks.hear_left(sh, wait);
}

/* ^C comes here only where the terminal was taken back: a connection broke meanwhile. */
bool left_hear_front(struct shell *sh, const struct job *j)
{
	bool r;

	sigs_sleep_begin();
	if (sigs_pass_int(sh))
		(void)left_signal(sh, j, SIGINT);
	r = left_hear(sh, true);
	sigs_sleep_end();
	return r && !j->background; /* another terminal has come, which it has not got */
}

bool left_changed(struct shell *sh, pid_t pid, int st)
{
	const struct job_table *t = sh->jobs;

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; is_left(t->v[i]) && k < t->v[i]->n_procs; k++)
			if (t->v[i]->procs[k].pid == pid) {
				job_changed(t->v[i], &t->v[i]->procs[k], st);
				return t->v[i]->changed;
			}
	return false;
}

/* ---- jobs that stay elsewhere than at home ---- */

void left_staying(struct shell *sh, bool on)
{
	sh->jobs->staying = on;
}

void left_stand_ins(struct shell *sh, const struct blob *list)
{
	sh->jobs->stand_ins = list;
}

static bool has_proc(const struct job *j, pid_t pid)
{
	for (size_t i = 0; i < j->n_procs; i++)
		if (j->procs[i].pid == pid) /* which may have ended since */
			return true;
	return false;
}

/* Is it the one of which `was` was the first process that was left on that node? */
static bool is_that(const struct job *j, const char *node, pid_t was)
{
	return j->on != NULL ? strcmp(j->on, node) == 0 && j->first == was : strcmp(j->node, node) == 0 && has_proc(j, was);
}

/* It stays where it is; at home somebody stands for it. */
static void keep_on(struct job *j, pid_t was)
{
	struct strbuf s = { 0 };

	j->was = j->was != 0 ? j->was : j->procs[j->n_procs - 1].pid;
	j->first = was;
	j->on = j->node;
	j->node = NULL;
	strbuf_addf(&s, "@%s %s", j->on, j->text != NULL ? j->text : "");
	free(j->text);
	j->text = strbuf_take(&s);
}

/* From now on it is a placed job of home's: one process, where the last was that is left. */
static void stand_in(struct job *j, pid_t was, pid_t pid, const char *home)
{
	struct job_proc *last = NULL;

	if (j->on == NULL)
		keep_on(j, was);
	for (size_t i = 0; i < j->n_procs; i++) {
		struct job_proc *p = &j->procs[i];

		if (p->state == JOB_DONE)
			continue;
		if (last != NULL)
			*last = (struct job_proc){ .pid = last->pid, .state = JOB_DONE };
		last = p;
	}
	if (last != NULL)
		last->pid = pid;
	free(j->node);
	j->node = xstrdup(home);
	j->stands_in = j->claimed = true;
	j->pgid = pid;
}

void left_stands(struct shell *sh, const char *node, pid_t was, pid_t pid, const char *home)
{
	const struct job_table *t = sh->jobs;

	for (size_t i = 0; i < t->n; i++) {
		struct job *j = t->v[i];

		if (!is_left(j) || !is_that(j, node, was))
			continue;
		j->claimed = true;
		if (pid != 0)
			stand_in(j, was, pid, home);
		for (size_t k = 0; pid == 0 && k < j->n_procs; k++)
			if (j->procs[k].state != JOB_DONE)
				job_changed(j, &j->procs[k], SIGHUP);
	}
}

/* Of a job that is loaded at home. */
static void find_stand_in(struct shell *sh, struct job *j, const char *here)
{
	const struct blob *list = sh->jobs->stand_ins;
	struct stand_in s;

	for (size_t i = 0; list != NULL && i + sizeof(s) <= list->len; i += sizeof(s)) {
		memcpy(&s, list->s + i, sizeof(s));
		s.node[sizeof(s.node) - 1] = '\0';
		if (is_that(j, s.node, s.was) && s.pid > 0) {
			stand_in(j, s.was, s.pid, here);
			return;
		}
	}
}

#define LOST "[%d] %s: it goes on by itself, on %s: the terminal that it was started from is gone"

void left_unclaimed(struct shell *sh)
{
	for (size_t i = 0; i < sh->jobs->n; i++) {
		sh->jobs->v[i]->claimed = false;
		sh->jobs->v[i]->background |= sh->jobs->v[i]->node != NULL;
	}
}

bool left_lost(struct shell *sh)
{
	const struct job_table *t = sh->jobs;
	bool any = false;

	for (size_t i = 0; i < t->n;) {
		struct job *j = t->v[i];

		if (!is_left(j) || j->claimed) {
			i++;
			continue;
		}
		sh_warn(sh, LOST, j->id, j->text, *j->text == '@' ? "that node" : j->node);
		job_forget(sh, j);
		any = true;
	}
	return any;
}

void left_stays(const struct shell *sh, const struct blob *list, struct blob *ret)
{
	const struct job_table *t = sh->jobs;
	struct stay *v = xmalloc(list->len + 1), s;
	size_t n = 0;

	for (size_t at = 0; at + sizeof(s) <= list->len; at += sizeof(s)) {
		memcpy(&s, list->s + at, sizeof(s));
		for (size_t i = 0; i < t->n; i++)
			if (t->v[i]->on != NULL && job_state(t->v[i]) != JOB_DONE && is_that(t->v[i], s.node, s.was)) {
				s.pid = t->v[i]->pgid;
				s.keep = t->v[i]->no_hangup;
				v[n++] = s;
				break;
			}
	}
	*ret = (struct blob){ (uint8_t *)v, n * sizeof(*v) };
}

/* ---- state ---- */

enum { LEFT_JOBS = 1, LEFT_PROCS = 2, LEFT_WAS = 3 /* of each job */, LEFT_ON = 4 /* … where it is, and its first process there */ };
enum { JOB_COLUMNS = 6 }; /* number, text, node, modes, flags, how many processes */
enum { ON_COLUMNS = 2 };
enum { PROC_COLUMNS = 3 }; /* pid, status, enum job_state */
enum { IN_BACKGROUND = 1, HAS_CHANGED = 2, NO_HANGUP = 4, IS_CURRENT = 8, IS_PREVIOUS = 16, STANDS_IN = 32, ALL_FLAGS = 63 };

/* Away from home only what is there: its own jobs go with it or keep it. */
static bool is_saved(const struct shell *sh, const struct job *j)
{
	return left_may_stay(j) && (j->node != NULL || sh->hooks.hear_left == NULL || sh->jobs->staying);
}

static void save_job(const struct shell *sh, const struct job *j, const char *here, struct state_enc *e)
{
	unsigned flags = (j->background ? IN_BACKGROUND : 0) | (j->changed ? HAS_CHANGED : 0) | (j->no_hangup ? NO_HANGUP : 0) | (j->stands_in ? STANDS_IN : 0) |
			 (sh->jobs->current == j ? IS_CURRENT : 0) | (sh->jobs->previous == j ? IS_PREVIOUS : 0);

	state_add_uint(e, (uint64_t)j->id);
	state_add_str(e, j->text != NULL ? j->text : "");
	state_add_str(e, j->node != NULL ? j->node : here);
	state_add_bytes(e, j->modes, j->modes != NULL ? sizeof(struct termios) : 0);
	state_add_uint(e, flags);
	state_add_uint(e, j->n_procs);
}

static void jobs_save(const struct shell *sh, struct state_enc *e)
{
	const struct job_table *t = sh->jobs;
	uint32_t n = 0, n_procs = 0;
	char here[256];

	for (size_t i = 0; i < t->n; i++)
		if (is_saved(sh, t->v[i])) {
			n++;
			n_procs += (uint32_t)t->v[i]->n_procs;
		}
	if (n == 0)
		return;
	node_own_name(here, sizeof(here));
	state_put_array(e, LEFT_JOBS, n * JOB_COLUMNS);
	for (size_t i = 0; i < t->n; i++)
		if (is_saved(sh, t->v[i]))
			save_job(sh, t->v[i], here, e);
	state_put_array(e, LEFT_WAS, n);
	for (size_t i = 0; i < t->n; i++)
		if (is_saved(sh, t->v[i]))
			state_add_uint(e, (uint64_t)t->v[i]->was);
	state_put_array(e, LEFT_ON, n * ON_COLUMNS);
	for (size_t i = 0; i < t->n; i++)
		if (is_saved(sh, t->v[i])) {
			state_add_str(e, t->v[i]->on != NULL ? t->v[i]->on : "");
			state_add_uint(e, (uint64_t)t->v[i]->first);
		}
	state_put_array(e, LEFT_PROCS, n_procs * PROC_COLUMNS);
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; is_saved(sh, t->v[i]) && k < t->v[i]->n_procs; k++) {
			state_add_uint(e, (uint64_t)t->v[i]->procs[k].pid);
			state_add_uint(e, (uint64_t)t->v[i]->procs[k].status & STATUS_MAX);
			state_add_uint(e, t->v[i]->procs[k].state);
		}
}

static int load_procs(struct job *j, const struct state_dec *d, const struct state_value *a, uint32_t at, uint64_t n)
{
	int r = 0;

	for (uint64_t i = 0; r == 0 && i < n; i++, at += PROC_COLUMNS) {
		uint64_t pid, status, state;

		r = state_elem_uint(d, a, at, PIDS_MAX, &pid);
		if (r == 0)
			r = state_elem_uint(d, a, at + 1, STATUS_MAX, &status);
		if (r == 0)
			r = state_elem_uint(d, a, at + 2, JOB_DONE, &state);
		if (r < 0)
			return r;
		job_add(j, (pid_t)pid);
		j->procs[i].status = (int)status;
		j->procs[i].state = (enum job_state)state;
	}
	return r;
}

/* Back where it stayed: its processes are children of ours again. False: they are not. */
static bool is_ours(struct job *j)
{
	bool ours = false;

	for (size_t i = 0; i < j->n_procs; i++) {
		siginfo_t si;
		pid_t pid = j->procs[i].pid;

		if (j->procs[i].state == JOB_DONE)
			continue;
		if (pid <= 0 || waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG | WNOWAIT) < 0)
			return false;
		j->pgid = getpgid(pid);
		ours = true;
	}
	return ours && j->pgid > 0 && j->pgid != getpgrp();
}

/* What the flags say; a job of this node becomes one of ours. */
static void settle(struct shell *sh, struct job *j, unsigned flags)
{
	char here[256];

	j->background = (flags & IN_BACKGROUND) != 0;
	j->changed = (flags & HAS_CHANGED) != 0;
	j->no_hangup = (flags & NO_HANGUP) != 0;
	j->stands_in = (flags & STANDS_IN) != 0;
	j->control = true;
	if ((flags & IS_CURRENT) != 0)
		sh->jobs->current = j;
	if ((flags & IS_PREVIOUS) != 0)
		sh->jobs->previous = j;
	node_own_name(here, sizeof(here));
	find_stand_in(sh, j, here);
	if (strcmp(j->node, here) == 0 && (job_state(j) == JOB_DONE || is_ours(j))) {
		free(j->node);
		j->node = NULL;
	}
}

struct columns {
	const struct state_value *jobs, *procs;
	const struct state_value *was, *on; /* NULL: an older shell has written it */
	uint32_t n, n_procs, proc;
};

/* What it was before somebody stood for it at home. */
static int load_origin(struct job *j, const struct state_dec *d, const struct columns *c, uint32_t row)
{
	uint64_t was = 0, first = 0;
	const char *on = "";
	int r = c->was != NULL ? state_elem_uint(d, c->was, row, PIDS_MAX, &was) : 0;

	if (r == 0 && c->on != NULL)
		r = state_elem_str(d, c->on, row * ON_COLUMNS, &on, NULL);
	if (r == 0 && c->on != NULL)
		r = state_elem_uint(d, c->on, row * ON_COLUMNS + 1, PIDS_MAX, &first);
	j->was = (pid_t)was;
	j->first = (pid_t)first;
	if (r == 0 && *on != '\0')
		j->on = xstrdup(on);
	return r;
}

static int load_job(struct shell *sh, const struct state_dec *d, struct columns *c, uint32_t at)
{
	const struct state_value *a = c->jobs;
	uint64_t id, flags = 0, n = 0;
	const char *text, *node, *modes;
	size_t modes_len;
	struct job *j;
	int r = state_elem_uint(d, a, at, JOBS_MAX, &id);

	if (r == 0)
		r = state_elem_str(d, a, at + 1, &text, NULL);
	if (r == 0)
		r = state_elem_str(d, a, at + 2, &node, NULL);
	if (r == 0)
		r = state_elem_str(d, a, at + 3, &modes, &modes_len);
	if (r == 0)
		r = state_elem_uint(d, a, at + 4, ALL_FLAGS, &flags);
	if (r == 0)
		r = state_elem_uint(d, a, at + 5, c->n_procs / PROC_COLUMNS - c->proc, &n);
	if (r < 0)
		return r;
	j = job_new(sh, NULL);
	j->id = (int)id;
	j->text = xstrdup(text);
	j->node = xstrdup(node);
	if (modes_len == sizeof(struct termios))
		j->modes = memcpy(xmalloc(modes_len), modes, modes_len);
	r = load_origin(j, d, c, at / JOB_COLUMNS);
	if (r == 0)
		r = load_procs(j, d, c->procs, c->proc * PROC_COLUMNS, n);
	c->proc += (uint32_t)n;
	settle(sh, j, (unsigned)flags);
	return r;
}

/* What a checkpoint before this one said. */
static void forget_all(struct shell *sh)
{
	struct job_table *t = sh->jobs;

	for (size_t i = 0; i < t->n;)
		if (t->v[i]->id != 0)
			job_forget(sh, t->v[i]);
		else
			i++;
}

/* An array of so many for each job; NULL: it is not there. */
static const struct state_value *get_more(const struct state_dec *d, uint32_t key, uint32_t n)
{
	const struct state_value *v;
	uint32_t len;

	return state_get_array(d, key, &v, &len) == 0 && len == n ? v : NULL;
}

static int jobs_load(struct shell *sh, const struct state_dec *d)
{
	struct columns c = { 0 };
	struct job *left;
	int r;

	forget_all(sh);
	r = state_get_array(d, LEFT_JOBS, &c.jobs, &c.n);
	if (r == 0)
		r = state_get_array(d, LEFT_PROCS, &c.procs, &c.n_procs);
	else if (r == -ENOENT)
		return 0;
	c.was = get_more(d, LEFT_WAS, c.n / JOB_COLUMNS);
	c.on = get_more(d, LEFT_ON, c.n / JOB_COLUMNS * ON_COLUMNS);
	if (r == 0 && (c.n % JOB_COLUMNS != 0 || c.n_procs % PROC_COLUMNS != 0))
		r = -EBADMSG;
	for (uint32_t i = 0; r == 0 && i < c.n; i += JOB_COLUMNS)
		r = load_job(sh, d, &c, i);
	while (r == 0 && sh->hooks.hear_left == NULL && (left = first_left(sh)) != NULL) {
		state_warn(d, LOST, left->id, left->text, left->node);
		job_forget(sh, left);
	}
	return r;
}

const struct state_section jobs_section = {
	.name = "jobs", .version = 1, .save = jobs_save, .load = jobs_load,
};
