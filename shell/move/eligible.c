#include <config.h>

#include "shell/move/eligible.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shell/exec/cwd.h"
#include "shell/exec/fds.h"
#include "shell/jobs/job.h"
#include "shell/jobs/left.h"
#include "shell/jobs/tty.h"
#include "shell/move/allocation.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

/* What "lately" means; and the idle time that is assumed before the first prompt. */
enum { USAGE_MS = 60000, USAGE_PRIOR_S = 3 };

/* Jobs that keep the shell from moving, for a message (caller frees); NULL none. */
static char *obstacle_of_jobs(struct shell *sh, bool by_hand)
{
	bool stay = by_hand && opt(sh, OPT_STAY);
	struct strbuf s = { 0 };
	struct job *j;

	job_poll(sh);
	for (size_t i = 0; (j = job_at(sh, i)) != NULL; i++)
		if (job_state(j) != JOB_DONE && !(stay && left_may_stay(j)) && !(by_hand && j->node != NULL))
			strbuf_addf(&s, "%s [%d] %s", s.len == 0 ? "these jobs cannot come along:" : "", j->id, j->text != NULL ? j->text : "");
	return s.len != 0 ? strbuf_take(&s) : NULL;
}

char *eligible_obstacle(struct shell *sh)
{
	if (sh_is_subshell(sh))
		return xstrdup("only the shell itself can move, not a subshell");
	if (getuid() != geteuid() || getgid() != getegid())
		return xstrdup("it has another user's rights (mish -p)");
	if (!sh->interactive || sh->tty->fd < 0)
		return xstrdup("only an interactive shell can move");
	if (sh->frame.nest != 0)
		return xstrdup("not from inside a function, a script or a compound command");
	if (sh->frame.redirected != 0)
		return xstrdup("not with its input or output redirected");
	return obstacle_of_jobs(sh, true);
}

/* Is a path one of these lines, or below one? */
static bool is_below(const char *path, const char *lines)
{
	while (lines != NULL && *lines != '\0') {
		size_t n = strcspn(lines, "\n"), len = n;

		while (len > 1 && lines[len - 1] == '/')
			len--;
		if (len == 1 || (strncmp(path, lines, len) == 0 && (path[len] == '/' || path[len] == '\0')))
			return true;
		lines += n + (lines[n] == '\n');
	}
	return false;
}

bool eligible_is_shared(const struct shell *sh, const char *path)
{
	return sh->session != NULL && is_below(path, sh->session->shared);
}

char *eligible_automatic(struct shell *sh)
{
	const struct session *me = sh->session;
	const struct allocation *job;
	struct strbuf s = { 0 };
	char *why, *cwd;

	if (!opt(sh, OPT_AUTOMIGRATE))
		return xstrdup("automigrate is off");
	why = eligible_obstacle(sh);
	if (why == NULL)
		why = obstacle_of_jobs(sh, false);
	if (why == NULL)
		why = fds_obstacle();
	if (why != NULL)
		return why;
	job = allocation_at(0);
	if (job != NULL) { /* who asked for that node, for a time, is to have it */
		strbuf_addf(&s, "it is in job %s", job->job);
		return strbuf_take(&s);
	}
	cwd = cwd_physical();
	if (cwd == NULL || !is_below(cwd, me->shared)) {
		strbuf_addf(&s, "%s is not known to be the same on other nodes (shared)",
			    cwd != NULL ? cwd : "the working directory");
		why = strbuf_take(&s);
	}
	free(cwd);
	return why;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

void eligible_measure(struct shell *sh)
{
	struct session *me = sh->session;
	struct rusage own, children;
	int64_t now = now_mono_ms();
	double used;

	if (getrusage(RUSAGE_SELF, &own) < 0 || getrusage(RUSAGE_CHILDREN, &children) < 0)
		return;
	used = seconds(&own.ru_utime) + seconds(&own.ru_stime) + seconds(&children.ru_utime) +
	       seconds(&children.ru_stime);
	if (me->usage.ms != 0 && now > me->usage.ms) {
		double wall = (double)(now - me->usage.ms), keep = USAGE_MS / (USAGE_MS + wall);

		me->usage.cpu = me->usage.cpu * keep + used - me->usage.used;
		me->usage.wall = me->usage.wall * keep + wall / 1000;
		me->usage.busy *= keep;
		if (me->usage.busy_ms != 0)
			me->usage.busy += (double)(now - me->usage.busy_ms) / 1000;
	}
	me->usage.ms = now;
	me->usage.busy_ms = 0;
	me->usage.used = used;
	me->usage.rss_kib = job_take_rss(sh);
}

uint64_t eligible_part(const struct session *me, double what)
{
	/* a shell that has just begun has not shown much */
	double part = what / (me->usage.wall + USAGE_PRIOR_S);

	return part > 0 ? (uint64_t)(part * 1000) : 0;
}
