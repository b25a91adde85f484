#include <config.h>

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "controller/datagram.h"
#include "controller/exchange.h"
#include "controller/keyfile.h"
#include "tests/row.h"

/*
 * liar KEY_FILE NAME PORT TO ADDRESS TO_KEY OF: a node of the site that means ill, with its own
 * key. It tells TO twice a second that it has 64 CPUs, a hundred times as fast as others, and
 * nothing to do; that OF is draining and full of work, in a row and in OF's name; and takes every
 * shell that it is asked to take.
 */
enum { SAY_MS = 500 };

static struct identity id;
static struct identity_public own, other;
static uint8_t pair[IDENTITY_KEY];
static const char *name, *to, *of;
static uint64_t boot, seq;
static int fd;

static void say(struct msg *m)
{
	uint8_t out[DATAGRAM_MAX];
	int n = datagram_seal(pair, &own, to, m, out);

	if (n > 0)
		(void)send(fd, out, (size_t)n, 0);
}

static void lie(const char *as)
{
	const struct load light = { .cpus = 64, .speed = 100, .memory_total = 1 << 30, .memory_free = 1 << 30 };
	const struct load full = { .queue = 1000, .cpus = 1, .speed = 1, .flags = LOAD_DRAINING };
	uint8_t table[DATAGRAM_MAX];
	size_t len = row_make(&id, name, boot, ++seq, &light, 0, true, table);
	struct msg m;

	len += row_make(&id, of, boot, ++seq, &full, 0, true, table + len); /* a run later than any */
	datagram_begin(&m, DATAGRAM_STATE, as, boot, ++seq);
	msg_bytes(&m, MSG_TABLE, table, len);
	say(&m);
}

/* Proves that it runs, and takes every shell. */
static void answer(void)
{
	uint8_t s[DATAGRAM_MAX];
	ssize_t n = recv(fd, s, sizeof(s), 0);
	struct datagram d;
	uint64_t x = 0;
	struct msg m;

	if (n < 0 || datagram_open(pair, name, s, (size_t)n, &d) < 0)
		return;
	if (d.kind == DATAGRAM_CHALLENGE && msg_get_uint(&d.body, MSG_CHALLENGE, UINT64_MAX, &x) == 0) {
		datagram_begin(&m, DATAGRAM_ECHO, name, boot, ++seq);
		msg_uint(&m, MSG_CHALLENGE, x);
		say(&m);
	} else if (d.kind == DATAGRAM_REQUEST && msg_get_uint(&d.body, MSG_ID, UINT64_MAX, &x) == 0) {
		datagram_begin(&m, DATAGRAM_REPLY, name, boot, ++seq);
		msg_uint(&m, MSG_ID, x);
		msg_uint(&m, MSG_STATUS, EXCHANGE_ACCEPT);
		say(&m);
		printf("asked\n");
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in there = { .sin_family = AF_INET }, here = { .sin_family = AF_INET };
	struct pollfd p = { .events = POLLIN };
	char *why = NULL;

	if (argc != 8 || keyfile_read(argv[1], &id, &why) < 0 || identity_public_from_text(argv[6], &other) < 0 ||
	    identity_pair(&id, &other, pair) < 0 || inet_pton(AF_INET, argv[5], &there.sin_addr) != 1) {
		fprintf(stderr, "liar: %s\n", why != NULL ? why : "KEY_FILE NAME PORT TO ADDRESS TO_KEY OF");
		return 2;
	}
	name = argv[2];
	to = argv[4];
	of = argv[7];
	own = identity_public(&id);
	boot = (uint64_t)time(NULL) * 1000 + 1000000;
	there.sin_port = here.sin_port = htons((uint16_t)atoi(argv[3]));
	fd = p.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof(here)) < 0 ||
	    connect(fd, (struct sockaddr *)&there, sizeof(there)) < 0) {
		perror("liar");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ready\n");
	for (int i = 0;; i++) {
		lie(i % 3 == 2 ? of : name);
		while (poll(&p, 1, SAY_MS) > 0)
			answer();
	}
}
