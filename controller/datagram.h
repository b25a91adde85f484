#ifndef MISH_CONTROLLER_DATAGRAM_H
#define MISH_CONTROLLER_DATAGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "controller/identity.h"
#include "controller/limits.h"
#include "wire/msg.h"

/*
 * What controllers send each other: UDP datagrams, each one message, sealed with the key
 * that the two nodes share (XChaCha20-Poly1305, a random nonce; associated data: the version
 * and the name of who it is for, so that it cannot be sent back as an answer to itself).
 *
 *     4 bytes "msh2", 8 bytes of the sender's public key, 24 bytes nonce, ciphertext and tag
 */
enum { DATAGRAM_MAX = 1200, DATAGRAM_OVERHEAD = 4 + IDENTITY_HINT + 24 + 16 };

enum datagram_kind {
	DATAGRAM_STATE = 1,	/* TABLE: rows of nodes, the sender's own first */
	DATAGRAM_REQUEST = 2,	/* ID, SESSION, USER, load…: will you take this shell? Said again
				   every second until it is there or not coming */
	DATAGRAM_REPLY = 3,	/* ID, STATUS (enum exchange_answer), WHY */
	DATAGRAM_DONE = 4,	/* ID: the exchange is over, whether the shell came or not */
	DATAGRAM_CHALLENGE = 5, /* CHALLENGE: is that your present run? Echo this number */
	DATAGRAM_ECHO = 6,	/* CHALLENGE, the number of the question */
};

struct datagram {
	enum datagram_kind kind;
	char from[VIEW_NAME_MAX + 1];
	uint64_t boot, seq; /* the sender's run, and the datagram's number in it */
	struct msg_view body; /* borrowed from `plain` */
	uint8_t plain[DATAGRAM_MAX];
};

/* Begins a message with what every datagram has. */
void datagram_begin(struct msg *m, enum datagram_kind kind, const char *from, uint64_t boot, uint64_t seq);
/* From the node of that key; `pair`: of identity_pair(). Takes the message. The length, or -EMSGSIZE, -ENOMEM. */
int datagram_seal(const uint8_t pair[IDENTITY_KEY], const struct identity_public *from, const char *to,
		  struct msg *m, uint8_t out[DATAGRAM_MAX]);
/* How the sender's public key begins, as the datagram says; NULL: not one of ours. */
const uint8_t *datagram_hint(const uint8_t *s, size_t len);
/* Returns 0, or -EBADMSG: not ours, not of this pair, not for `to`, or not a message. */
int datagram_open(const uint8_t pair[IDENTITY_KEY], const char *to, const uint8_t *s, size_t len,
		  struct datagram *ret);

#endif
