#include <config.h>

#include "pty/auth.h"

#include <errno.h>
#include <libssh/callbacks.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/text.h"

enum { PROMPT_TRIES = 3, SECRET_MAX = 256, ROUNDS_MAX = 8 };

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

/* A text of the server's: it must not steer the terminal. */
static void show(int tty, const char *text)
{
	for (const char *s = text; *s != '\0'; s++)
		if (*s == '\n')
			dprintf(tty, "\r\n");
		else if (*s != '\r')
			dprintf(tty, "%c", (unsigned char)*s < ' ' || *s == 127 ? '?' : *s);
}

/* The same on rows of its own, if there is any. */
static void tell(int tty, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	show(tty, text);
	if (text[strlen(text) - 1] != '\n')
		show(tty, "\n");
}

/* A line from the raw terminal, echoed or not. False at ^C, ^D or a hangup. */
static bool ask(int tty, const char *prompt, bool echo, char *buf, size_t size)
{
	size_t n = 0;

	show(tty, prompt);
	for (;;) {
		struct pollfd p = { .fd = tty, .events = POLLIN };
		ssize_t got;
		char c;

		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return false;
		got = read(tty, &c, 1);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got != 1)
			return false;
		if (c == 3 || c == 4) {
			dprintf(tty, "\r\n");
			return false;
		}
		if (c == '\r' || c == '\n')
			break;
		if (c == 8 || c == 127)
			n -= n != 0;
		else if (n + 1 < size)
			buf[n++] = c;
		if (echo && c >= ' ' && c != 127)
			(void)!write(tty, &c, 1);
	}
	buf[n] = '\0';
	dprintf(tty, "\r\n");
	return true;
}

static int auth_password(ssh_session s, const char *node, int tty)
{
	char prompt[300], secret[SECRET_MAX];
	int rc = SSH_AUTH_DENIED;

	snprintf(prompt, sizeof(prompt), "%.255s's password: ", node);
	for (int i = 0; i < PROMPT_TRIES && rc != SSH_AUTH_SUCCESS && rc != SSH_AUTH_PARTIAL; i++) {
		if (!ask(tty, prompt, false, secret, sizeof(secret)))
			return SSH_AUTH_DENIED;
		rc = ssh_userauth_password(s, NULL, secret);
		explicit_bzero(secret, sizeof(secret));
	}
	return rc;
}

static int auth_interactive(ssh_session s, int tty)
{
	char secret[SECRET_MAX];
	int rc = ssh_userauth_kbdint(s, NULL, NULL);

	while (rc == SSH_AUTH_INFO) {
		int n = ssh_userauth_kbdint_getnprompts(s);

		tell(tty, ssh_userauth_kbdint_getname(s));
		tell(tty, ssh_userauth_kbdint_getinstruction(s));
		for (int i = 0; i < n; i++) {
			char echo = 0;
			const char *prompt = ssh_userauth_kbdint_getprompt(s, (unsigned)i, &echo);

			if (!ask(tty, prompt, echo != 0, secret, sizeof(secret)))
				return SSH_AUTH_DENIED;
			ssh_userauth_kbdint_setanswer(s, (unsigned)i, secret);
			explicit_bzero(secret, sizeof(secret));
		}
		rc = ssh_userauth_kbdint(s, NULL, NULL);
	}
	return rc;
}

/* Who asks for passphrases: libssh calls back for each key that needs one. */
struct asker {
	struct ssh_callbacks_struct callbacks;
	int tty;
	bool asked, gave_up;
};

static int ask_passphrase(const char *prompt, char *buf, size_t len, int echo, int verify, void *userdata)
{
	struct asker *a = userdata;

	(void)prompt;
	(void)echo;
	(void)verify;
	if (a->tty < 0 || a->gave_up)
		return -1;
	a->asked = true;
	a->gave_up = !ask(a->tty, "passphrase of the key: ", false, buf, len);
	return a->gave_up ? -1 : 0;
}

static int auth_keys(ssh_session s, struct asker *a)
{
	int rc, tries = 0;

	do {
		a->asked = false;
		rc = ssh_userauth_publickey_auto(s, NULL, NULL);
	} while (rc != SSH_AUTH_SUCCESS && rc != SSH_AUTH_PARTIAL && a->asked && !a->gave_up && ++tries < PROMPT_TRIES);
	return rc;
}

/* One method that the server takes; keys come first, as in ssh. *done: those that were tried since it wanted another. False: none is left. */
static bool auth_one(ssh_session s, const char *node, struct asker *a, int *done, int *ret_rc)
{
	int methods = ssh_userauth_list(s, NULL);
	static const int order[] = { SSH_AUTH_METHOD_PUBLICKEY, SSH_AUTH_METHOD_GSSAPI_MIC, SSH_AUTH_METHOD_INTERACTIVE,
				     SSH_AUTH_METHOD_PASSWORD };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		int m = order[i];

		if ((methods & m) == 0 || (*done & m) != 0 || (a->tty < 0 && (m == SSH_AUTH_METHOD_INTERACTIVE || m == SSH_AUTH_METHOD_PASSWORD)))
			continue;
		*done |= m;
		*ret_rc = m == SSH_AUTH_METHOD_PUBLICKEY    ? auth_keys(s, a)
			  : m == SSH_AUTH_METHOD_GSSAPI_MIC ? ssh_userauth_gssapi(s)
			  : m == SSH_AUTH_METHOD_PASSWORD   ? auth_password(s, node, a->tty)
							    : auth_interactive(s, a->tty);
		return true;
	}
	return false;
}

/* With the last line of what the server had to say: why nobody may log in now, perhaps. */
static int denied(ssh_session s, const char *node, char **why)
{
	char *banner = ssh_get_issue_banner(s), *line = NULL, *text = NULL;

	for (char *p = banner; p != NULL && *p != '\0'; p += strcspn(p, "\r\n"), p += strspn(p, "\r\n")) {
		free(line);
		line = text_line(p);
	}
	if (asprintf(&text, "permission denied%s%s%s; to see why, run: ssh %s true", line != NULL ? " (" : "", line != NULL ? line : "",
		     line != NULL ? ")" : "", node) < 0)
		text = NULL;
	free(line);
	ssh_string_free_char(banner);
	*why = text;
	return -1;
}

int auth_run(ssh_session s, const char *node, int tty, char **why)
{
	static struct asker a; /* for as long as the session has it */
	int rc, done = SSH_AUTH_METHOD_PUBLICKEY;

	a = (struct asker){ .callbacks = { .userdata = &a, .auth_function = ask_passphrase }, .tty = tty };
	ssh_callbacks_init(&a.callbacks);
	ssh_set_callbacks(s, &a.callbacks);
	rc = auth_keys(s, &a); /* without asking what the server takes: most take it, and a question is a round trip */
	for (int round = 0; rc != SSH_AUTH_SUCCESS && ssh_is_connected(s) && round < ROUNDS_MAX; round++) {
		if (rc == SSH_AUTH_PARTIAL)
			done = 0; /* it was right, and one more is wanted */
		if (!auth_one(s, node, &a, &done, &rc))
			break;
	}
	if (rc == SSH_AUTH_SUCCESS)
		return 0;
	if (!ssh_is_connected(s))
		return auth_fail(why, s);
	return denied(s, node, why);
}
