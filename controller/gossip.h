#ifndef MISH_CONTROLLER_GOSSIP_H
#define MISH_CONTROLLER_GOSSIP_H

#include "controller/share.h"

/* What controllers tell each other of their nodes' load: one controller's part in it. */
struct gossip {
	struct share *share;
	struct load told;	   /* the row that the others have */
	int64_t told_ms, round_ms; /* when it was told, and when anything was */
};

void gossip_init(struct gossip *g, struct share *s);
/* Tells what is due, and returns when something will be; INT64_MAX: never. */
int64_t gossip_tick(struct gossip *g, int64_t now_ms);
void gossip_receive(struct gossip *g, const struct datagram *d, int64_t now_ms);
/* The own row is due at once: somebody could not be reached when it was told. */
void gossip_again(struct gossip *g);

#endif
