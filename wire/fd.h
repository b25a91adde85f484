#ifndef MISH_WIRE_FD_H
#define MISH_WIRE_FD_H

#include <stdbool.h>
#include <stddef.h>

/* Descriptors that are ours, not a script's: XCU 2.7 gives 0 to 9 to the script. */
/* Ours are not lower; and from FD_COPROC_MIN on (as in bash) those of coprocesses, which are the user's. */
enum { FD_OWN_MIN = 10, FD_COPROC_MIN = 60 };

/*
 * Moves a descriptor to FD_OWN_MIN or above, close-on-exec; the old one is closed. Where a
 * low `ulimit -n` leaves no such number, the descriptor stays where it is, if that is above 2.
 * Returns the new one, or -1 with errno set and nothing closed.
 */
int fd_own(int fd);

/* Closes all but these (-1: none), and puts /dev/null in the places of 0 to 2 that are free then. */
void fd_keep_only(const int *keep, size_t n);

/* Is it a unix socket whose other end is of our user? Any user may take a name in the abstract namespace, and connect to one. */
bool fd_is_own_user(int fd);

/* pipe2(2), close-on-exec, neither end in the place of a closed 0, 1 or 2. 0 or -errno. */
int fd_pipe(int p[2]);

#endif
