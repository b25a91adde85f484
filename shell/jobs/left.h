#ifndef MISH_JOBS_LEFT_H
#define MISH_JOBS_LEFT_H

#include "shell/jobs/job.h"

/*
 * Jobs that stay behind when the shell moves (set -o stay): they remain children of the process that it was at home, which is the
 * guardian meanwhile, says what becomes of them, and passes signals on. Back at home they are jobs like any.
 */
enum left_what { LEFT_NOTHING, LEFT_KEEP, LEFT_FRONT }; /* besides a signal, for hooks.tell_left() */

struct state_section;
extern const struct state_section jobs_section;

/* May it stay where it is when the shell goes? */
bool left_may_stay(const struct job *j);
/* The processes of this node that stay when the shell goes (*ret: the caller frees it), and their size in bytes. */
struct left_proc;
void left_procs(const struct shell *sh, struct left_proc **ret, size_t *ret_size);
/* Sends a signal to the job there: 0, or -ESRCH: it has ended, or nobody hears us. */
int left_signal(struct shell *sh, const struct job *j, int signo);
/* Tells the guardian that the job is to outlive the terminal. */
void left_keep(struct shell *sh, const struct job *j);
/* … that it gets the terminal, if there is somebody who hears that. */
int left_front(struct shell *sh, const struct job *j);
/* For one that has it: sleeps until something is said. False: nobody will. */
bool left_hear_front(struct shell *sh, const struct job *j);
/* Takes note of what is said about them; `wait`: sleeps until something is, or a signal comes. False: nobody will say anything. */
bool left_hear(struct shell *sh, bool wait);
/* The guardian says of a process of theirs, as wait4() does. True: a job has changed. */
bool left_changed(struct shell *sh, pid_t pid, int st);
/* They are to be in the state that is made next: the shell goes from a node that is not its home; or it stays. */
void left_staying(struct shell *sh, bool on);
struct blob;
/* While a state is loaded at home: who stands for jobs elsewhere, struct stand_in each; NULL: it is loaded. */
void left_stand_ins(struct shell *sh, const struct blob *list);
/* The guardian says who stands, at home, for the job on another node of which `was` is the first process that was left; pid 0: nobody, and it is lost. */
void left_stands(struct shell *sh, const char *node, pid_t was, pid_t pid, const char *home);
/* Another terminal has the session now: it will say who stands for them, and none of them has it. */
void left_unclaimed(struct shell *sh);
/* … and has done so. The others run on, and nobody knows of them: tells the user. True: there were some. */
bool left_lost(struct shell *sh);
/* Those that somebody at home stands for, of these (struct stay each), with who does it: the caller frees *ret. */
void left_stays(const struct shell *sh, const struct blob *list, struct blob *ret);

#endif
