#ifndef MISH_JOBS_TOLD_H
#define MISH_JOBS_TOLD_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Jobs that ended, were reported to the user and forgotten: a `wait` may still ask for them
 * (XCU 2.9.3.1: CHILD_MAX of them at least; the oldest go).
 */
enum { TOLD_MAX = 64 };

struct told {
	struct {
		pid_t pid;
		int status;
	} v[TOLD_MAX];
	size_t n; /* ever added */
};

void told_clear(struct told *t);
void told_add(struct told *t, pid_t pid, int status);
/* The exit status, once: the number may be another's later. -1: not known. */
int told_take(struct told *t, pid_t pid);

#endif
