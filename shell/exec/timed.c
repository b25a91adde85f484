#include <config.h>

#include "shell/exec/timed.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double of_timeval(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

struct moment {
	double real, user, sys;
};

static struct moment now(const struct shell *sh)
{
	struct rusage self, children;
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	return (struct moment){
		.real = (double)ts.tv_sec + (double)ts.tv_nsec / 1e9,
		.user = of_timeval(&self.ru_utime) + of_timeval(&children.ru_utime) + (double)sh->placed.us[0] / 1e6,
		.sys = of_timeval(&self.ru_stime) + of_timeval(&children.ru_stime) + (double)sh->placed.us[1] / 1e6,
	};
}

static void tell(const char *what, double seconds, bool portable)
{
	long minutes = (long)(seconds / 60);

	if (portable)
		fprintf(stderr, "%s %.2f\n", what, seconds);
	else
		fprintf(stderr, "%s\t%ldm%.3fs\n", what, minutes, seconds - 60 * (double)minutes);
}

int timed_pipeline(struct shell *sh, const struct ast_pipeline *pl, unsigned flags,
		   int (*run)(struct shell *sh, const struct ast_pipeline *pl, unsigned flags))
{
	struct ast_pipeline plain = *pl;
	struct ast_command first = *pl->commands;
	struct ast_word word = { .plain = "time" };
	const char *option = first.kind == AST_SIMPLE && first.simple.words != NULL ? first.simple.words->plain : NULL;
	bool dash_p = option != NULL && strcmp(option, "-p") == 0, portable = dash_p || pl->time_p;
	struct moment start = now(sh), end;
	int status;

	plain.timed = false;
	plain.time_p = false;
	plain.commands = &first;
	if (first.kind == AST_SIMPLE && (opt(sh, OPT_POSIX) || (option != NULL && option[0] == '-' && !portable))) {
		word.next = first.simple.words;
		first.simple.words = &word;
		return run(sh, &plain, flags);
	}
	if (dash_p)
		first.simple.words = first.simple.words->next;
	status = run(sh, &plain, 0);
	end = now(sh);
	if (!portable)
		putc('\n', stderr);
	tell("real", end.real - start.real, portable);
	tell("user", end.user - start.user, portable);
	tell("sys", end.sys - start.sys, portable);
	return status;
}
