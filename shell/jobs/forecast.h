#ifndef MISH_JOBS_FORECAST_H
#define MISH_JOBS_FORECAST_H

#include "shell/jobs/predict.h"
#include "shell/shell.h"

/* What a command will take, from what those of its kind took (shell/jobs/rud.h), before it runs. */
struct forecast {
	size_t n; /* commands of its kind that it is from; 0: nothing is said, for there are less than FORECAST_LEAST */
	double cpu, low, high; /* s; four of five are within low to high */
	double believed; /* … and so much may be counted on (predict.h) */
	uint64_t memory_kib, io_kib;
	double elapsed, mean_cpu; /* s, the means */
};

enum { FORECAST_LEAST = 2 };

/* For what is entered at the prompt. Less than a ms; next to nothing for a kind of which no command took FORECAST_SHORT_S. */
#define FORECAST_SHORT_S 0.05
void forecast_command(const struct shell *sh, const char *text, struct forecast *ret);
/* The CPU time in s that the next one takes, whatever it is, as those of late; 0: nothing is known. */
double forecast_next(void);

#endif
