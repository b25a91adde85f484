#ifndef MISH_JOBS_TTY_H
#define MISH_JOBS_TTY_H

#include <sys/types.h>
#include <termios.h>

#include "shell/shell.h"
#include "wire/fd.h"

/* The shell's terminal: which process group has it, and in which modes commands find it. */

struct state_section;
/* The terminal's modes as commands find them. */
extern const struct state_section terminal_section;

struct tty {
	int fd; /* FD_OWN_MIN or above; -1: there is none */
	pid_t shell_pgid; /* the group that has it while no job does */
	pid_t entry_pgid; /* the group that had it when the shell came; 0: not known */
	struct termios modes;
	bool have_modes;
	bool quiet; /* tty_quiet() */
	bool at_prompt; /* what runs now belongs to the prompt: its hooks, the commands in PS1 */
	bool no_control; /* set -m cannot work, or in a subshell */
};

struct tty *tty_new(void);
void tty_free(struct tty *t); /* takes NULL */

/* Gives the terminal to a process group, also from the background. */
void tty_foreground(const struct shell *sh, pid_t pgid);
/* Notes the terminal's present modes: later commands are to find them. */
void tty_save_modes(struct shell *sh);
/* Puts the noted modes back, after a command that died and left others. */
void tty_restore_modes(struct shell *sh);

/*
 * While the shell is at its prompt or on its way: what is typed is not echoed, for it will be
 * seen in the line. tty_loud() ends that, tty_loud_for_command() before a command has the
 * terminal, but for one of the prompt's: who has just moved types on in the line meanwhile.
 */
void tty_quiet(struct shell *sh);
void tty_loud(struct shell *sh);
void tty_loud_for_command(struct shell *sh);

/* Turns job control on (takes the terminal) or off. Returns 0 or -errno. */
int tty_control_set(struct shell *sh, bool on);
/* Does each job get a process group, so that ^Z stops it alone? */
bool tty_controls(const struct shell *sh);

#endif
