#ifndef MISH_WIRE_SOCK_H
#define MISH_WIRE_SOCK_H

/*
 * Connects to the Unix socket at path: a descriptor or -errno. The descriptor does not block,
 * so that a server which listens and never accepts holds nobody up.
 */
int sock_connect(const char *path);

#endif
