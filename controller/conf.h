#ifndef MISH_CONTROLLER_CONF_H
#define MISH_CONTROLLER_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "controller/conf_node.h"
#include "controller/share.h"

/* A list of words. */
struct conf_list {
	char **v;
	size_t n;
};

/* mishd's configuration: `key value` lines, `#` comments; see mishd.conf(5). */
struct conf {
	char *socket;	      /* NULL: the built-in path */
	struct conf_node *nodes; /* in the order of the file */
	size_t n_nodes;
	char *nodes_command;
	int64_t nodes_interval_ms;
	char *key_file;	      /* NULL: load is not shared */
	unsigned port;
	bool drain;	      /* begin draining */
	struct share_conf share;
	int64_t load_interval_ms;
	char *load_command;
	int64_t load_command_interval_ms;
	double speed;	      /* 0: measured at start */
	struct conf_list shared; /* directories that all nodes have */
	struct conf_list allow_user, deny_user, allow_node, deny_node, owner;
	int64_t owner_idle_ms;
	char *record;	      /* what commands took is kept there; "": nowhere; NULL: the built-in path */
	char *metrics;	      /* NULL none; a path, or address:port of the loopback */
};

/* Reads a file. Returns 0, or -1 with *why "file:line: what" (caller frees). */
int conf_read(const char *path, struct conf *ret, char **why);
/* The same from memory; `path` is for messages. With no file mishd works with the text "". */
int conf_parse(const char *path, const char *text, struct conf *ret, char **why);
void conf_release(struct conf *c);

/* The output of nodes_command, a node a line, in place of the nodes. The caller frees with conf_node_free_all(). */
int conf_parse_nodes(const char *text, struct conf_node **ret, size_t *ret_n, char **why);

/*
 * By the lists: is in `allow`, or that is empty, and is not in `deny`. NULL, a name that is not
 * known, is allowed only where both are empty.
 */
bool conf_allows(const struct conf_list *allow, const struct conf_list *deny, const char *name);
bool conf_list_has(const struct conf_list *l, const char *name);

#endif
