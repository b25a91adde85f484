#ifndef MISH_CONTROLLER_RESPONSE_H
#define MISH_CONTROLLER_RESPONSE_H

#include "controller/load.h"

/* What a command will need, as its shell predicts it (shell/jobs/forecast.h). */
struct response_need {
	double cpu;	/* s, on a CPU of speed 1 */
	uint64_t memory_kib, io_kib;
	double parallel; /* CPUs that it uses at a time; less than 1 counts as 1 */
	bool known; /* else nothing is said of its CPU time */
};

/*
 * In how many seconds such a command would end on a node where it begins now and all others go on (round robin: Goswami, Devarakonda and Iyer 1993; Concert 4), with
 * `less` tasks of its queue gone. INFINITY: the node would begin to page.
 */
double response_time(const struct load *l, const struct response_need *need, double less);
/* A sixteenth of the memory stays free. */
bool response_has_memory(const struct load *l, uint64_t kib);

#endif
