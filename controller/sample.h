#ifndef MISH_CONTROLLER_SAMPLE_H
#define MISH_CONTROLLER_SAMPLE_H

#include <sys/types.h>

#include "controller/cgroup.h"
#include "controller/limits.h"
#include "controller/load.h"

/* Measures this node's load (Concert 2.3, 3.1). */
struct sampler {
	char *proc; /* "/proc" */
	char *dev;  /* "/dev" */
	struct cgroup cgroup;
	bool inside; /* in a pid namespace: visible processes are counted */
	double speed;
	int64_t last_ms, smoothing_ms;
	int64_t busy_us, total_us; /* of the sample before */
	double queue; /* smoothed */
	bool begun;
	double cost_ms; /* CPU time of a sample, smoothed */
	/* users whose presence keeps others away */
	uid_t owners[SAMPLE_OWNERS_MAX];
	size_t n_owners;
	int64_t owner_idle_ms;
	bool owner_here;
	bool threads_left; /* SAMPLE_THREADS_MAX was reached in the last sample */
};

/* `proc` and `dev` are "/proc" and "/dev"; tests have their own. `speed` 0: it is measured. 0 or -ENOMEM. */
int sampler_init(struct sampler *s, const char *proc, const char *dev, double speed);
void sampler_release(struct sampler *s);
void sampler_take(struct sampler *s, int64_t now_ms, struct load *ret);
/* ms until the next sample: as wanted, or more, so that sampling uses less than a thousandth of a CPU. */
int64_t sampler_interval(const struct sampler *s, int64_t wanted_ms);

/* One CPU's speed by a short loop; 1 is the reference (see sample.c). */
double sample_speed(void);

#endif
