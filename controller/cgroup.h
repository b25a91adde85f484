#ifndef MISH_CONTROLLER_CGROUP_H
#define MISH_CONTROLLER_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What the control groups allow this node: those of its process 1, so that a container
 * counts for what it may use, and a limit on mishd alone does not count for the node.
 * Version 1 and 2, also mixed.
 */
struct cgroup {
	char *cpu, *cpuacct, *memory; /* directories, NULL none */
	char *cpu_top, *memory_top;   /* the mount points, where looking upwards ends */
	bool v2;		      /* the directories are of version 2 */
};

/* Finds the directories; `proc` is "/proc". One that is not there is NULL. */
void cgroup_find(struct cgroup *c, const char *proc);
void cgroup_release(struct cgroup *c);

/* CPUs by the tightest quota between the group and the top; 0: no limit. */
double cgroup_cpus(const struct cgroup *c);
/* CPU time used, in microseconds; -1: not known. */
int64_t cgroup_cpu_us(const struct cgroup *c);
/* KiB, by the tightest limit; false: there is none. Caches that can be dropped count as free. */
bool cgroup_memory(const struct cgroup *c, uint64_t *ret_total, uint64_t *ret_free);

/* The number at the beginning of a small file, or behind `key` on a line of it. False: there is none. */
bool cgroup_read_number(const char *dir, const char *file, const char *key, double *ret);

#endif
