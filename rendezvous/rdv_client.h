#ifndef MISH_RENDEZVOUS_RDV_CLIENT_H
#define MISH_RENDEZVOUS_RDV_CLIENT_H

#include "rendezvous/rdv.h"

/*
 * Asks the node's mishd, and waits for its answer at most so many ms at a time; `take` sees each row. The
 * message is released. 0; -EACCES: it refused; or -errno.
 */
enum { RDV_PATIENT_MS = 2000 };
int rdv_client_ask(enum frame_type what, struct msg *m, int wait_ms, void (*take)(void *arg, const struct msg_view *v), void *arg);
/* … by a connection that is there, and stays. */
int rdv_client_ask_by(int fd, enum frame_type what, struct msg *m, int wait_ms, void (*take)(void *arg, const struct msg_view *v), void *arg);

/*
 * A rendezvous from the user's side: that of the node's mishd, or, when none answers,
 * one of our own in this process. Both are rdv_serve().
 */
struct rdv_client;

/* The socket of mishd: $MISH_SOCKET, else the configured path. */
const char *rdv_socket_path(void);
/* Connects to mishd and checks its uid. A non-blocking descriptor or -errno. */
int rdv_connect(void);

/* Connects to mishd, if there is one. NULL: no memory. */
struct rdv_client *rdv_client_new(void);
void rdv_client_free(struct rdv_client *c); /* takes NULL */

/*
 * One request (the message is released). Returns 0 with *ret borrowed until the next
 * call; -EACCES with *why (caller frees) when it was refused; or -errno. When mishd is
 * lost, the request is repeated on the rendezvous of our own.
 */
int rdv_client_call(struct rdv_client *c, enum frame_type type, struct msg *m,
		    struct msg_view *ret, char **why);

#endif
