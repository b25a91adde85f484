#ifndef MISH_JOBS_JOB_TEXT_H
#define MISH_JOBS_JOB_TEXT_H

#include "shell/jobs/job.h"

/* Jobs in words. */

/* "Running", "Done(3)", "Stopped (SIGTSTP)", …; buf has room for 64. */
const char *job_state_text(const struct shell *sh, const struct job *j, char *buf);
/* Where it is, if that is another node and its text does not say so. */
void job_print_node(const struct job *j, FILE *f);
/* A line of `jobs`. */
void job_print(const struct shell *sh, const struct job *j, FILE *f);
/* How a foreground job died, where that is worth a line. */
void job_print_death(const struct shell *sh, const struct job *j);

#endif
