#ifndef MISH_PTY_SSH_EFFECTIVE_H
#define MISH_PTY_SSH_EFFECTIVE_H

#include "pty/ssh_config.h"

/*
 * What ssh(1) makes of the whole configuration for one host: `ssh -G', compared with what it would be without any files. True: libssh
 * can do all that is set, which is in *ret. False: it cannot, or nobody knows.
 */
bool ssh_effective_ask(const struct node_destination *to, struct ssh_settings *ret);
/* What of it is for ssh(1), too (forwards, shares, probes, timed, sessions), where nobody asked for the rest. */
void ssh_effective_note(const struct node_destination *to, struct ssh_settings *ret);

#endif
