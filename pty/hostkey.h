#ifndef MISH_PTY_HOSTKEY_H
#define MISH_PTY_HOSTKEY_H

#include <libssh/libssh.h>
#include <stdbool.h>

/*
 * Is the server's key the one that the known_hosts files have (strictly: unknown ones are refused)? Files in which keys
 * are revoked are not for libssh (ssh_files.h). 0, or -1 with *why (caller frees), which says what to do (`key`: as ssh-keygen -R has it), and *again: ssh(1) may see it otherwise. sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
 */
int hostkey_check(ssh_session s, const char *node, const char *key, bool *again, char **why);

#endif
