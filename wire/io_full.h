#ifndef MISH_WIRE_IO_FULL_H
#define MISH_WIRE_IO_FULL_H

#include <stddef.h>
#include <sys/types.h>

/* Reads or writes all of it: EINTR, short counts and a descriptor made non-blocking are seen to. */

/* write(), but a socket whose other end is gone is an error, never SIGPIPE. */
ssize_t io_write(int fd, const void *buf, size_t len);
/* Returns 0 or -errno. */
int io_write_full(int fd, const void *buf, size_t len);
/*
 * All of a file from its beginning, at most max bytes (-EFBIG), NUL-terminated.
 * Returns 0 or -errno; the caller frees *ret.
 */
int io_read_file(int fd, size_t max, char **ret, size_t *ret_len);
/* The same, from position `from` on. */
int io_read_file_from(int fd, off_t from, size_t max, char **ret, size_t *ret_len);

#endif
