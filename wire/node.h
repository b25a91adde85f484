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

/*
 * Where ssh is to go: `[user@]host[:port]', `[user@][v6 address]:port', or `ssh://' before one of these. Unlike a node's name
 * it may be another user's, or a server's at another port: who trusts the node does not trust those. Before it, with a comma behind each,
 * may be others through which the way leads, as for `ssh -J'; and a `+' where mish is to be carried along (pty/carried.h).
 * A user is also such as a directory has (tom@example.org, DOM\tom), and a host such as a Host line of ssh's configuration has
 * (gpu/01, prod:web, letters in UTF-8). All is printable, and one word to a list of ours, and to a shell but for a user's `\'.
 */
struct node_destination {
	char user[64];			/* "": as ssh has it */
	char host[NODE_NAME_MAX + 1];	/* an address of IPv6 without its brackets */
	unsigned port;			/* 0: as ssh has it */
	char jump[NODE_NAME_MAX + 1];	/* with commas between them; "": none */
	bool carried;			/* mish is not installed there */
};

/* False: it is none, or something that ssh could take for an option. */
bool node_destination(const char *text, struct node_destination *ret);
/* Has it a name such as only ssh(1) takes: of a Host line, or with a user's `\'? */
bool node_destination_is_unusual(const struct node_destination *d);
/* Written in one way: `[jump,][+][user@]host[:port]', with brackets where the host has colons. */
enum { NODE_DESTINATION_MAX = 2 * NODE_NAME_MAX + 64 + 32 };
void node_destination_text(const struct node_destination *d, char ret[NODE_DESTINATION_MAX]);
/* Is it written so? */
bool node_destination_valid(const char *text);
/* As the operands of ssh(1), for messages and for a shell: `-p 2222 mia@beta', in quotes where a shell needs them. */
void node_destination_operands(const struct node_destination *d, char ret[NODE_DESTINATION_MAX]);
/* What is behind the last comma, and a `+': who is there; the way does not matter for whom to trust. */
const char *node_destination_end(const char *text);

#endif
