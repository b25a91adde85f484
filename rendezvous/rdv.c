#include <config.h>

#include "rendezvous/rdv.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum offer_state { OFFER_NONE, OFFER_OPEN, OFFER_TAKEN };

struct session {
	struct session *next;
	char id[RDV_ID_LEN + 1];
	uid_t uid;
	uint64_t epoch;
	char holder[RDV_NODE_MAX + 1]; /* "": the origin */

	enum offer_state offer;
	char ticket[RDV_TICKET_LEN + 1];
	char node[RDV_NODE_MAX + 1];
	void *sealed;
	size_t sealed_len;
	int64_t expires_ms;
};

struct rdv {
	struct session *sessions;
};

const char *rdv_refusal_text(enum rdv_refusal r)
{
	static const char *const texts[] = {
		[RDV_OK] = "granted",
		[RDV_NO_SESSION] = "no such session",
		[RDV_NOT_YOURS] = "the session is another user's",
		[RDV_STALE] = "the session has moved on",
		[RDV_BUSY] = "the session is being moved already",
		[RDV_NO_OFFER] = "the offer has expired or was taken",
		[RDV_QUOTA] = "too many sessions or too much state",
		[RDV_BAD_REQUEST] = "bad request",
		[RDV_NO_MEMORY] = "out of memory",
	};

	return texts[r];
}

struct rdv *rdv_new(void)
{
	return calloc(1, sizeof(struct rdv));
}

static void offer_clear(struct session *s)
{
	if (s->sealed != NULL)
		explicit_bzero(s->sealed, s->sealed_len);
	free(s->sealed);
	s->sealed = NULL;
	s->sealed_len = 0;
	explicit_bzero(s->ticket, sizeof(s->ticket));
	s->offer = OFFER_NONE;
}

static void session_free(struct session *s)
{
	offer_clear(s);
	free(s);
}

void rdv_free(struct rdv *r)
{
	while (r != NULL && r->sessions != NULL) {
		struct session *s = r->sessions;

		r->sessions = s->next;
		session_free(s);
	}
	free(r);
}

static bool is_hex(const char *s, size_t len)
{
	return strlen(s) == len && strspn(s, "0123456789abcdef") == len;
}

static struct session *by_id(struct rdv *r, const char *id)
{
	struct session *s = r->sessions;

	while (s != NULL && strcmp(s->id, id) != 0)
		s = s->next;
	return s;
}

static struct session *by_ticket(struct rdv *r, uid_t uid, const char *ticket)
{
	struct session *s = r->sessions;

	if (!is_hex(ticket, RDV_TICKET_LEN))
		return NULL;
	while (s != NULL && (s->offer == OFFER_NONE || s->uid != uid ||
			     strcmp(s->ticket, ticket) != 0))
		s = s->next;
	return s;
}

static bool over_quota(const struct rdv *r, uid_t uid, const struct session *except, size_t more)
{
	size_t n = 0, bytes = more;

	for (const struct session *s = r->sessions; s != NULL; s = s->next) {
		if (s->uid != uid || s == except)
			continue;
		n++;
		bytes += s->sealed_len;
	}
	return n >= RDV_MAX_SESSIONS || bytes > RDV_MAX_BYTES;
}

static void *copy_of(const void *s, size_t len)
{
	void *p = malloc(len != 0 ? len : 1);

	if (p != NULL && len != 0)
		memcpy(p, s, len);
	return p;
}

enum rdv_refusal rdv_offer(struct rdv *r, uid_t uid, const char *session, uint64_t epoch,
			   const char *node, const void *sealed, size_t len, int64_t now_ms,
			   const uint8_t random[16], char *ret_ticket)
{
	struct session *s;
	void *copy;

	if (!is_hex(session, RDV_ID_LEN) || strlen(node) > RDV_NODE_MAX || len > STATE_MAX ||
	    epoch >= UINT64_MAX / 2)
		return RDV_BAD_REQUEST;
	s = by_id(r, session);
	if (s != NULL && s->uid != uid)
		return RDV_NOT_YOURS;
	if (s != NULL && epoch < s->epoch)
		return RDV_STALE;
	/* a later epoch: who made the open offer was killed before it could take it back */
	if (s != NULL && s->offer != OFFER_NONE && now_ms < s->expires_ms && epoch == s->epoch)
		return RDV_BUSY;
	if (over_quota(r, uid, s, len))
		return RDV_QUOTA;
	copy = copy_of(sealed, len);
	if (copy == NULL)
		return RDV_NO_MEMORY;
	if (s == NULL) {
		s = calloc(1, sizeof(*s));
		if (s == NULL) {
			free(copy);
			return RDV_NO_MEMORY;
		}
		memcpy(s->id, session, RDV_ID_LEN + 1);
		s->uid = uid;
		s->next = r->sessions;
		r->sessions = s;
	}
	offer_clear(s);
	s->epoch = epoch; /* a session that went home, or a rendezvous that lost its memory */
	s->sealed = copy;
	s->sealed_len = len;
	snprintf(s->node, sizeof(s->node), "%s", node);
	for (int i = 0; i < 16; i++)
		snprintf(s->ticket + 2 * i, 3, "%02x", random[i]);
	s->expires_ms = now_ms + RDV_OFFER_MS;
	s->offer = OFFER_OPEN;
	memcpy(ret_ticket, s->ticket, sizeof(s->ticket));
	return RDV_OK;
}

enum rdv_refusal rdv_take(struct rdv *r, uid_t uid, const char *ticket, int64_t now_ms,
			  const void **ret, size_t *ret_len)
{
	struct session *s = by_ticket(r, uid, ticket);

	if (s == NULL || s->offer != OFFER_OPEN || now_ms >= s->expires_ms)
		return RDV_NO_OFFER;
	s->offer = OFFER_TAKEN;
	*ret = s->sealed;
	*ret_len = s->sealed_len;
	return RDV_OK;
}

enum rdv_refusal rdv_commit(struct rdv *r, uid_t uid, const char *ticket, int64_t now_ms,
			    uint64_t *ret_epoch)
{
	struct session *s = by_ticket(r, uid, ticket);

	(void)now_ms; /* taken in time; the restore on the other node may be slow */
	if (s == NULL || s->offer != OFFER_TAKEN)
		return RDV_NO_OFFER;
	memcpy(s->holder, s->node, sizeof(s->holder));
	offer_clear(s);
	*ret_epoch = ++s->epoch;
	return RDV_OK;
}

enum rdv_refusal rdv_abort(struct rdv *r, uid_t uid, const char *ticket)
{
	struct session *s = by_ticket(r, uid, ticket);

	if (s == NULL)
		return RDV_NO_OFFER;
	offer_clear(s);
	return RDV_OK;
}

static enum rdv_refusal owned(struct rdv *r, uid_t uid, const char *session, struct session **ret)
{
	*ret = by_id(r, session);
	if (*ret == NULL)
		return RDV_NO_SESSION;
	return (*ret)->uid == uid ? RDV_OK : RDV_NOT_YOURS;
}

enum rdv_refusal rdv_end(struct rdv *r, uid_t uid, const char *session, uint64_t epoch)
{
	struct session *s, **p = &r->sessions;
	enum rdv_refusal refusal = owned(r, uid, session, &s);

	if (refusal != RDV_OK)
		return refusal;
	if (epoch < s->epoch)
		return RDV_STALE;
	while (*p != s)
		p = &(*p)->next;
	*p = s->next;
	session_free(s);
	return RDV_OK;
}

int rdv_at(const struct rdv *r, size_t i, struct rdv_info *ret)
{
	const struct session *s = r->sessions;

	while (s != NULL && i-- != 0)
		s = s->next;
	if (s == NULL)
		return 0;
	*ret = (struct rdv_info){ s->id, s->holder, s->uid, s->epoch };
	return 1;
}

/* ---- requests ---- */

struct request {
	char session[RDV_ID_LEN + 1], ticket[RDV_TICKET_LEN + 1], node[RDV_NODE_MAX + 1];
	uint64_t epoch;
	const uint8_t *sealed;
	size_t len;
};

/* Reads what is there; what a request needs is checked by what it calls. */
static bool read_request(const struct msg_view *m, struct request *q)
{
	int r[] = { msg_get_str(m, MSG_SESSION, q->session, sizeof(q->session)),
		    msg_get_str(m, MSG_TICKET, q->ticket, sizeof(q->ticket)),
		    msg_get_str(m, MSG_NODE, q->node, sizeof(q->node)),
		    msg_get_uint(m, MSG_EPOCH, UINT64_MAX, &q->epoch),
		    msg_get_bytes(m, MSG_STATE, &q->sealed, &q->len) };

	for (size_t i = 0; i < sizeof(r) / sizeof(r[0]); i++)
		if (r[i] < 0 && r[i] != -ENOENT)
			return false;
	return true;
}

int rdv_serve(struct rdv *r, uid_t uid, enum frame_type type, const struct msg_view *m,
	      int64_t now_ms, const uint8_t random[16], struct frame_buf *out)
{
	struct request q = { 0 };
	enum rdv_refusal refusal = RDV_BAD_REQUEST;
	char ticket[RDV_TICKET_LEN + 1];
	const void *state = NULL;
	size_t len = 0;
	uint64_t epoch = 0;
	struct msg reply;

	msg_init(&reply);
	if (read_request(m, &q)) {
		switch (type) {
		case FRAME_RDV_OFFER:
			refusal = rdv_offer(r, uid, q.session, q.epoch, q.node, q.sealed, q.len,
					    now_ms, random, ticket);
			if (refusal == RDV_OK)
				msg_str(&reply, MSG_TICKET, ticket);
			break;
		case FRAME_RDV_TAKE:
			refusal = rdv_take(r, uid, q.ticket, now_ms, &state, &len);
			break;
		case FRAME_RDV_COMMIT:
			refusal = rdv_commit(r, uid, q.ticket, now_ms, &epoch);
			break;
		case FRAME_RDV_ABORT:
			refusal = rdv_abort(r, uid, q.ticket);
			break;
		case FRAME_RDV_END:
			refusal = rdv_end(r, uid, q.session, q.epoch);
			break;
		default:
			break;
		}
	}
	if (refusal != RDV_OK) {
		msg_uint(&reply, MSG_STATUS, (uint64_t)refusal);
		msg_str(&reply, MSG_WHY, rdv_refusal_text(refusal));
		return frame_put_msg(out, FRAME_REFUSED, &reply);
	}
	if (state != NULL)
		msg_bytes(&reply, MSG_STATE, state, len);
	if (epoch != 0)
		msg_uint(&reply, MSG_EPOCH, epoch);
	return frame_put_msg(out, FRAME_OK, &reply);
}
