#ifndef MISH_PTY_AGENT_H
#define MISH_PTY_AGENT_H

/*
 * The user's ssh agent, where sshd forwards it (ForwardAgent), and tickets, where they are delegated (GSSAPIDelegateCredentials): each
 * connection has a socket and a cache of its own, which end with it, and the session has a path for each that leads to the newest, through
 * reconnects. Who gets new tickets by kinit(1) puts a cache there, until the next connection brings one.
 */

/* In a peer that begins or takes on a session: the paths lead to what this connection has; SSH_AUTH_SOCK and KRB5CCNAME are the paths. */
void agent_follow(const char *session);
/* The session has ended here. */
void agent_forget(const char *session);

#endif
