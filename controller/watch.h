#ifndef MISH_CONTROLLER_WATCH_H
#define MISH_CONTROLLER_WATCH_H

#include <sys/types.h>
#include <uv.h>

#include "rendezvous/rdv.h"

/*
 * The guardians of sessions that went from here. A guardian that is killed says no RDV_END:
 * without a watch its session would be listed, and counted against its user's quota, for ever.
 * The client that offers a session is a link, the guardian's child, so no request has to name
 * a process. There are no more watches than sessions at the rendezvous, which has limits.
 */
struct watches {
	uv_loop_t *loop;
	struct rdv *rdv;
	struct watch *first;
};

/* The session, which is `uid`'s, ends when the parent of the process `link` does. */
void watch_begin(struct watches *all, const char *session, uid_t uid, pid_t link);
void watch_end(struct watches *all, const char *session); /* there need be none */
void watch_end_all(struct watches *all);

#endif
