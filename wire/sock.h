#ifndef MISH_WIRE_SOCK_H
#define MISH_WIRE_SOCK_H

/*
 * To the Unix socket at path: a descriptor or -errno. Non-blocking, so that whoever listens
 * there and does not accept cannot hold anybody up.
 */
int sock_connect(const char *path);

#endif
