#ifndef MISH_PTY_SSH_CONFIG_H
#define MISH_PTY_SSH_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/node.h"

/* By which SSH a node is reached. */
enum transport {
	TRANSPORT_ANY,	   /* libssh; where it fails, or something has to be asked, ssh(1) */
	TRANSPORT_LIBSSH,  /* libssh alone: the user wants that */
	TRANSPORT_NONE,	   /* … and it cannot do what is configured */
	TRANSPORT_OPENSSH, /* ssh(1): the user wants that, or has set what libssh does not know, or knows otherwise */
};

/* What is set for a host, as `ssh -G' says it. */
struct ssh_settings {
	struct ssh_setting {
		char *name, *value; /* owned; the name in small letters */
	} *v;
	size_t n;
	bool gssapi; /* GSSAPIAuthentication, for some host perhaps */
	bool delegates; /* GSSAPIDelegateCredentials: libssh does so only where no key logs in before */
	bool forwards; /* LocalForward and the like, which stay with the user's own ssh */
	bool keys;  /* IdentityFile: none but those, and an agent's */
	bool shares; /* a master that stays: who logs in once more is asked nothing */
	bool probes; /* ServerAliveInterval */
	bool timed; /* ConnectTimeout */
	bool sessions; /* ssh(1) knows SessionType, StdinNull and ForkAfterAuthentication: since OpenSSH 8.7 */
	bool tried; /* ssh(1) was to say it */
	bool asked; /* … and has: that is all there is to know; else libssh reads the configuration itself */
};
void ssh_settings_release(struct ssh_settings *s);

/*
 * What the user has in ~/.config/mish/transport, lines of PATTERN and `libssh' or `openssh', of which the first that fits counts;
 * else as the keywords are that ssh_config(5) files have. Where all of them are such as libssh takes as ssh(1) does, it may read them;
 * else `ssh -G' is asked, and what counts is what that has for this host. *ret is to be released in any case.
 */
enum transport ssh_config_transport(const struct node_destination *to, struct ssh_settings *ret);

/* The arguments with which ssh(1) goes there. */
struct ssh_operands {
	const char *v[8];
	char port[16];
};
size_t ssh_config_operands(const struct node_destination *to, struct ssh_operands *ret);

#endif
