#ifndef MISH_PTY_AUTH_H
#define MISH_PTY_AUTH_H

#include <libssh/libssh.h>
#include <stdbool.h>
#include <stdint.h>

#include "pty/ssh_config.h"

/* Sleeps until the server says something; false when the time is up, or it has hung up. */
typedef bool auth_wait(ssh_session s, int64_t end_ms);

/*
 * Logs in by what asks nobody: keys from the agent, or from files without a passphrase (those that the settings name, else the usual ones), and,
 * if that is wanted, GSSAPI. Whatever else the server wants is ssh(1)'s to do (by_openssh.c). The session does not block from here on. Returns 0, or -1 with *why (caller frees).
 */
int auth_run(ssh_session s, const char *node, const struct ssh_settings *settings, auth_wait *wait, int64_t end_ms, char **why);

/* Why libssh has failed, in our style: always -1. */
int auth_fail(char **why, ssh_session s);

#endif
