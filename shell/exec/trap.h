#ifndef MISH_EXEC_TRAP_H
#define MISH_EXEC_TRAP_H

#include "shell/shell.h"

struct state_section;
extern const struct state_section trap_section;

struct trap_table *trap_table_new(void);
void trap_table_free(struct trap_table *t); /* takes NULL */

/* Number of a signal given by name (with or without SIG), number or 0/EXIT; -1: none. */
int trap_signo(const char *name);
/* "INT"; "EXIT" for 0. buf (16 bytes) is for signals without a name. */
const char *trap_signame(int signo, char *buf);

/*
 * The action of `trap`: NULL default, "" ignore. A signal that was ignored when a
 * non-interactive shell began stays so (XCU trap); that is no error.
 */
void trap_set(struct shell *sh, int signo, const char *action);
const char *trap_get(const struct shell *sh, int signo);

/* What an interactive shell catches and ignores for itself. */
void trap_init_interactive(struct shell *sh);
/* The guardian kept the signals of keys from a shell that it became: they may come now. */
void trap_keys_on(struct shell *sh);
void trap_init_job_control(struct shell *sh, bool on);

/* In a forked child: handlers go, ignored stays ignored (XCU 2.12). */
void trap_enter_subshell(struct shell *sh);
/* Before it: ^Z is not for this child, whose shell waits for it in the same group. */
void trap_ignore_stop(struct shell *sh);
/* Before exec into something: dispositions as the shell itself was given them. */
void trap_before_exec(struct shell *sh);
/* The same in a child that has the shell's memory (vfork): system calls only. */
void trap_spawned(const struct shell *sh);
/* Has any signal a handler of ours? */
bool trap_handles(const struct shell *sh);
/* Before another program replaces the shell; trap_reinstall() when it could not. */
void trap_restore_original(struct shell *sh);
void trap_reinstall(struct shell *sh);

/*
 * What `exit` and `return` without an operand give when they end a trap's action: $?
 * as it was before the action. -1 where they do not.
 */
int trap_entry_status(const struct shell *sh, bool returning);

/* True when a signal waits for trap_run(). */
extern volatile int trap_pending;
/* Runs the actions of what arrived; FLOW_ABORT after SIGINT in an interactive shell. */
void trap_run(struct shell *sh);
/* Runs the EXIT action, once; `exit` without operand in it has this status. */
void trap_exit(struct shell *sh);
static inline void trap_check(struct shell *sh)
{
	if (__builtin_expect(trap_pending, 0))
		trap_run(sh);
}

/*
 * In the middle of a command: true, with FLOW_ABORT or FLOW_EXIT, when an interactive shell
 * has had a ^C or was hung up, and has no action for it: nothing more of the line may run.
 */
bool trap_aborts(struct shell *sh);
static inline bool trap_interrupted(struct shell *sh)
{
	return __builtin_expect(trap_pending, 0) && trap_aborts(sh);
}
/*
 * The terminal is a job's now, but the shell's group had it still when ^C came: true once,
 * when an interactive shell without an action for SIGINT has had it, and the job should, too.
 */
bool trap_pass_int(struct shell *sh);

/*
 * Sleeps until a signal with a handler arrives; signals that came since the last
 * look at `pending()` are not lost. Used by `wait` and `read` (see the comment in
 * trap.c). trap_sleep_begin() blocks them, trap_sleep_mask() is for ppoll.
 */
void trap_sleep_begin(void);
const sigset_t *trap_sleep_mask(void);
/* Lets in what waits, without sleeping. */
void trap_sleep_deliver(void);
void trap_sleep_end(void);
/* A caught signal waits that has an action: its number, else 0. */
int trap_pending_signal(const struct shell *sh);
/* SIGINT or SIGWINCH arrived since the last call. */
bool trap_take_int(const struct shell *sh);
bool trap_take_winch(void);
bool trap_take_chld(void);
/* SIGHUP or SIGTERM, without an action, that should end an interactive shell. */
int trap_take_end(const struct shell *sh);
/* While the shell waits for a foreground job (0: none) a SIGHUP that ends it goes there, too. */
void trap_pass_hangup(const struct shell *sh, pid_t pgid);
/* While on, SIGINT and SIGHUP cut a system call short: opening a FIFO may last for ever. */
void trap_interruptible(const struct shell *sh, bool on);

/* Text for `trap` and `trap -p`: sorted by number; returns NULL past the end. */
bool trap_any(const struct shell *sh);

#endif
