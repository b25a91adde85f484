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

int carry_attach_answer(enum errand errand, enum frame_type type, const union frames_body *body, bool fits,
			const char **why)
{
	const struct verdict *v = &body->verdict;

	switch (type) {
	case FRAME_READY:
		if (errand == ERRAND_ATTACH && fits)
			return 0;
		*why = errand == ERRAND_ATTACH ? "the counters do not agree" :
						 "the peer goes on, and was to end";
		return MSG_ATTACH_FAILED;
	case FRAME_ABORT:
		*why = v->why != NULL ? v->why : "the peer refused";
		return v->status == MSG_ATTACH_GONE || v->status == MSG_ATTACH_TAKEN ? (int)v->status :
										       MSG_ATTACH_FAILED;
	case FRAME_EXIT: /* no peer of ours says it before READY; the next attempt may hear both */
		*why = v->why != NULL ? v->why : "the shell there has ended";
		return MSG_ATTACH_FAILED;
	default:
		*why = "the peer's answer cannot be read";
		return MSG_ATTACH_FAILED;
	}
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

/* ---- from the peer ---- */

static int on_data(void *core, const struct came *f)
{
	struct carry *c = core;
	const uint8_t *bytes;
	unsigned stream;
	size_t len;

	if (frame_get_data(f->payload, f->len, &stream, &bytes, &len) < 0 || stream != 0)
		return -EBADMSG; /* only the terminal so far */
	c->ops->output(c->arg, bytes, len);
	return 0;
}

static int on_ack(void *core, const struct came *f)
{
	struct carry *c = core;
	uint64_t n = f->body->progress.delivered;

	return f->body->progress.stream == 0 && n <= c->sent && c->ops->acked(c->arg, n) ? 0 : -EBADMSG;
}

static int on_frozen(void *core, const struct came *f)
{
	struct carry *c = core;

	set_frozen(c, true);
	return on_ack(c, f);
}

/* The shell makes no offer after all. */
static int on_thaw(void *core, const struct came *f)
{
	struct carry *c = core;

	(void)f;
	set_frozen(c, false);
	return 0;
}

/* Passes the offer on, with the input that the peer has not delivered. */
static int on_offer(void *core, const struct came *f)
{
	struct carry *c = core;
	struct departure *d = &f->body->offer;

	if (d->input.s != NULL)
		return -EBADMSG; /* only the link knows that */
	c->state = CARRY_OFFERED;
	c->ops->undelivered(c->arg, &d->input);
	if (frames_put(&c->gout, FRAME_OFFER, &departure_record, d) < 0) { /* else the shell waits for ever */
		set_frozen(c, false);
		say(c, FRAME_RESUME, "the state and what was typed are too large together", 1);
	}
	return 0;
}

static int pass_on(void *core, const struct came *f)
{
	struct carry *c = core;

	return frame_put(&c->gout, f->type, f->payload, f->len);
}

static int on_checkpoint(void *core, const struct came *f)
{
	struct carry *c = core;

	c->persist = (frames_number(f->payload, f->len, MSG_FLAGS) & MSG_PERSIST) != 0;
	return pass_on(c, f);
}

static int on_ended(void *core, const struct came *f)
{
	struct carry *c = core;

	c->state = CARRY_ENDED;
	say(c, FRAME_EXIT, NULL, 0); /* the peer need not wait any longer */
	return pass_on(c, f);
}

/* ---- from the guardian ---- */

static int on_commit(void *core, const struct came *f)
{
	struct carry *c = core;

	(void)f;
	c->state = c->then;
	if (c->state == CARRY_LIVE)
		c->ops->mode(c->arg, false);
	c->ops->committed(c->arg); /* lets go of HELLO: before there is anything behind it */
	say(c, FRAME_COMMIT, NULL, 0);
	return 0;
}

static int on_redraw(void *core, const struct came *f)
{
	struct carry *c = core;

	(void)f;
	c->ops->redraw(c->arg);
	return 0;
}

/* The guardian has done with it, or takes it. */
static int on_terminal(void *core, const struct came *f)
{
	struct carry *c = core;

	c->ops->terminal(c->arg, f->body->verdict.status == 0);
	return 0;
}

/* The shell stays. What was typed meanwhile is still in the terminal; what the peer holds goes on. */
static int on_resume(void *core, const struct came *f)
{
	struct carry *c = core;

	set_frozen(c, false);
	return frame_put(&c->out, f->type, f->payload, f->len);
}

static int on_release(void *core, const struct came *f)
{
	struct carry *c = core;

	c->state = CARRY_RELEASED;
	c->stays = (f->body->verdict.flags & MSG_KEEP) != 0;
	return frame_put(&c->out, f->type, f->payload, f->len);
}

static int to_peer(void *core, const struct came *f)
{
	struct carry *c = core;

	return frame_put(&c->out, f->type, f->payload, f->len);
}

/* Not before what was written is shown: the caller looks. */
static int on_order(void *core, const struct came *f)
{
	struct carry *c = core;

	if ((f->body->job.flags & MSG_FRONT) == 0)
		return pass_on(core, f);
	c->front = f->body->job;
	c->front_due = true;
	return 0;
}

/* Somebody else writes to the terminal, too. */
static int on_job(void *core, const struct came *f)
{
	struct carry *c = core;

	c->shared = true;
	return to_peer(core, f);
}

/* Never run: pty/reach.c reads the peer's first words, and asks carry_accepts() about them. */
static int answer(void *core, const struct came *f)
{
	(void)core;
	(void)f;
	return -EBADMSG;
}

/* ---- which frame may come when ---- */

#define IN(state) (1u << CARRY_##state)
#define SESSION (IN(LIVE) | IN(FROZEN) | IN(OFFERED))
#define SHOWN (SESSION | IN(RELEASED))

static const struct frames_rule rules[] = {
	{ PARTY_PEER, FRAME_DATA, IN(REACHING), false, answer },
	{ PARTY_PEER, FRAME_READY, IN(REACHING), false, answer },
	{ PARTY_PEER, FRAME_ABORT, IN(REACHING), false, answer },
	{ PARTY_PEER, FRAME_EXIT, IN(REACHING), false, answer },
	{ PARTY_PEER, FRAME_DATA, SHOWN, false, on_data },
	{ PARTY_PEER, FRAME_ACK, SHOWN, true, on_ack },
	{ PARTY_PEER, FRAME_FROZEN, IN(LIVE) | IN(FROZEN), true, on_frozen },
	{ PARTY_PEER, FRAME_RESUME, IN(FROZEN), false, on_thaw },
	{ PARTY_PEER, FRAME_OFFER, IN(FROZEN), true, on_offer },
	{ PARTY_PEER, FRAME_CHECKPOINT, SESSION, false, on_checkpoint },
	{ PARTY_PEER, FRAME_CONNECT, SESSION, false, pass_on },
	{ PARTY_PEER, FRAME_JOB, IN(LIVE), true, on_order },
	{ PARTY_PEER, FRAME_FENCED, SHOWN, false, pass_on },
	{ PARTY_PEER, FRAME_EXIT, SHOWN, false, on_ended },
	{ PARTY_GUARDIAN, FRAME_COMMIT, IN(READY), false, on_commit },
	{ PARTY_GUARDIAN, FRAME_WINCH, SHOWN, false, on_redraw },
	{ PARTY_GUARDIAN, FRAME_RESUME, IN(FROZEN) | IN(OFFERED), false, on_resume },
	{ PARTY_GUARDIAN, FRAME_RELEASE, SESSION, true, on_release },
	{ PARTY_GUARDIAN, FRAME_SIGNAL, SHOWN, false, to_peer },
	{ PARTY_GUARDIAN, FRAME_UNKEPT, SHOWN, false, to_peer },
	{ PARTY_GUARDIAN, FRAME_CONNECT, SHOWN, false, to_peer },
	{ PARTY_GUARDIAN, FRAME_JOB, SHOWN, false, on_job },
	{ PARTY_GUARDIAN, FRAME_STALL, SHOWN, true, on_terminal },
};
static const struct frames_rules table = { rules, sizeof(rules) / sizeof(rules[0]), PARTY_LINK };

bool carry_accepts(const struct carry *c, enum party from, enum frame_type type)
{
	return frames_rule(&table, (unsigned)c->state, from, type) != NULL;
}

int carry_from_peer(struct carry *c, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct came f = { .type = type, .payload = payload, .len = len };

	return frames_run(&table, (unsigned)c->state, PARTY_PEER, &f, c);
}

int carry_from_guardian(struct carry *c, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct came f = { .type = type, .payload = payload, .len = len };

	return frames_run(&table, (unsigned)c->state, PARTY_GUARDIAN, &f, c);
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

void carry_front(struct carry *c)
{
	c->front_due = false;
	(void)frames_put(&c->gout, FRAME_JOB, &job_record, &c->front);
}

void carry_stall(struct carry *c, int why)
{
	struct verdict v = { .status = (uint64_t)why };

	(void)frames_put(&c->gout, FRAME_STALL, &verdict_record, &v);
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
