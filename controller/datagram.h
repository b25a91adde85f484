#ifndef MISH_CONTROLLER_DATAGRAM_H
#define MISH_CONTROLLER_DATAGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "controller/view.h"
#include "wire/msg.h"

/*
 * What controllers send each other: UDP datagrams, each one message, sealed with the
 * cluster's key (XChaCha20-Poly1305, a random nonce; associated data: the version and the
 * name of who it is for, so that nobody can pass it on to another).
 *
 *     4 bytes "msh1", 24 bytes nonce, ciphertext and tag
 */
enum { DATAGRAM_MAX = 1200, DATAGRAM_OVERHEAD = 4 + 24 + 16, DATAGRAM_KEY = 32 };

enum datagram_kind {
	DATAGRAM_STATE = 1,	/* TABLE: rows of nodes, the sender's own first */
	DATAGRAM_REQUEST = 2,	/* ID, SESSION, USER, load…: will you take this shell? Said again
				   every second until it is there or not coming */
	DATAGRAM_REPLY = 3,	/* ID, STATUS (enum exchange_answer), WHY */
	DATAGRAM_DONE = 4,	/* ID: the exchange is over, whether the shell came or not */
	DATAGRAM_CHALLENGE = 5, /* CHALLENGE: is that your present run? Echo this number */
	DATAGRAM_ECHO = 6,	/* CHALLENGE, the number of the question */
};

struct datagram_key {
	uint8_t bytes[DATAGRAM_KEY];
};

/* The key from a key file's text: at least 32 characters that are not blank. 0 or -EINVAL. */
int datagram_key_from(const char *text, struct datagram_key *ret);

struct datagram {
	enum datagram_kind kind;
	char from[VIEW_NAME_MAX + 1];
	uint64_t boot, seq; /* the sender's run, and the datagram's number in it */
	struct msg_view body; /* borrowed from `plain` */
	uint8_t plain[DATAGRAM_MAX];
};

/* Begins a message with what every datagram has. */
void datagram_begin(struct msg *m, enum datagram_kind kind, const char *from, uint64_t boot, uint64_t seq);
/* Takes the message. The length of the datagram, or -EMSGSIZE, -ENOMEM. */
int datagram_seal(const struct datagram_key *k, const char *to, struct msg *m, uint8_t out[DATAGRAM_MAX]);
/* Returns 0, or -EBADMSG: not ours, not for `to`, or not a message. */
int datagram_open(const struct datagram_key *k, const char *to, const uint8_t *s, size_t len,
		  struct datagram *ret);

#endif
