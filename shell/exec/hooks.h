#ifndef MISH_EXEC_HOOKS_H
#define MISH_EXEC_HOOKS_H

#include "shell/shell.h"

enum { PROMPT_HOOK_FDS = 2 };

/* What the prompt waits for besides the terminal (DESIGN 8: the controller's grant). */
struct prompt_hooks {
	/* The i-th descriptor to watch (i < PROMPT_HOOK_FDS), -1 none. */
	int (*fd)(struct shell *sh, int i);
	/* In how many ms that may be another, -1 not before one is ready. */
	int (*timeout)(struct shell *sh);
	/* It is readable. True: leave the editor, there is something to do. */
	bool (*ready)(struct shell *sh, int i);
	/* Called after that, outside of the editor. */
	void (*act)(struct shell *sh);
	/* Before the prompt of a new command; before a command that was typed runs. */
	void (*idle)(struct shell *sh);
	void (*busy)(struct shell *sh, const char *text);
	/* Before the prompt of a further line of it: events wait. */
	void (*more)(struct shell *sh);
	/* In a subshell: the session is the shell's, not ours. */
	void (*forked)(struct shell *sh);
	/* The session is not ours any more: end without a trace. */
	bool (*orphaned)(struct shell *sh);
	/* Names for completion after `smigrate`, and the loads ("": not known); NULL past the end. */
	const char *(*node)(struct shell *sh, size_t i, const char **ret_load);
};

#endif
