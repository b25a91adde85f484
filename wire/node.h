#ifndef MISH_WIRE_NODE_H
#define MISH_WIRE_NODE_H

#include <stdbool.h>
#include <stddef.h>

/* Nodes go by the names that ssh knows; a node's own is its hostname without the domain. */
enum { NODE_NAME_MAX = 253 };

/* This node's name, NUL-terminated whatever its length. */
void node_own_name(char *buf, size_t size);

/* A host name, and nothing that ssh could take for an option, a user or a URI. */
bool node_name_valid(const char *name);

#endif
