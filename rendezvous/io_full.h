#ifndef MISH_RENDEZVOUS_IO_FULL_H
#define MISH_RENDEZVOUS_IO_FULL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads or writes all of it on a blocking descriptor: EINTR and short counts are seen to. */

/* write(), but a socket whose other end is gone is an error, never SIGPIPE. */
ssize_t io_write(int fd, const void *buf, size_t len);
/* Returns 0 or -errno. */
int io_write_full(int fd, const void *buf, size_t len);
/*
 * All of a file from its beginning, at most max bytes (-EFBIG), NUL-terminated.
 * Returns 0 or -errno; the caller frees *ret.
 */
int io_read_file(int fd, size_t max, char **ret, size_t *ret_len);
/* The same from there on. */
int io_read_file_from(int fd, off_t from, size_t max, char **ret, size_t *ret_len);

/* ftruncate(2) of a memfd: `ulimit -f` counts for it, too, and is an error, not a signal. */
int io_set_size(int fd, size_t size);

/*
 * Seconds since the Epoch. Not time(3): the loader resolves that one, through the kernel's
 * page, at every start of a program that may call it.
 */
int64_t io_wall_s(void);

/* CLOCK_MONOTONIC in ms. */
int64_t io_now_ms(void);

/*
 * To the Unix socket at path: a descriptor or -errno. Non-blocking, so that whoever listens
 * there and does not accept cannot hold anybody up.
 */
int io_connect(const char *path);

#endif
