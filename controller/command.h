#ifndef MISH_CONTROLLER_COMMAND_H
#define MISH_CONTROLLER_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/*
 * A site's own program, run now and then with a time limit: what it prints is wanted
 * (LSF's elim convention). It gets no arguments, no input and no terminal.
 */
struct command {
	uv_process_t process;
	uv_pipe_t out;
	uv_timer_t timer;
	char *path, *text;
	size_t len;
	int handles; /* not yet closed */
	int64_t status;
	bool running, late, cut;
	/* text: NULL when it failed, and `why` says how */
	void (*done)(void *arg, const char *text, const char *why);
	void *arg;
};

/* Starts it, unless it still runs. What happens next, `done` hears. */
void command_start(struct command *c, uv_loop_t *loop, const char *path,
		   void (*done)(void *arg, const char *text, const char *why), void *arg);

#endif
