#include <config.h>

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "controller/datagram.h"
#include "controller/keyfile.h"

/*
 * relay PORT NAME=LISTEN=ADDRESS=KEY_FILE…: stands between controllers, whose secret keys it has,
 * and tells them apart by what they say. What comes to LISTEN is for NAME, and goes on to its ADDRESS.
 * Prints a line for each datagram of an exchange: KIND FROM TO. Read from stdin:
 *
 *     hold KIND FROM   the next such datagram is held ("held" is printed)
 *     go, drop, twice  what becomes of the one held
 *     cut, join        nothing passes; everything does
 */
enum { NODES_MAX = 8 };

struct place {
	const char *name;
	struct identity identity;
	struct sockaddr_in real;
	int fd;
};

static struct place places[NODES_MAX];
static int n_places;
static char hold_kind[16], hold_from[VIEW_NAME_MAX + 1];
static uint8_t held[DATAGRAM_MAX];
static size_t held_len;
static const struct place *held_to;
static bool is_cut;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static const char *kind_of(const struct datagram *d)
{
	static const char *const names[] = { "?", "STATE", "REQUEST", "REPLY", "DONE", "CHALLENGE", "ECHO" };
	static const char *const answers[] = { "?", "ACCEPT", "REFUSE", "HERE" };
	uint64_t answer;

	if (d->kind == DATAGRAM_REPLY && msg_get_uint(&d->body, MSG_STATUS, 3, &answer) == 0)
		return answers[answer];
	return d->kind < sizeof(names) / sizeof(names[0]) ? names[d->kind] : "?";
}

static void pass(const struct place *to, const uint8_t *s, size_t len)
{
	if (!is_cut)
		(void)sendto(to->fd, s, len, 0, (const struct sockaddr *)&to->real, sizeof(to->real));
}

/* Opens what one of the others said to p. */
static bool opens(const struct place *p, const uint8_t *s, size_t len, struct datagram *ret)
{
	uint8_t pair[IDENTITY_KEY];

	for (int i = 0; i < n_places; i++) {
		struct identity_public from = identity_public(&places[i].identity);

		if (&places[i] != p && identity_pair(&p->identity, &from, pair) == 0 &&
		    datagram_open(pair, p->name, s, len, ret) == 0)
			return true;
	}
	return false;
}

static void take(const struct place *p)
{
	uint8_t s[DATAGRAM_MAX];
	ssize_t n = recv(p->fd, s, sizeof(s), 0);
	struct datagram d;
	const char *kind;

	if (n < 0 || !opens(p, s, (size_t)n, &d))
		return;
	kind = kind_of(&d);
	if (d.kind != DATAGRAM_STATE)
		printf("%s %s %s\n", kind, d.from, p->name);
	if (strcmp(kind, hold_kind) == 0 && strcmp(d.from, hold_from) == 0) {
		hold_kind[0] = '\0';
		memcpy(held, s, (size_t)n);
		held_len = (size_t)n;
		held_to = p;
		printf("held\n");
		return;
	}
	pass(p, s, (size_t)n);
}

static void obey(const char *line)
{
	sscanf(line, "hold %15s %63s", hold_kind, hold_from);
	for (int i = 0; held_to != NULL && i < (strncmp(line, "twice", 5) == 0 ? 2 : 1); i++)
		if (strncmp(line, "go", 2) == 0 || strncmp(line, "twice", 5) == 0)
			pass(held_to, held, held_len);
	if (strncmp(line, "go", 2) == 0 || strncmp(line, "drop", 4) == 0 || strncmp(line, "twice", 5) == 0)
		held_to = NULL;
	if (strncmp(line, "cut", 3) == 0 || strncmp(line, "join", 4) == 0)
		is_cut = line[0] == 'c';
}

static void add(char *arg, const char *port)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	struct place *p = &places[n_places];
	char *listen_on = strchr(arg, '='), *real = listen_on ? strchr(listen_on + 1, '=') : NULL;
	char *key = real ? strchr(real + 1, '=') : NULL, *why = NULL;

	if (key == NULL || n_places == NODES_MAX) {
		fprintf(stderr, "relay: %s: not NAME=LISTEN=ADDRESS=KEY_FILE\n", arg);
		exit(2);
	}
	*listen_on = *real = *key = '\0';
	if (keyfile_read(key + 1, &p->identity, &why) < 0) {
		fprintf(stderr, "relay: %s\n", why);
		exit(2);
	}
	p->name = arg;
	p->real = here;
	p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (inet_pton(AF_INET, listen_on + 1, &here.sin_addr) != 1 ||
	    inet_pton(AF_INET, real + 1, &p->real.sin_addr) != 1 || p->fd < 0 ||
	    bind(p->fd, (struct sockaddr *)&here, sizeof(here)) < 0)
		die(arg);
	n_places++;
}

int main(int argc, char **argv)
{
	struct pollfd fds[NODES_MAX + 1] = { { .fd = STDIN_FILENO, .events = POLLIN } };
	char line[128];

	for (int i = 2; i < argc; i++)
		add(argv[i], argv[1]);
	for (int i = 0; i < n_places; i++)
		fds[i + 1] = (struct pollfd){ .fd = places[i].fd, .events = POLLIN };
	setvbuf(stdin, NULL, _IONBF, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ready\n");
	while (poll(fds, (nfds_t)n_places + 1, -1) >= 0) {
		for (int i = 0; i < n_places; i++)
			if ((fds[i + 1].revents & POLLIN) != 0)
				take(&places[i]);
		if (fds[0].revents != 0) {
			if (fgets(line, sizeof(line), stdin) == NULL)
				return 0;
			obey(line);
		}
	}
	return 1;
}
