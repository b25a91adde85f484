#ifndef MISH_SESSION_HOLD_H
#define MISH_SESSION_HOLD_H

#include "session/frames.h"

/*
 * What a peer knows of the session that it holds: between a link, which may be lost and come
 * back as another, and the shell on its pty. No I/O and no clock: what is to be written is put
 * into buffers, and mish-peer (pty/peer.c) does the rest. The states are those of
 * tests/model/handoff.pml; which frame may come when is one table in hold.c.
 */
enum hold_state {
	HOLD_RESTORING, /* the shell restores; nothing that it does may be seen before COMMIT */
	HOLD_FAILING,	/* the shell ended before COMMIT; its last output is still to be read */
	HOLD_FAILED,	/* … has been read, and the link told */
	HOLD_LIVE,
	HOLD_FROZEN,	/* the shell is to be moved on: no input */
	HOLD_OFFERED,	/* … and has offered its state: it waits for a verdict */
	HOLD_RELEASED,	/* the session is elsewhere: the shell ends */
	HOLD_HUNG_UP,	/* the terminal has gone: the shell is to end */
	HOLD_DRAINING,	/* the shell has ended; its last output is still to be read */
	HOLD_LEAVING,	/* the same, and how it ended is nobody's concern any more */
	HOLD_FAREWELL,	/* the link has to confirm that it heard how the shell ended */
	HOLD_DONE,	/* nothing is left to do: the peer ends */
};
enum { HOLD_STATES = HOLD_DONE + 1 };

enum {
	HOLD_WINDOW = 1 << 20, /* output that the link has not acknowledged */
	HOLD_CHUNK = 1 << 15,  /* of output, in a frame */
};

struct hold_ops {
	/* The shell gets HUP and CONT, and its pty is closed. */
	void (*hang_up)(void *arg);
	/* The shell is killed; with `all` so is whatever runs in its session (setsid(2)). */
	void (*kill)(void *arg, bool all);
	/* What is in h->out goes out as far as it can, and the connection to the link is closed. */
	void (*close_link)(void *arg);
	/* The terminal has this size. */
	void (*resize)(void *arg, uint16_t rows, uint16_t cols);
};

struct hold {
	enum hold_state state;
	const struct hold_ops *ops;
	void *arg;
	bool linked;  /* there is a link */
	bool persist; /* of the shell */
	uint64_t connecting; /* SEQ of the CONNECT that the shell may wait about, 0 none */
	uint64_t version;    /* of link and guardian */
	bool hung_up; /* the shell was told to end: that a signal ends it is no news */
	uint8_t secret[HANDOVER_SECRET];
	struct frame_buf out;	  /* to the link */
	struct frame_buf ctl_out; /* to the shell */
	struct frame_buf input;	  /* for the pty */
	struct frame_buf replay;  /* output that the link did not acknowledge */
	struct frame_buf kept;	  /* checkpoints that the next link may have to hear again, … */
	struct frame_buf offer;	  /* … and in OFFERED, behind them, the offer */
	int64_t kept_ms;	  /* when the last checkpoint came */
	uint64_t sent, acked;	  /* output */
	uint64_t delivered, ack_sent; /* input */
	int64_t since_ms; /* when the state, or the link, changed */
	struct verdict end; /* how the shell ended */
	char end_why[64];
};

void hold_init(struct hold *h, const struct hold_ops *ops, void *arg, const struct hello *hello,
	       int64_t now_ms);
void hold_release(struct hold *h);

/* Has COMMIT come? Then the session is this peer's, and outlives its link. */
static inline bool hold_committed(const struct hold *h)
{
	return h->state >= HOLD_LIVE;
}

/* Until then its shell may only restore and prompt: that it wants to move on waits. */
static inline bool hold_defers(const struct hold *h, enum frame_type type)
{
	return !hold_committed(h) && (type == FRAME_FROZEN || type == FRAME_CONNECT);
}

/* May this be said now? */
bool hold_accepts(const struct hold *h, enum party from, enum frame_type type);
/* 0, or -EBADMSG: it may not be said, or not now, or makes no sense. */
int hold_from_link(struct hold *h, enum frame_type type, const uint8_t *payload, size_t len, int64_t now_ms);
int hold_from_shell(struct hold *h, enum frame_type type, const uint8_t *payload, size_t len, int64_t now_ms);

/* The link is lost. A session that is committed waits for the next. */
void hold_link_lost(struct hold *h, int64_t now_ms);
/*
 * Another link says HELLO. 0: it has the session now, and hears all that the last may not
 * have got; or an enum msg_attach with *why (static). After ERRAND_FENCE the state is HOLD_DONE.
 */
int hold_attach(struct hold *h, const struct hello *hello, const char *node, int64_t now_ms,
		const char **why);

/* May output be read? The replay buffer has room, and the link is not too far behind. */
bool hold_reads(const struct hold *h);
/* Output of the terminal. */
void hold_output(struct hold *h, const uint8_t *bytes, size_t len);
/* May h->input be written to the terminal? The terminal took so much of it. */
bool hold_writes(const struct hold *h);
void hold_input_taken(struct hold *h, size_t len);
/* Has the shell ended, and is what it printed still to be read? */
static inline bool hold_drains(const struct hold *h)
{
	return h->state == HOLD_FAILING || h->state == HOLD_DRAINING || h->state == HOLD_LEAVING;
}
/* The last output has been read; `open`: the terminal is still there. */
void hold_drained(struct hold *h, bool open, int64_t now_ms);
/* The shell ended; `status` as from waitpid(2). */
void hold_shell_ended(struct hold *h, int status, int64_t now_ms);

/* How long until something has to happen by itself; -1 for ever. */
int64_t hold_next_due(const struct hold *h, int64_t now_ms);
/* Does that, when it is due. */
void hold_tend(struct hold *h, int64_t now_ms);

#endif
