#ifndef MISH_SESSION_CARRY_H
#define MISH_SESSION_CARRY_H

#include "session/frames.h"

/*
 * What a link knows of the session that it carries: between its guardian and a peer, which it
 * has reached (pty/reach.c) when this begins. No I/O: what is to be sent is put into buffers,
 * and mish-link (pty/link.c) does the rest. Which frame may come when is one table in carry.c.
 */
enum carry_state {
	CARRY_REACHING, /* the peer has not answered yet */
	CARRY_READY,	/* it has; the guardian has not said COMMIT: nothing is shown or typed */
	CARRY_LIVE,
	CARRY_FROZEN,	/* the shell waits to be moved on: input is kept */
	CARRY_OFFERED,	/* … and has made an offer: only a verdict on it comes now */
	CARRY_RELEASED, /* the session is elsewhere: the shell there ends */
	CARRY_ENDED,	/* the session has ended there */
};
enum { CARRY_STATES = CARRY_ENDED + 1 };

struct carry_ops {
	/* Output for the terminal; there is room for it. */
	void (*output)(void *arg, const uint8_t *bytes, size_t len);
	/* The peer has delivered so much input; false: that was never sent. */
	bool (*acked)(void *arg, uint64_t delivered);
	/* Input that the peer has not delivered (the caller frees it). */
	void (*undelivered)(void *arg, struct blob *ret);
	/* The terminal's modes: raw, or (`waiting`) so that ^C calls a move off. */
	void (*mode)(void *arg, bool waiting);
	/* COMMIT came. */
	void (*committed)(void *arg);
	/* Something covered the screen: the program there is to draw it again. */
	void (*redraw)(void *arg);
	/* The guardian gives the terminal back, or takes it. */
	void (*terminal)(void *arg, bool back);
};

struct carry {
	enum carry_state state;
	enum carry_state then; /* in CARRY_READY: after COMMIT, LIVE or FROZEN */
	const struct carry_ops *ops;
	void *arg;
	bool persist; /* of the shell, as far as we have heard */
	bool shared;  /* jobs stayed: they write to the terminal themselves */
	bool stays;   /* … and so do others, where the session was: its connection will be wanted */
	bool front_due; /* … and one gets it, once what the shell wrote before is shown */
	struct job_word front;
	uint64_t sent;	   /* input that is on its way */
	uint64_t ack_sent; /* output */
	struct frame_buf out;  /* to the peer */
	struct frame_buf gout; /* to the guardian */
};

void carry_init(struct carry *c, const struct carry_ops *ops, void *arg);
void carry_release(struct carry *c);

/* The peer's answer: the session is there, with its shell frozen or not. */
void carry_reached(struct carry *c, bool persist, bool frozen);

/*
 * What a peer's answer to ATTACH or FENCE comes to. `fits`: READY has counters that our spool
 * goes on from. Returns 0, the session is there; or an enum msg_attach with *why, which is
 * static or the body's.
 */
int carry_attach_answer(enum errand errand, enum frame_type type, const union frames_body *body, bool fits,
			const char **why);

/* May this be said now? carry_from_…() ask first. */
bool carry_accepts(const struct carry *c, enum party from, enum frame_type type);
/* 0, or -EBADMSG: it may not be said, or not now, or makes no sense. */
int carry_from_peer(struct carry *c, enum frame_type type, const uint8_t *payload, size_t len);
int carry_from_guardian(struct carry *c, enum frame_type type, const uint8_t *payload, size_t len);

/* Is the terminal the session's? */
static inline bool carry_shows(const struct carry *c)
{
	return c->state >= CARRY_LIVE;
}
/* May input be sent? */
static inline bool carry_types(const struct carry *c)
{
	return c->state == CARRY_LIVE;
}
/* Sends input that stands at position c->sent. 0 or -errno. */
int carry_send_input(struct carry *c, const uint8_t *bytes, size_t len);
/* Tells the peer how much was shown, when that is `least` more than it knows. */
void carry_ack_output(struct carry *c, uint64_t shown, uint64_t least);
void carry_winch(struct carry *c, uint16_t height, uint16_t width);
/* The terminal is lent to the job that is due to get it. */
void carry_front(struct carry *c);
/* Lends the guardian the terminal (pty/stall.h says why), or says that there is no reason any more. */
void carry_stall(struct carry *c, int why);
/*
 * The guardian has gone. The peer hears that the terminal has gone or, if the session persists,
 * how much of its output was shown.
 */
void carry_farewell(struct carry *c, uint64_t shown);

#endif
