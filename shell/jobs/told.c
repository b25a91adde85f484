#include <config.h>

#include "shell/jobs/told.h"

void told_clear(struct told *t)
{
	t->n = 0;
}

void told_add(struct told *t, pid_t pid, int status)
{
	size_t i = t->n++ % TOLD_MAX;

	t->v[i].pid = pid;
	t->v[i].status = status;
}

int told_take(struct told *t, pid_t pid)
{
	for (size_t i = 0; i < TOLD_MAX && i < t->n; i++)
		if (t->v[i].pid == pid) {
			t->v[i].pid = 0;
			return t->v[i].status;
		}
	return -1;
}
