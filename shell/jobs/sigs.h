#ifndef MISH_JOBS_SIGS_H
#define MISH_JOBS_SIGS_H

#include "shell/shell.h"

/*
 * What the kernel is told about signals, and which have come. The actions of `trap` are
 * above this module (shell/exec/trap.h); here a signal with an action is one that is caught.
 * The comment that opens sigs.c tells the whole scheme.
 */
enum { SIGS_MAX = 65 }; /* one more than the largest number */

struct sigs *sigs_new(void);
void sigs_free(struct sigs *s); /* takes NULL */

/* Number of a signal given by name (with or without SIG), number or 0/EXIT; -1: none. */
int sigs_number(const char *name);
/* "INT"; "EXIT" for 0. buf (16 bytes) is for signals without a name. */
const char *sigs_name(int signo, char *buf);

/* What the user has ordered for a signal. */
enum sigs_wish { SIGS_DEFAULT, SIGS_IGNORE, SIGS_CATCH };
/*
 * Sets it; EXIT (0) is only remembered. False, with nothing changed, for a signal that was
 * ignored when a non-interactive shell began: it stays so (XCU trap).
 */
bool sigs_set(struct shell *sh, int signo, enum sigs_wish wish);
/* What is in force, or, in a subshell that has set none, was in its parent. */
enum sigs_wish sigs_wish(const struct shell *sh, int signo);
/* Has it an action that may run here? */
bool sigs_acts(const struct shell *sh, int signo);
/* Are the signals those of an interactive shell, and not of a subshell of one? */
bool sigs_interactive(const struct shell *sh);

/* What an interactive shell catches and ignores for itself. */
void sigs_init_interactive(struct shell *sh);
/* Unblocks the signals of keys, which the guardian blocked before it became this shell. */
void sigs_keys_on(struct shell *sh);
void sigs_job_control(struct shell *sh, bool on);

/* In a forked child: handlers go, ignored stays ignored (XCU 2.12). */
void sigs_enter_subshell(struct shell *sh);
/* In a subshell, before it sets its first action: `trap` lists the parent's no more. */
void sigs_own(struct shell *sh);
/* In a child without a group of its own: ^Z must not stop it, as its shell waits for it. */
void sigs_ignore_stop(struct shell *sh);
/* Before exec into something: dispositions as the shell itself was given them. */
void sigs_before_exec(struct shell *sh);
/* The same in a child that has the shell's memory (vfork): system calls only. */
void sigs_spawned(const struct shell *sh);
/* Has any signal a handler of ours? */
bool sigs_handled(const struct shell *sh);
/* Before another program replaces the shell; sigs_reinstall() when it could not. */
void sigs_restore_original(struct shell *sh);
void sigs_reinstall(struct shell *sh);
/* After so many ms it is as if ^C had been typed; 0: no more. For what a person waits for at the prompt. */
/* True: the time was up. */
bool sigs_limit_time(long ms);
/* While on, SIGINT and SIGHUP cut a system call short: opening a FIFO may last for ever. */
void sigs_interruptible(const struct shell *sh, bool on);

/* ---- what has come ---- */

/* True when a signal came since this was last set to 0. */
extern volatile int sigs_pending;
/* True when the signal came and nobody has acted upon it; the caller does so now. */
bool sigs_take(int signo);
/* The signal was acted upon elsewhere: the prompt must not hear of it as well. */
void sigs_forget(int signo);
/*
 * SIGINT or SIGHUP came, and an interactive shell has no action for it: nothing more of the
 * line may run. Returns the signal, 0: neither.
 */
int sigs_line_ends(const struct shell *sh);
/*
 * A foreground job has the terminal now, but ^C may have come while the shell's group still
 * had it. True, once, when it did, in an interactive shell without an action for SIGINT: the
 * caller sends the signal to the job.
 */
bool sigs_pass_int(struct shell *sh);
/* While the shell waits for a foreground job (0: none), a SIGHUP that ends the shell goes to it, too. */
void sigs_pass_hangup(const struct shell *sh, pid_t pgid);
/* A caught signal waits that has an action: its number, else 0. */
int sigs_waiting(const struct shell *sh);
/* For the prompt: SIGINT, SIGWINCH or SIGCHLD arrived since the last call. */
bool sigs_take_int(const struct shell *sh);
bool sigs_take_winch(void);
bool sigs_take_chld(void);
/* SIGHUP or SIGTERM, without an action, that should end an interactive shell; 0 neither. */
int sigs_take_end(const struct shell *sh);

/* Gives SIGCHLD a handler, if it has none, so that it wakes sigsuspend(2). */
void sigs_wake_for_children(struct shell *sh);

/*
 * Sleeps until a signal with a handler arrives; signals that came since the last look are
 * not lost. sigs_sleep_begin() blocks them, sigs_sleep_mask() is for ppoll(2) and
 * sigsuspend(2), which let them in.
 */
void sigs_sleep_begin(void);
const sigset_t *sigs_sleep_mask(void);
/* Lets signals in that wait, without sleeping. */
void sigs_sleep_deliver(void);
void sigs_sleep_end(void);

#endif
