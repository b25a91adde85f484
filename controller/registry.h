#ifndef MISH_CONTROLLER_REGISTRY_H
#define MISH_CONTROLLER_REGISTRY_H

#include "controller/accounts.h"
#include "controller/balance.h"
#include "controller/client.h"
#include "controller/conf.h"
#include "controller/meter.h"
#include "controller/ticker.h"

/*
 * The shells on this node: they register at their first prompt, say what they do, and are
 * asked to move. And the sessions that want to come: may they? The caller fills in all that is borrowed.
 */
struct registry {
	struct balance *balance;
	struct meter *meter;
	struct ticker *ticker;
	struct accounts *accounts;
	struct clients *clients;
	const struct conf *conf;
	uv_timer_t late; /* for held requests */
};

void registry_init(struct registry *r, uv_loop_t *loop);

void registry_register(struct registry *r, struct client *c, const struct msg_view *v);
/* A shell is at a prompt, or no longer; or it will not go where it was asked to go. */
void registry_update(struct registry *r, struct client *c, const struct msg_view *v);
/*
 * A peer asks whether its session may come. Where there are lists of users the answer waits
 * for the user's name, but not longer than the peer does.
 */
void registry_admit(struct registry *r, struct client *c, const struct msg_view *v);
/* The name of a user id is known, or could not be looked up. */
void registry_answered(struct registry *r, uid_t uid);
/* The connection is closed; it need not be a shell's. */
void registry_gone(struct registry *r, struct client *c);
/* Asks a shell to go to a node; `by_hand`: somebody ordered it. */
void registry_grant(struct client *c, const char *node, bool by_hand);

#endif
