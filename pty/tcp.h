#ifndef MISH_PTY_TCP_H
#define MISH_PTY_TCP_H

#include <stdbool.h>

/*
 * A TCP connection to a host by any of its addresses, each tried for so many ms; close-on-exec, without Nagle's algorithm, and
 * with probes that find a cut while nobody has anything to say. The descriptor, or -1 with *why (caller frees).
 */
int tcp_connect(const char *host, unsigned port, int ms, char **why);
/* Until the other end says something, for so many ms; false: it does not. */
bool tcp_await(int fd, int ms);
/* One that another process is making, and that nobody has answered yet, ends: the process goes on to the next address. False: it is made. */
bool tcp_give_up(int fd);
/* How soon the kernel gives a silent one up: dial_watch(). */
void tcp_watch(int fd, bool brisk);
/* That it ends is to be heard, even after a cut: sshd would wait for two hours for somebody who has gone. -1: nothing. */
void tcp_end_patiently(int fd);

#endif
