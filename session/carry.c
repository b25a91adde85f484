#include <config.h>

#include "session/carry.h"

#include <errno.h>
#include <string.h>

void carry_init(struct carry *c, const struct carry_ops *ops, void *arg)
{
	*c = (struct carry){ .ops = ops, .arg = arg };
}

void carry_release(struct carry *c)
{
	frame_buf_release(&c->out);
	frame_buf_release(&c->gout);
}

void carry_reached(struct carry *c, bool persist, bool frozen)
{
	c->state = CARRY_READY;
	c->then = frozen ? CARRY_FROZEN : CARRY_LIVE;
	c->persist = persist;
}

static void say(struct carry *c, enum frame_type type, const char *why, int status)
{
	struct verdict v = { .why = (char *)(uintptr_t)why, .status = (uint64_t)status };

	(void)frames_put(&c->out, type, &verdict_record, &v);
}

static void set_frozen(struct carry *c, bool on)
{
	c->state = on ? CARRY_FROZEN : CARRY_LIVE;
	c->ops->mode(c->arg, on);
}

/* A frame, with what came in it. */
struct came {
	enum frame_type type;
	const uint8_t *payload;
	size_t len;
	union frames_body *body; /* NULL: only checked */
};

/* ---- from the peer ---- */

static int on_data(struct carry *c, const struct came *f)
{
	const uint8_t *bytes;
	unsigned stream;
	size_t len;

	if (frame_get_data(f->payload, f->len, &stream, &bytes, &len) < 0 || stream != 0)
		return -EBADMSG; /* only the terminal so far */
	c->ops->output(c->arg, bytes, len);
	return 0;
}

static int on_ack(struct carry *c, const struct came *f)
{
	uint64_t n = f->body->progress.delivered;

	return f->body->progress.stream == 0 && n <= c->sent && c->ops->acked(c->arg, n) ? 0 : -EBADMSG;
}

static int on_frozen(struct carry *c, const struct came *f)
{
	set_frozen(c, true);
	return on_ack(c, f);
}

/* The shell makes no offer after all. */
static int on_thaw(struct carry *c, const struct came *f)
{
	(void)f;
	set_frozen(c, false);
	return 0;
}

/* Passes the offer on, with the input that the peer has not delivered. */
static int on_offer(struct carry *c, const struct came *f)
{
	struct departure *d = &f->body->offer;

	if (d->input.s != NULL)
		return -EBADMSG; /* only the link knows that */
	c->ops->undelivered(c->arg, &d->input);
	if (frames_put(&c->gout, FRAME_OFFER, &departure_record, d) < 0) { /* else the shell waits for ever */
		set_frozen(c, false);
		say(c, FRAME_RESUME, "the state and what was typed are too large together", 1);
	}
	return 0;
}

static int on_checkpoint(struct carry *c, const struct came *f)
{
	struct msg_view v;
	uint64_t flags = 0;

	if (msg_parse(&v, f->payload, f->len) == 0)
		(void)msg_get_uint(&v, MSG_FLAGS, UINT32_MAX, &flags);
	c->persist = (flags & MSG_PERSIST) != 0;
	return frame_put(&c->gout, f->type, f->payload, f->len);
}

static int pass_on(struct carry *c, const struct came *f)
{
	return frame_put(&c->gout, f->type, f->payload, f->len);
}

static int on_ended(struct carry *c, const struct came *f)
{
	c->state = CARRY_ENDED;
	say(c, FRAME_EXIT, NULL, 0); /* the peer need not wait any longer */
	return pass_on(c, f);
}

/* ---- from the guardian ---- */

static int on_commit(struct carry *c, const struct came *f)
{
	(void)f;
	c->state = c->then;
	if (c->state == CARRY_LIVE)
		c->ops->mode(c->arg, false);
	c->ops->committed(c->arg); /* lets go of HELLO: before there is anything behind it */
	say(c, FRAME_COMMIT, NULL, 0);
	return 0;
}

static int on_redraw(struct carry *c, const struct came *f)
{
	(void)f;
	c->ops->redraw(c->arg);
	return 0;
}

/* The shell stays. What was typed meanwhile is still in the terminal; what the peer holds goes on. */
static int on_resume(struct carry *c, const struct came *f)
{
	set_frozen(c, false);
	return frame_put(&c->out, f->type, f->payload, f->len);
}

static int on_release(struct carry *c, const struct came *f)
{
	c->state = CARRY_RELEASED;
	return frame_put(&c->out, f->type, f->payload, f->len);
}

static int on_signal(struct carry *c, const struct came *f)
{
	return frame_put(&c->out, f->type, f->payload, f->len);
}

/* Never run: pty/reach.c reads the peer's first words, and asks carry_accepts() about them. */
static int answer(struct carry *c, const struct came *f)
{
	(void)c;
	(void)f;
	return -EBADMSG;
}

/* ---- which frame may come when ---- */

#define IN(state) (1u << CARRY_##state)
#define SESSION (IN(LIVE) | IN(FROZEN))
#define SHOWN (SESSION | IN(RELEASED))

static const struct row {
	enum party from;
	enum frame_type type;
	unsigned states;
	bool copied; /* the handler wants the body, not only that it is well-formed */
	int (*run)(struct carry *c, const struct came *f);
} rows[] = {
	{ PARTY_PEER, FRAME_DATA, IN(REACHING), false, answer },
	{ PARTY_PEER, FRAME_READY, IN(REACHING), false, answer },
	{ PARTY_PEER, FRAME_ABORT, IN(REACHING), false, answer },
	{ PARTY_PEER, FRAME_EXIT, IN(REACHING), false, answer },
	{ PARTY_PEER, FRAME_DATA, SHOWN, false, on_data },
	{ PARTY_PEER, FRAME_ACK, SHOWN, true, on_ack },
	{ PARTY_PEER, FRAME_FROZEN, SESSION, true, on_frozen },
	{ PARTY_PEER, FRAME_RESUME, IN(FROZEN), false, on_thaw },
	{ PARTY_PEER, FRAME_OFFER, IN(FROZEN), true, on_offer },
	{ PARTY_PEER, FRAME_CHECKPOINT, SESSION, false, on_checkpoint },
	{ PARTY_PEER, FRAME_FENCED, SHOWN, false, pass_on },
	{ PARTY_PEER, FRAME_EXIT, SHOWN, false, on_ended },
	{ PARTY_GUARDIAN, FRAME_COMMIT, IN(READY), false, on_commit },
	{ PARTY_GUARDIAN, FRAME_WINCH, SHOWN, false, on_redraw },
	{ PARTY_GUARDIAN, FRAME_RESUME, IN(FROZEN), false, on_resume },
	{ PARTY_GUARDIAN, FRAME_RELEASE, SESSION, false, on_release },
	{ PARTY_GUARDIAN, FRAME_SIGNAL, SHOWN, false, on_signal },
};

static const struct row *find_row(const struct carry *c, enum party from, enum frame_type type)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].from == from && rows[i].type == type && (rows[i].states & 1u << c->state) != 0)
			return &rows[i];
	return NULL;
}

bool carry_accepts(const struct carry *c, enum party from, enum frame_type type)
{
	return find_row(c, from, type) != NULL;
}

static int dispatch(struct carry *c, enum party from, struct came *f)
{
	const struct row *row = find_row(c, from, f->type);
	const struct frames_row *frame = frames_find(f->type, from, PARTY_LINK);
	union frames_body body;
	int r;

	if (row == NULL || frame == NULL)
		return -EBADMSG;
	if (!row->copied)
		return frames_check(frame, f->payload, f->len) < 0 ? -EBADMSG : row->run(c, f);
	r = frames_get(frame, f->payload, f->len, &body);
	if (r < 0)
		return r;
	f->body = &body;
	r = row->run(c, f);
	frames_release(frame, &body);
	return r;
}

int carry_from_peer(struct carry *c, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct came f = { .type = type, .payload = payload, .len = len };

	return dispatch(c, PARTY_PEER, &f);
}

int carry_from_guardian(struct carry *c, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct came f = { .type = type, .payload = payload, .len = len };

	return dispatch(c, PARTY_GUARDIAN, &f);
}

/* ---- what we say ourselves ---- */

int carry_send_input(struct carry *c, const uint8_t *bytes, size_t len)
{
	int r = frame_put_data(&c->out, 0, bytes, len);

	if (r == 0)
		c->sent += len;
	return r;
}

void carry_ack_output(struct carry *c, uint64_t shown, uint64_t least)
{
	struct progress p = { .delivered = shown };

	if (shown - c->ack_sent < least)
		return;
	(void)frames_put(&c->out, FRAME_ACK, &progress_record, &p);
	c->ack_sent = shown;
}

void carry_winch(struct carry *c, uint16_t height, uint16_t width)
{
	struct winch w = { height, width };

	(void)frames_put(&c->out, FRAME_WINCH, &winch_record, &w);
}

void carry_farewell(struct carry *c, uint64_t shown)
{
	if (!carry_shows(c))
		return;
	if (c->persist)
		carry_ack_output(c, shown, 0); /* who attaches need not see it again */
	else
		say(c, FRAME_SIGNAL, NULL, 1);
}
