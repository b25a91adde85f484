#ifndef MISH_JOBS_JOB_H
#define MISH_JOBS_JOB_H

#include "shell/jobs/rud.h"
#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * Jobs (XCU 2.11 of 2024, 3.204): process groups, the terminal's hand-over, waiting.
 */
enum job_state { JOB_RUNNING, JOB_STOPPED, JOB_DONE };

struct job_proc {
	pid_t pid;
	int status; /* as from wait4() */
	enum job_state state;
};

struct job {
	int id; /* %id; 0 for one that was never in the background nor stopped */
	pid_t pgid;
	struct job_proc *procs;
	size_t n_procs;
	pid_t was; /* $! of its beginning, where another process stands for it now (left.h); 0: as it is */
	char *text; /* NULL in a script, where nobody would see it */
	char *node; /* where it stayed when the shell left it (left.h); NULL: it is a child of this shell */
	char *on;      /* … where it itself is kept, if somebody stands for it at home, … */
	pid_t first;   /* … and the first of its processes there: so it is found again */
	bool claimed;  /* somebody has said that he stands for it, since another terminal has the session */
	bool control; /* in a process group of its own */
	bool background;
	bool changed; /* a state that was not shown yet */
	bool foreign; /* the parent shell's, in a subshell: only to be listed */
	bool no_hangup; /* disown -h: it outlives the terminal */
	bool stands_in; /* its one process that is left is a link to the node where it runs (or may be) */
	int brought; /* the file in which placed commands leave what they bring back (brought.h); -1 none */
	void *modes; /* the terminal's modes when it stopped, NULL none */
	int64_t began_ms, ended_ms; /* the latter of one in the background */
	struct used used; /* by its processes that ended in the background */
};

enum job_mode { JOB_FG, JOB_BG };

struct job_table *job_table_new(void);
void job_table_free(struct job_table *t); /* takes NULL */

/* A new job for a pipeline (may be NULL); lives in the table until it was reported. */
struct job *job_new(struct shell *sh, const struct ast_pipeline *pl);
/* Gives it a number, as a background or stopped job. */
void job_number(struct shell *sh, struct job *j);

/* Adds a process, which runs. */
void job_add(struct job *j, pid_t pid);
/* A stage that needed no process: its exit status. */
void job_add_done(struct job *j, int status);
/* The process group, or else the first process. */
pid_t job_pid(const struct job *j);
/* Sends a signal to all processes of the job that are left: 0, or -errno when none got it. */
int job_signal(struct shell *sh, const struct job *j, int signo);
/* In a subshell: marks all jobs as the parent's. */
void job_enter_subshell(struct shell *sh);

/*
 * Waits for a foreground job until it is done or stopped, takes the terminal back,
 * and returns the exit status. A job that is done is gone afterwards.
 */
int job_wait_fg(struct shell *sh, struct job *j);
/*
 * The memory of the largest child that ended since the last call, in KiB. getrusage(2) cannot
 * tell: its figure never falls.
 */
uint64_t job_take_rss(struct shell *sh);
/* What processes took that ended in the foreground since the last call. */
struct used job_take_used(struct shell *sh);
/* Takes note of children that changed, without waiting. */
void job_poll(struct shell *sh);
/* True when job_notify() would print something. */
bool job_has_news(const struct shell *sh);
/* Tells the user about changed background jobs; forgets those that are done. */
void job_notify(struct shell *sh);
/* The exit status of a background job that was told to the user; -1: not known. */
int job_told_status(struct shell *sh, pid_t pid);
/*
 * Waits for a background job (`wait`). Returns its exit status, or -signo when a
 * signal with an action came first. A done job is forgotten.
 */
int job_wait_bg(struct shell *sh, struct job *j);
/* Waits until no background job runs; 0 or -signo. */
int job_wait_all(struct shell *sh);

int job_status(const struct shell *sh, const struct job *j);
enum job_state job_state(const struct job *j);

/* fg and bg. */
int job_continue(struct shell *sh, struct job *j, enum job_mode mode);

/* %1, %+, %-, %name, %?text; NULL with *why (static text) set. */
struct job *job_by_spec(struct shell *sh, const char *spec, const char **why);
struct job *job_by_pid(struct shell *sh, pid_t pid);
/* The i-th numbered job in order of numbers, NULL past the end. */
struct job *job_at(const struct shell *sh, size_t i);
/* '+', '-' or ' '. */
char job_mark(const struct shell *sh, const struct job *j);
void job_forget(struct shell *sh, struct job *j);
/* Somebody has waited for it: at a prompt its end is told, and it is forgotten. */
void job_waited(struct shell *sh, struct job *j);
bool job_is_stopped(const struct job *j);
/* Jobs that run or are stopped; `stopped` only the latter. */
size_t job_count(const struct shell *sh, bool stopped);
/* SIGHUP (and SIGCONT to stopped ones) to every job, when the terminal is gone. */
void job_hangup(struct shell *sh);

#endif
