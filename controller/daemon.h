#ifndef MISH_CONTROLLER_DAEMON_H
#define MISH_CONTROLLER_DAEMON_H

#include <netinet/in.h>
#include <sys/types.h>
#include <uv.h>

#include "controller/balance.h"
#include "controller/command.h"
#include "controller/conf.h"
#include "controller/sample.h"
#include "wire/frame.h"
#include "rendezvous/rdv.h"

/*
 * mishd: one loop over the unix socket with the shells on it (client.c, request.c), the
 * other controllers (datagrams, here), the clock, and the rendezvous.
 */
struct client {
	struct client *next;
	uv_pipe_t pipe;
	struct daemon *d;
	uid_t uid;
	pid_t pid;
	struct frame_buf in;
	/* a shell that registered; shell.session[0] == '\0': another kind of client */
	struct candidate shell;
	unsigned writes; /* under way: the next request waits for them */
	bool closing;
};

enum { DAEMON_SITE_MAX = 32 };

struct daemon {
	uv_loop_t loop;
	uv_pipe_t server;
	uv_udp_t udp;
	uv_timer_t tick;
	uv_signal_t sig_term, sig_int, sig_hup;
	struct client *clients;
	size_t n_clients;
	struct rdv *rdv;
	struct watch *watches;
	struct conf *conf;
	const char *conf_path, *socket_path;
	char node[256];
	int64_t started_ms;
	struct balance balance;
	struct sampler sampler;
	int64_t sample_ms; /* when the next is due */
	double measured_speed;
	/* where the nodes of balance.view are, in the same order */
	struct daemon_address *addresses;
	int64_t resolve_ms;
	unsigned lookups, lookup_round; /* under way, and for which list of nodes */
	bool v6, listens;
	struct command nodes_command, load_command;
	int64_t nodes_command_ms, load_command_ms;
	struct conf_node *found; /* by nodes_command */
	size_t n_found;
	/* what load_command printed */
	struct daemon_site {
		char name[32];
		double value;
	} site[DAEMON_SITE_MAX];
	size_t n_site;
	struct metrics *metrics;
};

/* Returns the exit status when it is told to end (SIGTERM, SIGINT). */
int daemon_run(const char *conf_path, struct conf *conf, const char *socket_path);

/* Removes a socket that nobody listens at any more. 0, -EADDRINUSE when somebody does, -errno. */
int daemon_take_path(const char *path);

/* One line an event, subject first; no values, no command lines, no keys (STYLE 5). */
void daemon_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Something happened: do what is due now. */
void daemon_kick(struct daemon *d);
/* A load that is not older than a second, when somebody wants to see it. */
void daemon_fresh_load(struct daemon *d);

/* ---- client.c ---- */
int client_listen(struct daemon *d);
void client_close(struct client *c);
/* Sends what is in `out`, which is taken. */
void client_send(struct client *c, struct frame_buf *out);
static inline struct client *client_of(struct candidate *c)
{
	return (struct client *)(void *)((char *)c - offsetof(struct client, shell));
}

/* ---- request.c ---- */
void request_dispatch(struct client *c, enum frame_type type, const struct msg_view *v);
void request_grant(struct client *c, const char *node, bool by_hand);
const char *request_user_name(uid_t uid);

/* ---- watch.c ---- */
/* The session is `uid`'s, and of the guardian whose link `link` is: it ends with that process. */
void watch_begin(struct daemon *d, const char *session, uid_t uid, pid_t link);
void watch_end(struct daemon *d, const char *session); /* there need be none */
void watch_end_all(struct daemon *d);

/* ---- metrics.c ---- */
struct metrics *metrics_listen(struct daemon *d, const char *where);
void metrics_close(struct metrics *m);

#endif
