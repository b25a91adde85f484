#ifndef MISH_SESSION_GUARD_H
#define MISH_SESSION_GUARD_H

#include "session/frames.h"

/*
 * A session as its guardian has it: the state from which a shell can always be made again,
 * the links and the moves. No I/O, no clock, no randomness of its own: mish-stub gives it
 * real ones (pty/stub.c), tests/unit/test_session.c others. The states are those of
 * tests/model/handoff.pml; which frame may come in which is one table in guard.c. What
 * happens while the holder cannot be reached is in lost.h.
 */
enum guard_state {
	GUARD_FIRST,	  /* the first move is under way; when it fails, the shell is made here again */
	GUARD_AWAY,	  /* the session is elsewhere */
	GUARD_ASKED,	  /* … on a node that is not trusted, and the user is asked what it may; see stranger.h */
	GUARD_ONWARD,	  /* its shell waits, frozen, for how a move, or a question, ends */
	GUARD_RECOVERING, /* its holder is given up, and another node is to go on with it */
	GUARD_AT_HOME,	  /* this process becomes the shell */
	GUARD_ENDED,	  /* its last shell has ended, or its terminal */
};
enum { GUARD_STATES = GUARD_ENDED + 1 };

/* In the order in which they are heard: EXIT of the current one settles everything. */
enum link_role {
	LINK_CURRENT, /* to the holder */
	LINK_NEXT,    /* of a move, or a question, under way */
	LINK_WARM,    /* waits for a move to its node */
	LINK_ROLES,   /* how many there are */
};

enum link_state {
	LINK_REACHING, /* it has said nothing yet */
	LINK_ADOPTED,  /* it was warm and has an order: its connection may be long dead */
	LINK_UP,       /* it carries the terminal; a warm one waits */
};
enum { LINK_STATES = LINK_UP + 1 };

/* A link; whoever starts it has it in a larger struct. */
struct guard_link {
	struct guard_link *next;
	enum link_role role;
	enum link_state state;
	char node[HANDOVER_NODE]; /* LINK_WARM: where it leads */
};

/* Who has the session, and how its peer is attached to. */
struct holder {
	uint64_t from; /* its epoch is epoch_next() of this */
	uint8_t socket[HANDOVER_SOCKET];
	uint8_t secret[HANDOVER_SECRET];
	char node[HANDOVER_NODE];    /* "": nobody yet */
	char address[HANDOVER_NODE]; /* … as ssh knows it */
	bool trusted; /* when it got the session; see stranger.h */
};

/* What went with a lost holder, for the line that tells the user. */
struct loss {
	const char *node, *why;
	const char *command; /* that ran there, NULL none */
	int64_t as_of_ms;    /* when the state was saved */
};

enum guard_question {
	GUARD_ASK_HOME,	  /* it wants to come home */
	GUARD_ASK_ONWARD, /* it wants to go on, or to ask another node */
	GUARD_ASK_LOST,	  /* it is lost: what goes on here? */
};
enum guard_answer {
	GUARD_NO,
	GUARD_ITS,  /* with that node's state; or yes */
	GUARD_LEFT, /* with the state that the user left with */
};

enum { GUARD_RELEASE_MS = 5000 }; /* for a link to show its last output, and to end */

/* What became of the file of a session that persists. */
enum guard_file {
	GUARD_KEPT,   /* it says what is so; or there is none, and nobody wants one */
	GUARD_OTHERS, /* another terminal has attached to the session since */
	GUARD_UNKEPT, /* it could not be written, and is removed: nobody can attach */
	GUARD_STALE,  /* … and not removed either: who attaches would find what is no longer so */
};

struct guard_ops {
	/* Starts a link, which has `input` (NULL: none) to deliver first. NULL with *err (-errno). */
	struct guard_link *(*start)(void *arg, const struct errand_order *o, const struct blob *input,
				    int *err);
	/* Gives a warm link its errand. False: it has ended meanwhile. */
	bool (*order)(void *arg, struct guard_link *l, const struct errand_order *o,
		      const struct blob *input);
	void (*send)(void *arg, struct guard_link *l, enum frame_type type, const struct verdict *v);
	/* Closes our end of the link's socket: the link ends, and its peer waits for another. */
	void (*hang_up)(void *arg, struct guard_link *l);
	/* Ends a link after at most so long, and frees it. True: it ended by itself, and well. */
	bool (*end)(void *arg, struct guard_link *l, int timeout_ms);
	/* Starts a process that tries to end this holder, and outlives this one. */
	void (*fence)(void *arg, const struct errand_order *o);
	/* `l` becomes the current link, and gets what was typed since it was started. */
	void (*promoted)(void *arg, struct guard_link *l);
	/* What was typed and never sent to a peer (the caller frees it). */
	void (*unsent)(void *arg, struct blob *ret);
	/* What was typed behind so many bytes (the caller frees it). */
	void (*typed_since)(void *arg, uint64_t from, struct blob *ret);
	/* Random bytes that nobody can guess. */
	bool (*draw)(void *arg, uint8_t *ret, size_t len);
	/*
	 * Would that become a shell? Tried in a process of its own, while the holder still has the
	 * session. False with *why (the caller frees it).
	 */
	bool (*try_home)(void *arg, const struct arrival *a, char **why);
	/* Becomes a shell with this (taken). `loss`: NULL, or what to tell besides. */
	void (*home)(void *arg, struct arrival *a, const struct loss *loss);
	/* Ends the process with a status, and a line for the terminal or NULL. */
	void (*leave)(void *arg, int status, const char *text);
	/* Brings the file of a session that persists up to date; NULL removes it. *why: caller frees. */
	enum guard_file (*keep)(void *arg, const struct kept *k, char **why);
	/* The line at the foot of the terminal; NULL takes it away. True: the screen was touched. */
	bool (*line)(void *arg, const char *text);
	/* Does the site or the user trust the node? */
	bool (*trusts)(void *arg, const char *node);
	/* How much has been typed in this terminal? */
	uint64_t (*typed)(void *arg);
	/* Asks the user; stranger_answered() has the answer. The line goes by line(NULL). */
	void (*ask)(void *arg, enum guard_question question, const char *text);
	/* Starts who stands here for a job elsewhere: the pid, or -errno. */
	int (*kept)(void *arg, struct stay *s); /* s->turn may grow */
	/* The shell says something of a job that stayed here. */
	void (*job)(void *arg, const struct job_word *w);
	/* Asks there what to do, as if ^] had been pressed. */
	void (*menu)(void *arg);
};

struct guard {
	enum guard_state state;
	const struct guard_ops *ops;
	void *arg;
	struct guard_link *links;
	char session[HANDOVER_SESSION], origin[HANDOVER_NODE];
	uint64_t flags; /* MSG_LOGIN; until the first move is done, all flags of that */
	struct sealed sealed; /* the last state */
	struct blob modes;    /* of the terminal */
	struct holder holder;
	uint8_t new_secret[HANDOVER_SECRET]; /* from `mish --attach`: the next secret */
	struct blob stays; /* see stayed.h */
	uint8_t here_socket[HANDOVER_SOCKET], here_secret[HANDOVER_SECRET]; /* for who attaches to the jobs that were left here */
	/* a move, or a question, under way */
	struct departure want;
	struct holder next;
	char *steps; /* of one that failed, for smigrate -v; NULL none */
	/* the shell there, as far as we have heard */
	bool idle;	   /* it is at its prompt, without jobs */
	bool persist;
	bool fresh;	   /* this terminal has seen nothing of it yet */
	char *command;	   /* what it runs, NULL nothing */
	bool stale;	   /* its file says what is not so, and could not be changed: tried again */
	char *unkept;	   /* why it does not persist, and is still to be told; NULL nothing */
	int64_t state_ms;  /* when `sealed` came */
	int64_t began_ms;  /* when the move or question under way began, and what `want` holds was made */
	uint64_t last_seq; /* of its checkpoints */
	struct {
		uint64_t seq;	/* of the CONNECT that is to be answered, 0 none */
		uint64_t epoch; /* of who said it */
	} connect;
	/* while the holder is not trusted */
	struct sealed left;	      /* what the user left with */
	enum guard_question question; /* in GUARD_ASKED */
	uint64_t typed;		      /* up to here it has been answered for */
	/* the last offer that came to nothing: it may be told again */
	uint64_t refused; /* its epoch, 0 none */
	char *refused_why;
	int refused_status;
	/* while the session cannot be reached; see lost.h */
	struct lost {
		int64_t since_ms, retry_ms, wait_ms;
		int64_t tried_ms; /* when the last attempt began */
		bool denied;	  /* it failed at the login: somebody may have to be asked */
		bool login;	  /* … and is: the terminal is the link's that tries */
		int64_t up_ms; /* since when the link was there */
		bool there; /* GUARD_ASK_LOST: the holder may still be alive */
		int64_t silent_ms; /* since when we have the terminal of a link that is there; 0: not */
		char *why;
	} lost;
};

/* From what a shell left behind (taken): its first move. */
void guard_begin(struct guard *g, const struct guard_ops *ops, void *arg, struct departure *d,
		 struct guard_link *warm, int64_t now_ms);
/*
 * From the file of a session that persists (taken), for this terminal: `mish --attach`. Its
 * new_secret is in the file already.
 */
void guard_attach(struct guard *g, const struct guard_ops *ops, void *arg, struct kept *k,
		  const char *origin, const struct blob *modes, int64_t now_ms);
void guard_release(struct guard *g);

struct guard_link *guard_link(const struct guard *g, enum link_role role); /* NULL: there is none */
/* The epoch of who has the session, as far as we know. */
uint64_t guard_epoch(const struct guard *g);

/* May a link of this role say this now? */
bool guard_accepts(const struct guard *g, const struct guard_link *l, enum frame_type type);
/* A frame of a link. 0, or -EBADMSG: it may not say that, or not now, and must be ended. */
int guard_frame(struct guard *g, struct guard_link *l, enum frame_type type, const uint8_t *payload,
		size_t len, int64_t now_ms);
/* A link has ended, or must be ended. */
void guard_eof(struct guard *g, struct guard_link *l, int64_t now_ms);
/* SIGHUP or SIGTERM: the terminal has gone, or the system goes down. */
void guard_hangup(struct guard *g, int signo);
/* SIGINT: calls a move off. */
void guard_interrupt(struct guard *g);

/* ---- for moves.c and lost.c ---- */

/* The current link, where it carries; else NULL. */
struct guard_link *guard_carrier(const struct guard *g);
void guard_add_link(struct guard *g, struct guard_link *l, enum link_role role, enum link_state state);
/* Ends a link (NULL: none) after at most so long. True: it ended by itself, and well. */
bool guard_close(struct guard *g, struct guard_link *l, int timeout_ms);
void guard_end_link(struct guard *g, enum link_role role);
void guard_send(struct guard *g, struct guard_link *l, enum frame_type type, const char *why, int status);
/* The errand of a link to who holds the session. */
void guard_errand(const struct guard *g, enum errand what, struct errand_order *ret);
/* Has the holder ended by a process of its own, as it cannot be told now. */
void guard_fence(struct guard *g, uint64_t flags);
/* This process becomes a shell, with `input` (taken; NULL none) and what is to be told. */
void guard_go_home(struct guard *g, uint64_t flags, struct blob *input, const char *why, int status,
		   const struct loss *loss);
/* What a shell here is made from; the state is the caller's. */
void guard_arrival(const struct guard *g, uint64_t flags, uint64_t from, struct arrival *ret);
/* Another terminal has the session now: this process ends. */
void guard_taken(struct guard *g);
void guard_command_is(struct guard *g, char *command);	  /* taken */

#endif
