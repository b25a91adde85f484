#ifndef MISH_MIGRATE_TRUST_H
#define MISH_MIGRATE_TRUST_H

#include <stdbool.h>

/*
 * Nodes that may bring a session home, or on, without this node's user being asked: those of the
 * site's list (mishd.conf on this node), and those in the user's own: ~/.config/mish/nodes
 * ($XDG_CONFIG_HOME/mish/nodes), names with blanks or newlines between, a # begins a comment.
 * A name is as one types it after `smigrate`.
 */
bool trust_has(const char *node);

#endif
