#ifndef MISH_PTY_SSH_EFFECTIVE_H
#define MISH_PTY_SSH_EFFECTIVE_H

#include "pty/ssh_config.h"

/*
 * What ssh(1) makes of the whole configuration for one host: `ssh -G', compared with what it would be without any files. True: libssh
 * can do all that is set, which is in *ret. False: it cannot, or nobody knows.
 */
bool ssh_effective_ask(const struct node_destination *to, struct ssh_settings *ret);
/* Has it ports to forward there? For where nobody asked for the rest. */
bool ssh_effective_forwards(const struct node_destination *to);

#endif
