#include <config.h>

#include "pty/auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pty/ssh_files.h"
#include "wire/text.h"

/* libssh says "Failed to connect: Connection refused": the last part, in our style. */
int auth_fail(char **why, ssh_session s)
{
	const char *e = ssh_get_error(s), *colon = strrchr(e, ':');

	if (colon != NULL && colon[1] == ' ')
		e = colon + 2;
	if (strstr(ssh_get_error(s), "Timeout") != NULL)
		e = "connection timed out";
	*why = strdup(*e != '\0' ? e : "connection failed");
	if (*why != NULL && strstr(*why, " (") != NULL)
		*strstr(*why, " (") = '\0'; /* getaddrinfo's words in parentheses */
	if (*why != NULL && (*why)[0] >= 'A' && (*why)[0] <= 'Z' && (*why)[1] >= 'a')
		(*why)[0] = (char)((*why)[0] - 'A' + 'a');
	return -1;
}

/* With the last line of what the server had to say: why nobody may log in now, perhaps. */
static int denied(ssh_session s, const char *node, char **why)
{
	char *banner = ssh_get_issue_banner(s), *line = banner != NULL ? text_last_line(banner, 0) : NULL, *text = NULL;

	if (asprintf(&text, "permission denied%s%s%s; to see why, run: ssh %s true", line != NULL ? " (" : "", line != NULL ? line : "",
		     line != NULL ? ")" : "", node) < 0)
		text = NULL;
	free(line);
	ssh_string_free_char(banner);
	*why = text;
	return -1;
}

/* One key; one with a passphrase is left to ssh(1), which asks. SSH_AUTH_… */
static int try_key(ssh_session s, const char *path, auth_wait *wait, int64_t end_ms)
{
	int rc = SSH_AUTH_DENIED;
	ssh_key key = NULL;

	if (ssh_pki_import_privkey_file(path, NULL, NULL, NULL, &key) != SSH_OK)
		return rc;
	do
		rc = ssh_userauth_publickey(s, NULL, key);
	while (rc == SSH_AUTH_AGAIN && wait(s, end_ms));
	ssh_key_free(key);
	return rc;
}

/* The agent's keys, and those that the configuration names: as ssh(1), and unlike ssh_userauth_publickey_auto(), no other. */
static int try_named_keys(ssh_session s, const struct ssh_settings *settings, auth_wait *wait, int64_t end_ms)
{
	int rc;

	do
		rc = ssh_userauth_agent(s, NULL);
	while (rc == SSH_AUTH_AGAIN && wait(s, end_ms));
	for (size_t i = 0; i < settings->n && rc != SSH_AUTH_SUCCESS && rc != SSH_AUTH_AGAIN && ssh_is_connected(s); i++)
		if (strcmp(settings->v[i].name, "identityfile") == 0) {
			char *path = ssh_files_path(settings->v[i].value);

			rc = path != NULL ? try_key(s, path, wait, end_ms) : rc;
			free(path);
		}
	return rc;
}

static int try_usual_keys(ssh_session s, auth_wait *wait, int64_t end_ms)
{
	int rc;

	do /* without asking what the server takes: most take it, and a question is a round trip */
		rc = ssh_userauth_publickey_auto(s, NULL, NULL);
	while (rc == SSH_AUTH_AGAIN && wait(s, end_ms));
	return rc;
}

int auth_run(ssh_session s, const char *node, const struct ssh_settings *settings, auth_wait *wait, int64_t end_ms, char **why)
{
	int rc;

	/* if it blocked, and the server hung up (after too many keys of an agent, say), libssh would wait on for its answer */
	ssh_set_blocking(s, 0);
	rc = settings->keys ? try_named_keys(s, settings, wait, end_ms) : try_usual_keys(s, wait, end_ms);
	if (rc != SSH_AUTH_SUCCESS && rc != SSH_AUTH_AGAIN && settings->gssapi && ssh_is_connected(s) &&
	    (ssh_userauth_list(s, NULL) & SSH_AUTH_METHOD_GSSAPI_MIC) != 0)
		do
			rc = ssh_userauth_gssapi(s);
		while (rc == SSH_AUTH_AGAIN && wait(s, end_ms));
	if (rc == SSH_AUTH_SUCCESS)
		return 0;
	if (rc == SSH_AUTH_AGAIN && ssh_is_connected(s)) {
		*why = strdup("connection timed out");
		return -1;
	}
	return ssh_is_connected(s) ? denied(s, node, why) : auth_fail(why, s);
}
