#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "session/carry.h"
#include "session/hold.h"
#include "session/lost.h"
#include "tests/neutral_ops.h"
#include "wire/epoch.h"

/*
 * Replays a trace of tests/model/handoff.pml (standard input: what a simulation of it with
 * -DTRACE printed) on the cores of session/: each hears what its part of the model heard, and
 * must do what that did, and be where that is. Exit status 1 and a line for what differs.
 *
 *     G …    the guardian; "G do …" what it does, "G is STATE EPOCH ATTACHED" afterwards
 *     P i …  the peer on node i       L i …  the link to it
 */
enum { LINE_MAX_BYTES = 128, DONE_MAX = 512, NODES = 2 };

static unsigned line_no;

static void fail(const char *what, const char *expected, const char *got)
{
	printf("line %u: %s: the model: %s; the core: %s\n", line_no, what, expected, got);
	exit(1);
}

static void expect(const char *what, const char *expected, const char *got)
{
	if (strcmp(expected, got) != 0)
		fail(what, expected, got);
}

static void payload_of(const struct record *r, const void *body, struct frame_buf *ret)
{
	struct msg m;

	msg_init(&m);
	record_put(r, body, &m);
	if (msg_done(&m) < 0 || frame_buf_add(ret, m.buf, m.len) < 0)
		abort();
	msg_release(&m);
}

/* Is the last whole frame in the buffer of this type? All of them are dropped. */
static bool said(struct frame_buf *b, enum frame_type wanted)
{
	enum frame_type type;
	const uint8_t *p;
	size_t len, total;
	bool found = false;

	while (frame_next(b, FRAME_MAX, &type, &p, &len, &total) == 1) {
		found |= type == wanted;
		frame_buf_drop(b, total);
	}
	return found;
}

/* ---- the guardian ---- */

static struct {
	struct guard g;
	bool runs;
	int64_t now;
	bool told; /* a released holder hears of it */
	char done[DONE_MAX]; /* what it did since it last heard something, ";" between */
	uint64_t home;	     /* the epoch that it went home with */
} guardian;

static void did(const char *what)
{
	strncat(guardian.done, what, DONE_MAX - 1 - strlen(guardian.done));
	strncat(guardian.done, ";", DONE_MAX - 1 - strlen(guardian.done));
}

static struct guard_link *start(void *arg, const struct errand_order *o, const struct blob *input, int *err)
{
	char s[64];

	if (o->errand == ERRAND_ATTACH) {
		did("attach");
	} else {
		snprintf(s, sizeof(s), "move %" PRIu64, o->from);
		did(s);
	}
	return neutral_start(arg, o, input, err);
}

static void send_frame(void *arg, struct guard_link *l, enum frame_type type, const struct verdict *v)
{
	(void)arg;
	(void)l;
	(void)v;
	did(type == FRAME_COMMIT ? "commit" : type == FRAME_RELEASE ? "release" : type == FRAME_RESUME ? "resume" : "?");
}

static bool end(void *arg, struct guard_link *l, int timeout_ms)
{
	return neutral_end(arg, l, timeout_ms) && guardian.told;
}

static void fence(void *arg, const struct errand_order *o)
{
	(void)arg;
	(void)o;
	did("fence");
}

static void home(void *arg, struct arrival *a, const struct loss *loss)
{
	char s[64];

	guardian.home = epoch_next(a->from);
	snprintf(s, sizeof(s), "home %" PRIu64, guardian.home);
	did(s);
	neutral_home(arg, a, loss);
}

static void leave(void *arg, int status, const char *text)
{
	(void)arg;
	(void)status;
	did(text != NULL ? text : "leave");
}

static void nobody_asks(void *arg, enum guard_question question, const char *text)
{
	(void)arg;
	(void)question;
	fail("a question", "none", text);
}

static const struct guard_ops guard_ops = {
	.start = start, .order = neutral_order, .send = send_frame, .hang_up = neutral_link, .end = end,
	.fence = fence, .promoted = neutral_link, .unsent = neutral_input, .typed_since = neutral_typed_since, .draw = neutral_draw,
	.try_home = neutral_try_home, .home = home, .leave = leave, .keep = neutral_keep,
	.line = neutral_line, .job = neutral_job, .kept = neutral_kept, .menu = neutral_nothing, .trusts = neutral_trusts, .typed = neutral_typed,
	.ask = nobody_asks,
};

static struct departure departure(uint64_t epoch, const char *wish)
{
	struct departure d = { .errand = ERRAND_MOVE, .session = "0123456789abcdef", .origin = "alpha",
			       .here = "alpha", .sealed.epoch = epoch };

	snprintf(d.wish, sizeof(d.wish), "%s", wish);
	d.sealed.state = (struct blob){ (uint8_t *)strdup("state"), 5 };
	return d;
}

static void hear(enum link_role role, enum frame_type type, const struct record *r, const void *body)
{
	struct guard_link *l = guard_link(&guardian.g, role);
	struct frame_buf b = { 0 };

	if (l == NULL)
		fail("a link", "there is one", "none");
	payload_of(r, body, &b);
	if (guard_frame(&guardian.g, l, type, frame_buf_at(&b), b.len, guardian.now) < 0)
		fail("a frame", "may come", "refused");
	frame_buf_release(&b);
}

/* A link that could not attach ends; the next one is due a while later. */
static void current_ends(void)
{
	struct guard_link *l = guard_link(&guardian.g, LINK_CURRENT);

	if (l != NULL)
		guard_eof(&guardian.g, l, guardian.now);
}

static void attach_when_due(void)
{
	for (int i = 0; i < 3 && lost_is(&guardian.g) && guard_link(&guardian.g, LINK_CURRENT) == NULL &&
			guardian.g.state != GUARD_RECOVERING; i++) {
		guardian.now += 10000; /* later than any attempt is put off */
		lost_tend(&guardian.g, guardian.now);
	}
}

static void current_aborts(const char *then)
{
	struct verdict v = { .status = MSG_ATTACH_FAILED };

	hear(LINK_CURRENT, FRAME_ABORT, &verdict_record, &v);
	current_ends();
	if (strcmp(then, ", recover home") == 0)
		lost_recover(&guardian.g, "");
	else if (strcmp(then, ", recover there") == 0)
		lost_recover(&guardian.g, "beta");
}

static void offer(const char *how)
{
	bool again = strcmp(how, "again") == 0 || strcmp(how, "refused") == 0;
	struct departure d = departure(strcmp(how, "refused") == 0 ? guardian.g.refused : guard_epoch(&guardian.g),
				       strcmp(how, "home") == 0 ? "home" : "gamma");

	(void)again;
	hear(LINK_CURRENT, FRAME_OFFER, &departure_record, &d);
	record_release(&departure_record, &d);
}

static void guardian_hears(const char *what)
{
	struct ready r = { .node = "beta", .address = "beta" };
	struct verdict gone = { .status = MSG_ATTACH_GONE }, no = { .status = 1 };
	unsigned epoch;

	guardian.done[0] = '\0';
	guardian.now += 10;
	if (sscanf(what, "begins %u", &epoch) == 1) {
		struct departure d = departure(epoch, "beta");

		if (guardian.runs)
			guard_release(&guardian.g);
		guardian.runs = true;
		guard_begin(&guardian.g, &guard_ops, NULL, &d, NULL, guardian.now);
	} else if (strcmp(what, "next ready") == 0) {
		hear(LINK_NEXT, FRAME_READY, &ready_record, &r);
	} else if (strcmp(what, "next abort") == 0) {
		hear(LINK_NEXT, FRAME_ABORT, &verdict_record, &no);
	} else if (strcmp(what, "next eof") == 0) {
		guard_eof(&guardian.g, guard_link(&guardian.g, LINK_NEXT), guardian.now);
	} else if (strcmp(what, "current eof") == 0) {
		current_ends();
	} else if (strncmp(what, "current abort", 13) == 0) {
		current_aborts(what + 13);
	} else if (strcmp(what, "current ready") == 0) {
		hear(LINK_CURRENT, FRAME_READY, &ready_record, &r);
	} else if (strcmp(what, "current gone") == 0) {
		hear(LINK_CURRENT, FRAME_ABORT, &verdict_record, &gone);
	} else if (strncmp(what, "current offer ", 14) == 0) {
		offer(what + 14);
	} else {
		fail("a line", "known", what);
	}
	attach_when_due();
}

static const char *guard_name(void)
{
	static const char *const names[GUARD_STATES] = {
		[GUARD_FIRST] = "first", [GUARD_AWAY] = "away", [GUARD_ONWARD] = "onward",
		[GUARD_RECOVERING] = "recovering", [GUARD_AT_HOME] = "at_home", [GUARD_ENDED] = "ended",
	};

	return names[guardian.g.state];
}

static void guardian_is(const char *state)
{
	struct guard_link *l = guard_link(&guardian.g, LINK_CURRENT);
	bool attached = l != NULL && l->state == LINK_UP;
	uint64_t epoch = guardian.g.state == GUARD_AT_HOME ? guardian.home : guard_epoch(&guardian.g);
	char got[64], name[32];
	unsigned e, a;

	if (sscanf(state, "%31s %u %u", name, &e, &a) != 3)
		fail("a line", "STATE EPOCH ATTACHED", state);
	if (guardian.g.state == GUARD_FIRST)
		epoch = e; /* nobody but this process has it */
	snprintf(got, sizeof(got), "%s %" PRIu64 " %d", guard_name(), epoch, attached);
	expect("the guardian", state, got);
}

/* ---- peers ---- */

static struct peer {
	struct hold h;
	bool there;
} peers[NODES];

static void kill_shell(void *arg, bool all)
{
	(void)all;
	((struct peer *)arg)->there = false;
}

static const struct hold_ops hold_ops = {
	.hang_up = neutral_nothing, .kill = kill_shell, .close_link = neutral_nothing,
	.resize = neutral_resize,
};

static void peer_hears(struct peer *p, enum frame_type type)
{
	struct verdict v = { 0 };
	struct frame_buf b = { 0 };

	payload_of(&verdict_record, &v, &b);
	if (p->there && hold_from_link(&p->h, type, frame_buf_at(&b), b.len, guardian.now) < 0)
		fail("a peer's frame", "may come", "refused");
	frame_buf_release(&b);
}

static void shell_says(struct peer *p, enum frame_type type, const struct record *r, const void *body)
{
	struct frame_buf b = { 0 };

	payload_of(r, body, &b);
	if (hold_from_shell(&p->h, type, frame_buf_at(&b), b.len, guardian.now) < 0)
		fail("a shell's frame", "may come", "refused");
	frame_buf_release(&b);
}

/* The shell has heard RELEASE, and ends. */
static void shell_leaves(struct peer *p)
{
	if (!p->there || p->h.state != HOLD_RELEASED)
		return;
	if (!said(&p->h.ctl_out, FRAME_RELEASE))
		fail("the shell", "hears RELEASE", "does not");
	hold_shell_ended(&p->h, W_EXITCODE(0, 0), guardian.now);
	frame_buf_release(&p->h.out);
	hold_drained(&p->h, false, guardian.now);
	if (p->h.state != HOLD_DONE)
		fail("a released peer", "ends", "stays");
	p->there = false;
}

static void begin_peer(struct peer *p)
{
	struct hello hello = { .errand = ERRAND_MOVE };
	struct ready r = { .node = "beta" };

	memset(hello.secret, 7, sizeof(hello.secret));
	if (p->there)
		fail("a peer", "absent", "there");
	hold_init(&p->h, &hold_ops, p, &hello, guardian.now);
	p->there = true;
	shell_says(p, FRAME_READY, &ready_record, &r);
	if (!said(&p->h.out, FRAME_READY))
		fail("the link", "hears READY", "does not");
}

static void attach_peer(struct peer *p)
{
	struct hello hello = { .errand = ERRAND_ATTACH };
	const char *why;
	bool frozen = p->h.state == HOLD_OFFERED;

	if (!p->there)
		return;
	memset(hello.secret, 7, sizeof(hello.secret));
	if (hold_attach(&p->h, &hello, "beta", guardian.now, &why) != 0)
		fail("an attach", "taken", why);
	if (said(&p->h.out, FRAME_OFFER) != frozen)
		fail("a frozen peer", "offers again", "does not");
}

static void offer_peer(struct peer *p)
{
	struct departure d = departure(1, "gamma");
	struct progress freeze = { 0 };

	shell_says(p, FRAME_FROZEN, &progress_record, &freeze);
	if (!said(&p->h.ctl_out, FRAME_FROZEN))
		fail("the shell", "hears FROZEN", "does not");
	shell_says(p, FRAME_OFFER, &departure_record, &d);
	record_release(&departure_record, &d);
}

static void fence_peer(struct peer *p)
{
	struct hello hello = { .errand = ERRAND_FENCE };
	const char *why;

	memset(hello.secret, 7, sizeof(hello.secret));
	if (p->there && hold_attach(&p->h, &hello, "beta", guardian.now, &why) != MSG_ATTACH_GONE)
		fail("a fence", "ends it", "does not");
	p->there = false;
}

static const char *peer_name(const struct peer *p)
{
	if (!p->there || p->h.state == HOLD_DONE)
		return "absent";
	switch (p->h.state) {
	case HOLD_RESTORING:
		return "restoring";
	case HOLD_LIVE:
		return "live";
	case HOLD_OFFERED:
		return "frozen";
	default:
		return "elsewhere";
	}
}

static void peer_line(struct peer *p, const char *what)
{
	if (strncmp(what, "hello ", 6) == 0) {
		begin_peer(p);
	} else if (strcmp(what, "commit") == 0) {
		peer_hears(p, FRAME_COMMIT);
	} else if (strcmp(what, "attach") == 0) {
		attach_peer(p);
	} else if (strcmp(what, "release") == 0) {
		if (p->there && p->h.state == HOLD_OFFERED)
			peer_hears(p, FRAME_RELEASE);
		shell_leaves(p);
	} else if (strcmp(what, "resume") == 0) {
		if (p->there && p->h.state == HOLD_OFFERED)
			peer_hears(p, FRAME_RESUME);
	} else if (strcmp(what, "offer") == 0) {
		offer_peer(p);
	} else if (strcmp(what, "unlinked") == 0) {
		hold_link_lost(&p->h, guardian.now);
	} else if (strcmp(what, "fenced") == 0) {
		fence_peer(p);
	} else if (strcmp(what, "dies") == 0) {
		hold_release(&p->h);
		p->there = false;
	} else if (strncmp(what, "is ", 3) == 0) {
		expect("a peer", what + 3, peer_name(p));
	} else {
		fail("a line", "known", what);
	}
}

/* ---- links ---- */

static struct link {
	struct carry c;
	bool there;
} links[NODES];

static bool acked(void *arg, uint64_t delivered)
{
	(void)arg;
	return delivered == 0;
}

static const struct carry_ops carry_ops = {
	.output = neutral_output, .acked = acked, .undelivered = neutral_input, .mode = neutral_flag,
	.committed = neutral_nothing, .redraw = neutral_nothing, .terminal = neutral_flag,
};

static void link_hears(struct link *l, enum party from, enum frame_type type, const struct record *r,
		       const void *body)
{
	struct frame_buf b = { 0 };
	int err;

	payload_of(r, body, &b);
	err = from == PARTY_PEER ? carry_from_peer(&l->c, type, frame_buf_at(&b), b.len) :
				   carry_from_guardian(&l->c, type, frame_buf_at(&b), b.len);
	if (err < 0)
		fail("a link's frame", "may come", "refused");
	frame_buf_release(&b);
}

static void must_say(struct frame_buf *b, enum frame_type type, const char *what)
{
	if (!said(b, type))
		fail("a link", what, "does not");
}

static void link_line(struct link *l, const char *what)
{
	struct progress p = { 0 };
	struct verdict v = { 0 };
	unsigned frozen;

	if (sscanf(what, "reached %u", &frozen) == 1) {
		carry_init(&l->c, &carry_ops, l);
		carry_reached(&l->c, false, frozen != 0);
		l->there = true;
	} else if (strcmp(what, "commit") == 0) {
		link_hears(l, PARTY_GUARDIAN, FRAME_COMMIT, &verdict_record, &v);
		must_say(&l->c.out, FRAME_COMMIT, "says COMMIT");
	} else if (strcmp(what, "offer") == 0) {
		struct departure d = departure(1, "gamma");

		link_hears(l, PARTY_PEER, FRAME_FROZEN, &progress_record, &p);
		link_hears(l, PARTY_PEER, FRAME_OFFER, &departure_record, &d);
		must_say(&l->c.gout, FRAME_OFFER, "passes the offer on");
		record_release(&departure_record, &d);
	} else if (strcmp(what, "release") == 0) {
		link_hears(l, PARTY_GUARDIAN, FRAME_RELEASE, &verdict_record, &v);
		must_say(&l->c.out, FRAME_RELEASE, "says RELEASE");
	} else if (strcmp(what, "resume") == 0) {
		link_hears(l, PARTY_GUARDIAN, FRAME_RESUME, &verdict_record, &v);
		must_say(&l->c.out, FRAME_RESUME, "says RESUME");
	} else if (strcmp(what, "ends") == 0) {
		if (l->there)
			carry_release(&l->c);
		l->there = false;
	} else {
		fail("a line", "known", what);
	}
}

/* ---- the trace ---- */

struct trace {
	char (*v)[LINE_MAX_BYTES];
	size_t n;
};

static void read_trace(struct trace *t)
{
	char s[LINE_MAX_BYTES];

	while (fgets(s, sizeof(s), stdin) != NULL) {
		const char *p = s + strspn(s, " ");

		if ((*p != 'G' && *p != 'P' && *p != 'L') || p[1] != ' ')
			continue;
		t->v = reallocarray(t->v, t->n + 1, sizeof(*t->v));
		if (t->v == NULL)
			abort();
		snprintf(t->v[t->n], LINE_MAX_BYTES, "%s", p);
		t->v[t->n][strcspn(t->v[t->n], "\n")] = '\0';
		t->n++;
	}
}

/* What the model's guardian does until it hears the next thing, as `done` has it. */
static void does_next(const struct trace *t, size_t from, char *ret, size_t size)
{
	ret[0] = '\0';
	for (size_t i = from; i < t->n; i++) {
		const char *s = t->v[i];

		if (strncmp(s, "G do ", 5) == 0) {
			strncat(ret, s + 5, size - 1 - strlen(ret));
			strncat(ret, ";", size - 1 - strlen(ret));
		} else if (strncmp(s, "G is ", 5) == 0) {
			return;
		}
	}
}

int main(void)
{
	struct trace t = { 0 };
	char expected[DONE_MAX];

	neutral_complete(&guard_ops, sizeof(guard_ops));
	neutral_complete(&carry_ops, sizeof(carry_ops));
	neutral_complete(&hold_ops, sizeof(hold_ops));
	read_trace(&t);
	if (t.n == 0) {
		puts("an empty trace");
		return 1;
	}
	guardian.now = 1000;
	for (size_t i = 0; i < t.n; i++) {
		const char *s = t.v[i];

		line_no = (unsigned)i + 1;
		if (strncmp(s, "G do ", 5) == 0)
			continue;
		if (strncmp(s, "G is ", 5) == 0) {
			guardian_is(s + 5);
		} else if (s[0] == 'G') {
			does_next(&t, i + 1, expected, sizeof(expected));
			guardian.told = strstr(expected, "fence;") == NULL;
			guardian_hears(s + 2);
			expect(s, expected, guardian.done);
		} else {
			unsigned node = (unsigned)(s[2] - '0');

			if (node >= NODES)
				fail("a node", "0 or 1", s);
			if (s[0] == 'P')
				peer_line(&peers[node], s + 4);
			else
				link_line(&links[node], s + 4);
		}
	}
	free(t.v);
	return 0;
}
