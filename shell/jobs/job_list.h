#ifndef MISH_JOBS_JOB_LIST_H
#define MISH_JOBS_JOB_LIST_H

#include "migrate/handover.h"
#include "shell/jobs/job.h"
#include "shell/jobs/told.h"

/* The jobs from inside: for job.c, and for job_find.c and left.c beside it. */

struct job_table {
	struct told told; /* the last that were forgotten before `wait` asked for them */
	uint64_t rss_kib; /* see job_take_rss() */
	struct used used; /* see job_take_used() */
	struct job **v; /* in the order of creation */
	size_t n;
	struct job *current, *previous;
	const struct blob *stand_ins; /* while a state is loaded at home: struct stand_in each; else NULL */
	bool staying; /* the shell goes, and jobs of this node stay here */
};

/* A change of one of its processes, as wait4() has it. */
void job_changed(struct job *j, struct job_proc *p, int st);

#endif
