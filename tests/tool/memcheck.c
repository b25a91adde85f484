/*
 * Stands in the place of a program of mish's and runs NAME.real beside it under valgrind:
 * see tests/memcheck, which sets it up. A program that is executed by another starts at its
 * own stand-in, so valgrind follows nobody. It is started as NAME, for who looks for
 * processes by their names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef VALGRIND_LIB
#define VALGRIND_LIB "/usr/libexec/valgrind"
#endif
#define LOGS "/var/tmp/mish-memcheck" /* the same for all nodes of a cluster */

int main(int argc, char **argv)
{
	char exe[4096], *base, *real, *tool, *log, **v = calloc((size_t)argc + 10, sizeof(*v));
	const char *called = argc > 0 ? argv[0] : "";
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct timespec now;
	char node[256] = "";
	int n = 0;

	gethostname(node, sizeof(node) - 1);
	clock_gettime(CLOCK_MONOTONIC, &now); /* a process becomes another program, and comes back */

	if (len <= 0 || v == NULL)
		return 126;
	exe[len] = '\0';
	base = strrchr(exe, '/');
	if (base == NULL || asprintf(&real, "%s.real", exe) < 0 ||
	    asprintf(&tool, "%.*s/.memcheck%s", (int)(base - exe), exe, base) < 0 ||
	    asprintf(&log, "--log-file=" LOGS "%s.%s.%%p.%lld%09ld", base, node,
		     (long long)now.tv_sec, now.tv_nsec) < 0)
		return 126;
	v[n++] = tool;
	v[n++] = (char *)(uintptr_t) "-q";
	v[n++] = (char *)(uintptr_t) "--vgdb=no";
	v[n++] = (char *)(uintptr_t) "--num-callers=25";
	v[n++] = log;
	v[n++] = real;
	/* what its name would say, as valgrind gives it another */
	if (strcmp(base, "/mish") == 0 && called[0] == '-')
		v[n++] = (char *)(uintptr_t) "--login";
	if (strcmp(base, "/mish") == 0 && strlen(called) >= 2 && strcmp(called + strlen(called) - 2, "sh") == 0 &&
	    (strlen(called) == 2 || strchr("-/", called[strlen(called) - 3]) != NULL)) {
		v[n++] = (char *)(uintptr_t) "-o";
		v[n++] = (char *)(uintptr_t) "posix";
	}
	for (int i = 1; i < argc; i++)
		v[n++] = argv[i];
	setenv("VALGRIND_LIB", VALGRIND_LIB, 1);
	setenv("VALGRIND_LAUNCHER", "/usr/bin/valgrind", 1);
	execv(tool, v);
	perror(tool);
	return 126;
}
