#ifndef MISH_PTY_FILES_H
#define MISH_PTY_FILES_H

#include "migrate/handover.h"

/*
 * Files among the descriptors of a placed command that both nodes see: the other end opens them by their path, if what it finds there is the same file by
 * number, owner, mode, size and time of change, in nanoseconds; what it does not find is carried as a stream. A copy of a disk has the same numbers, and the same
 * contents: for reading. A file is written there only if this command itself has just truncated it (`>file`), as that changes its time.
 */

/* Those of our descriptors, of which enum terminals are `bits`, and MSG_SAME; `own`, by 1 << fd: the command's own redirections with `>`. To be freed. */
void files_describe(unsigned bits, uint64_t same, unsigned own, struct blob *ret);
/* Opens them: fds[i], close-on-exec and no lower than `least`, or -1; its offset as there. Returns which, by 1 << i. */
unsigned files_open(const struct blob *files, int least, int fds[DESCRIPTORS]);

#endif
