#ifndef MISH_PTY_BEHIND_H
#define MISH_PTY_BEHIND_H

#include <sys/types.h>
#include <termios.h>

#include "pty/child.h"

/*
 * The jobs of a shell that moved away and left them (set -o stay). They are children of this process, which was that shell: it looks at them without
 * reaping, so that a shell that comes home finds them as if it had never been away.
 */
struct behind {
	struct behind_proc {
		pid_t pid;
		int status; /* as from wait4(2), of what was said last */
		bool keep;  /* disown -h */
		pid_t group; /* where the job is; elsewhere than here it is that of `was' */
		int64_t told_ms; /* when its end was told, 0: it was not */
		bool over;  /* … with that of its group, and heard */
		pid_t was;  /* it stands for the job that this was the first process of, … */
		char *node; /* … on another node; NULL: it is the job's own */
	} *v;
	size_t n;
	pid_t told; /* the link that heard it all */
	pid_t front;	  /* the process group that has the terminal; 0: none has */
	pid_t front_link; /* … and who lent it */
	bool fresh; /* the shell has jobs of another terminal's: what is not named to it is lost */
};

/* From a departure's JOBS; what is no child of ours is left out. `stays`: for which of them stand for jobs elsewhere. */
void behind_begin(struct behind *b, const struct blob *procs, const struct blob *stays);
/* One more, that stands for a job elsewhere. 0: that could not be started, which the shell hears. */
void behind_add(struct behind *b, pid_t pid, const struct stay *was);
/* A job all of which has ended, as the shell has heard by now (each once): its first process; NULL: none. */
const struct behind_proc *behind_over(struct behind *b);
/* Those, as struct stand_in each (the caller frees it). */
void behind_stand_ins(const struct behind *b, struct blob *ret);
/* What has changed, for the shell; a link that is new hears everything. NULL: nobody listens now. */
void behind_tend(struct behind *b, struct child *link);
/* Which of them the shell speaks of, also before it has heard who stands for a job elsewhere; 0: none. */
pid_t behind_meant(const struct behind *b, const struct job_word *w);
/* From the shell: a signal for a job, or that it is to be kept. NULL: it is none of ours. */
const struct behind_proc *behind_order(struct behind *b, const struct job_word *w);
/* For a struct stay: of two terminals that attach at once, who comes later has the session, and the larger one. */
uint64_t behind_turn(void);
/* Whoever stands for a job elsewhere hears whether the session persists. */
void behind_persist(const struct behind *b, bool persist);
/* The job gets the terminal, which this link lends, in these modes (NULL: as it is). False: it has ended, or there is no terminal. */
bool behind_front(struct behind *b, pid_t pid, const struct child *link, const struct termios *modes);
/* Has it stopped or ended, or is the link (NULL: none is there) another? Then the terminal is taken back. */
bool behind_front_ends(struct behind *b, const struct child *link);
/* The terminal has gone: they hear that, as from a shell; or, when the shell has ended, only those elsewhere that have stopped: the kernel sees to those here. */
void behind_hangup(const struct behind *b, bool ended);
/*
 * This process becomes what keeps those that are its own (pty/kept.h), without a terminal. `d`: all but JOBS, and taken. Returns where there are none, or it
 * cannot; `tell`: the terminal is still there, and somebody may wonder.
 */
void behind_become_keeper(const struct behind *b, struct departure *d, const struct programs *programs, bool tell);

#endif
