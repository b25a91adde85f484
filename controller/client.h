#ifndef MISH_CONTROLLER_CLIENT_H
#define MISH_CONTROLLER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <uv.h>

#include "controller/candidates.h"
#include "controller/journal.h"
#include "controller/limits.h"
#include "controller/usage_db.h"
#include "wire/rud.h"
#include "wire/frame.h"

/* The connections on mishd's unix socket: shells, peers, links and mishctl. */
struct client;

struct client_ops {
	/* Serves one request: answers it, or notes it and sets `held`, or needs no answer. */
	void (*request)(void *arg, struct client *c, enum frame_type type, const struct msg_view *v);
	/* A connection is being closed: nothing can be sent on it any more. */
	void (*gone)(void *arg, struct client *c);
};

struct clients {
	uv_loop_t *loop;
	uv_pipe_t server;
	struct client *first;
	size_t n;
	const struct client_ops *ops;
	void *arg;
	uv_timer_t silent; /* for connections that ask nothing */
	struct journal_often refused, cut_off; /* connections, when a limit was reached */
};

struct client {
	struct client *next;
	struct clients *all;
	uv_pipe_t pipe;
	uid_t uid; /* as the kernel says */
	pid_t pid;
	struct frame_buf in;
	/* a shell that registered; shell.session[0] == '\0': another kind of client */
	struct candidate shell;
	bool asked; /* it: to move, by hand, and has not said what came of that */
	unsigned writes; /* under way: the next request waits for them */
	bool spoke; /* it has asked something */
	uint64_t since_ms; /* of the loop's clock */
	bool held; /* an admission is answered later: the next request waits for that */
	/* that admission; see registry.c */
	struct client_admission {
		char session[RDV_ID_LEN + 1];
		bool by_force;
		int64_t until_ms;
	} admission;
	struct client_place { /* of a placed command; see places.c */
		char node[VIEW_NAME_MAX + 1]; /* where it is held; "": nowhere */
		uint64_t turn;		      /* it waits for one, the lowest first; 0: it does not */
	} place;
	struct client_usage { /* it has asked what commands took; see usage.c */
		uint64_t turn; /* who asked first is answered first; 0: it has not */
		enum usage_what { USAGE_RECORDS, USAGE_KINDS, USAGE_HISTORIES } what;
		char prefix[RUD_KEY];
		struct usage_cursor cursor; /* of histories: what it had last */
	} usage;
	bool closing;
};

static inline struct client *client_of(struct candidate *c)
{
	return (struct client *)(void *)((char *)c - offsetof(struct client, shell));
}

void client_init(struct clients *all, uv_loop_t *loop, const struct client_ops *ops, void *arg);
/* Returns 0 or -errno, which is in the log then. */
int client_listen(struct clients *all, const char *path);
void client_close(struct client *c);
void client_close_all(struct clients *all);

/* Sends what is in `out`, which is taken; closes the connection of a client that does not read. */
void client_send(struct client *c, struct frame_buf *out);
/* Sends one message, which is taken. */
void client_send_msg(struct client *c, enum frame_type type, struct msg *m);
/* OK, or REFUSED with a reason. */
void client_answer(struct client *c, const char *refusal);

#endif
