#include <config.h>

#include "controller/cgroup.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SMALL_FILE = 8192 };

void cgroup_release(struct cgroup *c)
{
	free(c->cpu);
	free(c->cpuacct);
	free(c->memory);
	free(c->cpu_top);
	free(c->memory_top);
	*c = (struct cgroup){ 0 };
}

/* Is `word` one of the comma-separated words? */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = list; s != NULL && *s != '\0'; s = strchr(s, ',')) {
		s += *s == ',';
		if (strncmp(s, word, n) == 0 && (s[n] == '\0' || s[n] == ',' || s[n] == '\n'))
			return true;
	}
	return false;
}

/* The path of process 1, else of mishd, in the hierarchy that has a controller; "": in that of version 2. */
static char *group_path(const char *proc, const char *controller)
{
	static const char *const who[] = { "1", "self" };
	char name[4096], line[4096], *ret = NULL;

	for (size_t i = 0; i < 2 && ret == NULL; i++) {
		FILE *f;

		snprintf(name, sizeof(name), "%s/%s/cgroup", proc, who[i]);
		f = fopen(name, "re");
		while (f != NULL && ret == NULL && fgets(line, sizeof(line), f) != NULL) {
			char *list = strchr(line, ':'), *path = list != NULL ? strchr(list + 1, ':') : NULL;

			if (path == NULL)
				continue;
			*path++ = '\0';
			path[strcspn(path, "\n")] = '\0';
			if (*controller == '\0' ? list[1] == '\0' : has_word(list + 1, controller))
				ret = strdup(path);
		}
		if (f != NULL)
			fclose(f);
	}
	return ret;
}

/*
 * The directory of process 1 under the mount of that hierarchy. proc_pid_mountinfo(5):
 * id parent dev root mountpoint options … - type source superoptions
 */
static char *group_dir(const char *proc, const char *controller, char **ret_top)
{
	char name[4096], line[4096], root[2048], point[2048], type[64], super[1024], *ret = NULL;
	char *path = group_path(proc, controller);
	FILE *f;

	snprintf(name, sizeof(name), "%s/self/mountinfo", proc);
	f = path != NULL ? fopen(name, "re") : NULL;
	while (f != NULL && ret == NULL && fgets(line, sizeof(line), f) != NULL) {
		const char *dash = strstr(line, " - "), *rest = path;
		size_t n;

		if (dash == NULL || sscanf(line, "%*s %*s %*s %2047s %2047s", root, point) != 2 ||
		    sscanf(dash, " - %63s %*s %1023s", type, super) != 2 ||
		    strcmp(type, *controller == '\0' ? "cgroup2" : "cgroup") != 0 ||
		    (*controller != '\0' && !has_word(super, controller)))
			continue;
		n = strcmp(root, "/") == 0 ? 0 : strlen(root);
		if (strncmp(path, root, n) == 0 && (path[n] == '/' || path[n] == '\0'))
			rest += n;
		else if (n != 0)
			rest = ""; /* the mount shows another part: its top is all that we see */
		if (asprintf(&ret, "%s%s", point, strcmp(rest, "/") == 0 ? "" : rest) < 0)
			ret = NULL;
		else if (ret_top != NULL)
			*ret_top = strdup(point);
	}
	if (f != NULL)
		fclose(f);
	free(path);
	return ret;
}

void cgroup_find(struct cgroup *c, const char *proc)
{
	*c = (struct cgroup){ 0 };
	c->cpu = group_dir(proc, "cpu", &c->cpu_top);
	if (c->cpu == NULL) {
		c->v2 = true;
		c->cpu = group_dir(proc, "", &c->cpu_top);
		c->memory = group_dir(proc, "", &c->memory_top);
		return;
	}
	c->cpuacct = group_dir(proc, "cpuacct", NULL);
	c->memory = group_dir(proc, "memory", &c->memory_top);
}

static bool read_small(const char *dir, const char *file, char buf[SMALL_FILE])
{
	char name[4096];
	ssize_t n = -1;
	int fd;

	if (dir == NULL || snprintf(name, sizeof(name), "%s/%s", dir, file) >= (int)sizeof(name))
		return false;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, buf, SMALL_FILE - 1);
		close(fd);
	}
	if (n >= 0)
		buf[n] = '\0';
	return n >= 0;
}

bool cgroup_read_number(const char *dir, const char *file, const char *key, double *ret)
{
	char buf[SMALL_FILE], *s = buf, *end;
	double v;

	if (!read_small(dir, file, buf))
		return false;
	if (key != NULL) {
		size_t n = strlen(key);

		while (s != NULL && (strncmp(s, key, n) != 0))
			s = strchr(s, '\n') != NULL ? strchr(s, '\n') + 1 : NULL;
		if (s == NULL)
			return false;
		s += n;
	}
	v = strtod(s, &end);
	if (end == s)
		return false;
	*ret = v;
	return true;
}

/* Takes the last component off a path; false: it was `top` already. */
static bool up(char *dir, const char *top)
{
	char *slash = strrchr(dir, '/');

	if (slash == NULL || strlen(dir) <= strlen(top))
		return false;
	*slash = '\0';
	return strlen(dir) >= strlen(top);
}

static double quota_at(const struct cgroup *c, const char *dir)
{
	double quota = 0, period = 0;
	char buf[SMALL_FILE];

	if (c->v2)
		return read_small(dir, "cpu.max", buf) && sscanf(buf, "%lf %lf", &quota, &period) == 2 &&
				       period > 0 ? quota / period : 0;
	if (cgroup_read_number(dir, "cpu.cfs_quota_us", NULL, &quota) && quota > 0 &&
	    cgroup_read_number(dir, "cpu.cfs_period_us", NULL, &period) && period > 0)
		return quota / period;
	return 0;
}

double cgroup_cpus(const struct cgroup *c)
{
	char *dir = c->cpu != NULL ? strdup(c->cpu) : NULL;
	double least = 0;

	while (dir != NULL) {
		double q = quota_at(c, dir);

		if (q > 0 && (least <= 0 || q < least))
			least = q;
		if (!up(dir, c->cpu_top))
			break;
	}
	free(dir);
	return least;
}

int64_t cgroup_cpu_us(const struct cgroup *c)
{
	double v;

	if (c->v2)
		return cgroup_read_number(c->cpu, "cpu.stat", "usage_usec ", &v) ? (int64_t)v : -1;
	return cgroup_read_number(c->cpuacct, "cpuacct.usage", NULL, &v) ? (int64_t)(v / 1000) : -1;
}

bool cgroup_memory(const struct cgroup *c, uint64_t *ret_total, uint64_t *ret_free)
{
	char *dir = c->memory != NULL ? strdup(c->memory) : NULL;
	bool found = false;

	while (dir != NULL) {
		double limit, used, cache = 0, left;

		if (cgroup_read_number(dir, c->v2 ? "memory.max" : "memory.limit_in_bytes", NULL, &limit) &&
		    limit < 1e15 && /* version 1 says "none" by a number */
		    cgroup_read_number(dir, c->v2 ? "memory.current" : "memory.usage_in_bytes", NULL, &used)) {
			(void)cgroup_read_number(dir, "memory.stat",
						 c->v2 ? "inactive_file " : "total_inactive_file ", &cache);
			left = limit - used + cache;
			left = left < 0 ? 0 : left > limit ? limit : left;
			if (!found || left / 1024 < (double)*ret_free) {
				*ret_total = (uint64_t)(limit / 1024);
				*ret_free = (uint64_t)(left / 1024);
			}
			found = true;
		}
		if (!up(dir, c->memory_top))
			break;
	}
	free(dir);
	return found;
}
