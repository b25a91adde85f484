#include <config.h>

#include "pty/dial.h"

#include <errno.h>
#ifdef HAVE_GCRYPT_H
#include <gcrypt.h>
#endif
#include <libssh/callbacks.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty/auth.h"
#include "pty/hostkey.h"
#include "wire/now.h"

enum { CONNECT_TIMEOUT_S = 10, /* unless the configuration has ConnectTimeout */
       AUTH_TIMEOUT_S = 120 /* sshd's LoginGraceTime: somebody may have to push a button */ };

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

	ssh_options_set(s, SSH_OPTIONS_TIMEOUT, &timeout);
	if (prefer_aes(s) < 0 || ssh_options_set(s, SSH_OPTIONS_HOST, node) != SSH_OK ||
	    ssh_options_parse_config(s, NULL) != SSH_OK)
		return -1;
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

/* Whatever LogLevel says in the user's configuration: libssh would write on the screen. */
static void no_log(int priority, const char *function, const char *text, void *arg)
{
	(void)priority;
	(void)function;
	(void)text;
	(void)arg;
}

int dial_open(struct dial *d, const char *node, int tty, dial_step *step, void *arg, char **why)
{
	long patience = AUTH_TIMEOUT_S;
	bool asked = false;
	int64_t end;
	int rc;

	*d = (struct dial){ .session = ssh_new() };
	if (d->session == NULL)
		return fail(why, "out of memory");
	ssh_set_log_callback(no_log);
	ssh_set_log_level(SSH_LOG_NONE);
	if (options(d->session, node) < 0)
		return auth_fail(why, d->session);
	if (ssh_connect(d->session) != SSH_OK)
		return auth_fail(why, d->session);
	step(arg, "connected");
	ssh_options_set(d->session, SSH_OPTIONS_TIMEOUT, &patience);
	if (hostkey_check(d->session, node, why) < 0)
		return -1;
	if (auth_run(d->session, node, tty, why) < 0)
		return -1;
	step(arg, "authenticated");
	/* if it blocked, libssh would wait for the channel without end */
	ssh_set_blocking(d->session, 0);
	d->channel = ssh_channel_new(d->session);
	if (d->channel == NULL)
		return auth_fail(why, d->session);
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
		return auth_fail(why, d->session);
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
