#include <config.h>

#include "pty/dial.h"

#include <errno.h>
#ifdef HAVE_GCRYPT_H
#include <gcrypt.h>
#endif
#include <libssh/callbacks.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty/auth.h"
#include "pty/hostkey.h"
#include "pty/tcp.h"
#include "wire/now.h"

/* The fast way: libssh in this process, with keys, an agent or tickets, and no questions. */

enum { CONNECT_TIMEOUT_S = 10, /* to each address, unless the configuration has ConnectTimeout, which is also for the greeting */
       LOGIN_TIMEOUT_S = 120 /* sshd's LoginGraceTime: somebody may have to push a button */ };

static const struct dial_ops libssh_ops;

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

/* What ssh(1) makes of its configuration for this host, where that was asked; else libssh reads it. *patience: ConnectTimeout, in s. */
static bool configure(ssh_session s, const struct node_destination *to, const struct ssh_settings *settings, long *patience)
{
	static const struct {
		const char *name;
		enum ssh_options_e option;
	} known[] = {
		{ "hostname", SSH_OPTIONS_HOST }, { "user", SSH_OPTIONS_USER }, { "port", SSH_OPTIONS_PORT_STR },
		{ "ciphers", SSH_OPTIONS_CIPHERS_C_S }, { "ciphers", SSH_OPTIONS_CIPHERS_S_C },
		{ "macs", SSH_OPTIONS_HMAC_C_S }, { "macs", SSH_OPTIONS_HMAC_S_C }, { "kexalgorithms", SSH_OPTIONS_KEY_EXCHANGE },
		{ "hostkeyalgorithms", SSH_OPTIONS_HOSTKEYS }, { "pubkeyacceptedalgorithms", SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES },
		{ "pubkeyacceptedkeytypes", SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES } /* so until OpenSSH 8.5 */,
		{ "userknownhostsfile", SSH_OPTIONS_KNOWNHOSTS }, { "globalknownhostsfile", SSH_OPTIONS_GLOBAL_KNOWNHOSTS },
		{ "compression", SSH_OPTIONS_COMPRESSION },
	};
	bool ok = prefer_aes(s) == 0 && ssh_options_set(s, SSH_OPTIONS_HOST, to->host) == SSH_OK;
	char port[8];
	long number;
	int off = 0, on = 1, bits;

	if (!settings->asked)
		ok = ok && ssh_options_parse_config(s, NULL) == SSH_OK;
	else
		ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &off);
	for (size_t i = 0; ok && i < settings->n; i++) {
		const struct ssh_setting *set = &settings->v[i];

		for (size_t k = 0; ok && k < sizeof(known) / sizeof(known[0]); k++)
			if (strcmp(known[k].name, set->name) == 0)
				ok = ssh_options_set(s, known[k].option, set->value) == SSH_OK;
		number = strtol(set->value, NULL, 10);
		if (strcmp(set->name, "connecttimeout") == 0 && number > 0)
			*patience = number < INT_MAX / 1000 ? number : INT_MAX / 1000;
		bits = (int)number;
		if (strcmp(set->name, "gssapidelegatecredentials") == 0)
			ok = ssh_options_set(s, SSH_OPTIONS_GSSAPI_DELEGATE_CREDENTIALS, &on) == SSH_OK;
		if (strcmp(set->name, "requiredrsasize") == 0)
			ok = ssh_options_set(s, SSH_OPTIONS_RSA_MIN_SIZE, &bits) == SSH_OK;
	}
	snprintf(port, sizeof(port), "%u", to->port);
	return ok && (to->user[0] == '\0' || ssh_options_set(s, SSH_OPTIONS_USER, to->user) == SSH_OK) &&
	       (to->port == 0 || ssh_options_set(s, SSH_OPTIONS_PORT_STR, port) == SSH_OK);
}

static int options(ssh_session s, const struct node_destination *to, const struct ssh_settings *settings, long *patience)
{
	long timeout = LOGIN_TIMEOUT_S;
	int on = 1;

	if (!configure(s, to, settings, patience))
		return -1;
	ssh_options_set(s, SSH_OPTIONS_TIMEOUT, &timeout);
	ssh_options_set(s, SSH_OPTIONS_STRICTHOSTKEYCHECK, &on);
	return 0;
}

/* A connection on which the server has begun to speak: ssh(1) counts so far, if it does. */
static int connect_to(struct dial *d, long patience, bool patient, char **why)
{
	long for_greeting = patience == 0 && patient ? LOGIN_TIMEOUT_S : patience == 0 ? CONNECT_TIMEOUT_S : patience;
	int64_t begun = now_mono_ms();
	unsigned port = 22;
	char *host = NULL;
	int fd = -1;

	ssh_options_get_port(d->session, &port);
	if (ssh_options_get(d->session, SSH_OPTIONS_HOST, &host) == SSH_OK)
		fd = tcp_connect(host, port, (int)(patience > 0 ? patience : CONNECT_TIMEOUT_S) * 1000, why);
	else
		auth_fail(why, d->session);
	ssh_string_free_char(host);
	if (fd < 0)
		return -1;
	if (!tcp_await(fd, (int)(for_greeting * 1000 - (now_mono_ms() - begun)))) {
		close(fd);
		return fail(why, "connection timed out");
	}
	ssh_options_set(d->session, SSH_OPTIONS_FD, &fd);
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

/* Until the server says something; false when the time is up, or it has hung up. */
static bool wait_for(ssh_session s, int64_t end)
{
	struct pollfd p = { .fd = ssh_get_fd(s), .events = POLLIN };
	int64_t left = end - now_mono_ms();

	if ((ssh_get_poll_flags(s) & SSH_WRITE_PENDING) != 0)
		p.events |= POLLOUT;
	acknowledge_now(s);
	return left > 0 && ssh_is_connected(s) && (poll(&p, 1, (int)left) > 0 || errno == EINTR);
}

/* Whatever LogLevel says in the user's configuration: libssh would write on the screen. */
static void no_log(int priority, const char *function, const char *text, void *arg)
{
	(void)priority;
	(void)function;
	(void)text;
	(void)arg;
}

/* SetEnv. That a server takes it not, as most do, is no matter. */
static void send_environment(struct dial *d, const struct ssh_settings *settings, int64_t end)
{
	for (size_t i = 0; i < settings->n; i++) {
		char *name = strcmp(settings->v[i].name, "setenv") == 0 ? strdup(settings->v[i].value) : NULL;
		char *equals = name != NULL ? strchr(name, '=') : NULL;

		if (equals != NULL) {
			*equals = '\0';
			while (ssh_channel_request_env(d->channel, name, equals + 1) == SSH_AGAIN && wait_for(d->session, end))
				;
		}
		free(name);
	}
}

static bool has_environment(const struct ssh_settings *settings)
{
	for (size_t i = 0; i < settings->n; i++)
		if (strcmp(settings->v[i].name, "setenv") == 0)
			return true;
	return false;
}

static struct ssh_counter_struct taken; /* for dial_taken() */

static int open_channel(struct dial *d, const struct ssh_settings *settings, const char *command, dial_step *step, void *arg, char **why)
{
	int64_t end = now_mono_ms() + LOGIN_TIMEOUT_S * 1000; /* PAM may open the session slowly */
	bool asked = false;
	int rc;

	ssh_set_counters(d->session, &taken, NULL);
	d->channel = ssh_channel_new(d->session);
	if (d->channel == NULL)
		return auth_fail(why, d->session);
	while ((rc = ssh_channel_open_session(d->channel)) == SSH_AGAIN && wait_for(d->session, end))
		;
	if (rc == SSH_OK)
		send_environment(d, settings, end);
	while (rc == SSH_OK && !asked) {
		rc = ssh_channel_request_exec(d->channel, command);
		asked = rc == SSH_OK;
		if (rc == SSH_AGAIN && wait_for(d->session, end))
			rc = SSH_OK;
	}
	if (rc == SSH_AGAIN)
		return fail(why, "connection timed out");
	if (rc != SSH_OK)
		return auth_fail(why, d->session);
	step(arg, "peer asked for");
	if (!has_environment(settings))
		d->command = command;
	return 0;
}

int by_libssh_open(struct dial *d, const struct dial_want *want, const struct ssh_settings *settings, dial_step *step, void *arg,
		   bool *again, char **why)
{
	long patience = 0;

	*again = false;
	*d = (struct dial){ .ops = &libssh_ops, .session = ssh_new(), .fd = -1, .err = -1, .tcp = -1 };
	node_destination_operands(want->to, d->operands);
	dial_key_name(d, want->to);
	if (d->session == NULL)
		return fail(why, "out of memory");
	ssh_set_log_callback(no_log);
	ssh_set_log_level(SSH_LOG_NONE);
	*again = true;
	if (options(d->session, want->to, settings, &patience) < 0)
		return auth_fail(why, d->session);
	if (connect_to(d, patience, want->patient, why) < 0) { /* ssh(1) would get no further */
		d->unreachable = true;
		*again = false;
		return -1;
	}
	if (ssh_connect(d->session) != SSH_OK)
		return auth_fail(why, d->session);
	step(arg, "connected");
	if (hostkey_check(d->session, d->operands, d->key, again, why) < 0)
		return -1;
	*again = true;
	if (auth_run(d->session, d->operands, settings, wait_for, now_mono_ms() + LOGIN_TIMEOUT_S * 1000, why) < 0) {
		d->denied = true;
		return -1;
	}
	step(arg, "authenticated");
	*again = false;
	return open_channel(d, settings, want->command, step, arg, why);
}

/* ---- struct dial_ops ---- */

static int libssh_fd(const struct dial *d)
{
	return ssh_get_fd(d->session);
}

/*
 * SSH_WRITE_PENDING alone says too much: libssh sets it after each write, to learn that the
 * next one would not block, and a socket that takes more is always ready.
 */
static short libssh_events(struct dial *d, bool more)
{
	bool pending = (ssh_get_poll_flags(d->session) & SSH_WRITE_PENDING) != 0 &&
		       ssh_blocking_flush(d->session, 0) != SSH_OK;

	(void)more; /* it waits for the other end's window, which comes as a packet */
	return (short)(POLLIN | (pending ? POLLOUT : 0));
}

/*
 * Every call into libssh may take packets off the socket, for any stream: before we sleep
 * on the descriptor, nothing may be left that libssh already has.
 */
static bool libssh_has_more(struct dial *d)
{
	return ssh_channel_poll(d->channel, 0) != 0; /* its end, too */
}

static long read_stream(struct dial *d, void *buf, size_t size, int is_error)
{
	int n = ssh_channel_read_nonblocking(d->channel, buf, (uint32_t)size, is_error);

	return n == SSH_ERROR ? -1 : n > 0 ? n : 0;
}

static long libssh_read(struct dial *d, void *buf, size_t size)
{
	return read_stream(d, buf, size, 0);
}

static long libssh_read_error(struct dial *d, void *buf, size_t size)
{
	return read_stream(d, buf, size, 1);
}

static long libssh_write(struct dial *d, const void *s, size_t len)
{
	uint32_t window = ssh_channel_window_size(d->channel), n = len < window ? (uint32_t)len : window;
	int r = n != 0 ? ssh_channel_write(d->channel, s, n > 32768 ? 32768 : n) : 0;

	return r == SSH_ERROR ? -1 : r;
}

static bool libssh_is_connected(struct dial *d)
{
	return ssh_is_connected(d->session) != 0;
}

static bool libssh_has_ended(struct dial *d)
{
	return (ssh_channel_is_eof(d->channel) && ssh_channel_poll(d->channel, 0) <= 0) || ssh_channel_is_closed(d->channel);
}

static int libssh_status(struct dial *d)
{
	return ssh_channel_get_exit_status(d->channel);
}

static void libssh_watch(struct dial *d, bool brisk)
{
	tcp_watch(ssh_get_fd(d->session), brisk);
}

static void libssh_close(struct dial *d)
{
	if (d->session == NULL)
		return;
	ssh_set_blocking(d->session, 1);
	ssh_disconnect(d->session);
	ssh_free(d->session);
}

/* ---- one channel of several ---- */

static void one_close(struct dial *d)
{
	if (d->channel != NULL)
		ssh_channel_free(d->channel);
}

static int one_tcp(const struct dial *d)
{
	(void)d;
	return -1; /* it is the others', too */
}

static const struct dial_ops one_ops = {
	.fd = libssh_fd, .tcp = one_tcp, .events = libssh_events, .has_more = libssh_has_more, .read = libssh_read, .read_error = libssh_read_error,
	.write = libssh_write, .is_connected = libssh_is_connected, .has_ended = libssh_has_ended, .status = libssh_status,
	.close = one_close,
};

static int libssh_another(struct dial *first, struct dial *d)
{
	int rc;

	if (d->channel == NULL)
		*d = (struct dial){ .ops = &one_ops, .session = first->session, .channel = ssh_channel_new(first->session), .fd = -1, .err = -1, .tcp = -1 };
	if (d->channel == NULL)
		return -1;
	rc = d->looked ? SSH_OK : ssh_channel_open_session(d->channel);
	if (rc == SSH_OK) {
		d->looked = true;
		rc = ssh_channel_request_exec(d->channel, first->command);
	}
	return rc == SSH_OK ? 1 : rc == SSH_AGAIN ? 0 : -1;
}

static uint64_t libssh_taken(void)
{
	return taken.in_bytes;
}

/* Only a channel can be asked whether something has come. */
static void libssh_take(struct dial *first)
{
	ssh_channel none = ssh_channel_new(first->session);

	if (none == NULL)
		return;
	(void)ssh_channel_poll(none, 0);
	ssh_channel_free(none);
}

static void libssh_split(struct dial *first, struct dial *ret)
{
	*ret = (struct dial){ .ops = &one_ops, .session = first->session, .channel = first->channel, .fd = -1, .err = -1, .tcp = -1 };
	first->channel = NULL;
}

static const struct dial_ops libssh_ops = {
	.fd = libssh_fd, .tcp = libssh_fd, .events = libssh_events, .has_more = libssh_has_more, .read = libssh_read, .read_error = libssh_read_error,
	.write = libssh_write, .is_connected = libssh_is_connected, .has_ended = libssh_has_ended, .status = libssh_status,
	.watch = libssh_watch, .taken = libssh_taken, .take = libssh_take, .another = libssh_another, .split = libssh_split, .close = libssh_close,
};
