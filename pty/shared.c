#include <config.h>

#include "pty/shared.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "pty/mux.h"
#include "wire/fd.h"
#include "wire/io_full.h"
#include "wire/now.h"

enum {
	ANSWER_MS = 20000,
	SLOTS = 32,	/* connections to one address */
	WAITING = 1024, /* who come while one is being made */
};

/* What those hear who wait for a connection that could not be made, and how that went. */
static const char it_failed = '!';

struct outcome {
	int r;
	bool unreachable, denied;
	char why[1024];
};

/* ---- the address ---- */

/* 0: it is too long for one. */
static socklen_t address_of(struct sockaddr_un *a, const char *address, unsigned slot)
{
	size_t room = sizeof(a->sun_path) - 1;
	int n;

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(a->sun_path + 1, room, "mish-mux/%u/%s", (unsigned)getuid(), address);
	if (n > 0 && (size_t)n < room && slot != 0)
		n += snprintf(a->sun_path + 1 + n, room - (size_t)n, " %u", slot);
	return n > 0 && (size_t)n < room ? (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n) : 0;
}

/* Nobody else, as there is another already. -1. */
static int listen_at(const char *address, unsigned slot)
{
	struct sockaddr_un a;
	socklen_t len = address_of(&a, address, slot);
	int fd = len != 0 ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;

	if (fd < 0 || (bind(fd, (const struct sockaddr *)&a, len) == 0 && listen(fd, WAITING) == 0))
		return fd;
	close(fd);
	return -1;
}

/* One byte within that time; a stop and SIGCONT do not matter. */
static char wait_for_word(int fd)
{
	int64_t end = now_mono_ms() + ANSWER_MS, left;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte = 0;

	while ((left = end - now_mono_ms()) > 0) {
		if (poll(&p, 1, (int)left) > 0)
			return recv(fd, &byte, 1, MSG_DONTWAIT) == 1 ? byte : 0;
		if (errno != EINTR)
			break;
	}
	return 0;
}

/*
 * A channel, with a peer that has greeted, of a connection that is there, or is just being made. 0; -EBUSY: it has none, or a keeper that
 * answers nobody any more; -ECONNABORTED: it could not be made, as *o says.
 */
static int join(struct dial *d, const char *address, unsigned slot, struct outcome *o)
{
	struct sockaddr_un a;
	socklen_t len = address_of(&a, address, slot);
	int fd = len != 0 ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1; /* whoever listens may not answer */
	char word = 0;

	if (fd < 0)
		return -EBUSY;
	if (connect(fd, (const struct sockaddr *)&a, len) == 0 && fd_is_own_user(fd))
		word = wait_for_word(fd);
	if (word == mux_yours) {
		dial_socket(d, fd, address);
		return 0;
	}
	/* sent at once, with the word */
	word = word == it_failed && recv(fd, o, sizeof(*o), MSG_DONTWAIT) == sizeof(*o) ? word : 0;
	close(fd);
	return word == it_failed ? -ECONNABORTED : -EBUSY;
}

/* ---- a new one ---- */

/* Those who have come until now, and none later: others may have the listener, too. */
static void send_away(int *listener, const struct outcome *o)
{
	int fd;

	while (*listener >= 0 && (fd = accept4(*listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		const struct iovec v[] = { { (char *)(uintptr_t)&it_failed, 1 }, { (void *)(uintptr_t)o, sizeof(*o) } };
		const struct msghdr m = { .msg_iov = (struct iovec *)(uintptr_t)v, .msg_iovlen = 2 };

		if (o != NULL && fd_is_own_user(fd))
			(void)sendmsg(fd, &m, MSG_NOSIGNAL);
		close(fd);
	}
	if (*listener >= 0) {
		(void)shutdown(*listener, SHUT_RDWR);
		close(*listener);
	}
	*listener = -1;
}

/* In the child; *why is c's. */
static struct outcome outcome_of(const struct carrier *c, int r, const char *why)
{
	struct outcome o = { .r = r, .unreachable = c->d.unreachable, .denied = c->d.denied };

	snprintf(o.why, sizeof(o.why), "%s", why != NULL ? why : "failed");
	return o;
}

static void take_outcome(struct carrier *c, struct outcome *o, char **why)
{
	o->why[sizeof(o->why) - 1] = '\0';
	if (o->r < 0)
		*why = strdup(o->why);
	c->d.unreachable = o->unreachable;
	c->d.denied = o->denied;
}

/* In the child: connects, says what became of it, and keeps it. */
static void make(struct carrier *c, int (*greet)(struct carrier *, char **), int listener, int fd, int told) __attribute__((noreturn));
static void make(struct carrier *c, int (*greet)(struct carrier *, char **), int listener, int fd, int told)
{
	char *why = NULL;
	struct outcome o;
	int r = greet(c, &why);

	o = outcome_of(c, r, why);
	(void)io_write_full(told, &o, sizeof(o));
	close(told);
	if (r < 0) {
		send_away(&listener, &o);
		_exit(1);
	}
	if (!dial_is_shared(&c->d))
		send_away(&listener, NULL);
	mux_keep(c, fd, listener);
}

/* A new connection, for others, too, where there is a listener (taken). 0 or -1 with *why. */
static int open_new(struct carrier *c, int (*greet)(struct carrier *, char **), int listener, char **why)
{
	int pair[2] = { -1, -1 }, told[2] = { -1, -1 };
	struct outcome o = { .r = -1 };
	pid_t pid = -1;
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0 && fd_pipe(told) == 0)
		pid = fork();
	if (pid == 0) {
		close(pair[0]);
		close(told[0]);
		make(c, greet, listener, pair[1], told[1]);
	}
	snprintf(o.why, sizeof(o.why), "%s", strerror(errno));
	for (size_t i = 0; i < 3; i++)
		if ((int[]){ pair[1], told[1], listener }[i] >= 0)
			close((int[]){ pair[1], told[1], listener }[i]);
	if (pid > 0) {
		while ((n = read(told[0], &o, sizeof(o))) < 0 && errno == EINTR)
			;
		if (n != sizeof(o)) /* a pipe gives so much at once */
			o = (struct outcome){ .r = -1, .why = "interrupted" };
	}
	if (told[0] >= 0)
		close(told[0]);
	if (o.r == 0)
		dial_socket(&c->d, pair[0], c->address);
	else if (pair[0] >= 0)
		close(pair[0]);
	take_outcome(c, &o, why);
	return o.r;
}

int shared_open(struct carrier *c, int (*greet)(struct carrier *, char **), char **why)
{
	struct outcome o;

	c->joined = false;
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		int listener = listen_at(c->address, slot), r;

		if (listener >= 0)
			return open_new(c, greet, listener, why);
		r = join(&c->d, c->address, slot, &o);
		c->joined = r == 0;
		if (r == 0)
			return 0;
		/* whoever made it might have been asked less than this one can be */
		if (r == -ECONNABORTED && (o.unreachable || (c->o.flags & MSG_AUTOMATIC) != 0)) {
			take_outcome(c, &o, why);
			return -1;
		}
	}
	return open_new(c, greet, -1, why);
}

void shared_leave(struct carrier *c)
{
	int listener = dial_is_open(&c->d) && dial_is_shared(&c->d) ? listen_at(c->address, 0) : -1;
	pid_t pid = listener >= 0 ? fork() : -1;

	if (pid == 0)
		mux_keep(c, -1, listener);
	if (listener >= 0)
		close(listener);
	if (pid > 0) /* it is not ours to end any more */
		c->d = (struct dial){ .fd = -1, .err = -1, .tcp = -1 };
}
