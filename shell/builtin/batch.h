#ifndef MISH_BUILTIN_BATCH_H
#define MISH_BUILTIN_BATCH_H

#include <stdint.h>

#include "migrate/handover.h"
#include "shell/shell.h"

/*
 * A session in jobs of a batch system (smigrate --job, --alloc; move/allocation.h has those it is in). What
 * it made it gives back when it is on none of the job's nodes any more; before a job ends, it goes home.
 * Who speaks with the batch system is a script, slurm/mish-slurm.
 */

/* Moves to a job's node: argv is ID [NODE], or, where it is to `get` a job, salloc's options. As mover_move(). */
int batch_move(struct shell *sh, enum errand errand, unsigned flags, bool get, int argc, char **argv);

/* When batch_due() has something to do, in seconds since the Epoch; -1: there is nothing. */
int64_t batch_next(void);
/* At a prompt: warns of an end that is near, and goes home before it. */
void batch_due(struct shell *sh);
/* After a move, before the rest of its line: what the session has left is given back. */
void batch_arrived(struct shell *sh);
/* Before a prompt: the same, and what batch_due() could not do. */
void batch_at_prompt(struct shell *sh);
/* The session ends here. */
void batch_at_end(struct shell *sh);
/* `exec': nobody is there any more who would give them back. */
void batch_tell_left(struct shell *sh);

#endif
