#ifndef MISH_PTY_DIAL_H
#define MISH_PTY_DIAL_H

#include <libssh/libssh.h>
#include <stdbool.h>

/*
 * An SSH connection to a node with one exec channel that runs `mish --peer`, by the
 * user's own configuration, keys and agent. Host keys are checked strictly.
 */
struct dial {
	ssh_session session;
	ssh_channel channel;
};

/* Called after each step, for smigrate -v. */
typedef void dial_step(void *arg, const char *step);

/*
 * Connects. With `tty` >= 0 passwords may be asked for there (a manual move); -1 never.
 * Returns 0, or -1 with *why (caller frees) saying what failed and what to do.
 */
int dial_open(struct dial *d, const char *node, int tty, dial_step *step, void *arg, char **why);
void dial_close(struct dial *d);
/*
 * Sets how soon the kernel gives a silent connection up: within some ten seconds, or, for a
 * session that nobody uses (not `brisk`), by one probe a minute. No process wakes for that.
 */
void dial_watch(struct dial *d, bool brisk);

#endif
