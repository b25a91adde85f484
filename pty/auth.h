#ifndef MISH_PTY_AUTH_H
#define MISH_PTY_AUTH_H

#include <libssh/libssh.h>
#include <stdbool.h>

/*
 * Logs in by what asks nobody: keys from the agent, or from files without a passphrase, and, if that is wanted, GSSAPI. Whatever else the server
 * wants is ssh(1)'s to do (by_openssh.c). Returns 0, or -1 with *why (caller frees).
 */
int auth_run(ssh_session s, const char *node, bool gssapi, char **why);

/* Why libssh has failed, in our style: always -1. */
int auth_fail(char **why, ssh_session s);

#endif
