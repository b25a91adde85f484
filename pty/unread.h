#ifndef MISH_PTY_UNREAD_H
#define MISH_PTY_UNREAD_H

#include "pty/streams.h"

/*
 * How many of the keys that were sent to a placed command, of which the last were on their way when it ended, it has not read: it had read so many, and `back` came
 * back (STREAM_UNREAD). That is what the other end says, and so it has to be what was typed (t->kept): else it could type here.
 */
size_t unread_count(const struct stream *t, uint64_t read, const struct frame_buf *back);

#endif
