#ifndef MISH_PTY_GUARDIAN_H
#define MISH_PTY_GUARDIAN_H

#include <signal.h>

#include "pty/behind.h"
#include "pty/child.h"
#include "pty/spool.h"
#include "pty/status.h"
#include "session/guard.h"

/*
 * What the guardian's core (session/guard.h) asks for, done: links are child processes, the
 * terminal's bytes are in a spool, and home is a shell in this process. The loop is in stub.c.
 */
struct guardian {
	struct guard g;
	int home_fd;	   /* the memfd that the session came in: it goes home in that one */
	struct programs programs;
	struct spool spool; /* of the terminal, for the current link */
	struct spool next_spool; /* for the link of a move under way */
	uint64_t carried;  /* input of `spool` up to here is in next_spool */
	bool has_file;	   /* the session persists */
	bool persists;	   /* … as those who stand for jobs have heard */
	struct kept file;  /* what its file says, without the state */
	struct status line;
	struct behind behind;
	sigset_t sleep_mask;
};

extern const struct guard_ops guardian_ops;

/* A signal that ends the session; SIGINT, which calls a move off. */
extern volatile sig_atomic_t guardian_signal, guardian_int;
void guardian_signals(struct guardian *s);
/* The jobs that stayed here: what has changed is said, and a terminal that one had taken back. */
void guardian_tend_jobs(struct guardian *s);

/*
 * What a shell left in `fd` cannot be read: an upgrade came between its start and ours. The shell that
 * wrote it, whose program is `mish_fd`, reads it and goes on. Does not return.
 */
void guardian_give_back(struct guardian *s, int fd, int mish_fd, int err) __attribute__((noreturn));
/* A plain shell: whatever fails, the user gets a prompt. Does not return. */
void guardian_last_resort(struct guardian *s, const char *what, int err)
	__attribute__((noreturn));

#endif
