#ifndef MISH_CONTROLLER_REQUEST_H
#define MISH_CONTROLLER_REQUEST_H

#include "controller/client.h"
#include "controller/places.h"
#include "controller/registry.h"
#include "controller/usage.h"
#include "controller/watch.h"
#include "rendezvous/rdv.h"

/* What shells, peers, links and mishctl ask for on the unix socket. All pointers are borrowed. */
struct requests {
	struct registry *registry;
	struct balance *balance;
	struct meter *meter;
	struct ticker *ticker;
	struct accounts *accounts;
	struct rdv *rdv;
	struct watches *watches;
	struct places places;
	struct usage *usage;
	const char *node; /* this one's name */
	int64_t started_ms;
	struct journal_often quota;
};

/* Lets those go that wait for a place (controller/places.h): done at every tick. */
void request_serve_places(struct requests *r);

/* For client_init(), with a struct requests. */
extern const struct client_ops request_ops;

#endif
