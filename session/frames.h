#ifndef MISH_SESSION_FRAMES_H
#define MISH_SESSION_FRAMES_H

#include "migrate/handover.h"
#include "wire/frame.h"

/*
 * The frames of a session: who says which to whom, and the record of each. What is not in
 * this table is refused, and a key that is not in the frame's record is not read. When a
 * frame may be said is in the tables of guard.c, carry.c and hold.c, by state.
 */
enum party { PARTY_SHELL, PARTY_PEER, PARTY_LINK, PARTY_GUARDIAN };

/* READY: a shell has restored; a peer would take the session, or is attached to; a link has reached one. */
struct ready {
	uint64_t version;
	char node[HANDOVER_NODE];
	char address[HANDOVER_NODE]; /* link → guardian: as ssh knows it */
	char *warnings, *steps;	     /* lines */
	uint64_t flags;		     /* MSG_FROZEN */
	uint64_t pid;
	uint64_t sent, received; /* of output and of input, to an attach */
	uint64_t opened; /* to PLACE: descriptors that are files there, 1 << each */
};

/* ABORT, RESUME, EXIT, SIGNAL; UNKEPT, STALL; the answer to CONNECT; and COMMIT, RELEASE (MSG_KEEP), FENCED, which say no more than their type. */
struct verdict {
	char *why;
	uint64_t status; /* exit status; SIGNAL: its number; STALL: enum stall_why; ABORT to an attach: enum msg_attach */
	uint64_t flags;	 /* EXIT: MSG_LOST */
	uint64_t version;
	char *steps;
	uint64_t seq;	 /* the answer to CONNECT: which */
	uint64_t user_us, system_us; /* EXIT of a placed command: CPU */
};

/* STATUS of STALL: why the terminal is the guardian's. */
enum stall_why {
	STALL_OVER = 0,	  /* it is the link's again, or has no reason any more not to be */
	STALL_SILENT = 1, /* nobody answers */
	STALL_ESCAPE = 2, /* the user pressed ^] */
	STALL_ASKED = 3,  /* from the guardian: it asks something there */
};

/* ACK, FROZEN: how far a stream has come. */
struct progress {
	uint64_t stream;
	uint64_t delivered;
};

struct winch {
	uint16_t rows, cols; /* both 0, guardian → link: have the screen drawn again */
};

struct checkpoint_frame {
	uint64_t epoch; /* of the shell */
	uint64_t seq;
	uint64_t flags; /* MSG_IDLE, MSG_PERSIST, MSG_WHOLE */
	char *command;	/* that runs now, NULL none */
	struct blob state; /* sealed; none: only the flags or the command are new */
	uint64_t age;	   /* ms since it was made, where it is said again to a new link */
};

/* CONNECT, from the shell; the answer is a verdict. */
struct connect {
	char node[HANDOVER_NODE];
	uint64_t seq; /* of the shell; the answer says it again */
};

/* JOB. */
struct job_word {
	uint64_t pid;
	uint64_t status; /* to the shell: as from wait4(2); to the guardian: a signal, 0 none */
	uint64_t flags;  /* to the guardian: MSG_KEEP, MSG_FRONT; to the peer, in FROZEN: MSG_KEEP */
	uint64_t was;	 /* to the shell: pid stands for the job that this was the first process of, on … */
	char node[HANDOVER_NODE];
};

/* ATTACHED. */
struct attached {
	char origin[HANDOVER_NODE];
	char *display; /* NULL: this connection has none */
	uint64_t flags; /* MSG_FRESH */
};

union frames_body {
	struct hello hello;
	struct departure offer;
	struct ready ready;
	struct verdict verdict;
	struct progress progress;
	struct winch winch;
	struct checkpoint_frame checkpoint;
	struct attached attached;
	struct connect connect;
	struct job_word job;
};

struct frames_row {
	enum frame_type type;
	const char *name;
	enum party from, to;
	const struct record *record; /* NULL: raw bytes (DATA) */
};

/* NULL: the one does not say that to the other. */
const struct frames_row *frames_find(enum frame_type type, enum party from, enum party to);
/* The i-th row, NULL past the end. */
const struct frames_row *frames_at(size_t i);

/* A frame of a link or a peer, as its core's handler gets it. */
struct came {
	enum frame_type type;
	const uint8_t *payload;
	size_t len;
	union frames_body *body; /* NULL: only checked */
	int64_t now_ms;
};

/* Who may say what in which states of a core, and what the core does then. */
struct frames_rule {
	enum party from;
	enum frame_type type;
	unsigned states; /* bits */
	bool copied;	 /* the handler wants the body, not only that it is well-formed */
	int (*run)(void *core, const struct came *f);
};

struct frames_rules {
	const struct frames_rule *v;
	size_t n;
	enum party to; /* whose rules these are */
};

/* A number of a frame that is passed on unread; 0 where it has none. */
uint64_t frames_number(const uint8_t *payload, size_t len, enum msg_key key);

/* NULL: not in this state. */
const struct frames_rule *frames_rule(const struct frames_rules *t, unsigned state, enum party from,
				      enum frame_type type);
/* Checks the frame against its record and its rule, and runs that. -EBADMSG, or what the rule says. */
int frames_run(const struct frames_rules *t, unsigned state, enum party from, struct came *f, void *core);

/* Reads what the frame carries; the caller releases it. 0, -EBADMSG or -ENOMEM. */
int frames_get(const struct frames_row *row, const uint8_t *payload, size_t len, union frames_body *ret);
void frames_release(const struct frames_row *row, union frames_body *b);
/* Makes the same checks on a frame that is passed on unread. 0 or -EBADMSG. */
int frames_check(const struct frames_row *row, const uint8_t *payload, size_t len);

/* Appends the frame with what `body` says; the body is the caller's. 0, -ENOMEM or -EMSGSIZE. */
int frames_put(struct frame_buf *out, enum frame_type type, const struct record *record, const void *body);

extern const struct record ready_record, verdict_record, progress_record, winch_record, checkpoint_record,
	attached_record, connect_record, job_record;

#endif
