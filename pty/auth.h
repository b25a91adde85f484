#ifndef MISH_PTY_AUTH_H
#define MISH_PTY_AUTH_H

#include <libssh/libssh.h>

/*
 * Logs in: by keys (from the agent and from files, whose passphrases are asked for), GSSAPI, questions of the server's and
 * passwords, as often as the server wants more than one (RFC 4252, 5.1). With `tty` < 0 nobody is asked. Returns 0, or -1
 * with *why (caller frees).
 */
int auth_run(ssh_session s, const char *node, int tty, char **why);

/* Why libssh has failed, in our style: always -1. */
int auth_fail(char **why, ssh_session s);

#endif
