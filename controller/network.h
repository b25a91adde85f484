#ifndef MISH_CONTROLLER_NETWORK_H
#define MISH_CONTROLLER_NETWORK_H

#include <stdbool.h>
#include <uv.h>

#include "controller/balance.h"
#include "controller/conf.h"
#include "controller/ticker.h"

/* The other controllers: the socket for their datagrams, and where they are. */
struct network {
	uv_loop_t *loop;
	uv_udp_t udp;
	bool v6, listens;
	struct balance *balance;
	const struct conf *conf;
	struct ticker *ticker;
	struct network_address *addresses; /* of the view's nodes, in their order */
	int64_t resolve_ms; /* when the names are to be looked up again */
	unsigned lookups, round; /* under way, and for which list of nodes */
};

/* Borrows everything. */
void network_init(struct network *n, uv_loop_t *loop, struct balance *b, const struct conf *conf,
		  struct ticker *t);
/* After the loop has closed its handles. */
void network_release(struct network *n);
/* Opens the port, unless it is open. Returns 0 or -errno, which is in the log then. */
int network_listen(struct network *n);
/* The nodes that take part from now on; borrowed. 0, or -errno with nothing changed. */
int network_set_nodes(struct network *n, const struct conf_node *nodes, size_t n_nodes);
/* Looks the names up when that is due. */
void network_tick(struct network *n, int64_t now_ms);
/* A datagram that does not fit into the socket now is lost, as others are on the way. */
void network_send(struct network *n, const struct view_node *to, const uint8_t *s, size_t len);

#endif
