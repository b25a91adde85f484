#include <config.h>

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "session/carry.h"
#include "session/hold.h"
#include "session/lost.h"
#include "session/stayed.h"
#include "session/stranger.h"
#include "tests/neutral_ops.h"
#include "wire/epoch.h"

/*
 * Which frame may come when, written down a second time: each state × each frame, accepted
 * or refused. What the cores do with them is replayed from the model (tests/model/replay);
 * here is what the model does not have.
 */

static const struct {
	const char *name;
	enum frame_type type;
} frames[] = {
	{ "HELLO", FRAME_HELLO },   { "READY", FRAME_READY },	{ "COMMIT", FRAME_COMMIT },
	{ "ABORT", FRAME_ABORT },   { "DATA", FRAME_DATA },	{ "ACK", FRAME_ACK },
	{ "WINCH", FRAME_WINCH },   { "SIGNAL", FRAME_SIGNAL }, { "OFFER", FRAME_OFFER },
	{ "RELEASE", FRAME_RELEASE }, { "RESUME", FRAME_RESUME }, { "CHECKPOINT", FRAME_CHECKPOINT },
	{ "EXIT", FRAME_EXIT },	    { "ATTACHED", FRAME_ATTACHED }, { "FENCED", FRAME_FENCED },
	{ "UNKEPT", FRAME_UNKEPT }, { "STALL", FRAME_STALL },  { "CONNECT", FRAME_CONNECT }, { "JOB", FRAME_JOB },
	{ "STOPPED", FRAME_STOPPED }, { "FOREGROUND", FRAME_FOREGROUND }, { "PACKED", FRAME_PACKED },
	{ "FROZEN", FRAME_FROZEN }, { "GRANT", FRAME_GRANT },	{ "a number of later", (enum frame_type)99 },
};
enum { N_FRAMES = sizeof(frames) / sizeof(frames[0]) };

static bool is_listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; (p = strstr(p, name)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

/* ---- the guardian ---- */

struct world {
	struct guard g;
	struct guard_link *started[16]; /* freed ones are NULL */
	struct errand_order last; /* of what was started last; its bytes are not ours */
	char log[1024];
	bool told, no_start, no_home, has_file;
	enum guard_file file; /* what becomes of it */
	char kept_at[HANDOVER_NODE];
	size_t kept_stays, home_stays; /* how many jobs elsewhere the file, and a shell at home, knows of */
	const char *strange; /* addresses that are not trusted; NULL: none */
	uint64_t typed;
	uint64_t answered; /* SEQ of the last answer to CONNECT */
	uint64_t released; /* FLAGS of the last RELEASE */
	char home_state[32];
	char *home_why;
	uint64_t home_from, home_flags;
	char home_input[64];
	int left;
};

static void note(struct world *w, const char *what)
{
	strncat(w->log, what, sizeof(w->log) - 1 - strlen(w->log));
	strncat(w->log, " ", sizeof(w->log) - 1 - strlen(w->log));
}

static struct guard_link *op_start(void *arg, const struct errand_order *o, const struct blob *input, int *err)
{
	static const char *const names[] = { "", "move", "ask", "warm", "attach", "fence" };
	struct world *w = arg;

	(void)input;
	note(w, names[o->errand]);
	w->last = *o;
	*err = w->no_start ? -ENOENT : 0;
	return w->no_start ? NULL : calloc(1, sizeof(struct guard_link));
}

static bool op_order(void *arg, struct guard_link *l, const struct errand_order *o, const struct blob *input)
{
	(void)input;
	(void)l;
	note(arg, "order");
	((struct world *)arg)->last = *o;
	return true;
}

static void op_send(void *arg, struct guard_link *l, enum frame_type type, const struct verdict *v)
{
	(void)l;
	if (type == FRAME_CONNECT)
		((struct world *)arg)->answered = v->seq;
	if (type == FRAME_RELEASE)
		((struct world *)arg)->released = v->flags;
	for (size_t i = 0; i < N_FRAMES; i++)
		if (frames[i].type == type)
			note(arg, frames[i].name);
}

static void op_hang_up(void *arg, struct guard_link *l)
{
	(void)l;
	note(arg, "hang_up");
}

static bool op_end(void *arg, struct guard_link *l, int timeout_ms)
{
	return neutral_end(arg, l, timeout_ms) && ((struct world *)arg)->told;
}

static void op_fence(void *arg, const struct errand_order *o)
{
	note(arg, "fence");
	((struct world *)arg)->last = *o;
}

static int op_kept(void *arg, struct stay *s)
{
	assert_string_equal(s->node, "beta");
	note(arg, "kept");
	return 4711;
}

static void op_unsent(void *arg, struct blob *ret)
{
	(void)arg;
	*ret = (struct blob){ (uint8_t *)strdup("unsent"), 6 };
}

static bool op_try_home(void *arg, const struct arrival *a, char **why)
{
	struct world *w = arg;

	note(w, "try");
	assert_int_equal(a->from, w->g.want.from);
	if (w->no_home)
		*why = strdup("not today");
	return !w->no_home;
}

static void op_home(void *arg, struct arrival *a, const struct loss *loss)
{
	struct world *w = arg;

	note(w, "home");
	free(w->home_why);
	w->home_why = strdup(loss != NULL ? loss->why : a->why != NULL ? a->why : "");
	w->home_from = a->from;
	snprintf(w->home_state, sizeof(w->home_state), "%.*s", (int)a->sealed.state.len, (const char *)a->sealed.state.s);
	w->home_flags = a->flags;
	w->home_stays = a->stays.len / sizeof(struct stay);
	snprintf(w->home_input, sizeof(w->home_input), "%.*s", (int)a->input.len,
		 a->input.s != NULL ? (const char *)a->input.s : "");
	neutral_home(arg, a, loss);
}

static void op_leave(void *arg, int status, const char *text)
{
	(void)text;
	note(arg, "leave");
	((struct world *)arg)->left = status;
}

static enum guard_file op_keep(void *arg, const struct kept *k, char **why)
{
	struct world *w = arg;

	if (k != NULL || w->has_file)
		note(w, k != NULL ? "keep" : "forget");
	w->kept_stays = k != NULL ? k->stays.len / sizeof(struct stay) : 0;
	if (k != NULL)
		snprintf(w->kept_at, sizeof(w->kept_at), "%s", k->address);
	w->has_file = k != NULL;
	if (w->file >= GUARD_UNKEPT)
		*why = strdup("no room");
	return w->file;
}

static void op_menu(void *arg)
{
	note(arg, "menu");
}

static bool op_trusts(void *arg, const char *node)
{
	struct world *w = arg;

	return w->strange == NULL || !is_listed(w->strange, node);
}

static uint64_t op_typed(void *arg)
{
	return ((struct world *)arg)->typed;
}

static void op_ask(void *arg, enum guard_question question, const char *text)
{
	static const char *const names[] = { "home?", "onward?", "lost?" };

	(void)text;
	note(arg, names[question]);
}

static const struct guard_ops guard_ops = {
	.start = op_start, .order = op_order, .send = op_send, .hang_up = op_hang_up, .end = op_end,
	.fence = op_fence, .promoted = neutral_link, .unsent = op_unsent, .typed_since = neutral_typed_since, .draw = neutral_draw,
	.try_home = op_try_home, .home = op_home, .leave = op_leave, .keep = op_keep, .line = neutral_line,
	.job = neutral_job, .kept = op_kept, .menu = op_menu, .trusts = op_trusts, .typed = op_typed, .ask = op_ask,
};

static struct departure leaving(enum errand errand, const char *wish, uint64_t epoch)
{
	struct departure d = { .errand = errand, .session = "0123456789abcdef", .origin = "alpha",
			       .here = "alpha", .sealed.epoch = epoch };

	snprintf(d.wish, sizeof(d.wish), "%s", wish);
	d.sealed.state = (struct blob){ (uint8_t *)strdup("state"), 5 };
	return d;
}

static void begin(struct world *w, struct guard_link *warm)
{
	struct departure d = leaving(ERRAND_MOVE, "beta", 4);

	memset(w, 0, sizeof(*w));
	w->told = true;
	guard_begin(&w->g, &guard_ops, w, &d, warm, 100000);
}

static void end_world(struct world *w)
{
	while (w->g.links != NULL) {
		struct guard_link *l = w->g.links;

		w->g.links = l->next;
		free(l);
	}
	guard_release(&w->g);
	free(w->home_why);
}

static int says(struct world *w, enum link_role role, enum frame_type type, const struct record *r,
		const void *body, int64_t now_ms)
{
	struct msg m;
	int err;

	msg_init(&m);
	record_put(r, body, &m);
	assert_int_equal(msg_done(&m), 0);
	assert_non_null(guard_link(&w->g, role));
	err = guard_frame(&w->g, guard_link(&w->g, role), type, m.buf, m.len, now_ms);
	msg_release(&m);
	return err;
}

static const struct ready there = { .node = "beta", .address = "beta.example" };

/* Away on beta, with epoch 5. */
static void move_away(struct world *w)
{
	begin(w, NULL);
	assert_int_equal(says(w, LINK_NEXT, FRAME_READY, &ready_record, &there, 100001), 0);
	assert_int_equal(w->g.state, GUARD_AWAY);
	assert_int_equal(guard_epoch(&w->g), 5);
	w->log[0] = '\0';
}

/* … which is not trusted; what one leaves with says "state". */
static void move_to_stranger(struct world *w)
{
	begin(w, NULL);
	w->strange = "beta.example";
	sealed_drop(&w->g.sealed);
	w->g.sealed.epoch = 4;
	w->g.sealed.state = (struct blob){ (uint8_t *)strdup("state"), 5 };
	assert_int_equal(says(w, LINK_NEXT, FRAME_READY, &ready_record, &there, 3), 0);
	w->log[0] = '\0';
}

static void offers(struct world *w, enum errand errand, const char *wish)
{
	struct departure d = leaving(errand, wish, guard_epoch(&w->g));

	d.input = (struct blob){ (uint8_t *)strdup("typed"), 5 };
	assert_int_equal(says(w, LINK_CURRENT, FRAME_OFFER, &departure_record, &d, 100002), 0);
	record_release(&departure_record, &d);
}

static void lose_link(struct world *w, int64_t now_ms)
{
	guard_eof(&w->g, guard_link(&w->g, LINK_CURRENT), now_ms);
}

static void the_guardian_hears_what_its_table_says_and_no_more(void **state)
{
	static const struct {
		enum guard_state state;
		enum link_role role;
		enum link_state link;
		const char *accepted;
	} table[] = {
		{ GUARD_FIRST, LINK_NEXT, LINK_REACHING, "READY ABORT" },
		{ GUARD_FIRST, LINK_NEXT, LINK_ADOPTED, "READY ABORT" },
		{ GUARD_ONWARD, LINK_NEXT, LINK_REACHING, "READY ABORT" },
		{ GUARD_ONWARD, LINK_NEXT, LINK_ADOPTED, "READY ABORT" },
		{ GUARD_RECOVERING, LINK_NEXT, LINK_REACHING, "READY ABORT" },
		{ GUARD_RECOVERING, LINK_NEXT, LINK_ADOPTED, "READY ABORT" },
		{ GUARD_AWAY, LINK_CURRENT, LINK_REACHING, "READY ABORT" },
		{ GUARD_ONWARD, LINK_CURRENT, LINK_REACHING, "READY ABORT" },
		{ GUARD_AWAY, LINK_CURRENT, LINK_UP, "OFFER CHECKPOINT EXIT FENCED STALL JOB CONNECT" },
		{ GUARD_ONWARD, LINK_CURRENT, LINK_UP, "OFFER CHECKPOINT EXIT FENCED STALL" },
		{ GUARD_ASKED, LINK_CURRENT, LINK_UP, "OFFER CHECKPOINT EXIT FENCED STALL" },
		{ GUARD_AWAY, LINK_WARM, LINK_REACHING, "READY ABORT" },
		{ GUARD_ASKED, LINK_WARM, LINK_REACHING, "READY ABORT" },
		{ GUARD_ONWARD, LINK_WARM, LINK_REACHING, "READY ABORT" },
		{ GUARD_RECOVERING, LINK_WARM, LINK_REACHING, "READY ABORT" },
	};
	int accepted = 0;

	(void)state;
	for (int s = 0; s < GUARD_STATES; s++)
		for (int r = 0; r < LINK_ROLES; r++)
			for (int ls = 0; ls < LINK_STATES; ls++)
				for (size_t f = 0; f < N_FRAMES; f++) {
					struct guard g = { .state = (enum guard_state)s };
					struct guard_link l = { .role = (enum link_role)r,
								.state = (enum link_state)ls };
					bool expected = false, got;

					for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
						if (table[i].state == g.state && table[i].role == l.role &&
						    table[i].link == l.state)
							expected = is_listed(table[i].accepted, frames[f].name);
					got = guard_accepts(&g, &l, frames[f].type);
					if (got != expected)
						fail_msg("state %d role %d link %d: %s", s, r, ls, frames[f].name);
					if (!expected)
						assert_int_equal(guard_frame(&g, &l, frames[f].type,
									     (const uint8_t *)"\x80", 1, 1),
								 -EBADMSG);
					accepted += got;
				}
	assert_int_equal(accepted, 12 * 2 + 3 * 5 + 2);
}

static void garbage_for_a_guardian_changes_nothing(void **state)
{
	struct world w;

	(void)state;
	move_away(&w);
	assert_int_equal(guard_frame(&w.g, guard_link(&w.g, LINK_CURRENT), FRAME_CHECKPOINT,
				     (const uint8_t *)"\xc1", 1, 1), -EBADMSG);
	assert_int_equal(w.g.state, GUARD_AWAY);
	assert_string_equal(w.log, "");
	end_world(&w);
}

static void a_failed_first_move_makes_the_shell_here_again(void **state)
{
	struct verdict v = { .why = (char *)(uintptr_t)"beta: no", .status = 3 };
	struct world w;

	(void)state;
	begin(&w, NULL);
	assert_int_equal(says(&w, LINK_NEXT, FRAME_ABORT, &verdict_record, &v, 1), 0);
	assert_string_equal(w.log, "move home ");
	assert_string_equal(w.home_why, "smigrate: beta: no (staying on alpha)");
	assert_int_equal(epoch_next(w.home_from), 5); /* the offer used one up */
	assert_int_equal(w.g.state, GUARD_AT_HOME);
	end_world(&w);
}

static void without_a_link_to_be_had_the_shell_stays(void **state)
{
	struct departure d = leaving(ERRAND_MOVE, "beta", 4);
	struct world w = { .no_start = true };

	(void)state;
	guard_begin(&w.g, &guard_ops, &w, &d, NULL, 1);
	assert_string_equal(w.home_why, "smigrate: No such file or directory (staying on alpha)");
	end_world(&w);
}

static void a_warm_link_is_used_and_one_that_was_dead_is_replaced(void **state)
{
	struct guard_link *warm = calloc(1, sizeof(*warm));
	struct world w;

	(void)state;
	strcpy(warm->node, "beta");
	begin(&w, warm);
	assert_string_equal(w.log, "order ");
	guard_eof(&w.g, guard_link(&w.g, LINK_NEXT), 1);
	assert_string_equal(w.log, "order move ");
	guard_eof(&w.g, guard_link(&w.g, LINK_NEXT), 2); /* this one was not warm */
	assert_string_equal(w.home_why, "smigrate: the link ended unexpectedly (staying on alpha)");
	end_world(&w);
}

/* A controller's move: the shell there keeps its prompt until the link to the next node is warm. */
static void a_shell_away_has_its_next_node_connected_to_first(void **state)
{
	static const struct verdict no = { .why = (char *)(uintptr_t)"no route", .status = 1 };
	struct connect gamma = { "gamma", 5 }, none = { "", 6 }, delta = { "delta", 7 };
	struct world w;

	(void)state;
	move_away(&w);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 2), 0);
	assert_string_equal(w.log, "warm ");
	assert_string_equal(w.last.wish, "gamma");
	assert_true((w.last.flags & MSG_AUTOMATIC) != 0);
	assert_false(record_secret_is_set(w.last.secret, sizeof(w.last.secret)));
	assert_int_equal(says(&w, LINK_WARM, FRAME_READY, &ready_record, &there, 3), 0);
	assert_string_equal(w.log, "warm CONNECT ");
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 4), 0); /* it is warm */
	assert_string_equal(w.log, "warm CONNECT CONNECT ");
	offers(&w, ERRAND_MOVE, "gamma");
	assert_string_equal(w.log, "warm CONNECT CONNECT order ");
	end_world(&w);

	move_away(&w); /* the answer says which one it is of */
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 2), 0);
	w.strange = "delta";
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &delta, 2), 0);
	assert_int_equal(w.answered, 7);
	assert_int_equal(says(&w, LINK_WARM, FRAME_READY, &ready_record, &there, 3), 0); /* nobody waits for that one */
	assert_string_equal(w.log, "warm CONNECT ");
	end_world(&w);

	move_away(&w); /* another holder has asked nothing, and may not know the answer */
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 2), 0);
	offers(&w, ERRAND_MOVE, "delta");
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 3), 0);
	assert_int_equal(w.g.state, GUARD_AWAY);
	w.log[0] = '\0';
	assert_int_equal(says(&w, LINK_WARM, FRAME_ABORT, &verdict_record, &no, 3), 0);
	assert_string_equal(w.log, "");
	end_world(&w);

	move_away(&w);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 2), 0);
	assert_int_equal(says(&w, LINK_WARM, FRAME_ABORT, &verdict_record, &no, 3), 0);
	assert_string_equal(w.log, "warm CONNECT ");
	assert_null(guard_link(&w.g, LINK_WARM));
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 4), 0);
	guard_eof(&w.g, guard_link(&w.g, LINK_WARM), 5);
	assert_string_equal(w.log, "warm CONNECT warm CONNECT ");
	offers(&w, ERRAND_MOVE, "gamma"); /* by hand, while a link is on its way: not that one */
	assert_string_equal(w.log, "warm CONNECT warm CONNECT move ");
	assert_int_equal(w.g.state, GUARD_ONWARD);
	end_world(&w);

	move_away(&w);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 2), 0);
	offers(&w, ERRAND_WARM, "beta"); /* by hand: who waits for the other is told */
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 3), 0);
	assert_non_null(strstr(w.log, "CONNECT "));
	assert_string_equal(guard_link(&w.g, LINK_WARM)->node, "beta");
	end_world(&w);

	move_away(&w); /* no login anywhere for who may not ask for one: the move itself will be refused */
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &none, 2), 0);
	w.strange = "gamma";
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 2), 0);
	assert_string_equal(w.log, "CONNECT CONNECT ");
	end_world(&w);
	move_to_stranger(&w);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CONNECT, &connect_record, &gamma, 4), 0);
	assert_string_equal(w.log, "CONNECT ");
	end_world(&w);
}

static void a_holder_that_did_not_hear_release_is_fenced(void **state)
{
	struct world w;

	(void)state;
	move_away(&w);
	offers(&w, ERRAND_MOVE, "gamma");
	assert_int_equal(w.g.state, GUARD_ONWARD);
	assert_int_equal(w.last.from, 5);
	w.told = false;
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 2), 0);
	assert_string_equal(w.log, "move RELEASE fence COMMIT ");
	assert_int_equal(guard_epoch(&w.g), 6);
	end_world(&w);
}

static void offers_with_a_job(struct world *w, const char *wish)
{
	struct departure d = leaving(ERRAND_MOVE, wish, guard_epoch(&w->g));
	const struct left_proc job = { .pid = 42, .group = 42 };

	d.jobs = (struct blob){ malloc(sizeof(job)), sizeof(job) };
	memcpy(d.jobs.s, &job, sizeof(job));
	assert_int_equal(says(w, LINK_CURRENT, FRAME_OFFER, &departure_record, &d, 100002), 0);
	record_release(&departure_record, &d);
}

/* Who keeps them hears that it is to, also where RELEASE may be lost; then somebody stands for each, before the session goes on. */
static void jobs_stay_where_the_session_was(void **state)
{
	struct world w;

	(void)state;
	move_away(&w);
	offers_with_a_job(&w, "gamma");
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 2), 0);
	assert_string_equal(w.log, "move RELEASE kept COMMIT ");
	assert_int_equal(w.released, MSG_KEEP);
	end_world(&w);
	move_away(&w);
	offers_with_a_job(&w, "gamma");
	w.told = false;
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 2), 0);
	assert_string_equal(w.log, "move RELEASE fence kept COMMIT ");
	assert_true((w.last.flags & MSG_KEEP) != 0);
	end_world(&w);
	move_away(&w);
	offers_with_a_job(&w, "home");
	assert_string_equal(w.log, "try RELEASE kept home ");
	end_world(&w);
	move_away(&w);
	offers(&w, ERRAND_MOVE, "home");
	assert_int_equal(w.released, 0);
	end_world(&w);
}

/* What a shell leaves with: a pipeline of its own, one that stands for a job on gamma, and another. */
static void leaves_with_jobs(struct world *w, uint64_t flags)
{
	static const struct left_proc jobs[] = { { 41, 0, 41 }, { 42, 0, 41 }, { 50, 0, 50 }, { -60, 0x137f, 60 } };
	struct stay there_already = { .was = 7, .group = 7, .pid = 50, .turn = 1, .node = "gamma", .address = "gamma" };
	struct departure d = leaving(ERRAND_MOVE, "beta", 4);

	memset(w, 0, sizeof(*w));
	d.flags = flags;
	d.jobs = (struct blob){ malloc(sizeof(jobs)), sizeof(jobs) };
	memcpy(d.jobs.s, jobs, sizeof(jobs));
	d.stays = (struct blob){ malloc(sizeof(there_already)), sizeof(there_already) };
	memcpy(d.stays.s, &there_already, sizeof(there_already));
	guard_begin(&w->g, &guard_ops, w, &d, NULL, 100000);
	w->told = true;
}

/* The file has, before the session is elsewhere, what is left at home and on other nodes; a shell at home gets what is elsewhere, and nobody stands for one twice. */
static void the_file_knows_of_the_jobs(void **state)
{
	struct world w;
	struct stay s;

	(void)state;
	leaves_with_jobs(&w, MSG_PERSIST);
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 1), 0);
	assert_int_equal(w.kept_stays, 3);
	assert_true(stayed_at(&w.g.stays, 1, &s));
	assert_string_equal(s.node, "alpha");
	assert_int_equal(s.was, 41);
	assert_false(s.keep);
	assert_true(stayed_at(&w.g.stays, 2, &s));
	assert_int_equal(s.was, 60);
	assert_true(s.keep);
	assert_int_equal(s.stopped, 0x137f);
	assert_false(stayed_at(&w.g.stays, 3, &s));
	w.log[0] = '\0';
	w.file = GUARD_STALE; /* it could not be written: then it does not go on, and nothing was left there */
	offers_with_a_job(&w, "gamma");
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 2), 0);
	assert_int_equal(w.kept_stays, 3);
	assert_false(stayed_at(&w.g.stays, 3, &s));
	w.file = GUARD_KEPT;
	assert_true(stayed_keep(&w.g, "alpha", 41));
	assert_false(stayed_keep(&w.g, "alpha", 41));
	assert_true(stayed_forget(&w.g, "alpha", 60));
	assert_false(stayed_at(&w.g.stays, 2, &s));
	assert_false(stayed_forget(&w.g, "beta", 41));
	w.log[0] = '\0';
	offers_with_a_job(&w, "home");
	assert_string_equal(w.log, "try forget RELEASE kept home ");
	assert_int_equal(w.home_stays, 2); /* those on gamma and beta */
	end_world(&w);
}

/* Who attaches stands for them once the session is his, or goes on from the file: not before, and once. */
static void who_attaches_stands_for_the_jobs(void **state)
{
	for (int lost = 0; lost < 2; lost++) {
		struct kept k = { .session = "0123456789abcdef", .from = 8, .address = "beta" };
		struct stay jobs[2] = { { .was = 7, .group = 7, .pid = 99, .turn = 1, .stopped = 0x137f, .node = "beta", .address = "mia@beta.example:22" }, { .was = 8, .group = 8, .pid = 98, .node = "beta" } };
		struct verdict gone = { .status = MSG_ATTACH_GONE };
		struct blob modes = { 0 };
		struct world w;
		struct stay s;

		(void)state;
		memset(&w, 0, sizeof(w));
		memset(jobs[1].node, 'x', sizeof(jobs[1].node)); /* a file that is damaged */
		k.sealed.state = (struct blob){ (uint8_t *)strdup("state"), 5 };
		k.stays = (struct blob){ malloc(sizeof(jobs)), sizeof(jobs) };
		memcpy(k.stays.s, jobs, sizeof(jobs));
		stayed_attached(&k.stays);
		assert_false(stayed_at(&k.stays, 1, &s)); /* that is left out */
		memcpy(k.stays.s + sizeof(s), k.stays.s, sizeof(s));
		k.stays.len = sizeof(jobs);
		guard_attach(&w.g, &guard_ops, &w, &k, "alpha", &modes, 5000);
		lost_tend(&w.g, 5000);
		assert_null(strstr(w.log, "kept"));
		w.log[0] = '\0';
		if (lost != 0)
			assert_int_equal(says(&w, LINK_CURRENT, FRAME_ABORT, &verdict_record, &gone, 5001), 0);
		else
			assert_int_equal(says(&w, LINK_CURRENT, FRAME_READY, &ready_record, &there, 5001), 0);
		assert_string_equal(w.log, lost != 0 ? "forget kept kept home " : "kept kept COMMIT ");
		if (lost == 0) {
			assert_true(stayed_at(&w.g.stays, 0, &s));
			assert_int_equal(s.turn, 2);
			assert_int_equal(s.stopped, 0);
			stayed_start(&w.g);
			assert_string_equal(w.log, "kept kept COMMIT ");
		}
		end_world(&w);
	}
}

static void a_question_leaves_the_session_where_it_is(void **state)
{
	struct world w;

	(void)state;
	move_away(&w);
	offers(&w, ERRAND_ASK, "gamma");
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 2), 0);
	assert_string_equal(w.log, "ask RESUME ");
	assert_int_equal(w.g.state, GUARD_AWAY);
	assert_int_equal(guard_epoch(&w.g), 6);
	offers(&w, ERRAND_WARM, "gamma");
	assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &there, 3), 0);
	assert_string_equal(guard_link(&w.g, LINK_WARM)->node, "gamma");
	offers(&w, ERRAND_MOVE, "gamma delta");
	assert_string_equal(w.log, "ask RESUME warm RESUME order ");
	end_world(&w);
}

static void an_offer_that_was_answered_already_is_answered_again(void **state)
{
	struct verdict no = { .why = (char *)(uintptr_t)"gamma: full", .status = 1 };
	struct departure d;
	struct world w;

	(void)state;
	move_away(&w);
	offers(&w, ERRAND_MOVE, "gamma");
	lose_link(&w, 200000); /* the verdict will not arrive */
	assert_int_equal(says(&w, LINK_NEXT, FRAME_ABORT, &verdict_record, &no, 200001), 0);
	assert_int_equal(w.g.state, GUARD_AWAY);
	lost_tend(&w.g, 200002);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_READY, &ready_record, &there, 200003), 0);
	w.log[0] = '\0';
	d = leaving(ERRAND_MOVE, "gamma", 5);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_OFFER, &departure_record, &d, 200004), 0);
	record_release(&departure_record, &d);
	assert_string_equal(w.log, "RESUME ");
	assert_int_equal(w.g.state, GUARD_AWAY);
	end_world(&w);
}

static void an_offer_that_comes_again_while_it_is_under_way_changes_nothing(void **state)
{
	struct world w;

	(void)state;
	move_away(&w);
	offers(&w, ERRAND_MOVE, "gamma");
	w.log[0] = '\0';
	offers(&w, ERRAND_MOVE, "home");
	assert_string_equal(w.log, "");
	assert_int_equal(w.g.state, GUARD_ONWARD);
	end_world(&w);
}

static void a_session_that_is_idle_comes_home_by_itself(void **state)
{
	struct checkpoint_frame c = { .epoch = 5, .seq = 1, .flags = MSG_IDLE | MSG_WHOLE,
				      .state = { (uint8_t *)(uintptr_t)"newer", 5 } };
	struct world w;

	(void)state;
	move_away(&w);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 150000), 0);
	assert_memory_equal(w.g.sealed.state.s, "newer", 5);
	lose_link(&w, 200000);
	assert_int_equal(lost_next_due(&w.g, 200000), 0);
	lost_tend(&w.g, 200000);
	assert_string_equal(w.log, "attach ");
	lost_tend(&w.g, 206000);
	assert_int_equal(w.g.state, GUARD_AWAY);
	lost_tend(&w.g, 207000);
	assert_string_equal(w.log, "attach fence home ");
	assert_int_equal(epoch_next(w.home_from), 6);
	assert_int_equal(w.home_flags, MSG_LOST);
	assert_string_equal(w.home_input, "unsent");
	end_world(&w);
}

/* A login that somebody has to be asked for is not tried often, nor is the session given up. */
static void a_login_that_is_refused_waits_for_somebody(void **state)
{
	struct verdict denied = { .why = (char *)(uintptr_t)"permission denied", .status = MSG_ATTACH_DENIED };
	struct verdict failed = { .why = (char *)(uintptr_t)"ssh failed", .status = MSG_ATTACH_FAILED };
	struct world w;
	int64_t at = 200000;
	int tries = 0;

	(void)state;
	move_away(&w);
	w.g.idle = true;
	lose_link(&w, at);
	for (; at < 200000 + 3600000; at += 100) {
		lost_tend(&w.g, at);
		if (guard_link(&w.g, LINK_CURRENT) == NULL)
			continue;
		assert_true((w.last.flags & MSG_AUTOMATIC) != 0);
		assert_int_equal(says(&w, LINK_CURRENT, FRAME_ABORT, &verdict_record, &denied, at), 0);
		lose_link(&w, at);
		tries++;
	}
	assert_int_equal(w.g.state, GUARD_AWAY);
	assert_true(tries > 10 && tries < 20);
	lost_typed(&w.g, at);
	assert_true(w.g.lost.retry_ms <= at + 10000);
	w.log[0] = '\0';
	lost_login(&w.g, at);
	assert_string_equal(w.log, "attach ");
	assert_true((w.last.flags & MSG_AUTOMATIC) == 0);
	lost_tend(&w.g, at + 60000); /* somebody types a password: nothing else happens */
	assert_string_equal(w.log, "attach ");
	guard_interrupt(&w.g);
	assert_null(guard_link(&w.g, LINK_CURRENT));
	lost_login(&w.g, at); /* who does not get in, or gives it up, has not given the session up */
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_ABORT, &verdict_record, &failed, at), 0);
	lose_link(&w, at);
	for (int i = 0; i < 100; i++)
		lost_tend(&w.g, at + i * 100);
	assert_int_equal(w.g.state, GUARD_AWAY);
	guard_end_link(&w.g, LINK_CURRENT);
	lost_login(&w.g, at);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_READY, &ready_record, &there, at), 0);
	assert_false(lost_is(&w.g));
	lose_link(&w, at + 1000); /* another cut is another matter */
	lost_tend(&w.g, at + 1000);
	assert_true((w.last.flags & MSG_AUTOMATIC) != 0);
	lost_tend(&w.g, at + 9000);
	assert_int_equal(w.g.state, GUARD_AT_HOME);
	end_world(&w);
}

static void one_that_is_busy_waits_and_its_holder_frozen_is_gone_on_from(void **state)
{
	struct world w;

	(void)state;
	move_away(&w);
	lose_link(&w, 200000);
	lost_tend(&w.g, 300000);
	assert_int_equal(w.g.state, GUARD_AWAY); /* something may run there */
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_READY, &ready_record, &there, 300001), 0);
	assert_false(lost_is(&w.g));
	offers(&w, ERRAND_MOVE, "gamma");
	lose_link(&w, 400000);
	w.log[0] = '\0';
	lost_recover(&w.g, "");
	assert_string_equal(w.log, "fence home ");
	assert_int_equal(w.home_flags, 0); /* nothing ran since the offer */
	assert_string_equal(w.home_input, "typed");
	assert_int_equal(epoch_next(w.home_from), 7); /* the offer used one up, and the holder is given up */
	end_world(&w);
}

static void nobody_is_released_before_home_can_take_the_session(void **state)
{
	struct world w;

	(void)state;
	move_away(&w);
	w.no_home = true;
	offers(&w, ERRAND_MOVE, "home");
	assert_string_equal(w.log, "try RESUME ");
	assert_string_equal(w.g.refused_why, "home: not today");
	assert_int_equal(w.g.state, GUARD_AWAY);
	assert_int_equal(guard_epoch(&w.g), 6);
	w.no_home = false;
	w.log[0] = '\0';
	offers(&w, ERRAND_MOVE, "home");
	assert_string_equal(w.log, "try RELEASE home ");
	assert_int_equal(epoch_next(w.home_from), 7);
	end_world(&w);
}

/* What was kept with these flags goes on here with them. */
static void kept_goes_on(uint64_t flags)
{
	struct kept k = { .session = "0123456789abcdef", .from = 8, .flags = flags };
	struct blob modes = { 0 };
	struct world w;

	memset(&w, 0, sizeof(w));
	k.sealed.state = (struct blob){ (uint8_t *)strdup("state"), 5 };
	guard_attach(&w.g, &guard_ops, &w, &k, "alpha", &modes, 1);
	assert_string_equal(w.log, "home ");
	assert_int_equal(epoch_next(w.home_from), 9);
	assert_true((w.home_flags & flags) == flags);
	end_world(&w);
}

static void a_state_that_was_kept_goes_on_here(void **state)
{
	(void)state;
	kept_goes_on(MSG_LOST); /* what was still to be run of the line has been */
}

/* What came from a stranger is kept as that: the rest of its line does not run when one attaches to it. */
static void a_strangers_state_that_was_kept_is_still_a_strangers(void **state)
{
	(void)state;
	kept_goes_on(MSG_STRANGER);
}

/* Who attaches has the checkpoints of the file, asks for those after them, and knows how old they are. */
static void an_attach_goes_on_from_the_files_checkpoints(void **state)
{
	struct kept k = { .session = "0123456789abcdef", .from = 8, .address = "beta", .as_of_ms = 77 };
	struct checkpoint_frame c = { .seq = 6, .state = { (uint8_t *)(uintptr_t)"state", 5 }, .age = 1000 };
	struct blob modes = { 0 };
	struct world w;

	(void)state;
	memset(&w, 0, sizeof(w));
	k.sealed.state = (struct blob){ (uint8_t *)strdup("state"), 5 };
	k.sealed.seq = 3;
	assert_int_equal(sealed_add_part(&k.sealed, "one", 3), 0);
	assert_int_equal(sealed_add_part(&k.sealed, "two", 3), 0);
	guard_attach(&w.g, &guard_ops, &w, &k, "alpha", &modes, 5000);
	lost_tend(&w.g, 5000);
	assert_int_equal(w.last.seq, 5);
	assert_int_equal(w.g.state_ms, 77);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_READY, &ready_record, &there, 5001), 0);
	c.epoch = guard_epoch(&w.g);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 5002), 0);
	assert_int_equal(w.g.last_seq, 6);
	assert_int_equal(w.g.state_ms, 4002);
	c.seq = 7;
	c.age = INT64_MAX / 2; /* a peer that lies */
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 5003), 0);
	assert_int_equal(w.g.last_seq, 7);
	assert_int_equal(w.g.state_ms, 4002);
	end_world(&w);
}

/* Two terminals attach at once: the file says whose the session is, and the other one does not go on trying. */
static void who_attaches_ends_when_another_came_through(void **state)
{
	struct blob modes = { 0 };
	struct world w;

	(void)state;
	for (int other = 0; other < 2; other++) {
		struct kept k = { .session = "0123456789abcdef", .from = 8, .address = "beta" };

		memset(&w, 0, sizeof(w));
		k.sealed.state = (struct blob){ (uint8_t *)strdup("state"), 5 };
		guard_attach(&w.g, &guard_ops, &w, &k, "alpha", &modes, 5000);
		w.file = other != 0 ? GUARD_OTHERS : GUARD_KEPT;
		lost_tend(&w.g, 5000);
		assert_int_equal(w.g.state, other != 0 ? GUARD_ENDED : GUARD_AWAY);
		assert_true((guard_link(&w.g, LINK_CURRENT) == NULL) == (other != 0));
		end_world(&w);
	}
}

static void checkpoints_of_others_and_out_of_order_are_not_taken(void **state)
{
	struct checkpoint_frame c = { .epoch = 4, .seq = 1, .flags = MSG_WHOLE,
				      .state = { (uint8_t *)(uintptr_t)"other", 5 } };
	struct world w;

	(void)state;
	move_away(&w);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 1), 0);
	c.epoch = 5;
	c.seq = 2;
	c.flags = 0; /* a part, and the first is missing */
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 1), 0);
	assert_memory_equal(w.g.sealed.state.s, "state", 5);
	assert_int_equal(w.g.sealed.parts.len, 0);
	c.seq = 1;
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 1), 0);
	assert_int_equal(w.g.sealed.parts.len, 4 + 5);
	end_world(&w);
}

static void a_holder_that_did_not_hear_that_its_end_was_heard_is_fenced(void **state)
{
	static const char *const logs[] = { "fence leave ", "fence home " };

	(void)state;
	for (int lost = 0; lost < 2; lost++) {
		struct verdict v = { .status = 3, .flags = lost != 0 ? MSG_LOST : 0 };
		struct world w;

		move_away(&w);
		w.told = false; /* the link was killed, just now */
		assert_int_equal(says(&w, LINK_CURRENT, FRAME_EXIT, &verdict_record, &v, 2), 0);
		assert_string_equal(w.log, logs[lost]);
		end_world(&w);
	}
}

static void the_end_of_the_shell_is_the_end(void **state)
{
	struct verdict v = { .status = 42 };
	struct world w;

	(void)state;
	move_away(&w);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_EXIT, &verdict_record, &v, 1), 0);
	assert_string_equal(w.log, "leave ");
	assert_int_equal(w.left, 42);
	end_world(&w);
	move_away(&w);
	v.flags = MSG_LOST;
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_EXIT, &verdict_record, &v, 1), 0);
	assert_string_equal(w.log, "home ");
	end_world(&w);
}

static void a_hangup_reaches_the_shell_unless_it_persists(void **state)
{
	struct world w;

	(void)state;
	move_away(&w);
	guard_hangup(&w.g, 1);
	assert_string_equal(w.log, "SIGNAL leave ");
	assert_int_equal(w.left, 129);
	end_world(&w);
	move_away(&w);
	w.g.persist = true;
	guard_hangup(&w.g, 1);
	assert_string_equal(w.log, "hang_up leave ");
	end_world(&w);
}

/* ---- the link ---- */

static void the_link_hears_what_its_table_says_and_no_more(void **state)
{
	static const char *const peer[CARRY_STATES] = {
		[CARRY_REACHING] = "READY ABORT EXIT DATA",
		[CARRY_READY] = "",
		[CARRY_LIVE] = "DATA ACK FROZEN CHECKPOINT FENCED EXIT CONNECT JOB",
		[CARRY_FROZEN] = "DATA ACK FROZEN RESUME OFFER CHECKPOINT FENCED EXIT CONNECT",
		[CARRY_OFFERED] = "DATA ACK CHECKPOINT FENCED EXIT CONNECT",
		[CARRY_RELEASED] = "DATA ACK FENCED EXIT",
		[CARRY_ENDED] = "",
	};
	static const char *const guardian[CARRY_STATES] = {
		[CARRY_REACHING] = "",
		[CARRY_READY] = "COMMIT",
		[CARRY_LIVE] = "WINCH RELEASE SIGNAL UNKEPT STALL CONNECT JOB",
		[CARRY_FROZEN] = "WINCH RELEASE RESUME SIGNAL UNKEPT STALL CONNECT JOB",
		[CARRY_OFFERED] = "WINCH RELEASE RESUME SIGNAL UNKEPT STALL CONNECT JOB",
		[CARRY_RELEASED] = "WINCH SIGNAL UNKEPT STALL CONNECT JOB",
		[CARRY_ENDED] = "",
	};

	(void)state;
	for (int s = 0; s < CARRY_STATES; s++)
		for (size_t f = 0; f < N_FRAMES; f++) {
			struct carry c = { .state = (enum carry_state)s };
			bool p = is_listed(peer[s], frames[f].name), g = is_listed(guardian[s], frames[f].name);

			if (carry_accepts(&c, PARTY_PEER, frames[f].type) != p ||
			    carry_accepts(&c, PARTY_GUARDIAN, frames[f].type) != g)
				fail_msg("state %d: %s", s, frames[f].name);
			if (!p)
				assert_int_equal(carry_from_peer(&c, frames[f].type, (const uint8_t *)"\x80", 1),
						 -EBADMSG);
			if (!g)
				assert_int_equal(carry_from_guardian(&c, frames[f].type,
								     (const uint8_t *)"\x80", 1),
						 -EBADMSG);
			assert_int_equal(c.state, s);
			carry_release(&c);
		}
}

static char shown[64];

static void show(void *arg, const uint8_t *bytes, size_t len)
{
	(void)arg;
	strncat(shown, (const char *)bytes, len);
}

static const struct carry_ops carry_ops = {
	.output = show, .acked = neutral_acked, .undelivered = op_unsent, .mode = neutral_flag,
	.committed = neutral_nothing, .redraw = neutral_nothing, .terminal = neutral_flag,
};

static void only_the_terminals_stream_is_shown(void **state)
{
	struct carry c;

	(void)state;
	carry_init(&c, &carry_ops, NULL);
	carry_reached(&c, false, false);
	assert_int_equal(carry_from_guardian(&c, FRAME_COMMIT, (const uint8_t *)"\x80", 1), 0);
	assert_int_equal(carry_from_peer(&c, FRAME_DATA, (const uint8_t *)"\0\0hi", 4), 0);
	assert_string_equal(shown, "hi");
	assert_int_equal(carry_from_peer(&c, FRAME_DATA, (const uint8_t *)"\1\0hi", 4), -EBADMSG);
	assert_int_equal(carry_from_peer(&c, FRAME_DATA, (const uint8_t *)"\0", 1), -EBADMSG);
	assert_string_equal(shown, "hi");
	carry_release(&c);
}

static void a_peer_cannot_say_what_was_typed_here(void **state)
{
	struct departure d = leaving(ERRAND_MOVE, "gamma", 5);
	struct carry c;
	struct msg m;

	(void)state;
	carry_init(&c, &carry_ops, NULL);
	carry_reached(&c, false, true);
	assert_int_equal(carry_from_guardian(&c, FRAME_COMMIT, (const uint8_t *)"\x80", 1), 0);
	assert_int_equal(c.state, CARRY_FROZEN);
	d.input = (struct blob){ (uint8_t *)strdup("rm -r ~"), 7 };
	msg_init(&m);
	record_put(&departure_record, &d, &m);
	assert_int_equal(msg_done(&m), 0);
	assert_int_equal(carry_from_peer(&c, FRAME_OFFER, m.buf, m.len), -EBADMSG);
	msg_release(&m);
	record_release(&departure_record, &d);
	carry_release(&c);
}

static void each_answer_to_an_attach_is_told_as_what_it_is(void **state)
{
	static const char said[] = "beta: as it was said";
	static const struct {
		enum errand errand;
		enum frame_type type;
		bool says_why; /* else the frame has none */
		bool fits;
		uint64_t status; /* the frame's */
		int expected;
		const char *why;
	} table[] = {
		{ ERRAND_ATTACH, FRAME_READY, false, true, 0, 0, NULL },
		{ ERRAND_ATTACH, FRAME_READY, false, false, 0, MSG_ATTACH_FAILED, "the counters do not agree" },
		{ ERRAND_ATTACH, FRAME_ABORT, true, false, MSG_ATTACH_FAILED, MSG_ATTACH_FAILED, said },
		{ ERRAND_ATTACH, FRAME_ABORT, true, false, MSG_ATTACH_GONE, MSG_ATTACH_GONE, said },
		{ ERRAND_ATTACH, FRAME_ABORT, true, false, MSG_ATTACH_TAKEN, MSG_ATTACH_TAKEN, said },
		{ ERRAND_ATTACH, FRAME_ABORT, false, false, 0, MSG_ATTACH_FAILED, "the peer refused" },
		{ ERRAND_ATTACH, FRAME_ABORT, false, false, 77, MSG_ATTACH_FAILED, "the peer refused" },
		{ ERRAND_ATTACH, FRAME_EXIT, false, false, 0, MSG_ATTACH_FAILED, "the shell there has ended" },
		/* an exit status is no enum msg_attach */
		{ ERRAND_ATTACH, FRAME_EXIT, false, false, 2, MSG_ATTACH_FAILED, "the shell there has ended" },
		{ ERRAND_ATTACH, FRAME_EXIT, true, false, 137, MSG_ATTACH_FAILED, said },
		{ ERRAND_ATTACH, FRAME_DATA, false, true, 0, MSG_ATTACH_FAILED, "the peer's answer cannot be read" },
		{ ERRAND_FENCE, FRAME_ABORT, true, false, MSG_ATTACH_GONE, MSG_ATTACH_GONE, said },
		{ ERRAND_FENCE, FRAME_READY, false, true, 0, MSG_ATTACH_FAILED, "the peer goes on, and was to end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		union frames_body body = { 0 };
		const char *why = NULL;
		int r;

		if (table[i].type != FRAME_READY)
			body.verdict = (struct verdict){ .status = table[i].status,
							 .why = table[i].says_why ? (char *)(uintptr_t)said : NULL };
		r = carry_attach_answer(table[i].errand, table[i].type, &body, table[i].fits, &why);
		if (r != table[i].expected || (why == NULL) != (table[i].why == NULL) ||
		    (why != NULL && strcmp(why, table[i].why) != 0))
			fail_msg("row %zu: %d, %s", i, r, why != NULL ? why : "nothing");
	}
}

/* ---- the peer ---- */

static void the_peer_hears_what_its_table_says_and_no_more(void **state)
{
	static const char *const link[HOLD_STATES] = {
		[HOLD_RESTORING] = "COMMIT ABORT ACK WINCH",
		[HOLD_FAILING] = "COMMIT ABORT ACK WINCH",
		[HOLD_FAILED] = "COMMIT ABORT ACK WINCH EXIT",
		[HOLD_LIVE] = "COMMIT DATA ACK WINCH SIGNAL RELEASE RESUME UNKEPT CONNECT JOB",
		[HOLD_FROZEN] = "COMMIT DATA ACK WINCH SIGNAL RELEASE RESUME UNKEPT CONNECT JOB",
		[HOLD_OFFERED] = "COMMIT DATA ACK WINCH SIGNAL RELEASE RESUME UNKEPT CONNECT JOB",
		[HOLD_RELEASED] = "COMMIT DATA ACK WINCH SIGNAL RELEASE RESUME UNKEPT CONNECT JOB",
		[HOLD_HUNG_UP] = "COMMIT DATA ACK WINCH SIGNAL RELEASE RESUME UNKEPT CONNECT JOB",
		[HOLD_DRAINING] = "COMMIT DATA ACK WINCH SIGNAL RELEASE RESUME UNKEPT CONNECT JOB",
		[HOLD_LEAVING] = "COMMIT DATA ACK WINCH SIGNAL RELEASE RESUME UNKEPT CONNECT JOB",
		[HOLD_FAREWELL] = "COMMIT DATA ACK WINCH SIGNAL RELEASE RESUME EXIT UNKEPT CONNECT JOB",
		[HOLD_DONE] = "",
	};
	static const char *const shell[HOLD_STATES] = {
		[HOLD_RESTORING] = "READY ABORT CHECKPOINT", [HOLD_FAILING] = "", [HOLD_FAILED] = "",
		[HOLD_LIVE] = "FROZEN OFFER CHECKPOINT CONNECT JOB",     [HOLD_FROZEN] = "RESUME OFFER CHECKPOINT JOB",
		[HOLD_OFFERED] = "RESUME CHECKPOINT",	     [HOLD_RELEASED] = "CHECKPOINT CONNECT JOB",
		[HOLD_HUNG_UP] = "CHECKPOINT CONNECT JOB",		     [HOLD_DRAINING] = "CHECKPOINT CONNECT JOB",
		[HOLD_LEAVING] = "CHECKPOINT CONNECT JOB",		     [HOLD_FAREWELL] = "CHECKPOINT CONNECT JOB",
		[HOLD_DONE] = "",
	};

	(void)state;
	for (int s = 0; s < HOLD_STATES; s++)
		for (size_t f = 0; f < N_FRAMES; f++) {
			struct hold h = { .state = (enum hold_state)s };
			bool l = is_listed(link[s], frames[f].name), sh = is_listed(shell[s], frames[f].name);

			if (hold_accepts(&h, PARTY_LINK, frames[f].type) != l ||
			    hold_accepts(&h, PARTY_SHELL, frames[f].type) != sh)
				fail_msg("state %d: %s", s, frames[f].name);
			if (!l)
				assert_int_equal(hold_from_link(&h, frames[f].type, (const uint8_t *)"\x80", 1, 1),
						 -EBADMSG);
			if (!sh)
				assert_int_equal(hold_from_shell(&h, frames[f].type, (const uint8_t *)"\x80", 1, 1),
						 -EBADMSG);
			assert_int_equal(h.state, s);
			hold_release(&h);
		}
}

static char peer_log[256];

static void log_hang_up(void *arg)
{
	(void)arg;
	strcat(peer_log, "hang_up ");
}

static void log_kill(void *arg, bool all)
{
	(void)arg;
	strcat(peer_log, all ? "kill_all " : "kill ");
}

static void log_close(void *arg)
{
	(void)arg;
	strcat(peer_log, "close ");
}

static const struct hold_ops hold_ops = {
	.hang_up = log_hang_up, .kill = log_kill, .close_link = log_close, .resize = neutral_resize,
};

static struct hello hello_of(enum errand errand)
{
	struct hello hello = { .version = PROTOCOL_VERSION, .errand = errand };

	memset(hello.secret, 9, sizeof(hello.secret));
	return hello;
}

static void begin_hold(struct hold *h)
{
	struct hello hello = hello_of(ERRAND_MOVE);

	peer_log[0] = '\0';
	hold_init(h, &hold_ops, NULL, &hello, 1000);
}

static void commit_hold(struct hold *h)
{
	begin_hold(h);
	assert_int_equal(hold_from_link(h, FRAME_COMMIT, (const uint8_t *)"\x80", 1, 1001), 0);
	frame_buf_release(&h->ctl_out);
}

static void before_commit_what_the_shell_says_of_moving_on_waits(void **state)
{
	struct hold h;

	(void)state;
	begin_hold(&h);
	assert_true(hold_defers(&h, FRAME_FROZEN));
	assert_true(hold_defers(&h, FRAME_CONNECT));
	assert_false(hold_defers(&h, FRAME_READY));
	assert_false(hold_defers(&h, FRAME_CHECKPOINT));
	hold_release(&h);
	commit_hold(&h);
	assert_false(hold_defers(&h, FRAME_CONNECT));
	assert_int_equal(hold_from_shell(&h, FRAME_CONNECT, (const uint8_t *)"\x80", 1, 1002), 0);
	hold_release(&h);
}

static void before_commit_a_lost_link_ends_the_shell_after_it_does_not(void **state)
{
	struct hold h;

	(void)state;
	begin_hold(&h);
	hold_link_lost(&h, 2000);
	assert_string_equal(peer_log, "kill ");
	assert_int_equal(h.state, HOLD_DONE);
	hold_release(&h);
	commit_hold(&h);
	hold_link_lost(&h, 2000);
	assert_string_equal(peer_log, "close ");
	assert_int_equal(h.state, HOLD_LIVE);
	assert_int_equal(hold_next_due(&h, 2000), 24 * 3600 * 1000);
	hold_release(&h);
}

/* Says CONNECT for the shell; the WHY of the answer that it has by then: "" none, NULL no answer. */
static const char *asks_to_connect(struct hold *h, bool cut)
{
	static char why[64];
	struct connect gamma = { "gamma", 7 };
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	uint64_t seq;
	struct msg m;

	frame_buf_release(&h->ctl_out);
	msg_init(&m);
	record_put(&connect_record, &gamma, &m);
	assert_int_equal(msg_done(&m), 0);
	assert_int_equal(hold_from_shell(h, FRAME_CONNECT, m.buf, m.len, 1002), 0);
	msg_release(&m);
	if (cut)
		hold_link_lost(h, 1003);
	if (frame_next(&h->ctl_out, FRAME_MAX, &type, &payload, &len, &total) != 1)
		return NULL;
	assert_int_equal(type, FRAME_CONNECT);
	assert_int_equal(msg_parse(&v, payload, len), 0);
	assert_int_equal(msg_get_uint(&v, MSG_SEQ, UINT64_MAX, &seq), 0);
	assert_int_equal(seq, 7);
	if (msg_get_str(&v, MSG_WHY, why, sizeof(why)) < 0)
		why[0] = '\0';
	return why;
}

static void a_shell_that_would_connect_is_answered_also_when_nobody_can(void **state)
{
	struct hold h;

	(void)state;
	commit_hold(&h);
	assert_null(asks_to_connect(&h, false));
	assert_int_equal(hold_from_link(&h, FRAME_CONNECT, (const uint8_t *)"\x80", 1, 1002), 0);
	assert_int_not_equal(h.ctl_out.len, 0);
	assert_string_equal(asks_to_connect(&h, true), "the link is gone"); /* the answer is lost with it */
	assert_string_equal(asks_to_connect(&h, false), "the link is gone");
	hold_release(&h);
	commit_hold(&h);
	h.version = 2; /* a guardian before CONNECT */
	assert_string_equal(asks_to_connect(&h, false), "");
	hold_release(&h);
}

static void a_shell_that_ends_before_commit_is_no_session(void **state)
{
	struct hold h;

	(void)state;
	begin_hold(&h);
	hold_output(&h, (const uint8_t *)"why", 3);
	hold_shell_ended(&h, W_EXITCODE(2, 0), 1500);
	hold_drained(&h, false, 1501);
	assert_int_equal(h.state, HOLD_FAILED);
	hold_link_lost(&h, 1502);
	assert_int_equal(h.state, HOLD_DONE);
	hold_release(&h);
}

static void only_who_knows_the_secret_may_attach_or_fence(void **state)
{
	struct hello hello = hello_of(ERRAND_ATTACH);
	const char *why;
	struct hold h;

	(void)state;
	commit_hold(&h);
	hello.secret[31] ^= 1;
	assert_int_equal(hold_attach(&h, &hello, "beta", 2000, &why), MSG_ATTACH_TAKEN);
	hello.errand = ERRAND_FENCE;
	assert_int_equal(hold_attach(&h, &hello, "beta", 2000, &why), MSG_ATTACH_TAKEN);
	assert_string_equal(peer_log, "");
	hello.secret[31] ^= 1;
	assert_int_equal(hold_attach(&h, &hello, "beta", 2000, &why), MSG_ATTACH_GONE);
	assert_string_equal(peer_log, "kill_all ");
	hold_release(&h);
}

/* Only a shell that has made an offer knows what to do with RELEASE. */
static void a_fence_that_keeps_jobs_releases(void **state)
{
	struct hello hello = hello_of(ERRAND_FENCE);
	const char *why;
	struct hold h;

	(void)state;
	hello.flags = MSG_KEEP;
	commit_hold(&h);
	assert_int_equal(hold_attach(&h, &hello, "beta", 2000, &why), MSG_ATTACH_GONE);
	assert_string_equal(peer_log, "kill_all ");
	hold_release(&h);
	commit_hold(&h);
	h.state = HOLD_OFFERED;
	for (int i = 0; i < 2; i++) { /* it may come twice */
		assert_int_equal(hold_attach(&h, &hello, "beta", 2000 + i, &why), MSG_ATTACH_GONE);
		assert_null(strstr(peer_log, "kill"));
		assert_int_equal(h.state, HOLD_RELEASED);
		assert_false(h.linked);
	}
	assert_int_equal(frame_buf_at(&h.ctl_out)[0], FRAME_RELEASE);
	assert_int_equal(h.ctl_out.len, FRAME_HEADER);
	hold_release(&h);
}

static void a_new_link_hears_all_that_was_not_acknowledged(void **state)
{
	struct hello hello = hello_of(ERRAND_ATTACH);
	enum frame_type type;
	const uint8_t *p;
	size_t len, total;
	const char *why;
	struct hold h;
	char got[64] = "";

	(void)state;
	commit_hold(&h);
	hold_output(&h, (const uint8_t *)"one two", 7);
	hold_link_lost(&h, 2000);
	hold_output(&h, (const uint8_t *)" three", 6);
	hello.received = 4;
	assert_int_equal(hold_attach(&h, &hello, "beta", 2001, &why), 0);
	while (frame_next(&h.out, FRAME_MAX, &type, &p, &len, &total) == 1) {
		if (type == FRAME_DATA)
			strncat(got, (const char *)p + FRAME_STREAM, len - FRAME_STREAM);
		frame_buf_drop(&h.out, total);
	}
	assert_string_equal(got, "two three");
	hello.received = 14; /* more than there ever was */
	assert_int_equal(hold_attach(&h, &hello, "beta", 2002, &why), MSG_ATTACH_FAILED);
	hold_release(&h);
}

static void shell_says_checkpoint(struct hold *h, uint64_t seq, unsigned flags, int64_t now_ms)
{
	struct checkpoint_frame c = { .epoch = 5, .seq = seq, .flags = flags,
				      .state = { (uint8_t *)(uintptr_t)"state", 5 } };
	struct frame_buf b = { 0 };
	enum frame_type type;
	const uint8_t *p;
	size_t len, total;

	assert_int_equal(frames_put(&b, FRAME_CHECKPOINT, &checkpoint_record, &c), 0);
	assert_int_equal(frame_next(&b, FRAME_MAX, &type, &p, &len, &total), 1);
	assert_int_equal(hold_from_shell(h, type, p, len, now_ms), 0);
	frame_buf_release(&b);
}

/* What a new link hears of checkpoints and offers: their numbers, "o" for an offer, and the age of the last. */
static const char *heard_again(struct hold *h, uint64_t seq, int64_t now_ms, uint64_t *ret_age)
{
	static char got[64];
	struct hello hello = hello_of(ERRAND_ATTACH);
	enum frame_type type;
	const uint8_t *p;
	size_t len, total;
	const char *why;

	got[0] = '\0';
	hold_link_lost(h, now_ms);
	hello.seq = seq;
	assert_int_equal(hold_attach(h, &hello, "beta", now_ms, &why), 0);
	while (frame_next(&h->out, FRAME_MAX, &type, &p, &len, &total) == 1) {
		if (type == FRAME_CHECKPOINT) {
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%d ", (int)frames_number(p, len, MSG_SEQ));
			*ret_age = frames_number(p, len, MSG_AGE);
		} else if (type == FRAME_OFFER) {
			strcat(got, "o ");
		}
		frame_buf_drop(&h->out, total);
	}
	return got;
}

/* A terminal that attaches may have none of the checkpoints, also behind an offer that came to nothing. */
static void an_offer_that_comes_to_nothing_takes_no_checkpoint_with_it(void **state)
{
	struct departure d = leaving(ERRAND_MOVE, "gamma", 5);
	struct frame_buf b = { 0 };
	enum frame_type type;
	const uint8_t *p;
	size_t len, total;
	uint64_t age = 0;
	struct hold h;

	(void)state;
	commit_hold(&h);
	shell_says_checkpoint(&h, 1, MSG_WHOLE, 1100);
	shell_says_checkpoint(&h, 2, 0, 1200);
	assert_int_equal(frames_put(&b, FRAME_OFFER, &departure_record, &d), 0);
	assert_int_equal(frame_next(&b, FRAME_MAX, &type, &p, &len, &total), 1);
	for (int i = 0; i < 2; i++) { /* refused, and again */
		assert_int_equal(hold_from_shell(&h, FRAME_FROZEN, (const uint8_t *)"\x80", 1, 1300), 0);
		assert_int_equal(hold_from_shell(&h, type, p, len, 1300), 0);
		assert_string_equal(heard_again(&h, 0, 1400, &age), "1 2 o ");
		assert_string_equal(heard_again(&h, 2, 1450, &age), "2 o ");
		assert_int_equal(age, 250);
		assert_int_equal(hold_from_link(&h, FRAME_RESUME, (const uint8_t *)"\x80", 1, 1500), 0);
	}
	shell_says_checkpoint(&h, 3, 0, 1600);
	assert_string_equal(heard_again(&h, 0, 1700, &age), "1 2 3 ");
	assert_int_equal(age, 100);
	/* a checkpoint while it waits is odd, and breaks nothing */
	assert_int_equal(hold_from_shell(&h, FRAME_FROZEN, (const uint8_t *)"\x80", 1, 1800), 0);
	assert_int_equal(hold_from_shell(&h, type, p, len, 1800), 0);
	shell_says_checkpoint(&h, 4, MSG_WHOLE, 1800);
	assert_string_equal(heard_again(&h, 0, 1900, &age), "4 o ");
	assert_int_equal(hold_from_link(&h, FRAME_RESUME, (const uint8_t *)"\x80", 1, 1900), 0);
	assert_string_equal(heard_again(&h, 0, 1900, &age), "4 ");
	/* killed while it waits: nobody could take the offer any more */
	assert_int_equal(hold_from_shell(&h, FRAME_FROZEN, (const uint8_t *)"\x80", 1, 2000), 0);
	assert_int_equal(hold_from_shell(&h, type, p, len, 2000), 0);
	hold_shell_ended(&h, 9, 2100);
	hold_drained(&h, false, 2100);
	assert_int_equal(h.state, HOLD_FAREWELL);
	assert_string_equal(heard_again(&h, 0, 2200, &age), "4 ");
	frame_buf_release(&b);
	record_release(&departure_record, &d);
	hold_release(&h);
}

static void a_frozen_shell_gets_no_input(void **state)
{
	struct hold h;

	(void)state;
	commit_hold(&h);
	assert_int_equal(hold_from_link(&h, FRAME_DATA, (const uint8_t *)"\0\0ls", 4, 1), 0);
	assert_true(hold_writes(&h));
	assert_int_equal(hold_from_shell(&h, FRAME_FROZEN, (const uint8_t *)"\x80", 1, 1), 0);
	assert_false(hold_writes(&h));
	assert_int_equal(hold_from_shell(&h, FRAME_RESUME, (const uint8_t *)"\x80", 1, 1), 0);
	assert_true(hold_writes(&h));
	hold_release(&h);
}

static void how_a_shell_was_killed_is_told_unless_we_did_it(void **state)
{
	struct hold h;

	(void)state;
	commit_hold(&h);
	hold_shell_ended(&h, 9, 2000);
	assert_int_equal(h.end.flags, MSG_LOST);
	hold_release(&h);
	commit_hold(&h);
	assert_int_equal(hold_from_link(&h, FRAME_SIGNAL, (const uint8_t *)"\x80", 1, 2000), 0);
	assert_string_equal(peer_log, "hang_up ");
	assert_int_equal(hold_next_due(&h, 2000), 3000);
	hold_tend(&h, 5000);
	assert_string_equal(peer_log, "hang_up kill ");
	hold_shell_ended(&h, 9, 5001);
	assert_int_equal(h.end.flags, 0);
	hold_release(&h);
}

/* ---- frames ---- */

/* doc/PROTOCOL.md has a line for each row of the table: who to whom. */
static void the_document_lists_every_frame(void **state)
{
	static const char *const parties[] = { "shell", "peer", "link", "guardian" };
	const struct frames_row *row;
	char path[512], want[128], *text;
	FILE *f;
	size_t n;

	(void)state;
	snprintf(path, sizeof(path), "%s/doc/PROTOCOL.md", getenv("MISH_SRCDIR") != NULL ? getenv("MISH_SRCDIR") : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	text = calloc(1, 1 << 18);
	n = fread(text, 1, (1 << 18) - 1, f);
	fclose(f);
	assert_true(n > 0);
	for (size_t i = 0; (row = frames_at(i)) != NULL; i++) {
		snprintf(want, sizeof(want), "| %s | %s → %s |", row->name, parties[row->from], parties[row->to]);
		if (strstr(text, want) == NULL)
			fail_msg("doc/PROTOCOL.md: no line begins with: %s", want);
		for (size_t k = i + 1; frames_at(k) != NULL; k++)
			assert_false(row->type == frames_at(k)->type && row->from == frames_at(k)->from &&
				     row->to == frames_at(k)->to);
	}
	free(text);
}

/* Another node was to go on from the offer, and could not: its shell goes on with its own key. */
static void a_recovery_that_fails_leaves_the_state_as_it_was(void **state)
{
	struct checkpoint_frame c = { .epoch = 5, .seq = 1, .flags = MSG_WHOLE,
				      .state = { (uint8_t *)(uintptr_t)"whole1", 6 } };
	struct verdict no = { .why = (char *)(uintptr_t)"unreachable", .status = 1 };
	struct departure d = leaving(ERRAND_MOVE, "gamma", 5);
	struct world w;

	(void)state;
	move_away(&w);
	memset(w.g.sealed.key, 0xaa, sizeof(w.g.sealed.key));
	memset(d.sealed.key, 0xbb, sizeof(d.sealed.key));
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 1), 0);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_OFFER, &departure_record, &d, 2), 0);
	lose_link(&w, 400000);
	lost_recover(&w.g, "delta");
	assert_int_equal(w.g.state, GUARD_RECOVERING);
	assert_int_equal(w.last.sealed.key[0], 0xbb); /* delta would go on from what was offered */
	assert_int_equal(says(&w, LINK_NEXT, FRAME_ABORT, &verdict_record, &no, 400100), 0);
	lost_recover(&w.g, "delta"); /* and, tried again, still */
	assert_int_equal(w.last.sealed.key[0], 0xbb);
	assert_int_equal(says(&w, LINK_NEXT, FRAME_ABORT, &verdict_record, &no, 400200), 0);
	assert_int_equal(w.g.state, GUARD_AWAY);
	lost_tend(&w.g, 500000);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_READY, &ready_record, &there, 500001), 0);
	c.epoch = guard_epoch(&w.g);
	c.seq = 2;
	c.flags = 0;
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 500002), 0);
	assert_int_equal(w.g.sealed.key[0], 0xaa);
	assert_int_equal(w.g.sealed.parts.len, 4 + 6); /* on top of what it was made for */
	record_release(&departure_record, &d);
	end_world(&w);
}

/* Gone may mean moved, by another terminal; and an epoch that rose is written down. */
static void a_session_that_persists_is_neither_doubled_nor_left_behind(void **state)
{
	struct verdict gone = { .why = (char *)(uintptr_t)"x", .status = MSG_ATTACH_GONE };
	struct verdict no = { .why = (char *)(uintptr_t)"no", .status = 1 };
	struct world w;

	(void)state;
	move_away(&w);
	w.g.persist = true;
	offers(&w, ERRAND_MOVE, "gamma");
	assert_int_equal(says(&w, LINK_NEXT, FRAME_ABORT, &verdict_record, &no, 3), 0);
	assert_non_null(strstr(w.log, "keep"));
	lose_link(&w, 400000);
	lost_tend(&w.g, 400001);
	w.file = GUARD_OTHERS;
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_ABORT, &verdict_record, &gone, 400002), 0);
	assert_null(strstr(w.log, "home"));
	assert_int_equal(w.g.state, GUARD_ENDED);
	end_world(&w);
}

/* What a node that is not trusted gets: what the user says at this terminal, after a key. */
static void a_stranger_gets_what_the_user_says(void **state)
{
	static const struct {
		const char *wish;
		uint64_t flags;
		bool typed; /* since it has the session */
		int answer; /* enum guard_answer, -1 none */
		const char *log, *state;
		uint64_t home_flags;
	} rows[] = {
		{ "home", 0, false, -1, "RESUME ", "", 0 },
		{ "home", MSG_AUTOMATIC, true, -1, "RESUME ", "", 0 },
		{ "gamma", 0, false, -1, "RESUME ", "", 0 },
		{ "gamma; reboot", 0, true, -1, "RESUME ", "", 0 },
		{ "-oProxyCommand=x", 0, true, -1, "RESUME ", "", 0 },
		{ "home", 0, true, -1, "STALL home? ", "", 0 },
		{ "a-name-that-is-too-long-to-be-shown", 0, true, -1, "RESUME ", "", 0 },
		{ "home", 0, true, GUARD_NO, "STALL home? STALL RESUME ", "", 0 },
		{ "home", 0, true, GUARD_ITS, "STALL home? STALL try RELEASE home ", "offered", MSG_STRANGER },
		{ "home", 0, true, GUARD_LEFT, "STALL home? STALL try RELEASE home ", "state", MSG_STRANGER | MSG_LOST },
		{ "gamma", 0, true, -1, "STALL onward? ", "", 0 },
		{ "gamma", 0, true, GUARD_NO, "STALL onward? STALL RESUME ", "", 0 },
		{ "gamma", 0, true, GUARD_ITS, "STALL onward? STALL move ", "", 0 },
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct departure d;

		move_to_stranger(&w);
		d = leaving(ERRAND_MOVE, rows[i].wish, guard_epoch(&w.g));
		d.flags = rows[i].flags;
		d.sealed.state = (struct blob){ (uint8_t *)strdup("offered"), 7 };
		w.typed += rows[i].typed;
		w.log[0] = '\0';
		assert_int_equal(says(&w, LINK_CURRENT, FRAME_OFFER, &departure_record, &d, 3), 0);
		if (rows[i].answer >= 0)
			stranger_answered(&w.g, (enum guard_answer)rows[i].answer);
		if (strcmp(w.log, rows[i].log) != 0)
			fail_msg("row %zu: %s, not %s", i, w.log, rows[i].log);
		assert_string_equal(w.home_state, rows[i].state);
		assert_int_equal(w.home_flags, rows[i].home_flags);
		record_release(&departure_record, &d);
		end_world(&w);
	}
}

/* A stranger that says its shell was killed has no other way in, nor has one that is gone or silent. */
static void a_stranger_that_is_lost_starts_nothing_here(void **state)
{
	struct verdict killed = { .status = 1, .flags = MSG_LOST };
	struct checkpoint_frame c = { .epoch = 5, .seq = 1, .flags = MSG_IDLE | MSG_WHOLE,
				      .state = { (uint8_t *)(uintptr_t)"evil", 4 } };
	struct world w;

	(void)state;
	for (int how = 0; how < 2; how++)
		for (int answer = GUARD_NO; answer <= GUARD_LEFT; answer++) {
			move_to_stranger(&w);
			assert_int_equal(says(&w, LINK_CURRENT, FRAME_CHECKPOINT, &checkpoint_record, &c, 4), 0);
			w.log[0] = '\0';
			if (how == 0)
				assert_int_equal(says(&w, LINK_CURRENT, FRAME_EXIT, &verdict_record, &killed, 5), 0);
			else {
				lose_link(&w, 10000);
				lost_tend(&w.g, 20000);
			}
			assert_non_null(strstr(w.log, "lost? "));
			assert_null(strstr(w.log, "home"));
			stranger_answered(&w.g, (enum guard_answer)answer);
			assert_string_equal(w.home_state, answer == GUARD_ITS ? "evil" : answer == GUARD_LEFT ? "state" : "");
			assert_true(answer == GUARD_NO ? w.g.state == GUARD_ENDED : w.g.state == GUARD_AT_HOME);
			assert_true(answer == GUARD_NO || (w.home_flags & MSG_LOST) != 0);
			end_world(&w);
		}
}

/* A trusted node sends shells by itself only to others that are trusted; the user may have one go anywhere. */
static void by_itself_a_session_goes_to_trusted_nodes_only(void **state)
{
	static const struct {
		const char *wish;
		uint64_t flags;
		const char *log;
	} rows[] = {
		{ "gamma", MSG_AUTOMATIC, "move " },   { "delta", MSG_AUTOMATIC, "RESUME " }, { "delta", 0, "move " },
		{ "home", MSG_AUTOMATIC, "try RELEASE home " },
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct departure d;

		move_away(&w);
		w.strange = "delta";
		d = leaving(ERRAND_MOVE, rows[i].wish, guard_epoch(&w.g));
		d.flags = rows[i].flags;
		d.sealed.state = (struct blob){ (uint8_t *)strdup("offered"), 7 };
		assert_int_equal(says(&w, LINK_CURRENT, FRAME_OFFER, &departure_record, &d, 3), 0);
		assert_string_equal(w.log, rows[i].log);
		record_release(&departure_record, &d);
		end_world(&w);
	}
}

/* One recovers to another node: what a stranger's terminal had not read is not typed again there. */
static void recovering_from_a_stranger_types_nothing(void **state)
{
	struct world w;

	(void)state;
	for (int strange = 0; strange < 2; strange++) {
		move_away(&w);
		offers(&w, ERRAND_MOVE, "gamma");
		lose_link(&w, 10);
		w.strange = strange ? "beta.example" : NULL;
		w.g.holder.trusted = !strange;
		lost_recover(&w.g, "gamma");
		assert_int_equal(w.g.state, GUARD_RECOVERING);
		assert_int_equal(w.g.want.input.len, strange ? 0 : 5);
		assert_int_equal(w.g.want.flags & MSG_STRANGER, strange ? MSG_STRANGER : 0);
		end_world(&w);
	}
}

/* An offer that waits for the user's answer is not gone on from because the stranger says that its shell was killed. */
static void a_question_has_no_other_answer(void **state)
{
	struct verdict killed = { .status = 1, .flags = MSG_LOST }, stall = { .status = 1 };
	struct world w;

	(void)state;
	for (int how = 0; how < 3; how++) {
		move_to_stranger(&w);
		w.typed++;
		offers(&w, ERRAND_MOVE, how == 0 ? "home" : "gamma");
		assert_int_equal(w.g.state, GUARD_ASKED);
		w.log[0] = '\0';
		if (how < 2) {
			assert_int_equal(says(&w, LINK_CURRENT, FRAME_EXIT, &verdict_record, &killed, 5), 0);
			assert_non_null(strstr(w.log, "lost? "));
		} else { /* nor does the question go away */
			assert_int_equal(says(&w, LINK_CURRENT, FRAME_STALL, &verdict_record, &stall, 5), 0);
			assert_string_equal(w.log, "");
		}
		assert_null(strstr(w.log, "home "));
		assert_int_equal(w.g.state, GUARD_ASKED);
		end_world(&w);
	}
}

/* A link that is there lends the terminal, and gets it back. */
static void the_terminal_is_lent_and_given_back(void **state)
{
	struct verdict silent = { .status = 1 }, escape = { .status = 2 }, over = { 0 };
	struct world w;

	(void)state;
	move_away(&w);
	w.log[0] = '\0';
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_STALL, &verdict_record, &silent, 10000), 0);
	assert_false(lost_is(&w.g));
	assert_true(lost_next_due(&w.g, 10000) > 0);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_STALL, &verdict_record, &over, 11000), 0);
	assert_int_equal(lost_next_due(&w.g, 11000), -1);
	assert_string_equal(w.log, "STALL ");
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_STALL, &verdict_record, &escape, 12000), 0);
	assert_string_equal(w.log, "STALL menu ");
	lost_retry(&w.g, 13000);
	assert_string_equal(w.log, "STALL menu STALL ");
	/* an offer is the answer, and while a move is under way the link keeps the terminal */
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_STALL, &verdict_record, &silent, 14000), 0);
	offers(&w, ERRAND_MOVE, "gamma");
	assert_string_equal(w.log, "STALL menu STALL STALL move ");
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_STALL, &verdict_record, &silent, 15000), 0);
	assert_string_equal(w.log, "STALL menu STALL STALL move STALL ");
	end_world(&w);
	/* the way out of a peer that hangs */
	move_away(&w);
	assert_int_equal(says(&w, LINK_CURRENT, FRAME_STALL, &verdict_record, &escape, 12000), 0);
	w.log[0] = '\0';
	lost_recover(&w.g, "");
	assert_string_equal(w.log, "fence home ");
	end_world(&w);
}

/* The file says who is to have the session before he has it, and is the only one who may. */
static void the_file_decides_who_has_a_session(void **state)
{
	static const struct {
		enum guard_file file;
		const char *wish, *log, *kept_at;
		enum guard_state then;
	} rows[] = {
		{ GUARD_KEPT, "gamma", "move keep RELEASE COMMIT ", "gamma", GUARD_AWAY },
		{ GUARD_OTHERS, "gamma", "move keep RESUME keep ", "beta.example", GUARD_AWAY },
		{ GUARD_STALE, "gamma", "move keep RESUME keep UNKEPT ", "beta.example", GUARD_AWAY },
		{ GUARD_UNKEPT, "gamma", "move keep RELEASE COMMIT UNKEPT ", "gamma", GUARD_AWAY },
		{ GUARD_KEPT, "home", "try forget RELEASE home ", "beta.example", GUARD_AT_HOME },
		{ GUARD_OTHERS, "home", "try forget RESUME keep ", "beta.example", GUARD_AWAY },
		{ GUARD_STALE, "home", "try forget RESUME keep UNKEPT ", "beta.example", GUARD_AWAY },
		{ GUARD_UNKEPT, "home", "try forget RELEASE home ", "beta.example", GUARD_AT_HOME },
	};
	struct ready gamma = { .node = "gamma", .address = "gamma" };
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct departure d;

		move_away(&w);
		w.g.persist = true;
		w.has_file = true;
		snprintf(w.kept_at, sizeof(w.kept_at), "%s", w.g.holder.address);
		w.file = rows[i].file;
		d = leaving(ERRAND_MOVE, rows[i].wish, guard_epoch(&w.g));
		d.flags = MSG_PERSIST;
		d.sealed.state = (struct blob){ (uint8_t *)strdup("offered"), 7 };
		w.log[0] = '\0';
		assert_int_equal(says(&w, LINK_CURRENT, FRAME_OFFER, &departure_record, &d, 3), 0);
		if (strcmp(rows[i].wish, "gamma") == 0)
			assert_int_equal(says(&w, LINK_NEXT, FRAME_READY, &ready_record, &gamma, 4), 0);
		assert_string_equal(w.log, rows[i].log);
		assert_string_equal(w.kept_at, rows[i].kept_at);
		assert_int_equal(w.g.state, rows[i].then);
		record_release(&departure_record, &d);
		end_world(&w);
	}
}

/* A refusal that is said twice thaws nobody, and an offer too late for it has an answer. */
static void verdicts_that_cross_leave_no_shell_waiting(void **state)
{
	struct hold h;

	(void)state;
	begin_hold(&h);
	commit_hold(&h);
	assert_int_equal(hold_from_link(&h, FRAME_RESUME, (const uint8_t *)"\x80", 1, 1), 0);
	assert_int_equal(h.state, HOLD_LIVE);
	frame_buf_drop(&h.ctl_out, h.ctl_out.len);
	assert_int_equal(hold_from_shell(&h, FRAME_OFFER, (const uint8_t *)"\x81\x48\x01", 3, 1), 0);
	assert_true(h.ctl_out.len > 0 && frame_buf_at(&h.ctl_out)[0] == FRAME_RESUME);
	hold_release(&h);
}

/* The tables above look at each frame that a session has. */
static void no_frame_is_forgotten_here(void **state)
{
	const struct frames_row *row;

	(void)state;
	for (size_t i = 0; (row = frames_at(i)) != NULL; i++) {
		bool found = false;

		for (size_t f = 0; f < N_FRAMES; f++)
			found |= frames[f].type == row->type && strcmp(frames[f].name, row->name) == 0;
		if (!found)
			fail_msg("frames[] has no %s", row->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_guardian_hears_what_its_table_says_and_no_more),
		cmocka_unit_test(garbage_for_a_guardian_changes_nothing),
		cmocka_unit_test(a_failed_first_move_makes_the_shell_here_again),
		cmocka_unit_test(without_a_link_to_be_had_the_shell_stays),
		cmocka_unit_test(a_warm_link_is_used_and_one_that_was_dead_is_replaced),
		cmocka_unit_test(a_shell_away_has_its_next_node_connected_to_first),
		cmocka_unit_test(a_shell_that_would_connect_is_answered_also_when_nobody_can),
		cmocka_unit_test(a_holder_that_did_not_hear_release_is_fenced),
		cmocka_unit_test(a_question_leaves_the_session_where_it_is),
		cmocka_unit_test(an_offer_that_was_answered_already_is_answered_again),
		cmocka_unit_test(an_offer_that_comes_again_while_it_is_under_way_changes_nothing),
		cmocka_unit_test(a_session_that_is_idle_comes_home_by_itself),
		cmocka_unit_test(one_that_is_busy_waits_and_its_holder_frozen_is_gone_on_from),
		cmocka_unit_test(jobs_stay_where_the_session_was),
		cmocka_unit_test(the_file_knows_of_the_jobs),
		cmocka_unit_test(who_attaches_stands_for_the_jobs),
		cmocka_unit_test(nobody_is_released_before_home_can_take_the_session),
		cmocka_unit_test(a_state_that_was_kept_goes_on_here),
		cmocka_unit_test(a_strangers_state_that_was_kept_is_still_a_strangers),
		cmocka_unit_test(an_attach_goes_on_from_the_files_checkpoints),
		cmocka_unit_test(who_attaches_ends_when_another_came_through),
		cmocka_unit_test(checkpoints_of_others_and_out_of_order_are_not_taken),
		cmocka_unit_test(a_holder_that_did_not_hear_that_its_end_was_heard_is_fenced),
		cmocka_unit_test(the_end_of_the_shell_is_the_end),
		cmocka_unit_test(a_hangup_reaches_the_shell_unless_it_persists),
		cmocka_unit_test(the_link_hears_what_its_table_says_and_no_more),
		cmocka_unit_test(only_the_terminals_stream_is_shown),
		cmocka_unit_test(a_peer_cannot_say_what_was_typed_here),
		cmocka_unit_test(each_answer_to_an_attach_is_told_as_what_it_is),
		cmocka_unit_test(the_peer_hears_what_its_table_says_and_no_more),
		cmocka_unit_test(before_commit_what_the_shell_says_of_moving_on_waits),
		cmocka_unit_test(before_commit_a_lost_link_ends_the_shell_after_it_does_not),
		cmocka_unit_test(a_shell_that_ends_before_commit_is_no_session),
		cmocka_unit_test(only_who_knows_the_secret_may_attach_or_fence),
		cmocka_unit_test(a_fence_that_keeps_jobs_releases),
		cmocka_unit_test(a_new_link_hears_all_that_was_not_acknowledged),
		cmocka_unit_test(an_offer_that_comes_to_nothing_takes_no_checkpoint_with_it),
		cmocka_unit_test(a_frozen_shell_gets_no_input),
		cmocka_unit_test(how_a_shell_was_killed_is_told_unless_we_did_it),
		cmocka_unit_test(the_document_lists_every_frame),
		cmocka_unit_test(no_frame_is_forgotten_here),
		cmocka_unit_test(a_login_that_is_refused_waits_for_somebody),
		cmocka_unit_test(a_recovery_that_fails_leaves_the_state_as_it_was),
		cmocka_unit_test(a_session_that_persists_is_neither_doubled_nor_left_behind),
		cmocka_unit_test(a_stranger_gets_what_the_user_says),
		cmocka_unit_test(a_stranger_that_is_lost_starts_nothing_here),
		cmocka_unit_test(by_itself_a_session_goes_to_trusted_nodes_only),
		cmocka_unit_test(recovering_from_a_stranger_types_nothing),
		cmocka_unit_test(a_question_has_no_other_answer),
		cmocka_unit_test(the_terminal_is_lent_and_given_back),
		cmocka_unit_test(the_file_decides_who_has_a_session),
		cmocka_unit_test(verdicts_that_cross_leave_no_shell_waiting),
	};

	neutral_complete(&guard_ops, sizeof(guard_ops));
	neutral_complete(&carry_ops, sizeof(carry_ops));
	neutral_complete(&hold_ops, sizeof(hold_ops));
	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
