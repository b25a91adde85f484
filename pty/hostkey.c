#include <config.h>

#include "pty/hostkey.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pty/auth.h"

/* Does a file have a line `@revoked HOSTS TYPE KEY` with that key? For which hosts is no matter: ssh is not stricter. */
static bool file_revokes(const char *path, const char *key)
{
	FILE *f = path != NULL ? fopen(path, "re") : NULL;
	char *line = NULL, *save, *word;
	size_t room = 0;
	bool found = false;

	while (f != NULL && !found && getline(&line, &room, f) > 0) {
		word = strtok_r(line, " \t\r\n", &save);
		if (word == NULL || strcmp(word, "@revoked") != 0)
			continue;
		for (int i = 0; i < 3 && word != NULL; i++)
			word = strtok_r(NULL, " \t\r\n", &save);
		found = word != NULL && strcmp(word, key) == 0;
	}
	free(line);
	if (f != NULL)
		fclose(f);
	return found;
}

/* libssh passes markers over. */
static bool is_revoked(ssh_session s)
{
	char *key = NULL, *user = NULL, *global = NULL, *second = NULL;
	ssh_key public = NULL;
	bool r = true; /* who cannot tell does not go there */

	if (ssh_get_server_publickey(s, &public) == SSH_OK && ssh_pki_export_pubkey_base64(public, &key) == SSH_OK) {
		(void)ssh_options_get(s, SSH_OPTIONS_KNOWNHOSTS, &user);
		(void)ssh_options_get(s, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, &global);
		if (user != NULL && asprintf(&second, "%s2", user) < 0)
			second = NULL;
		r = file_revokes(user, key) || file_revokes(second, key) || file_revokes(global, key) ||
		    file_revokes("/etc/ssh/ssh_known_hosts2", key);
	}
	free(second);
	ssh_string_free_char(user);
	ssh_string_free_char(global);
	ssh_string_free_char(key);
	ssh_key_free(public);
	return r;
}

int hostkey_check(ssh_session s, const char *node, bool *again, char **why)
{
	char *text = NULL;

	*again = true;
	switch (ssh_session_is_known_server(s)) {
	case SSH_KNOWN_HOSTS_OK:
		if (!is_revoked(s))
			return 0;
		*again = false;
		text = strdup("its host key is revoked (@revoked in a known_hosts file); ask who runs it for the key that it has now");
		break;
	case SSH_KNOWN_HOSTS_CHANGED:
	case SSH_KNOWN_HOSTS_OTHER:
		if (asprintf(&text,
			     "its host key has changed; if that is expected, run: ssh-keygen -R %s",
			     node) < 0)
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
