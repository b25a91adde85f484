#include <config.h>

#include "pty/dial.h"

#include <errno.h>
#ifdef HAVE_GCRYPT_H
#include <gcrypt.h>
#endif
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/now.h"

enum { CONNECT_TIMEOUT_S = 10, PROMPT_TRIES = 3, SECRET_MAX = 256 };

#ifdef HAVE_GCRYPT_H
/*
 * Has libgcrypt take random numbers from the kernel. Its own generator takes 22 µs for the
 * padding of a packet, and each key that is typed is a packet. The choice must be made before
 * libssh, as it is loaded, initialises libgcrypt: therefore this runs from .preinit_array.
 */
static void choose_random(void)
{
	gcry_control(GCRYCTL_SET_PREFERRED_RNG_TYPE, GCRY_RNG_TYPE_SYSTEM);
}

static void (*const before_libraries)(void)
	__attribute__((used, section(".preinit_array"))) = choose_random;
#endif

static int fail(char **why, const char *text)
{
	*why = strdup(text);
	return -1;
}

/* libssh says "Failed to connect: Connection refused": the last part, in our style. */
static int fail_ssh(char **why, ssh_session s)
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

static int check_host_key(ssh_session s, const char *node, char **why)
{
	char *text = NULL;

	switch (ssh_session_is_known_server(s)) {
	case SSH_KNOWN_HOSTS_OK:
		return 0;
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
		return fail_ssh(why, s);
	}
	*why = text;
	return -1;
}

/* A line from the raw terminal, echoed or not. False at ^C, ^D or a hangup. */
static bool ask(int tty, const char *prompt, bool echo, char *buf, size_t size)
{
	size_t n = 0;

	for (const char *s = prompt; *s != '\0'; s++) /* a server's: it must not steer the terminal */
		dprintf(tty, "%c", ((unsigned char)*s < ' ' && *s != '\n') || *s == 127 ? '?' : *s);
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
	for (int i = 0; i < PROMPT_TRIES && rc != SSH_AUTH_SUCCESS; i++) {
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

static int authenticate(ssh_session s, const char *node, int tty, char **why)
{
	int rc = ssh_userauth_publickey_auto(s, NULL, NULL), methods = ssh_userauth_list(s, NULL);
	char *text = NULL;

	if (rc != SSH_AUTH_SUCCESS && (methods & SSH_AUTH_METHOD_GSSAPI_MIC) != 0)
		rc = ssh_userauth_gssapi(s);
	if (rc != SSH_AUTH_SUCCESS && tty >= 0 && (methods & SSH_AUTH_METHOD_INTERACTIVE) != 0)
		rc = auth_interactive(s, tty);
	if (rc != SSH_AUTH_SUCCESS && tty >= 0 && (methods & SSH_AUTH_METHOD_PASSWORD) != 0)
		rc = auth_password(s, node, tty);
	if (rc == SSH_AUTH_SUCCESS)
		return 0;
	if (rc == SSH_AUTH_ERROR)
		return fail_ssh(why, s);
	if (asprintf(&text, "permission denied; to see why, run: ssh %s true", node) < 0)
		text = NULL;
	*why = text;
	return -1;
}

/* libssh's own order begins with chacha20; a processor that knows AES is faster with that. */
static int prefer_aes(ssh_session s)
{
#if defined(__x86_64__) || defined(__i386__)
	static const char order[] = "aes128-gcm@openssh.com,aes256-gcm@openssh.com,"
				    "chacha20-poly1305@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr";

	if (__builtin_cpu_supports("aes"))
		return ssh_options_set(s, SSH_OPTIONS_CIPHERS_C_S, order) == SSH_OK &&
		       ssh_options_set(s, SSH_OPTIONS_CIPHERS_S_C, order) == SSH_OK ? 0 : -1;
#endif
	(void)s;
	return 0;
}

static int options(ssh_session s, const char *node)
{
	long timeout = CONNECT_TIMEOUT_S;
	int on = 1;

	if (prefer_aes(s) < 0 || ssh_options_set(s, SSH_OPTIONS_HOST, node) != SSH_OK ||
	    ssh_options_parse_config(s, NULL) != SSH_OK)
		return -1;
	ssh_options_set(s, SSH_OPTIONS_TIMEOUT, &timeout);
	ssh_options_set(s, SSH_OPTIONS_STRICTHOSTKEYCHECK, &on);
	ssh_options_set(s, SSH_OPTIONS_NODELAY, &on);
	return 0;
}

/*
 * sshd leaves Nagle's algorithm on, and so holds the confirmation of a channel back until its
 * last packet is acknowledged. Our kernel delays acknowledgements by 40 ms, unless told not to.
 */
static void acknowledge_now(ssh_session s)
{
	int on = 1;

	setsockopt(ssh_get_fd(s), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

/* Until the server says something; false when the time is up. */
static bool wait_for(ssh_session s, int64_t end)
{
	struct pollfd p = { .fd = ssh_get_fd(s), .events = POLLIN };
	int64_t left = end - now_mono_ms();

	if ((ssh_get_poll_flags(s) & SSH_WRITE_PENDING) != 0)
		p.events |= POLLOUT;
	acknowledge_now(s);
	return left > 0 && (poll(&p, 1, (int)left) > 0 || errno == EINTR);
}

int dial_open(struct dial *d, const char *node, int tty, dial_step *step, void *arg, char **why)
{
	bool asked = false;
	int64_t end;
	int rc;

	*d = (struct dial){ .session = ssh_new() };
	if (d->session == NULL)
		return fail(why, "out of memory");
	ssh_set_log_level(SSH_LOG_NONE);
	if (options(d->session, node) < 0)
		return fail_ssh(why, d->session);
	if (ssh_connect(d->session) != SSH_OK)
		return fail_ssh(why, d->session);
	step(arg, "connected");
	if (check_host_key(d->session, node, why) < 0)
		return -1;
	if (authenticate(d->session, node, tty, why) < 0)
		return -1;
	step(arg, "authenticated");
	/* if it blocked, libssh would wait for the channel without end */
	ssh_set_blocking(d->session, 0);
	d->channel = ssh_channel_new(d->session);
	if (d->channel == NULL)
		return fail_ssh(why, d->session);
	end = now_mono_ms() + CONNECT_TIMEOUT_S * 1000;
	while ((rc = ssh_channel_open_session(d->channel)) == SSH_AGAIN && wait_for(d->session, end))
		;
	while (rc == SSH_OK && !asked) {
		rc = ssh_channel_request_exec(d->channel, "mish --peer");
		asked = rc == SSH_OK;
		if (rc == SSH_AGAIN && wait_for(d->session, end))
			rc = SSH_OK;
	}
	if (rc == SSH_AGAIN)
		return fail(why, "connection timed out");
	if (rc != SSH_OK)
		return fail_ssh(why, d->session);
	step(arg, "peer asked for");
	return 0;
}

void dial_watch(struct dial *d, bool brisk)
{
	int fd = ssh_get_fd(d->session), on = 1, idle = brisk ? 4 : 60, interval = brisk ? 2 : 5;
	int probes = 3, user_ms = brisk ? 8000 : 75000;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_ms, sizeof(user_ms));
}

void dial_close(struct dial *d)
{
	if (d->session == NULL)
		return;
	ssh_disconnect(d->session);
	ssh_free(d->session);
	*d = (struct dial){ 0 };
}
