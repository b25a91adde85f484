#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "session/carry.h"
#include "session/hold.h"
#include "session/lost.h"
#include "tests/fuzz/fuzz.h"
#include "tests/neutral_ops.h"

/*
 * The session's cores, with a hostile neighbour on each side. The input is a sequence of steps:
 * one byte, then what it is about. The lower four bits say who hears something, the upper four
 * which event it is where it is no frame; a frame follows as on the wire.
 */
enum step {
	STEP_GUARD_NEXT, /* a frame for the guardian, of that link */
	STEP_GUARD_CURRENT,
	STEP_GUARD_EVENT,
	STEP_CARRY_PEER,
	STEP_CARRY_GUARDIAN,
	STEP_HOLD_LINK,
	STEP_HOLD_SHELL,
	STEP_HOLD_EVENT,
	STEP_GUARD_WARM,
	STEPS, /* of which there are 16 at most */
};

static const char session[] = "0123456789abcdef";

/* ---- what the cores ask for ---- */

static void op_send(void *arg, struct guard_link *l, enum frame_type type, const struct verdict *v)
{
	(void)arg;
	(void)l;
	(void)v;
	if (frames_find(type, PARTY_GUARDIAN, PARTY_LINK) == NULL)
		abort(); /* it said what it may not say */
}

static void op_bytes(void *arg, struct blob *ret)
{
	(void)arg;
	*ret = (struct blob){ (uint8_t *)strdup("typed"), 5 };
}

static bool op_try_home(void *arg, const struct arrival *a, char **why)
{
	(void)arg;
	(void)why;
	return a->from != 0;
}

static enum guard_file op_keep(void *arg, const struct kept *k, char **why)
{
	(void)arg;
	(void)why;
	if (k != NULL && strcmp(k->session, session) != 0)
		abort(); /* another session's file */
	return k != NULL && (k->from & 7) == 3 ? GUARD_OTHERS : GUARD_KEPT;
}

static void op_output(void *arg, const uint8_t *bytes, size_t len)
{
	unsigned sum = 0;

	(void)arg;
	for (size_t i = 0; i < len; i++)
		sum += bytes[i];
	(void)sum;
}

static bool op_trusts(void *arg, const char *node)
{
	(void)arg;
	return (node[0] & 1) != 0;
}

static uint64_t op_typed(void *arg)
{
	static uint64_t n;

	(void)arg;
	return n++ / 2; /* sometimes a key was pressed meanwhile */
}

static void op_ask(void *arg, enum guard_question question, const char *text)
{
	(void)arg;
	(void)question;
	if (*text == '\0')
		abort();
}

static const struct guard_ops guard_ops = {
	.start = neutral_start, .order = neutral_order, .send = op_send, .hang_up = neutral_link,
	.end = neutral_end, .fence = neutral_fence, .promoted = neutral_link, .unsent = op_bytes,
	.typed_since = neutral_typed_since,
	.draw = neutral_draw, .try_home = op_try_home, .home = neutral_home, .leave = neutral_leave,
	.keep = op_keep, .line = neutral_line, .job = neutral_job, .kept = neutral_kept, .menu = neutral_nothing, .trusts = op_trusts,
	.typed = op_typed, .ask = op_ask,
};
static const struct carry_ops carry_ops = {
	.output = op_output, .acked = neutral_acked, .undelivered = op_bytes, .mode = neutral_flag,
	.committed = neutral_nothing, .redraw = neutral_nothing, .terminal = neutral_flag,
};
static const struct hold_ops hold_ops = {
	.hang_up = neutral_nothing, .kill = neutral_flag, .close_link = neutral_nothing,
	.resize = neutral_resize,
};

/* ---- the steps ---- */

struct cores {
	struct guard g;
	struct carry c;
	struct hold h;
	int64_t now_ms;
};

static void start(struct cores *x)
{
	struct departure d = { .errand = ERRAND_MOVE, .origin = "alpha", .here = "alpha", .wish = "beta",
			       .sealed.epoch = 4 };
	struct hello hello = { .errand = ERRAND_MOVE, .rows = 24, .cols = 80 };

	memset(x, 0, sizeof(*x));
	x->now_ms = 1000;
	memcpy(d.session, session, sizeof(session));
	memcpy(hello.session, session, sizeof(session));
	d.sealed.state = (struct blob){ (uint8_t *)strdup("state"), 5 };
	guard_begin(&x->g, &guard_ops, x, &d, NULL, x->now_ms);
	carry_init(&x->c, &carry_ops, x);
	hold_init(&x->h, &hold_ops, x, &hello, x->now_ms);
}

static void finish(struct cores *x)
{
	while (x->g.links != NULL) {
		struct guard_link *l = x->g.links;

		x->g.links = l->next;
		free(l);
	}
	guard_release(&x->g);
	carry_release(&x->c);
	hold_release(&x->h);
}

static void guard_event(struct cores *x, unsigned event)
{
	struct guard_link *l = guard_link(&x->g, (enum link_role)(event % LINK_ROLES));

	if (x->g.state >= GUARD_AT_HOME) /* the process has become another */
		return;
	switch (event) {
	case 10:
		guard_hangup(&x->g, 1);
		break;
	case 11:
		guard_interrupt(&x->g);
		break;
	case 12:
		if (lost_is(&x->g))
			lost_recover(&x->g, "gamma");
		break;
	case 13:
	case 14:
		x->now_ms += 100000;
		lost_tend(&x->g, x->now_ms);
		break;
	default:
		if (l != NULL)
			guard_eof(&x->g, l, x->now_ms);
	}
}

static void hold_event(struct cores *x, unsigned event)
{
	struct hold *h = &x->h;

	switch (event) {
	case 0:
		hold_link_lost(h, x->now_ms);
		break;
	case 1:
		hold_shell_ended(h, 256, x->now_ms);
		break;
	case 2:
		if (hold_drains(h))
			hold_drained(h, false, x->now_ms);
		break;
	case 3:
		if (hold_reads(h))
			hold_output(h, (const uint8_t *)session, sizeof(session));
		break;
	case 4:
		if (hold_writes(h))
			hold_input_taken(h, h->input.len);
		break;
	case 5:
		x->now_ms += 100000;
		hold_tend(h, x->now_ms);
		break;
	default:
		carry_reached(&x->c, event & 1, event & 2);
	}
}

static void hear(struct cores *x, enum step who, enum frame_type type, const uint8_t *s, size_t len)
{
	struct guard_link *l = guard_link(&x->g, who == STEP_GUARD_NEXT ? LINK_NEXT :
						 who == STEP_GUARD_WARM ? LINK_WARM :
									  LINK_CURRENT);

	switch (who) {
	case STEP_GUARD_NEXT:
	case STEP_GUARD_CURRENT:
	case STEP_GUARD_WARM:
		if (l != NULL && x->g.state < GUARD_AT_HOME && guard_frame(&x->g, l, type, s, len, x->now_ms) < 0 &&
		    (l = guard_link(&x->g, l->role)) != NULL)
			guard_eof(&x->g, l, x->now_ms);
		break;
	case STEP_CARRY_PEER:
		(void)carry_from_peer(&x->c, type, s, len);
		break;
	case STEP_CARRY_GUARDIAN:
		(void)carry_from_guardian(&x->c, type, s, len);
		break;
	case STEP_HOLD_LINK:
		if (hold_from_link(&x->h, type, s, len, x->now_ms) < 0)
			hold_link_lost(&x->h, x->now_ms);
		break;
	case STEP_HOLD_SHELL:
		(void)hold_from_shell(&x->h, type, s, len, x->now_ms);
		break;
	case STEP_GUARD_EVENT:
	case STEP_HOLD_EVENT:
	case STEPS:
		break;
	}
}

/* What holds whatever anybody says. */
static void check(const struct cores *x)
{
	if (x->h.acked > x->h.sent || x->h.replay.len != x->h.sent - x->h.acked ||
	    x->h.state > HOLD_DONE || x->c.state > CARRY_ENDED || x->g.state > GUARD_ENDED)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cores x;

	neutral_complete(&guard_ops, sizeof(guard_ops));
	neutral_complete(&carry_ops, sizeof(carry_ops));
	neutral_complete(&hold_ops, sizeof(hold_ops));
	start(&x);
	while (size != 0) {
		unsigned event = *data >> 4;
		enum step who = (enum step)((*data & 15) % STEPS);
		struct frame_buf in = { (uint8_t *)(uintptr_t)(data + 1), 0, size - 1, size - 1 };
		enum frame_type type;
		const uint8_t *payload;
		size_t len, total = 0;

		if (who == STEP_GUARD_EVENT)
			guard_event(&x, event);
		else if (who == STEP_HOLD_EVENT)
			hold_event(&x, event);
		else if (frame_next(&in, FRAME_MAX, &type, &payload, &len, &total) == 1)
			hear(&x, who, type, payload, len);
		else
			break;
		check(&x);
		data += 1 + total;
		size -= 1 + total;
	}
	finish(&x);
	return 0;
}
