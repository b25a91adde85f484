#ifndef MISH_CONTROLLER_COMMAND_H
#define MISH_CONTROLLER_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/*
 * A program of the site's, which is run now and then for what it prints (LSF's elim convention),
 * under a time limit. It gets no arguments, no input and no terminal.
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

/* Starts the program, unless it still runs. `done` is called once, when it has ended or failed. */
void command_start(struct command *c, uv_loop_t *loop, const char *path,
		   void (*done)(void *arg, const char *text, const char *why), void *arg);

#endif
