#ifndef MISH_PTY_STREAMS_H
#define MISH_PTY_STREAMS_H

#include <poll.h>

#include "pty/packed.h"
#include "pty/peek.h"
#include "pty/resume.h"
#include "session/frames.h"

/*
 * The descriptors of a command that runs elsewhere, on one connection: its terminal, and what of 0 to 9 is none. Either end reads its side and sends it as DATA, without more than STREAM_WINDOW that the other end has not
 * written (ACK): who reads one stream slowly holds none of the others up. An empty DATA is the end; an ACK of STREAM_SHUT says that nobody
 * reads, so that whoever writes gets SIGPIPE as at home. What of the keyboard's the command did not read is said as STREAM_UNREAD.
 */
enum stream_number {
	STREAM_TERMINAL, STREAM_IN, STREAM_OUT, STREAM_ERROR,
	STREAM_UNREAD, /* text about the first, and no descriptor's */
	STREAM_ALL,    /* in an ACK: bytes of the connection, pty/resume.h */
	STREAM_3,      /* descriptors 3 to 9 */
	STREAMS = STREAM_3 + 7,
	STREAM_READ = 16 /* and the number of an input: in an ACK, so much of it the command has read, and no more */
};
enum { STREAM_WINDOW = 1 << 20, STREAM_CHUNK = 1 << 16, STREAM_KEPT = 1 << 16,
       STREAM_FRAME_MAX = 1 << 17, /* of any frame */
       STREAM_ALL_MAX = 1 << 23 /* sent and not said to have come: then nothing is read */ };
#define STREAM_SHUT (UINT64_MAX / 2)

struct stream {
	int from; /* what is read here goes to the other end; -1: nothing (any more) */
	int to;	  /* what comes from there is written here, likewise */
	bool keep; /* they are not to be closed */
	bool held; /* nothing is read for now */
	bool waits; /* … or rather `to` does: not more than poll() has promised is written at once */
	bool ends; /* its end came, behind what is waiting */
	bool keeps;		  /* a copy of what was sent … */
	struct frame_buf kept;	  /* … last, STREAM_KEPT bytes at most */
	struct frame_buf waiting; /* came, and could not be written yet */
	struct packing packing;	  /* what was read */
	uint64_t sent, acked;	  /* bytes of ours */
	uint64_t came, told;	  /* of theirs: so many came, and so many were written, which we have said */
	struct peek peek; /* `from` is others', too */
	bool there; /* … a file that the other end has by itself */
	bool counts; /* `to` is a pipe that the command reads, and what it has not read will be said: stream_tell_read() */
	int rest;    /* … the pipe's other end, when ours is closed; 0: not yet */
};

struct streams {
	struct stream v[STREAMS];
	struct frame_buf *out; /* to the other end … */
	bool packs; /* … which takes PACKED */
	struct resume all;
};

enum { STREAM_POLLS = 2 * STREAMS };

void streams_init(struct streams *s, struct frame_buf *out); /* all -1 */
void streams_release(struct streams *s);
/* Descriptor fd, which others may have, too, for what comes: as one of our own that does not wait, if that can be had. */
void stream_to(struct stream *t, int fd);
/* A whole frame of this length came, and was taken. 0 or -errno. */
int streams_took(struct streams *s, size_t len);
/* DATA, PACKED or ACK of the other end. 0, or -EBADMSG: that is not what it may say; or -ENOMEM. */
int streams_take(struct streams *s, enum party from, enum party to, enum frame_type type, const uint8_t *payload, size_t len);
/* What to poll for, and then what to do: reads and writes as much as goes without waiting. 0 or -errno. */
void streams_watch(const struct streams *s, struct pollfd p[STREAM_POLLS]);
int streams_run(struct streams *s, const struct pollfd p[STREAM_POLLS]);
/* Reads no more from one, and tells. */
int stream_end(struct streams *s, enum stream_number n);
/* Says how much of an input the command has read, if that counts and was not said. 0 or -errno. */
int stream_tell_read(struct streams *s, int i);
/* The pipe of an input, of which it counts what is read. */
void stream_count(struct stream *t, int fd);
/* … of one that is a file here: it came so far. */
int stream_tell_offset(struct streams *s, int i, uint64_t read);
/* Is everything that came written? */
bool streams_are_written(const struct streams *s);

#endif
