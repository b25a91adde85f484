#include <config.h>

#include "pty/dial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pty/ssh_effective.h"
#include "pty/tcp.h"
#include "wire/now.h"

/* ssh(1), to which the message leads, might be let in. */
static void blame_file(char **why)
{
	char *text;

	if (asprintf(&text, "libssh alone, as ~/.config/mish/transport has it, asks nobody: %s", *why != NULL ? *why : "permission denied") < 0)
		return;
	free(*why);
	*why = text;
}

/* By libssh, if that is the way, and else by ssh(1). */
static int open_by(struct dial *d, struct dial_want *want, int tty, dial_step *step, void *arg, char **why)
{
	struct ssh_settings settings;
	enum transport how = ssh_config_transport(want->to, &settings);
	bool again = false, forwards;
	int r;

	if (how == TRANSPORT_NONE) {
		ssh_settings_release(&settings);
		*why = strdup("its ssh configuration, keys or known_hosts have what libssh cannot do, and ~/.config/mish/transport allows no other way");
		return -1;
	}
	r = how != TRANSPORT_OPENSSH ? by_libssh_open(d, want, &settings, step, arg, &again, why) : -1;

	if (how == TRANSPORT_OPENSSH && !settings.tried)
		ssh_effective_note(want->to, &settings);
	d->forwards = forwards = settings.forwards;
	want->shares = settings.shares;
	want->probes = settings.probes;
	want->timed = settings.timed;
	want->sessions = settings.sessions;
	ssh_settings_release(&settings);
	if (r < 0 && how == TRANSPORT_LIBSSH && d->denied)
		blame_file(why);
	if (r == 0 || how == TRANSPORT_LIBSSH || (how == TRANSPORT_ANY && !again))
		return r;
	if (how == TRANSPORT_ANY) {
		step(arg, *why);
		dial_close(d);
	}
	free(*why);
	*why = NULL;
	step(arg, "by ssh(1)");
	r = by_openssh_open(d, want, tty, why);
	d->forwards = forwards;
	return r;
}

void dial_key_name(struct dial *d, const struct node_destination *to)
{
	if (to->port != 0 && to->port != 22)
		snprintf(d->key, sizeof(d->key), "[%s]:%u", to->host, to->port);
	else
		snprintf(d->key, sizeof(d->key), "%s", to->host);
}

int dial_open(struct dial *d, const char *node, int tty, enum dial_how how, dial_step *step, void *arg, char **why)
{
	struct dial_want want = { .command = "mish --peer", .known_only = (how & DIAL_KNOWN_ONLY) != 0, .patient = tty >= 0 || (how & DIAL_PATIENT) != 0 };
	struct carried carried = { 0 };
	struct node_destination to;
	int r = -1;

	*d = (struct dial){ .fd = -1, .err = -1, .tcp = -1 };
	want.to = &to;
	if (!node_destination(node, &to)) {
		*why = strdup("not a host name");
	} else if (!to.carried || carried_pack(&carried, why) == 0) {
		if (to.carried)
			want.command = carried.command;
		r = open_by(d, &want, tty, step, arg, why);
	}
	d->carried = carried;
	return r;
}

void dial_close(struct dial *d)
{
	if (d->ops != NULL) {
		tcp_end_patiently(d->ops->tcp(d));
		d->ops->close(d);
	}
	carried_release(&d->carried);
	*d = (struct dial){ .fd = -1, .err = -1, .tcp = -1 };
}

int dial_patience(const struct dial *d, int usual)
{
	return d->patience_ms > usual ? d->patience_ms : usual;
}

int dial_another(struct dial *first, struct dial *d)
{
	return first->ops->another(first, d);
}

uint64_t dial_taken(const struct dial *first)
{
	return dial_is_open(first) && first->ops->taken != NULL ? first->ops->taken() : 0;
}

void dial_take(struct dial *first)
{
	if (dial_is_open(first) && first->ops->take != NULL)
		first->ops->take(first);
}

void dial_split(struct dial *first, struct dial *ret)
{
	first->ops->split(first, ret);
}

int dial_fd(const struct dial *d)
{
	return d->ops->fd(d);
}

int dial_tcp(const struct dial *d)
{
	return d->ops->tcp(d);
}

short dial_events(struct dial *d, bool more)
{
	return d->ops->events(d, more);
}

bool dial_has_more(struct dial *d)
{
	return d->ops->has_more(d);
}

long dial_read(struct dial *d, void *buf, size_t size)
{
	return d->ops->read(d, buf, size);
}

long dial_read_error(struct dial *d, void *buf, size_t size)
{
	return d->ops->read_error(d, buf, size);
}

long dial_write(struct dial *d, const void *s, size_t len)
{
	return d->ops->write(d, s, len);
}

void dial_tend(struct dial *d)
{
	if (d->look_ms != 0 && now_mono_ms() >= d->look_ms)
		d->ops->tend(d);
}

bool dial_is_connected(struct dial *d)
{
	return d->ops->is_connected(d);
}

bool dial_has_ended(struct dial *d)
{
	return d->ops->has_ended(d);
}

int dial_status(struct dial *d)
{
	return d->ops->status(d);
}

char *dial_why(struct dial *d, const char *messages)
{
	return d->ops->why != NULL ? d->ops->why(d, messages) : NULL;
}

void dial_watch(struct dial *d, bool brisk)
{
	if (d->ops->watch != NULL)
		d->ops->watch(d, brisk);
}
