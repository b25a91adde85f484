#ifndef MISH_RENDEZVOUS_RDV_H
#define MISH_RENDEZVOUS_RDV_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire/frame.h"

/*
 * The rendezvous brokers handoffs: a state machine for each session, without I/O; time and
 * randomness are arguments. It sees sealed bytes only.
 *
 * Invariants: at most one holder per epoch; an offered state is taken at most once; a
 * stale epoch can neither offer nor commit. What a session needs after a crash its guardian
 * keeps: a rendezvous that is lost, or never was, costs nothing.
 */
struct rdv;

enum rdv_refusal {
	RDV_OK = 0,
	RDV_NO_SESSION,
	RDV_NOT_YOURS,
	RDV_STALE,   /* a newer epoch exists */
	RDV_BUSY,    /* another handoff of this session is under way */
	RDV_NO_OFFER, /* unknown or expired ticket, or taken before */
	RDV_QUOTA,
	RDV_BAD_REQUEST,
	RDV_NO_MEMORY,
};

enum { RDV_ID_LEN = 16, RDV_TICKET_LEN = 32, RDV_NODE_MAX = 255 };
enum { RDV_OFFER_MS = 30000 };
enum { RDV_MAX_SESSIONS = 256, RDV_MAX_BYTES = 64 << 20 }; /* per uid */

const char *rdv_refusal_text(enum rdv_refusal r);

struct rdv *rdv_new(void); /* NULL: no memory */
void rdv_free(struct rdv *r);

/*
 * A session offers its sealed state (copied) for a node. `random` is 16 fresh random
 * bytes for the ticket (RDV_TICKET_LEN hex digits and a NUL in *ret_ticket).
 */
enum rdv_refusal rdv_offer(struct rdv *r, uid_t uid, const char *session, uint64_t epoch,
			   const char *node, const void *sealed, size_t len, int64_t now_ms,
			   const uint8_t random[16], char *ret_ticket);
/* Hands the state out, once. Borrowed until the next call on r. */
enum rdv_refusal rdv_take(struct rdv *r, uid_t uid, const char *ticket, int64_t now_ms,
			  const void **ret, size_t *ret_len);
/* The node holds the session from now on, with epoch + 1. */
enum rdv_refusal rdv_commit(struct rdv *r, uid_t uid, const char *ticket, int64_t now_ms,
			    uint64_t *ret_epoch);
enum rdv_refusal rdv_abort(struct rdv *r, uid_t uid, const char *ticket);
enum rdv_refusal rdv_end(struct rdv *r, uid_t uid, const char *session, uint64_t epoch);

/* The i-th session; false past the end. */
struct rdv_info {
	const char *session, *holder;
	uid_t uid;
	uint64_t epoch;
};
int rdv_at(const struct rdv *r, size_t i, struct rdv_info *ret);

/*
 * Answers one request frame: appends the reply. The same function serves mishd's
 * socket and the rendezvous embedded in a link. Returns 0 or -errno (no reply then).
 */
int rdv_serve(struct rdv *r, uid_t uid, enum frame_type type, const struct msg_view *m,
	      int64_t now_ms, const uint8_t random[16], struct frame_buf *out);

#endif
