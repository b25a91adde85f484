#include <config.h>

#include "controller/sample.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	COST_PARTS = 1000,    /* a sample may use one part in so many of a CPU */
	SPEED_LOOPS = 400000, SPEED_TRIES = 7,
	INIT_PIDNS = 0xEFFFFFFC, /* PROC_PID_INIT_INO, linux/proc_ns.h */
	PTS_MAJOR = 136, PTS_MAJORS = 8,
};

static int64_t thread_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

double sample_speed(void)
{
	/* ns for the loop on the reference, a 2.6 GHz server CPU of 2020 */
	const double reference_ns = 1.0e6;
	volatile uint64_t sink;
	int64_t best = INT64_MAX;

	for (int i = 0; i < SPEED_TRIES; i++) { /* the shortest counts: others may run beside */
		int64_t start = thread_ns(), took;
		uint64_t x = 88172645463325252U;

		for (int k = 0; k < SPEED_LOOPS; k++) { /* xorshift64, Marsaglia 2003 */
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
		}
		sink = x;
		took = thread_ns() - start;
		if (took < best)
			best = took;
	}
	(void)sink;
	return best > 0 ? reference_ns / (double)best : 1;
}

int sampler_init(struct sampler *s, const char *proc, const char *dev, double speed)
{
	char name[4096];
	struct stat st;

	*s = (struct sampler){ .proc = strdup(proc), .dev = strdup(dev), .smoothing_ms = 5000,
			       .speed = speed > 0 ? speed : sample_speed() };
	if (s->proc == NULL || s->dev == NULL) {
		sampler_release(s);
		return -ENOMEM;
	}
	snprintf(name, sizeof(name), "%s/self/ns/pid", proc);
	s->inside = stat(name, &st) == 0 && st.st_ino != INIT_PIDNS;
	cgroup_find(&s->cgroup, proc);
	return 0;
}

void sampler_release(struct sampler *s)
{
	free(s->proc);
	free(s->dev);
	cgroup_release(&s->cgroup);
	*s = (struct sampler){ 0 };
}

/* ---- visible processes ---- */

struct process {
	char state;
	int tty, threads;
};

/* proc_pid_stat(5): the name may hold anything, so count from the last parenthesis. */
static bool read_stat(int dir, const char *name, struct process *ret)
{
	char path[300], buf[1024], *s;
	ssize_t n = -1;
	int fd;

	if (snprintf(path, sizeof(path), "%s/stat", name) >= (int)sizeof(path))
		return false;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, buf, sizeof(buf) - 1);
		close(fd);
	}
	if (n <= 0)
		return false;
	buf[n] = '\0';
	s = strrchr(buf, ')');
	return s != NULL && sscanf(s + 1, " %c %*d %*d %*d %d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
					  "%*d %*d %d", &ret->state, &ret->tty, &ret->threads) == 3;
}

/* Threads of a process that run. */
static unsigned running_threads(int proc, const char *name)
{
	char path[300];
	struct process t;
	struct dirent *e;
	unsigned n = 0, seen = 0;
	DIR *d;
	int fd;

	snprintf(path, sizeof(path), "%s/task", name);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = fd >= 0 ? fdopendir(fd) : NULL;
	while (d != NULL && seen < SAMPLE_THREADS_MAX && (e = readdir(d)) != NULL) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		seen++;
		n += read_stat(dirfd(d), e->d_name, &t) && t.state == 'R';
	}
	if (d != NULL)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	return n;
}

/* Is this a process of an owner's, on a terminal that was used lately? */
static bool is_owner_there(const struct sampler *s, int proc, const char *name, int tty)
{
	unsigned major = (unsigned)tty >> 8 & 0xfff, minor = ((unsigned)tty & 0xff) | ((unsigned)tty >> 12 & 0xfff00);
	char path[4096];
	struct stat st;
	bool owner = false;

	if (tty == 0 || fstatat(proc, name, &st, 0) < 0)
		return false;
	for (size_t i = 0; i < s->n_owners; i++)
		owner |= s->owners[i] == st.st_uid;
	if (!owner)
		return false;
	if (major < PTS_MAJOR || major >= PTS_MAJOR + PTS_MAJORS)
		return true; /* a console: how long it has been idle cannot be told */
	snprintf(path, sizeof(path), "%s/pts/%u", s->dev, minor + 256 * (major - PTS_MAJOR));
	return stat(path, &st) == 0 && (int64_t)(time(NULL) - st.st_atime) * 1000 < s->owner_idle_ms;
}

/* Tasks that run or could, among the processes that are visible, without mishd. */
static double count_processes(struct sampler *s)
{
	char self[16];
	struct dirent *e;
	struct process p;
	unsigned n = 0;
	DIR *d = opendir(s->proc);

	s->owner_here = s->threads_left = false;
	snprintf(self, sizeof(self), "%d", (int)getpid());
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (!isdigit((unsigned char)e->d_name[0]) || strcmp(e->d_name, self) == 0 ||
		    !read_stat(dirfd(d), e->d_name, &p))
			continue;
		s->threads_left |= p.threads > SAMPLE_THREADS_MAX;
		n += p.threads > 1 ? running_threads(dirfd(d), e->d_name) : p.state == 'R';
		if (s->n_owners != 0 && !s->owner_here)
			s->owner_here = is_owner_there(s, dirfd(d), e->d_name, p.tty);
	}
	if (d != NULL)
		closedir(d);
	return n;
}

/* By the kernel's count, proc_loadavg(5), unless that is of more than this node or owners are to be seen. */
static double count_running(struct sampler *s)
{
	char name[4096];
	unsigned running = 1;
	FILE *f;

	if (s->inside || s->n_owners != 0)
		return count_processes(s);
	snprintf(name, sizeof(name), "%s/loadavg", s->proc);
	f = fopen(name, "re");
	if (f == NULL || fscanf(f, "%*f %*f %*f %u/", &running) != 1)
		running = 1;
	if (f != NULL)
		fclose(f);
	return running > 1 ? running - 1 : 0;
}

/* ---- the rest ---- */

static double usable_cpus(const struct sampler *s)
{
	double quota = cgroup_cpus(&s->cgroup), n;
	cpu_set_t set;

	n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) :
							   (double)sysconf(_SC_NPROCESSORS_ONLN);
	return quota > 0 && quota < n ? quota : n;
}

/* How long CPUs were busy, and how long they were there: microseconds since some moment. */
static void cpu_times(const struct sampler *s, int64_t now_ms, double cpus, int64_t *busy, int64_t *total)
{
	unsigned long long v[8] = { 0 }, sum = 0;
	long hz = sysconf(_SC_CLK_TCK);
	char name[4096];
	FILE *f;

	*busy = s->inside ? cgroup_cpu_us(&s->cgroup) : -1;
	*total = (int64_t)((double)now_ms * 1000 * cpus);
	if (*busy >= 0)
		return;
	snprintf(name, sizeof(name), "%s/stat", s->proc);
	f = fopen(name, "re");
	if (f != NULL && fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3],
				&v[4], &v[5], &v[6], &v[7]) == 8)
		for (int i = 0; i < 8; i++)
			sum += v[i];
	if (f != NULL)
		fclose(f);
	*busy = (int64_t)((sum - v[3] - v[4]) * 1000000 / (unsigned long long)hz); /* not idle, iowait */
	*total = (int64_t)(sum * 1000000 / (unsigned long long)hz);
}

static float pressure(const struct sampler *s, const char *what)
{
	char file[64], dir[4096];
	double v = 0;

	snprintf(file, sizeof(file), "%s.pressure", what);
	snprintf(dir, sizeof(dir), "%s/pressure", s->proc);
	if (s->inside && s->cgroup.v2 && cgroup_read_number(s->cgroup.cpu, file, "some avg10=", &v))
		return (float)v;
	(void)cgroup_read_number(dir, what, "some avg10=", &v);
	return (float)v;
}

static void memory(const struct sampler *s, struct load *l)
{
	uint64_t total, available;
	double v = 0;

	if (cgroup_read_number(s->proc, "meminfo", "MemTotal:", &v))
		l->memory_total = (uint64_t)v;
	if (cgroup_read_number(s->proc, "meminfo", "MemAvailable:", &v))
		l->memory_free = (uint64_t)v;
	if (cgroup_memory(&s->cgroup, &total, &available)) {
		l->memory_total = total < l->memory_total ? total : l->memory_total;
		l->memory_free = available < l->memory_free ? available : l->memory_free;
	}
}

static void utilisation(struct sampler *s, int64_t now_ms, struct load *l)
{
	int64_t busy, total;
	double part;

	cpu_times(s, now_ms, (double)l->cpus, &busy, &total);
	part = s->begun && total > s->total_us ? (double)(busy - s->busy_us) / (double)(total - s->total_us) : 0;
	l->utilisation = (float)(part < 0 ? 0 : part > 1 ? 1 : part);
	s->busy_us = busy;
	s->total_us = total;
}

void sampler_take(struct sampler *s, int64_t now_ms, struct load *ret)
{
	int64_t start = thread_ns();
	double running = count_running(s), f, cost;
	struct load l = { .speed = (float)s->speed };

	l.cpus = (float)usable_cpus(s);
	/* exponential smoothing, by the time since the last sample, which varies */
	f = s->begun ? exp(-(double)(now_ms - s->last_ms) / (double)s->smoothing_ms) : 0;
	s->queue = s->queue * f + running * (1 - f);
	l.queue = (float)s->queue;
	utilisation(s, now_ms, &l);
	memory(s, &l);
	l.psi_cpu = pressure(s, "cpu");
	l.psi_memory = pressure(s, "memory");
	l.psi_io = pressure(s, "io");
	s->last_ms = now_ms;
	cost = (double)(thread_ns() - start) / 1e6;
	s->cost_ms = s->begun ? s->cost_ms * 0.8 + cost * 0.2 : cost;
	s->begun = true;
	*ret = l;
}

int64_t sampler_interval(const struct sampler *s, int64_t wanted_ms)
{
	int64_t least = (int64_t)(s->cost_ms * COST_PARTS);

	return least > wanted_ms ? least : wanted_ms;
}
