#ifndef MISH_PTY_SSH_CONFIG_H
#define MISH_PTY_SSH_CONFIG_H

/* By which SSH a node is reached. */
enum transport {
	TRANSPORT_ANY,	   /* libssh; where it fails, or something has to be asked, ssh(1) */
	TRANSPORT_LIBSSH,  /* libssh alone: the user wants that */
	TRANSPORT_OPENSSH, /* ssh(1): the user wants that, or has set what libssh does not know, or knows otherwise */
};

/*
 * What the user has in ~/.config/mish/transport, lines of PATTERN and `libssh' or `openssh', of which the first that fits counts;
 * else as the keywords are that ssh_config(5) files have, whatever the host.
 */
enum transport ssh_config_transport(const char *node);

#endif
