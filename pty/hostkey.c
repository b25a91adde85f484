#include <config.h>

#include "pty/hostkey.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pty/auth.h"

int hostkey_check(ssh_session s, const char *node, const char *key, bool *again, char **why)
{
	char *text = NULL;

	*again = true;
	switch (ssh_session_is_known_server(s)) {
	case SSH_KNOWN_HOSTS_OK:
		return 0; /* files with @revoked in them are not for libssh: ssh_files.h */
	case SSH_KNOWN_HOSTS_CHANGED:
	case SSH_KNOWN_HOSTS_OTHER:
		if (asprintf(&text,
			     "its host key has changed; if that is expected, run: ssh-keygen -R %s",
			     key) < 0)
			text = NULL;
		break;
	case SSH_KNOWN_HOSTS_NOT_FOUND:
	case SSH_KNOWN_HOSTS_UNKNOWN:
		if (asprintf(&text, "its host key is not known; to accept it, run: ssh %s true",
			     node) < 0)
			text = NULL;
		break;
	case SSH_KNOWN_HOSTS_ERROR:
		return auth_fail(why, s);
	}
	*why = text;
	return -1;
}
