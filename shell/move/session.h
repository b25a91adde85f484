#ifndef MISH_MOVE_SESSION_H
#define MISH_MOVE_SESSION_H

#include "migrate/programs.h"
#include "shell/move/at_prompt.h"
#include "wire/frame.h"
#include "rendezvous/rdv_client.h"
#include "shell/move/checkpoint.h"
#include "shell/shell.h"

/*
 * What an interactive shell is to others: a session with a name, a line to the controller,
 * and, away from its origin, a line to the peer. mover.h has what it does with them.
 */
struct session {
	char session[RDV_ID_LEN + 1];
	uint64_t epoch;
	char node[256], origin[256];
	int control; /* the peer's socket, -1 at the origin */
	bool lost;   /* … which ended before it was told to */
	int daemon;  /* mishd's socket, -1 none */
	int64_t daemon_again_ms; /* when mishd is tried again: it may be full, and hang up at once */
	int daemon_wait_ms;	 /* how long we wait the next time; 0: there never was one */
	struct frame_buf control_in, daemon_in;
	char *display; /* X11's, by the peer's newest connection; NULL none */
	char *unkept; /* why it does not persist, to be told at the prompt; NULL nothing */
	uint64_t ruds_told; /* so many records (shell/jobs/rud.h) has mishd heard of */
	char *grant; /* where a controller wants us to go, NULL nowhere */
	bool grant_by_hand; /* somebody said `mishctl move` */
	char *shared; /* lines: directories that all nodes have; NULL: mishd has not said */
	int64_t arrived_ms; /* by a move; 0: it began here */
	struct { /* what its commands used lately; see eligible.h */
		double cpu, busy, wall; /* seconds, fading */
		double used;		/* CPU time, all of it */
		int64_t ms, busy_ms;	/* the last prompt; when the command began, 0 none */
		uint64_t rss_kib;
	} usage;
	char *nodes; /* for completion */
	struct checkpoint checkpoint; /* away from home */
	struct blob stays; /* at home: how its jobs elsewhere are found again, struct stay each (migrate/handover.h) */
	int given[2]; /* for stays.c, while a move waits: the peer's end of the terminal, and its program; -1: not there */
	bool checkpoint_failed; /* the last one could not be made, which was told */
	struct programs programs; /* that this session goes on with */
	/* a link to `grant`, before we leave the prompt for it; see at_prompt.c */
	struct {
		enum { CONNECT_NONE, CONNECT_BEGUN, CONNECT_DONE } state;
		uint64_t seq; /* of the last CONNECT */
		char *why; /* away from home: why there is none */
		pid_t pid; /* at home */
		int fd;	   /* … its socket, -1 none */
	} connect;
	pid_t warm_pid; /* a link started early, at home: 0 none */
	int warm_fd;	/* its socket, -1 none */
	char warm_node[256];
};

/* Made when it is first asked for; never NULL. */
struct session *session_get(struct shell *sh);
/* MISH_SESSION, MISH_NODE and the like. */
void session_set_variables(struct shell *sh);
/* A word to mishd (taken), now or never. */
void session_tell_daemon(struct session *me, enum frame_type type, struct msg *m);
/* It is not at home: jobs that stayed there are heard of, and spoken to, from now on. */
void session_away(struct shell *sh);
/* What the peer may say at any time, also while a move waits: ATTACHED, UNKEPT, CONNECT. True: the prompt has to do with it. */
bool session_on_frame(struct shell *sh, enum frame_type type, const uint8_t *payload, size_t len);

/* ---- what the prompt waits for besides the terminal ---- */

enum { SESSION_FDS = 3 };
/* The i-th descriptor to watch (i < SESSION_FDS), -1 none. Connects to mishd when that is due. */
int session_fd(struct shell *sh, int i);
/* In how many ms session_fd() may change; -1: not before a descriptor is ready. */
int session_timeout(struct shell *sh);
/* The i-th descriptor, mishd's or the peer's, is readable. True: at_prompt_ready() has something to do. */
bool session_ready(struct shell *sh, int i);
/* The link is gone: the session goes on elsewhere. */
bool session_is_lost(const struct shell *sh);
/* The session is not ours any more: end without a trace. */
bool session_orphaned(struct shell *sh);

/* Away from home the guardian hears of it (checkpoint.h). */
void session_idle(struct shell *sh);
void session_busy(struct shell *sh, const char *text);

/*
 * Tells mishd whether we are at a prompt (then it measures what our commands used), and what
 * keeps us here, NULL nothing; with `node`, that we will not go there, or went and came back.
 * Never waits: a mishd that does not read is hung up on.
 */
void session_tell(struct shell *sh, bool idle, const char *why, const char *node);
/* A grant that came while a command ran, and is too late: its node, or NULL (caller frees). */
char *session_forget_grant(struct shell *sh);

/* `mish --status`, from the MISH_… variables of the environment. Returns a status. */
int session_print_status(void);

#endif
