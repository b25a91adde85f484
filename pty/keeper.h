#ifndef MISH_PTY_KEEPER_H
#define MISH_PTY_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Programs of other people's (ssh(1), with its proxies and what a configuration runs) as jobs: in a process group of their own, so
 * that they hear no key that is for the session, and are ended whole. Beside each stands a process of ours, the keeper, which ends
 * the job when the link does, however that ends, and ends as the job has.
 */

/* What the keeper writes to the job's messages. */
#define KEEPER_INTERRUPTED "interrupted"
#define KEEPER_ASKS "something asks at the terminal, and nobody may be asked"

/*
 * In a child of the link's: that becomes the keeper, and this returns in the job, all of whose signals are the usual ones, and which
 * is to exec. A job that wants the terminal gets it, in the usual modes (`gives`), or is ended. `err`: for messages, -1 none; `tell`
 * gets the job's pid, -1 nobody.
 */
void keeper_begin(pid_t link, bool gives, int err, int tell);
/* Takes the terminal from a job, if it has it; the modes are the caller's business. */
void keeper_take_back(int tty, pid_t job);

#endif
