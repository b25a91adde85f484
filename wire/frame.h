#ifndef MISH_WIRE_FRAME_H
#define MISH_WIRE_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "wire/msg.h"

/*
 * Frames: 1 byte type, 4 bytes length (little endian), payload. FRAME_DATA carries a stream's
 * number (2 bytes, little endian) and raw bytes; all others one message (msg.h), whose keys
 * doc/PROTOCOL.md lists. The same frames go between shell and peer, peer and link, link and
 * guardian, and on mishd's socket.
 */
enum { PROTOCOL_VERSION = MISH_PROTOCOL_VERSION, PROTOCOL_LEAST = MISH_PROTOCOL_LEAST };
enum {
	FRAME_HEADER = 5,
	FRAME_STREAM = 2,    /* bytes of the stream's number in FRAME_DATA */
	STATE_MAX = 1 << 26, /* a sealed state; the checkpoints after it together likewise */
	INPUT_MAX = 1 << 20, /* what was typed and no program has read */
	/* a state, its checkpoints, and the rest of HELLO or OFFER */
	FRAME_MAX = 2 * STATE_MAX + INPUT_MAX + (1 << 16),
};

enum frame_type {
	FRAME_HELLO = 1,      /* link → peer: everything a peer needs */
	FRAME_READY = 2,      /* shell → peer → link → guardian: restored, with warnings */
	FRAME_COMMIT = 3,     /* guardian → link → peer → shell: the session is yours */
	FRAME_ABORT = 4,      /* in both directions, before COMMIT: the session does not go there, and why */
	FRAME_DATA = 5,	      /* link ⇄ peer: bytes of a stream */
	FRAME_ACK = 6,	      /* link ⇄ peer: DELIVERED bytes so far; before HELLO: the link still waits */
	FRAME_WINCH = 7,      /* link → peer */
	FRAME_SIGNAL = 8,     /* link → peer: HUP */
	FRAME_OFFER = 9,      /* shell → peer → link → guardian: wants to move on */
	FRAME_RELEASE = 10,   /* guardian → link → peer → shell: the session is elsewhere, end */
	FRAME_RESUME = 11,    /* guardian → link → peer → shell: the session stays, and why;
				 shell → peer → link: no offer will follow FROZEN */
	FRAME_CHECKPOINT = 12, /* shell → peer → link → guardian */
	/* 13 was used before the first release */
	FRAME_EXIT = 14,      /* peer → link → guardian: the shell ended; link → peer: understood */
	FRAME_ATTACHED = 15,  /* peer → shell: the terminal is at another ORIGIN now */
	FRAME_UNKEPT = 16,    /* guardian → link → peer → shell: the session does not persist, and why */
	FRAME_FENCED = 17,    /* peer → link → guardian: another link has attached */
	FRAME_STOPPED = 21,   /* peer → link: the placed command, by signal STATUS. Since version 4 */
	FRAME_FOREGROUND = 22, /* link → peer: it has the terminal (STATUS 1), or not. Likewise */
	FRAME_PACKED = 24,    /* link ⇄ peer: as DATA, of a placed command, and packed; see pty/packed.h */
	FRAME_JOB = 23,	      /* guardian → link → peer → shell: what became of a job that stayed;
				 and back: a signal for it. Since version 4 */
	FRAME_CONNECT = 20,   /* shell → peer → link → guardian: connect to NODE, where the shell is to go;
				 and back: done, or WHY not. Since version 3 */
	FRAME_STALL = 19,     /* link → guardian: the terminal is yours, and why; → link: it is yours again */
	FRAME_FROZEN = 18,    /* shell → peer: hold input back; peer → shell: it is;
				 peer → link: it is, and DELIVERED bytes have reached the pty */

	/* requests to a rendezvous; each is answered by OK or REFUSED */
	FRAME_OK = 32,
	FRAME_REFUSED = 33,
	FRAME_RDV_OFFER = 34,
	FRAME_RDV_TAKE = 35,
	FRAME_RDV_COMMIT = 36,
	FRAME_RDV_ABORT = 37,
	/* 38 and 39 were used before the first release */
	FRAME_RDV_END = 40,

	/* to mishd: shells, peers and mishctl; a listing is ROW…, then OK */
	FRAME_REGISTER = 48, /* a shell at its first prompt; the connection stays */
	FRAME_GRANT = 49,    /* mishd → shell: go to NODE */
	FRAME_ADMIT = 50,    /* peer: may this session come here? */
	FRAME_ROW = 51,
	FRAME_GET_STATUS = 52,
	FRAME_GET_SESSIONS = 53,
	FRAME_GET_NODES = 54,
	FRAME_DRAIN = 55,
	FRAME_UNDRAIN = 56,
	FRAME_MOVE = 57,     /* mishctl: ask SESSION to go to NODE */
	FRAME_UPDATE = 58,   /* a shell: at a prompt or busy, and what keeps it; not answered */
	FRAME_GET_WHY = 59,  /* mishctl: what is decided about SESSION */
	FRAME_EVICT = 60,    /* mishctl: guests leave */
	FRAME_RECORD = 61,   /* a shell: what a command took; not answered */
	FRAME_GET_USAGE = 62, /* … what the asker's commands took, each kind once: those whose COMMAND begins so */
	FRAME_GET_RECORDS = 63, /* … each, of the last */
	FRAME_GET_HISTORIES = 64, /* … of all who permit it, hidden: the next rows behind those of the request before; none: that is all */
};

/*
 * Which version wrote a message, for who may be of another: a node, or a program after an upgrade.
 * Each says which is the oldest that it gets on with; two get on when neither is older than that.
 */
void frame_put_version(struct msg *m, enum msg_key key);
/* 0; -EPROTO: they do not; -EBADMSG or -ENOENT. The writer's version is in *ret. */
int frame_check_version(const struct msg_view *v, enum msg_key key, uint64_t *ret);

/* A queue of bytes: still to be written, or read and not yet taken apart. */
struct frame_buf {
	uint8_t *s;
	size_t start, len, cap; /* the bytes are s[start .. start+len) */
};

void frame_buf_release(struct frame_buf *b); /* wipes */
/* Returns 0 or -ENOMEM, with nothing changed. */
int frame_buf_add(struct frame_buf *b, const void *s, size_t len);
void frame_buf_drop(struct frame_buf *b, size_t len);
static inline const uint8_t *frame_buf_at(const struct frame_buf *b)
{
	return b->s != NULL ? b->s + b->start : NULL;
}

/* Appends a whole frame; 0, -ENOMEM, or -EMSGSIZE. */
int frame_put(struct frame_buf *out, enum frame_type type, const void *payload, size_t len);
/* Appends a FRAME_DATA with bytes of a stream (0: the terminal). 0, -ENOMEM, or -EMSGSIZE. */
int frame_put_data(struct frame_buf *out, unsigned stream, const void *bytes, size_t len);
/* … or a frame that is one but for its type. */
int frame_put_stream(struct frame_buf *out, enum frame_type type, unsigned stream, const void *bytes, size_t len);
/* The bytes that a FRAME_DATA carries, borrowed from its payload. 0 or -EBADMSG. */
int frame_get_data(const uint8_t *payload, size_t len, unsigned *ret_stream, const uint8_t **ret,
		   size_t *ret_len);
/* Finishes a message and appends it as a frame; releases it in any case. 0 or as frame_put(). */
int frame_put_msg(struct frame_buf *out, enum frame_type type, struct msg *m);

/*
 * The next whole frame in the buffer: 1 with the payload borrowed until frame_buf_drop()
 * of *ret_total, 0 when more bytes are needed, -EBADMSG when it is longer than `max`.
 */
int frame_next(const struct frame_buf *in, size_t max, enum frame_type *ret_type,
	       const uint8_t **ret_payload, size_t *ret_len, size_t *ret_total);

/* Writes once, and drops nothing: bytes, or -errno. The caller ignores SIGPIPE. */
long frame_write(const struct frame_buf *out, int fd);
/*
 * Writes as much as a descriptor takes now; the caller ignores SIGPIPE. 0, -EAGAIN when
 * something is left, or -errno.
 */
int frame_flush(struct frame_buf *out, int fd);
/* Reads once. >0 bytes, 0 end of file, -EAGAIN, or -errno. */
long frame_fill(struct frame_buf *in, int fd);

/*
 * Both wait. One writes a whole frame and releases the message; the other reads one within
 * timeout_ms (-1: without a limit), as frame_next() does. 0 or -errno.
 */
int frame_send(int fd, enum frame_type type, struct msg *m);
int frame_recv(int fd, struct frame_buf *in, int timeout_ms, enum frame_type *ret_type,
	       const uint8_t **ret_payload, size_t *ret_len, size_t *ret_total);

#endif
