#ifndef MISH_CONTROLLER_WATCH_H
#define MISH_CONTROLLER_WATCH_H

#include <sys/types.h>
#include <uv.h>

#include "rendezvous/rdv.h"

/*
 * The guardians of sessions that went from here: one that is killed says no RDV_END, and its
 * session would be listed, and counted against its user's quota, for ever. Who offers is a
 * link, a guardian's child, so that no request has to name a process. There are no more
 * watches than sessions of the rendezvous, which has limits.
 */
struct watches {
	uv_loop_t *loop;
	struct rdv *rdv;
	struct watch *first;
};

/* The session is `uid`'s, and of the guardian whose link `link` is: it ends with that process. */
void watch_begin(struct watches *all, const char *session, uid_t uid, pid_t link);
void watch_end(struct watches *all, const char *session); /* there need be none */
void watch_end_all(struct watches *all);

#endif
