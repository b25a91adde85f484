#ifndef MISH_CONTROLLER_CONF_NODE_H
#define MISH_CONTROLLER_CONF_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "controller/identity.h"
#include "controller/load.h"

/* A line of the list of nodes: NAME [address=…] [cluster=…] [key=…]… [cpus=N] [speed=N] [memory=GiB] [drain] */
struct conf_node {
	char *name, *address, *cluster; /* the last two may be NULL */
	struct identity_keys keys;
	struct load_bounds bounds;
	bool drain; /* no shell is to be there, as whoever made the list knows (a scheduler) */
};

/* Appends the node of these words. NULL, or what is wrong, with nothing changed but a node too many. */
const char *conf_node_add(struct conf_node **v, size_t *n_nodes, char **words, size_t n);
void conf_node_free_all(struct conf_node *v, size_t n);

#endif
