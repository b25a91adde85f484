#include <config.h>

#include "pty/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/now.h"

/* For so many ms, whatever signals come. poll()'s result. */
static int await(int fd, short events, int ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t end = now_mono_ms() + ms;
	int r;

	do
		r = poll(&p, 1, ms);
	while (r < 0 && errno == EINTR && (ms = (int)(end - now_mono_ms())) > 0);
	return r;
}

/* Has the kernel ask whether the other end is there, after so many seconds of silence, three times. */
static void probe(int fd, int idle, int interval)
{
	int on = 1, probes = 3;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

/* To one address; a descriptor or -errno. */
static int to_address(const struct addrinfo *a, int ms)
{
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol), err = 0, on = 1;
	socklen_t len = sizeof(err);

	if (fd < 0)
		return -errno;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
		if (errno != EINPROGRESS)
			err = errno;
		else if (await(fd, POLLOUT, ms) <= 0)
			err = ETIMEDOUT;
		else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
			err = errno;
	}
	if (err == 0) {
		probe(fd, 4, 2); /* whoever is slow to let us in still answers those; that we give up is to be heard, though */
		return fd;
	}
	close(fd);
	return -err;
}

int tcp_connect(const char *host, unsigned port, int ms, char **why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV }, *list = NULL;
	char service[8];
	int r = -1;

	snprintf(service, sizeof(service), "%u", port);
	if (getaddrinfo(host, service, &hints, &list) != 0) {
		if (asprintf(why, "failed to resolve hostname %s", host) < 0)
			*why = NULL;
		return -1;
	}
	for (const struct addrinfo *a = list; a != NULL && r < 0; a = a->ai_next)
		r = to_address(a, ms);
	freeaddrinfo(list);
	if (r >= 0)
		return r;
	*why = strdup(strerror(-r));
	if (*why != NULL && (*why)[0] >= 'A' && (*why)[0] <= 'Z')
		(*why)[0] = (char)((*why)[0] - 'A' + 'a');
	return -1;
}

bool tcp_await(int fd, int ms)
{
	return await(fd, POLLIN, ms > 0 ? ms : 0) > 0;
}

bool tcp_give_up(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && info.tcpi_state == TCP_SYN_SENT && shutdown(fd, SHUT_RDWR) == 0;
}

void tcp_watch(int fd, bool brisk)
{
	int user_ms = brisk ? 8000 : 75000;

	probe(fd, brisk ? 4 : 60, brisk ? 2 : 5);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_ms, sizeof(user_ms));
}

void tcp_end_patiently(int fd)
{
	unsigned int user_ms = 0;

	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_ms, sizeof(user_ms));
}
