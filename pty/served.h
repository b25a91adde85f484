#ifndef MISH_PTY_SERVED_H
#define MISH_PTY_SERVED_H

#include <sys/resource.h>

#include "pty/streams.h"

/*
 * The link of a placed command (pty/placing.h), at the end where that runs: its streams and orders, by one connection and, where that is cut, by the next one.
 */
struct served_ops {
	void (*order)(void *arg, enum frame_type type, const struct verdict *v); /* SIGNAL, FOREGROUND */
	void (*resize)(void *arg, const struct winch *w);
};

struct served {
	const struct served_ops *ops;
	void *arg;
	const uint8_t *secret; /* who knows it is the link: HANDOVER_SECRET */
	bool listens;	       /* another connection can come */
	struct streams streams;
	struct frame_buf in, out;
	int from, to;	      /* the connection; -1: there is none */
	int waiter;	      /* to the mish-peer that passed it on, -1 none */
	bool linked, adopted; /* … and by another connection than the first */
	bool heard;	      /* a frame came by this one */
	bool mute;	      /* nothing can be written to it any more; it is still heard */
	bool told;	      /* EXIT has been said */
	bool near;	      /* the connection cannot be cut: its end is the link's */
	uint64_t flags;	      /* of READY to one that attaches */
	bool asks;	      /* … and is repeated to the next one, unless the link itself says that it was heard: who carries its connection says EXIT for one that is gone */
	bool over;	      /* the link has heard that, or has gone for good */
	int64_t lost_ms;      /* since when there is no connection */
};

enum { SERVED_POLLS = STREAM_POLLS + 2 };

void served_begin(struct served *s, const struct served_ops *ops, void *arg, const uint8_t *secret);
/* The first connection, on standard input and output: says READY. What has come already is taken from `in`. */
void served_link(struct served *s, const struct ready *ready, struct frame_buf *in);
/* Another one, with its HELLO: true: its two descriptors and `waiter` are taken; else it has been told why not. */
bool served_attach(struct served *s, const struct hello *h, const int fds[2], int waiter);
/* Does the HELLO know the secret? */
bool served_is_link(const struct served *s, const struct hello *h);
/* For how long one without a connection still waits, of so many ms; -1: it has one. */
int64_t served_left_ms(const struct served *s, int64_t now_ms, int64_t patience_ms);
/* What to poll for, and then what to do. 0; -errno: it is over, or the link says what it may not. */
void served_watch(const struct served *s, struct pollfd v[SERVED_POLLS]);
int served_run(struct served *s, const struct pollfd v[SERVED_POLLS]);
void served_flush(struct served *s);
/* The command has ended like that (as from wait4(2)), with so many bytes of the keyboard read. */
void served_tell_end(struct served *s, int wait_status, uint64_t read, const struct rusage *used);
/* No more of it. */
void served_end(struct served *s);

#endif
