#include <config.h>

#include "shell/jobs/job_text.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/jobs/sigs.h"
#include "shell/parser/strbuf.h"
#include "wire/text.h"

void job_print_death(const struct shell *sh, const struct job *j)
{
	int st = j->n_procs != 0 ? j->procs[j->n_procs - 1].status : 0;

	if (!WIFSIGNALED(st) || WTERMSIG(st) == SIGPIPE)
		return;
	/* in a script only what is surely a fault: the status tells the rest */
	if (!sh->interactive && !WCOREDUMP(st) && WTERMSIG(st) != SIGSEGV &&
	    WTERMSIG(st) != SIGBUS && WTERMSIG(st) != SIGILL && WTERMSIG(st) != SIGFPE)
		return;
	if (WTERMSIG(st) == SIGINT) {
		if (sh->interactive && j->control) /* else we had it too: see trap_run() */
			putc('\n', stderr);
		return;
	}
	fprintf(stderr, "%s%s\n", strsignal(WTERMSIG(st)), WCOREDUMP(st) ? " (core dumped)" : "");
}

void job_print_node(const struct job *j, FILE *f)
{
	if (j->node != NULL && !(j->stands_in && j->text != NULL && *j->text == '@'))
		fprintf(f, "  (%s)", j->node);
}

void job_print(const struct shell *sh, const struct job *j, FILE *f)
{
	char buf[64], *text = xstrdup(j->text != NULL ? j->text : "");

	if (isatty(fileno(f))) /* a command may name anything */
		text_clean_lines(text);
	fprintf(f, "[%d] %c %-10s %s", j->id, job_mark(sh, j), job_state_text(sh, j, buf), text);
	job_print_node(j, f);
	putc('\n', f);
	free(text);
}

const char *job_state_text(const struct shell *sh, const struct job *j, char *buf)
{
	int st = j->n_procs != 0 ? j->procs[j->n_procs - 1].status : 0;

	(void)sh;
	switch (job_state(j)) {
	case JOB_RUNNING:
		return "Running";
	case JOB_STOPPED: {
		char name[16];

		for (size_t i = 0; i < j->n_procs; i++)
			if (j->procs[i].state == JOB_STOPPED)
				st = j->procs[i].status;
		if (WSTOPSIG(st) == SIGTSTP)
			return "Stopped";
		snprintf(buf, 64, "Stopped (SIG%s)", sigs_name(WSTOPSIG(st), name));
		return buf;
	}
	case JOB_DONE:
		break;
	}
	if (WIFSIGNALED(st))
		snprintf(buf, 64, "%s%s", strsignal(WTERMSIG(st)),
			 WCOREDUMP(st) ? " (core dumped)" : "");
	else if (WEXITSTATUS(st) == 0)
		return "Done";
	else
		snprintf(buf, 64, "Done(%d)", WEXITSTATUS(st));
	return buf;
}
