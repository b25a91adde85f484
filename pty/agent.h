#ifndef MISH_PTY_AGENT_H
#define MISH_PTY_AGENT_H

/*
 * The user's ssh agent, where sshd forwards it (ForwardAgent): each connection has a socket of its own, and the session has one
 * path that leads to the newest, through reconnects.
 */

/* In a peer that begins or takes on a session: the path leads to this connection's agent, if it has one; SSH_AUTH_SOCK is the path. */
void agent_follow(const char *session);
/* The session has ended here. */
void agent_forget(const char *session);

#endif
