#include <config.h>

#include "session/hold.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum {
	COMMIT_MS = 60000,  /* from READY: nobody waits so long with a shell that is frozen */
	END_MS = 3000,	    /* for the shell to end after a hangup */
	FAREWELL_MS = 1000, /* for the link to hear how the shell ended, when a hangup ended it */
	GRACE_MS = 24 * 3600 * 1000, /* without a link: then nobody comes any more */
	KEPT_MAX = 2 * STATE_MAX,    /* checkpoints that a link may not have got */
	ACK_EVERY = 1 << 14,
	CONNECT_SINCE = 3, /* a link and a guardian know CONNECT */
};

void hold_init(struct hold *h, const struct hold_ops *ops, void *arg, const struct hello *hello, int64_t now_ms)
{
	*h = (struct hold){ .state = HOLD_RESTORING, .ops = ops, .arg = arg, .linked = true,
			    .persist = (hello->flags & MSG_PERSIST) != 0, .version = hello->version, .since_ms = now_ms };
	memcpy(h->secret, hello->secret, sizeof(h->secret));
}

void hold_release(struct hold *h)
{
	frame_buf_release(&h->out);
	frame_buf_release(&h->ctl_out);
	frame_buf_release(&h->input);
	frame_buf_release(&h->replay);
	frame_buf_release(&h->kept);
	frame_buf_release(&h->offer);
	explicit_bzero(h->secret, sizeof(h->secret));
}

static void enter(struct hold *h, enum hold_state state, int64_t now_ms)
{
	h->state = state;
	h->since_ms = now_ms;
}

/* The shell goes on here: it was frozen, or its offer came to nothing. */
static void thaw(struct hold *h, int64_t now_ms)
{
	frame_buf_release(&h->offer);
	enter(h, HOLD_LIVE, now_ms);
}

static void to_shell(struct hold *h, enum frame_type type, const uint8_t *payload, size_t len)
{
	(void)frame_put(&h->ctl_out, type, payload, len);
}

static void to_link(struct hold *h, enum frame_type type, const struct record *record, const void *body)
{
	if (h->linked)
		(void)frames_put(&h->out, type, record, body);
}

/* Tells the link how much input the terminal has got. */
static void say_delivered(struct hold *h, enum frame_type type)
{
	struct progress p = { .delivered = h->delivered };

	to_link(h, type, &progress_record, &p);
	h->ack_sent = h->delivered;
}

static void say_end(struct hold *h)
{
	h->end.why = h->end_why[0] != '\0' ? h->end_why : NULL;
	to_link(h, FRAME_EXIT, &verdict_record, &h->end);
}

/* The link has shown output up to here. False when that cannot be. */
static bool take_ack(struct hold *h, uint64_t acked)
{
	if (acked > h->sent)
		return false;
	if (acked < h->acked) /* a new link tells what was shown: an older count than we have */
		return true;
	frame_buf_drop(&h->replay, (size_t)(acked - h->acked));
	h->acked = acked;
	return true;
}

/* ---- from the link ---- */

static int on_input(void *core, const struct came *f)
{
	struct hold *h = core;
	const uint8_t *bytes;
	unsigned stream;
	size_t len;

	if (frame_get_data(f->payload, f->len, &stream, &bytes, &len) < 0 || stream != 0)
		return -EBADMSG; /* only the terminal so far */
	return frame_buf_add(&h->input, bytes, len);
}

static int on_commit(void *core, const struct came *f)
{
	struct hold *h = core;

	enter(h, HOLD_LIVE, f->now_ms);
	to_shell(h, FRAME_COMMIT, f->payload, f->len);
	return 0;
}

/* The shell has ended meanwhile. The session is ours all the same, and its end is to be told. */
static int on_late_commit(void *core, const struct came *f)
{
	struct hold *h = core;

	enter(h, h->state == HOLD_FAILING ? HOLD_DRAINING : HOLD_FAREWELL, f->now_ms);
	return 0;
}

/* Told before, or to a shell that is ending: a link that attaches says COMMIT, too. */
static int nothing_new(void *core, const struct came *f)
{
	(void)core;
	(void)f;
	return 0;
}

/* The session stays where it was: the shell here is killed, before anybody saw what it did. */
static int on_abort(void *core, const struct came *f)
{
	struct hold *h = core;

	hold_link_lost(h, f->now_ms);
	return 0;
}

static int on_ack(void *core, const struct came *f)
{
	struct hold *h = core;

	return f->body->progress.stream == 0 && take_ack(h, f->body->progress.delivered) ? 0 : -EBADMSG;
}

static int on_winch(void *core, const struct came *f)
{
	struct hold *h = core;

	h->ops->resize(h->arg, f->body->winch.rows, f->body->winch.cols);
	return 0;
}

static void hang_up(struct hold *h, int64_t now_ms)
{
	h->ops->hang_up(h->arg);
	h->hung_up = true;
	enter(h, HOLD_HUNG_UP, now_ms);
}

static int on_signal(void *core, const struct came *f)
{
	struct hold *h = core;

	hang_up(h, f->now_ms);
	return 0;
}

static int on_release(void *core, const struct came *f)
{
	struct hold *h = core;

	enter(h, HOLD_RELEASED, f->now_ms);
	to_shell(h, f->type, f->payload, f->len);
	return 0;
}

/* The shell stays. */
static int on_resume(void *core, const struct came *f)
{
	struct hold *h = core;

	thaw(h, f->now_ms);
	to_shell(h, f->type, f->payload, f->len);
	return 0;
}

/* For the shell: its session does not persist; what became of CONNECT, or of a job. */
static int on_unkept(void *core, const struct came *f)
{
	struct hold *h = core;

	to_shell(h, f->type, f->payload, f->len);
	return 0;
}

/* What became of CONNECT, where no guardian says it; why NULL: the shell may go. */
static void connected(struct hold *h, const char *why)
{
	struct verdict v = { .why = (char *)(uintptr_t)why, .status = why != NULL, .seq = h->connecting };

	h->connecting = 0;
	(void)frames_put(&h->ctl_out, FRAME_CONNECT, &verdict_record, &v);
}

/* The link knows how the session ended. */
static int on_understood(void *core, const struct came *f)
{
	struct hold *h = core;

	enter(h, HOLD_DONE, f->now_ms);
	return 0;
}

/* ---- from the shell ---- */

static int pass_on(void *core, const struct came *f)
{
	struct hold *h = core;

	return h->linked ? frame_put(&h->out, f->type, f->payload, f->len) : 0;
}

static int on_restored(void *core, const struct came *f)
{
	struct hold *h = core;

	h->since_ms = f->now_ms;
	return pass_on(h, f);
}

/*
 * From here on input waits: what is not delivered goes to the next node, and what is, the
 * shell takes out of the terminal when it sees this answer.
 */
static int on_freeze(void *core, const struct came *f)
{
	struct hold *h = core;

	enter(h, HOLD_FROZEN, f->now_ms);
	say_delivered(h, FRAME_FROZEN);
	to_shell(h, FRAME_FROZEN, f->payload, f->len);
	return 0;
}

/* The shell makes no offer after all. */
static int on_thaw(void *core, const struct came *f)
{
	struct hold *h = core;

	thaw(h, f->now_ms);
	return pass_on(h, f);
}

/* A verdict on the offer before this one has thawed it meanwhile: the shell must not wait for ever. */
static int on_offer_late(void *core, const struct came *f)
{
	struct hold *h = core;
	struct verdict v = { .why = (char *)(uintptr_t)"the move before was only just refused: try again", .status = 1 };

	(void)f;
	return frames_put(&h->ctl_out, FRAME_RESUME, &verdict_record, &v);
}

/* Remembers what the next link may have to hear again. */
static void keep(struct hold *h, const struct came *f, bool whole)
{
	if (whole || h->kept.len + f->len > KEPT_MAX)
		frame_buf_release(&h->kept);
	(void)frame_put(&h->kept, f->type, f->payload, f->len);
}

static int on_offer(void *core, const struct came *f)
{
	struct hold *h = core;

	enter(h, HOLD_OFFERED, f->now_ms);
	/* beside the checkpoints: who has none of them yet needs those, too, if the shell stays */
	frame_buf_release(&h->offer);
	(void)frame_put(&h->offer, f->type, f->payload, f->len);
	return pass_on(h, f);
}

static int on_connect(void *core, const struct came *f)
{
	struct hold *h = core;

	h->connecting = frames_number(f->payload, f->len, MSG_SEQ);
	if (h->linked && h->version >= CONNECT_SINCE)
		return pass_on(h, f);
	connected(h, h->linked ? NULL : "the link is gone"); /* an older guardian connects with the move */
	return 0;
}

static int on_checkpoint(void *core, const struct came *f)
{
	struct hold *h = core;
	uint64_t flags = frames_number(f->payload, f->len, MSG_FLAGS);

	if (frames_number(f->payload, f->len, MSG_AGE) != 0)
		return -EBADMSG; /* it is made now; only we say one again */
	h->persist = (flags & MSG_PERSIST) != 0; /* for how long we wait without a link */
	h->kept_ms = f->now_ms;
	keep(h, f, (flags & MSG_WHOLE) != 0);
	return pass_on(h, f);
}

/* ---- which frame may come when ---- */

#define IN(state) (1u << HOLD_##state)
#define BEFORE (IN(RESTORING) | IN(FAILING) | IN(FAILED))
#define WAITING (IN(FROZEN) | IN(OFFERED))
#define SHELL (IN(LIVE) | WAITING)
#define ENDING (IN(RELEASED) | IN(HUNG_UP) | IN(DRAINING) | IN(LEAVING) | IN(FAREWELL))

static const struct frames_rule rules[] = {
	{ PARTY_LINK, FRAME_COMMIT, IN(RESTORING), false, on_commit },
	{ PARTY_LINK, FRAME_COMMIT, IN(FAILING) | IN(FAILED), false, on_late_commit },
	{ PARTY_LINK, FRAME_COMMIT, SHELL | ENDING, false, nothing_new },
	{ PARTY_LINK, FRAME_ABORT, BEFORE, false, on_abort },
	{ PARTY_LINK, FRAME_DATA, SHELL | ENDING, false, on_input },
	{ PARTY_LINK, FRAME_ACK, BEFORE | SHELL | ENDING, true, on_ack },
	{ PARTY_LINK, FRAME_WINCH, BEFORE | SHELL | ENDING, true, on_winch },
	{ PARTY_LINK, FRAME_SIGNAL, SHELL, false, on_signal },
	{ PARTY_LINK, FRAME_SIGNAL, ENDING, false, nothing_new },
	{ PARTY_LINK, FRAME_RELEASE, SHELL, false, on_release },
	{ PARTY_LINK, FRAME_RELEASE, ENDING, false, nothing_new },
	{ PARTY_LINK, FRAME_RESUME, IN(LIVE), false, nothing_new }, /* said twice after a reconnect */
	{ PARTY_LINK, FRAME_RESUME, WAITING, false, on_resume },
	{ PARTY_LINK, FRAME_RESUME, ENDING, false, nothing_new },
	{ PARTY_LINK, FRAME_UNKEPT, SHELL, false, on_unkept },
	{ PARTY_LINK, FRAME_UNKEPT, ENDING, false, nothing_new },
	{ PARTY_LINK, FRAME_CONNECT, SHELL, false, on_unkept },
	{ PARTY_LINK, FRAME_CONNECT, ENDING, false, nothing_new },
	{ PARTY_LINK, FRAME_JOB, SHELL, false, on_unkept },
	{ PARTY_LINK, FRAME_JOB, ENDING, false, nothing_new },
	{ PARTY_LINK, FRAME_EXIT, IN(FAREWELL) | IN(FAILED), false, on_understood },
	{ PARTY_SHELL, FRAME_READY, IN(RESTORING), false, on_restored },
	{ PARTY_SHELL, FRAME_ABORT, IN(RESTORING), false, on_restored },
	{ PARTY_SHELL, FRAME_FROZEN, IN(LIVE), false, on_freeze },
	{ PARTY_SHELL, FRAME_RESUME, WAITING, false, on_thaw },
	{ PARTY_SHELL, FRAME_OFFER, IN(FROZEN), false, on_offer },
	{ PARTY_SHELL, FRAME_OFFER, IN(LIVE), false, on_offer_late },
	{ PARTY_SHELL, FRAME_CONNECT, IN(LIVE), false, on_connect },
	{ PARTY_SHELL, FRAME_CONNECT, ENDING, false, nothing_new },
	{ PARTY_SHELL, FRAME_JOB, IN(LIVE), false, pass_on },
	{ PARTY_SHELL, FRAME_JOB, ENDING | IN(FROZEN), false, nothing_new }, /* pty/peer.c */
	{ PARTY_SHELL, FRAME_CHECKPOINT, IN(RESTORING) | SHELL, false, on_checkpoint },
	{ PARTY_SHELL, FRAME_CHECKPOINT, ENDING, false, nothing_new },
};
static const struct frames_rules table = { rules, sizeof(rules) / sizeof(rules[0]), PARTY_PEER };

bool hold_accepts(const struct hold *h, enum party from, enum frame_type type)
{
	return frames_rule(&table, (unsigned)h->state, from, type) != NULL;
}

int hold_from_link(struct hold *h, enum frame_type type, const uint8_t *payload, size_t len, int64_t now_ms)
{
	struct came f = { .type = type, .payload = payload, .len = len, .now_ms = now_ms };

	return frames_run(&table, (unsigned)h->state, PARTY_LINK, &f, h);
}

int hold_from_shell(struct hold *h, enum frame_type type, const uint8_t *payload, size_t len, int64_t now_ms)
{
	struct came f = { .type = type, .payload = payload, .len = len, .now_ms = now_ms };

	return frames_run(&table, (unsigned)h->state, PARTY_SHELL, &f, h);
}

/* ---- links that go and come ---- */

void hold_link_lost(struct hold *h, int64_t now_ms)
{
	if (!hold_committed(h)) {
		h->ops->kill(h->arg, false);
		enter(h, HOLD_DONE, now_ms);
		return;
	}
	if (!h->linked)
		return;
	h->linked = false;
	h->since_ms = now_ms;
	if (h->connecting)
		connected(h, "the link is gone");
	h->ops->close_link(h->arg);
	frame_buf_release(&h->out);
	if (h->state == HOLD_RELEASED || h->state == HOLD_LEAVING)
		enter(h, HOLD_DONE, now_ms);
}

/* Takes the same time wherever the two differ. */
static bool same_secret(const uint8_t *a, const uint8_t *b)
{
	uint8_t diff = 0;

	for (size_t i = 0; i < HANDOVER_SECRET; i++)
		diff |= a[i] ^ b[i];
	return diff == 0;
}

/* A checkpoint that was said before, with its age. */
static void say_old(struct hold *h, const uint8_t *payload, size_t len, int64_t now_ms)
{
	struct checkpoint_frame c;
	struct msg_view v;

	if (msg_parse(&v, payload, len) < 0 || record_get(&checkpoint_record, &v, &c) < 0)
		return;
	c.age = (uint64_t)(now_ms > h->kept_ms ? now_ms - h->kept_ms : 0);
	(void)frames_put(&h->out, FRAME_CHECKPOINT, &checkpoint_record, &c);
	record_release(&checkpoint_record, &c);
}

/* Repeats output that was not acknowledged, and what the shell said that may not have arrived. */
static void say_again(struct hold *h, uint64_t seq, int64_t now_ms)
{
	struct frame_buf rest = h->kept; /* borrowed */
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;

	for (size_t off = 0; off < h->replay.len; off += HOLD_CHUNK) {
		len = h->replay.len - off < HOLD_CHUNK ? h->replay.len - off : HOLD_CHUNK;
		(void)frame_put_data(&h->out, 0, frame_buf_at(&h->replay) + off, len);
	}
	if (h->state == HOLD_FROZEN || h->state == HOLD_OFFERED)
		say_delivered(h, FRAME_FROZEN);
	while (frame_next(&rest, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		if (frames_number(payload, len, MSG_SEQ) >= seq)
			say_old(h, payload, len, now_ms);
		frame_buf_drop(&rest, total);
	}
	if (h->state == HOLD_OFFERED && h->offer.len != 0)
		(void)frame_buf_add(&h->out, frame_buf_at(&h->offer), h->offer.len);
	if (h->state == HOLD_FAREWELL)
		say_end(h);
}

static void take_over(struct hold *h, const struct hello *hello, const char *node, int64_t now_ms)
{
	struct ready r = { .received = h->delivered + h->input.len,
			   .sent = h->acked,
			   .flags = h->state == HOLD_OFFERED ? MSG_FROZEN : 0 };
	struct attached a = { .display = hello->display /* borrowed */, .flags = hello->flags & MSG_FRESH };

	h->linked = true;
	h->version = hello->version;
	h->since_ms = now_ms;
	if (record_secret_is_set(hello->new_secret, sizeof(hello->new_secret)))
		memcpy(h->secret, hello->new_secret, sizeof(h->secret));
	snprintf(r.node, sizeof(r.node), "%s", node);
	to_link(h, FRAME_READY, &ready_record, &r);
	/* the last link may not have heard how much input arrived, and a full window stays silent */
	if (h->state != HOLD_FROZEN && h->state != HOLD_OFFERED)
		say_delivered(h, FRAME_ACK);
	say_again(h, hello->seq, now_ms);
	if (hello->rows != 0 || hello->cols != 0)
		h->ops->resize(h->arg, hello->rows, hello->cols);
	if ((hello->flags & MSG_FRESH) != 0 || a.display != NULL) { /* the shell hears where its terminal, and its display, is now */
		memcpy(a.origin, hello->origin, sizeof(a.origin));
		(void)frames_put(&h->ctl_out, FRAME_ATTACHED, &attached_record, &a);
	}
}

int hold_attach(struct hold *h, const struct hello *hello, const char *node, int64_t now_ms, const char **why)
{
	bool fresh = (hello->flags & MSG_FRESH) != 0;
	struct verdict nothing = { 0 };

	/* as its new secret: we took that over, and our answer did not arrive */
	if (!same_secret(hello->secret, h->secret) && !same_secret(hello->new_secret, h->secret)) {
		*why = "another terminal has the session now";
		return MSG_ATTACH_TAKEN;
	}
	if (hello->errand == ERRAND_FENCE) {
		*why = "ended";
		if ((hello->flags & MSG_KEEP) == 0 || h->state < HOLD_OFFERED) {
			h->ops->kill(h->arg, true);
			enter(h, HOLD_DONE, now_ms);
		} else if (h->state == HOLD_OFFERED) { /* jobs stay, and RELEASE did not arrive */
			hold_link_lost(h, now_ms);
			(void)on_release(h, &(struct came){ .type = FRAME_RELEASE, .now_ms = now_ms });
		}
		return MSG_ATTACH_GONE;
	}
	if (!fresh && (hello->received > h->sent || hello->received < h->acked)) {
		*why = "the counters do not agree";
		return MSG_ATTACH_FAILED;
	}
	if (!hold_committed(h)) { /* its file says already that we have it */
		*why = "its move there is under way";
		return MSG_ATTACH_FAILED;
	}
	if (h->linked) { /* the link that we have may still be alive */
		frame_buf_release(&h->out);
		to_link(h, FRAME_FENCED, &verdict_record, &nothing);
		hold_link_lost(h, now_ms);
	}
	if (!fresh)
		(void)take_ack(h, hello->received);
	take_over(h, hello, node, now_ms);
	return 0;
}

/* ---- the pty ---- */

bool hold_reads(const struct hold *h)
{
	return h->sent - h->acked < HOLD_WINDOW && h->out.len < 2 * HOLD_WINDOW;
}

void hold_output(struct hold *h, const uint8_t *bytes, size_t len)
{
	if (h->linked)
		(void)frame_put_data(&h->out, 0, bytes, len);
	(void)frame_buf_add(&h->replay, bytes, len);
	h->sent += len;
}

bool hold_writes(const struct hold *h)
{
	return h->input.len != 0 && h->state != HOLD_FROZEN && h->state != HOLD_OFFERED;
}

void hold_input_taken(struct hold *h, size_t len)
{
	frame_buf_drop(&h->input, len);
	h->delivered += len;
	if (h->delivered - h->ack_sent >= ACK_EVERY)
		say_delivered(h, FRAME_ACK);
}

/* ---- the end ---- */

void hold_shell_ended(struct hold *h, int status, int64_t now_ms)
{
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) != SIGHUP && !h->hung_up;
	bool quiet = h->state == HOLD_RELEASED || (h->hung_up && !h->linked);

	h->end = (struct verdict){ .status = WIFEXITED(status) ? (uint64_t)WEXITSTATUS(status) : 128 + (uint64_t)WTERMSIG(status) };
	if (killed) { /* the session goes on from its last checkpoint */
		h->end.flags = MSG_LOST;
		snprintf(h->end_why, sizeof(h->end_why), "the shell there was killed by signal %d", WTERMSIG(status));
	}
	enter(h, !hold_committed(h) ? HOLD_FAILING : quiet ? HOLD_LEAVING : HOLD_DRAINING, now_ms);
}

void hold_drained(struct hold *h, bool open, int64_t now_ms)
{
	/* not all: while the window is full, the rest stays in the terminal */
	if (open && h->sent - h->acked >= HOLD_WINDOW)
		return;
	if (h->state == HOLD_LEAVING && (h->out.len == 0 || !h->linked)) {
		enter(h, HOLD_DONE, now_ms);
	} else if (h->state == HOLD_DRAINING || h->state == HOLD_FAILING) {
		enter(h, h->state == HOLD_FAILING ? HOLD_FAILED : HOLD_FAREWELL, now_ms);
		say_end(h);
	}
}

int64_t hold_next_due(const struct hold *h, int64_t now_ms)
{
	int64_t limit = -1, left;

	if (h->state == HOLD_HUNG_UP)
		limit = END_MS;
	else if (h->state == HOLD_FAREWELL && h->hung_up)
		limit = FAREWELL_MS;
	else if (!hold_committed(h))
		limit = COMMIT_MS;
	else if (!h->linked && (!h->persist || h->state == HOLD_FAREWELL))
		limit = GRACE_MS;
	if (limit < 0)
		return -1;
	left = h->since_ms + limit - now_ms;
	return left > 0 ? left : 0;
}

void hold_tend(struct hold *h, int64_t now_ms)
{
	if (hold_next_due(h, now_ms) != 0)
		return;
	switch (h->state) {
	case HOLD_FAREWELL:
		enter(h, HOLD_DONE, now_ms);
		break;
	case HOLD_HUNG_UP:
		h->ops->kill(h->arg, false);
		h->since_ms = now_ms;
		break;
	case HOLD_RESTORING:
	case HOLD_FAILING:
	case HOLD_FAILED:
		hold_link_lost(h, now_ms);
		break;
	default:
		hang_up(h, now_ms);
	}
}
