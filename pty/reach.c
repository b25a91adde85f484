#include <config.h>

#include "pty/reach.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty/askpass.h"
#include "pty/greeting.h"
#include "pty/shared.h"
#include "pty/term.h"
#include "wire/node.h"
#include "wire/now.h"
#include "wire/text.h"

enum {
	EXIT_STATUS_MS = 1000,
	CARRIED_MS = 300000,  /* for mish itself to go over a slow network */
	READY_MS = 30000,     /* for a peer to answer HELLO with a shell */
	ATTACH_MS = 10000,    /* … which it has already */
	ANSWER_MAX = 1 << 20,
	CHUNK = 1 << 15,
	SMALL = 256,	      /* an echo: to be shown before we look for more */
	IN_MAX = 1 << 17,     /* read and not understood, unless a frame is longer */
};

void reach_step(void *arg, const char *step)
{
	struct carrier *c = arg;
	char *s = NULL;

	if ((c->o.flags & MSG_VERBOSE) == 0)
		return;
	if (asprintf(&s, "%s%s: %s after %lld ms\n", c->steps != NULL ? c->steps : "", c->node, step,
		     (long long)(now_mono_ms() - c->start_ms)) < 0)
		return;
	free(c->steps);
	c->steps = s;
}

/* ---- the rendezvous ---- */

static int rdv_ask(struct carrier *c, enum frame_type type, struct msg_view *ret, char **why)
{
	struct msg m;
	int r;

	msg_init(&m);
	msg_str(&m, MSG_SESSION, c->o.session);
	msg_uint(&m, MSG_EPOCH, c->o.from); /* of the holder on whose behalf it is */
	msg_str(&m, MSG_NODE, c->node);
	if (type == FRAME_RDV_OFFER)
		msg_bytes(&m, MSG_STATE, c->o.sealed.state.s, c->o.sealed.state.len);
	else
		msg_str(&m, MSG_TICKET, c->ticket);
	r = rdv_client_call(c->rdv, type, &m, ret, why);
	if (r < 0 && why != NULL && *why == NULL)
		*why = strdup(strerror(-r));
	return r;
}

/* Offers the state, and takes it at once: from then on nobody else can. */
static int offer(struct carrier *c, char **why)
{
	struct msg_view v;
	int r = rdv_ask(c, FRAME_RDV_OFFER, &v, why);

	if (r == 0)
		r = msg_get_str(&v, MSG_TICKET, c->ticket, sizeof(c->ticket));
	if (r == 0)
		r = rdv_ask(c, FRAME_RDV_TAKE, &v, why);
	return r;
}

static void abort_offer(struct carrier *c)
{
	struct msg_view v;

	if (c->ticket[0] != '\0')
		(void)rdv_ask(c, FRAME_RDV_ABORT, &v, NULL);
	c->ticket[0] = '\0';
}

/* A mishd that ended in between took the ticket with it: then all is asked again, once. */
int reach_commit(struct carrier *c, char **why)
{
	struct msg_view v;

	if (rdv_ask(c, FRAME_RDV_COMMIT, &v, NULL) == 0)
		return 0;
	return offer(c, why) < 0 ? -1 : rdv_ask(c, FRAME_RDV_COMMIT, &v, why);
}

/* ---- SSH in and out ---- */

/* Adds bytes to a text, of which as much of the end stays as there is room for. */
static void keep_tail(char *text, size_t size, const void *bytes, size_t n)
{
	size_t has = strlen(text), room = size - 1;
	const char *s = bytes;

	if (n > room) {
		s += n - room;
		n = room;
	}
	if (has + n > room) {
		memmove(text, text + (has + n - room), room - n);
		has = room - n;
	}
	for (size_t i = 0; i < n; i++)
		text[has + i] = s[i] != '\0' ? s[i] : '?';
	text[has + n] = '\0';
}

/* What comes on standard error: the last of it may say why the peer ended, or never began. */
static void take_messages(struct carrier *c)
{
	char buf[sizeof(c->noise) / 2];
	long n = dial_read_error(&c->d, buf, sizeof(buf));
	char mark[64], *asks;

	if (n > 0)
		keep_tail(c->noise, sizeof(c->noise), buf, (size_t)n);
	if (c->tty < 0 || c->d.cookie[0] == '\0') /* nobody asks */
		return;
	snprintf(mark, sizeof(mark), ASKPASS_ASKS, c->d.cookie);
	asks = strstr(c->noise, mark);
	if (asks == NULL)
		return;
	*asks = '\0'; /* somebody is to be asked, and should know what came before */
	askpass_show(c->tty, c->noise);
	c->noise[0] = '\0';
}

void reach_show_messages(struct carrier *c)
{
	char *next;

	if (c->d.cookie[0] == '\0') /* libssh says nothing: that is the login shell */
		return;
	take_messages(c);
	for (char *s = c->noise; *s != '\0'; s = next) {
		next = s + strcspn(s, "\n");
		if (*next != '\0')
			*next++ = '\0';
		if (strncmp(s, "debug", 5) == 0 || strncmp(s, "OpenSSH_", 8) == 0) /* LogLevel DEBUG is for logs */
			continue;
		askpass_show(c->tty, s);
		askpass_show(c->tty, "\n");
	}
	c->noise[0] = '\0';
}

bool reach_pump_in(struct carrier *c)
{
	uint8_t buf[CHUNK];
	int turns = 64; /* then the terminal has its turn */
	long n = 0;

	if (c->blocked != 0)
		return true; /* the terminal is slow: SSH's window may fill up */
	while (turns-- != 0 && (n = dial_read(&c->d, buf, sizeof(buf))) > 0) {
		if (frame_buf_add(&c->in, buf, (size_t)n) < 0) {
			c->connection = CONNECTION_BROKEN; /* the next link gets again what is lost */
			return false;
		}
		if (c->in.len > IN_MAX || n < SMALL)
			break;
	}
	if (n < 0 || !dial_is_connected(&c->d))
		c->connection = CONNECTION_BROKEN;
	take_messages(c);
	if (n < 0)
		return false;
	return n > 0 || !dial_has_ended(&c->d);
}

bool reach_pump_out(struct carrier *c)
{
	for (long r; c->core.out.len != 0; frame_buf_drop(&c->core.out, (size_t)r)) {
		c->taken = dial_taken(&c->d);
		r = dial_write(&c->d, frame_buf_at(&c->core.out), c->core.out.len);
		if (r < 0) {
			c->connection = CONNECTION_BROKEN;
			return false;
		}
		if (r == 0)
			break;
	}
	return true;
}

bool reach_has_more(struct carrier *c)
{
	bool more = c->blocked == 0 && dial_has_more(&c->d); /* which may take the packet that lets us write on */

	return more || (c->core.out.len != 0 && dial_taken(&c->d) != c->taken);
}

short reach_events(struct carrier *c)
{
	return dial_events(&c->d, c->core.out.len != 0);
}

/* ---- asking a node ---- */

static void put_hello(struct carrier *c)
{
	const char *term = getenv("TERM");
	struct hello h = { .version = PROTOCOL_VERSION,
			   .least = PROTOCOL_LEAST,
			   .errand = c->o.errand,
			   .flags = c->o.flags,
			   .from = c->o.from,
			   .sealed = c->o.sealed, /* borrowed */
			   .seq = c->o.seq,
			   .terminals = c->terminals,
			   .files = c->files, .same = c->same, /* borrowed */
			   .pid = c->o.pid,
			   .received = c->came,
			   .rows = 24, .cols = 80 };

	memcpy(h.session, c->o.session, sizeof(h.session));
	memcpy(h.origin, c->o.origin, sizeof(h.origin));
	memcpy(h.here, c->o.here, sizeof(h.here));
	memcpy(h.socket, c->o.socket, sizeof(h.socket));
	memcpy(h.secret, c->o.secret, sizeof(h.secret));
	memcpy(h.new_secret, c->o.new_secret, sizeof(h.new_secret));
	if (term == NULL || strlen(term) >= sizeof(h.term))
		term = "dumb";
	snprintf(h.term, sizeof(h.term), "%s", term);
	if (c->tty >= 0)
		(void)term_size(c->tty, &h.rows, &h.cols);
	if (c->o.errand == ERRAND_ATTACH && c->spool.area != NULL)
		h.received = spool_filled(&c->spool);
	(void)frames_put(&c->core.out, FRAME_HELLO, &hello_record, &h);
	explicit_bzero(&h, sizeof(h));
}

/* Drops what the login shell printed before the greeting. 1: greeted, 0: not yet, -1. */
static int skip_noise(struct carrier *c, size_t *skipped)
{
	const uint8_t *s = frame_buf_at(&c->in);
	const uint8_t *at = c->in.len != 0 ? memmem(s, c->in.len, greeting, GREETING_LEN) : NULL;
	size_t keep = GREETING_LEN + sizeof(CARRIED_WANTS); /* the beginning of either */

	if (at != NULL) {
		frame_buf_drop(&c->in, (size_t)(at - s) + GREETING_LEN);
		return 1;
	}
	if (c->in.len > keep) {
		*skipped += c->in.len - keep;
		keep_tail(c->said, sizeof(c->said), s, c->in.len - keep);
		frame_buf_drop(&c->in, c->in.len - keep);
	}
	return *skipped > GREETING_NOISE_MAX ? -1 : 0;
}

/* What a login shell, or sshd, said last instead; and what to do about it. */
static char *no_mish(struct carrier *c, int status)
{
	char *line = text_last_line(c->noise[0] != '\0' ? c->noise : c->said, 0), *s = NULL;
	bool csh = line != NULL && strcmp(line, "mish: Command not found.") == 0; /* it ends with 1 */
	bool expired = line != NULL && strncmp(line, "Password change required", 24) == 0;

	if (status == 127 || csh)
		s = strdup("mish is not installed there, or not in PATH; smigrate -i takes it along");
	else if (asprintf(&s, "no mish answered there%s%s%s%s", line != NULL && *line != '\0' ? ": " : "", line != NULL ? line : "",
			  expired ? " To change it, run: ssh " : "", expired ? c->d.operands : "") < 0)
		s = NULL;
	free(line);
	return s;
}

/* The channel ended before the peer said anything. */
static char *no_peer(struct carrier *c)
{
	int64_t end = now_mono_ms() + EXIT_STATUS_MS;
	char *s;
	int status;

	/* the end of its output may come before its exit status */
	while ((status = dial_status(&c->d)) < 0 && now_mono_ms() < end) {
		struct pollfd p = { .fd = dial_fd(&c->d), .events = POLLIN };

		if (!dial_is_connected(&c->d) || poll(&p, 1, EXIT_STATUS_MS) <= 0)
			break;
		(void)reach_pump_in(c);
	}
	take_messages(c);
	s = dial_why(&c->d, c->noise);
	if (s != NULL)
		return s;
	keep_tail(c->said, sizeof(c->said), frame_buf_at(&c->in), c->in.len);
	return no_mish(c, status);
}

/* Sleeps until the peer may have said something; -1 with *why when it is too late. */
static int await_peer(struct carrier *c, int64_t end, const char *late, char **why)
{
	struct pollfd p[2] = { { .fd = dial_fd(&c->d), .events = reach_events(c) }, { .fd = c->d.err, .events = POLLIN } };
	int64_t now = now_mono_ms(), until = c->d.look_ms != 0 && c->d.look_ms < end ? c->d.look_ms : end;

	if (reach_has_more(c))
		return 0;
	until = until > now ? until : now;
	if (now >= end)
		*why = strdup(late);
	else if (poll(p, 2, until > now ? (int)(until - now) : 0) < 0 && errno != EINTR)
		*why = strdup(strerror(errno));
	else if (reach_end)
		*why = strdup("interrupted");
	else
		return 0;
	return -1;
}

/* The node has no mish, or another than ours: here it comes. */
static bool send_files(struct carrier *c, int64_t *ret_end)
{
	struct carried *files = &c->d.carried;
	bool ok = true;

	if (files->files == NULL || c->in.len == 0 ||
	    memmem(frame_buf_at(&c->in), c->in.len, CARRIED_WANTS, sizeof(CARRIED_WANTS) - 1) == NULL)
		return true;
	ok = frame_buf_add(&c->core.out, files->files, files->len) == 0;
	carried_release(files); /* once */
	*ret_end = now_mono_ms() + CARRIED_MS;
	reach_step(c, "mish goes along");
	return ok;
}

/* Waits for the peer's first words. Nothing is said before: whatever else the login shell runs would take it for its input. */
static int await_greeting(struct carrier *c, int64_t end, char **why)
{
	char late[NODE_DESTINATION_MAX + 160];
	size_t skipped = 0;

	/* so may ForceCommand; or ssh(1) is not there yet */
	snprintf(late, sizeof(late), "no mish answered there; if this prints no version either, a start-up file of the login shell there reads, or runs something else: ssh %s mish --version",
		 c->d.operands);
	while (c->connection != CONNECTION_GREETED) {
		bool open = reach_pump_in(c) && send_files(c, &end) && reach_pump_out(c);
		int r = skip_noise(c, &skipped);

		dial_tend(&c->d);
		if (r < 0) {
			*why = strdup("its login shell prints without end");
			return -1;
		}
		if (r == 1) {
			c->connection = CONNECTION_GREETED;
			break;
		}
		if (!open) {
			*why = no_peer(c);
			return -1;
		}
		if (await_peer(c, end, late, why) < 0)
			return -1;
	}
	reach_step(c, "peer answered");
	return 0;
}

/* Keeps what the shell there prints before READY: if it ends, that is the reason. */
static void take_noise(struct carrier *c, const uint8_t *payload, size_t len)
{
	const uint8_t *bytes;
	unsigned stream;
	size_t n;

	if (frame_get_data(payload, len, &stream, &bytes, &n) < 0)
		return;
	if (n >= sizeof(c->said))
		n = sizeof(c->said) - 1;
	memcpy(c->said, bytes, n);
	c->said[n] = '\0';
}

/* A peer's answer to HELLO: READY, ABORT or EXIT. */
struct answer {
	enum frame_type type;
	union frames_body body; /* release_answer() */
};

static void release_answer(struct answer *a)
{
	const struct frames_row *row = frames_find(a->type, PARTY_PEER, PARTY_LINK);

	if (row != NULL)
		frames_release(row, &a->body);
}

/* Reads it, if it is there: 1, 0, or -EBADMSG. */
static int read_answer(struct carrier *c, struct answer *ret)
{
	const uint8_t *payload;
	size_t len, total;
	int r;

	while ((r = frame_next(&c->in, ANSWER_MAX, &ret->type, &payload, &len, &total)) == 1) {
		const struct frames_row *row = frames_find(ret->type, PARTY_PEER, PARTY_LINK);

		if (row == NULL || !carry_accepts(&c->core, PARTY_PEER, ret->type))
			return -EBADMSG;
		if (ret->type != FRAME_DATA) {
			r = frames_get(row, payload, len, &ret->body);
			frame_buf_drop(&c->in, total);
			return r < 0 ? -EBADMSG : 1;
		}
		take_noise(c, payload, len);
		frame_buf_drop(&c->in, total);
	}
	return r;
}

/* Waits for the peer's answer to HELLO. 0, and the answer is to be released; or -1 with *why. */
static int await_answer(struct carrier *c, struct answer *ret, char **why)
{
	bool there = c->o.errand == ERRAND_ATTACH || c->o.errand == ERRAND_FENCE;
	int64_t end = now_mono_ms() + dial_patience(&c->d, there ? ATTACH_MS : READY_MS);
	const char *late = there ? "no answer from the peer that has the session" :
				   "the shell there did not get ready in time";
	int r;

	*ret = (struct answer){ 0 };
	c->said[0] = '\0'; /* that was the login shell */
	for (;;) {
		bool open = reach_pump_in(c) && reach_pump_out(c);

		r = read_answer(c, ret);
		if (r == 1)
			return 0;
		if (r < 0) {
			*why = strdup("the peer's answer cannot be read");
			return -1;
		}
		if (!open) {
			c->connection = CONNECTION_BROKEN; /* it may have ended long ago, before our words came */
			*why = strdup("the peer ended before it answered");
			return -1;
		}
		if (await_peer(c, end, late, why) < 0)
			return -1;
	}
}

/* Connects, and waits for the peer's greeting. */
static int connect_to(struct carrier *c, char **why)
{
	bool manual = (c->o.flags & MSG_AUTOMATIC) == 0 && !c->unasked, there = c->o.errand == ERRAND_ATTACH || c->o.errand == ERRAND_FENCE;

	c->connection = CONNECTION_OPEN;
	if (dial_open(&c->d, c->address, manual ? c->tty : -1, (c->unasked ? DIAL_KNOWN_ONLY : 0) | (there ? DIAL_PATIENT : 0), reach_step, c, why) < 0)
		return -1;
	return await_greeting(c, now_mono_ms() + dial_patience(&c->d, there ? ATTACH_MS : READY_MS), why);
}

/* To be called again for a peer that has greeted: nothing happens. */
static int greet(struct carrier *c, char **why)
{
	int r;

	if (c->connection == CONNECTION_GREETED)
		return 0;
	if (c->o.errand != ERRAND_PLACE)
		return connect_to(c, why);
	r = shared_open(c, connect_to, why);
	c->connection = r == 0 ? CONNECTION_GREETED : CONNECTION_OPEN;
	return r;
}

/* Why the peer refused, in its own words. */
static char *refusal(const struct carrier *c, const struct answer *a)
{
	const struct verdict *v = &a->body.verdict;

	if (v->why != NULL)
		return text_line(v->why);
	if (a->type == FRAME_EXIT)
		return text_line(c->said[0] != '\0' ? c->said : "the shell there ended before it was ready");
	return strdup("the peer refused");
}

int reach_try(struct carrier *c, char **why)
{
	bool asks = c->o.errand == ERRAND_ASK;
	struct answer a;
	struct ready *r = &a.body.ready;

	c->start_ms = now_mono_ms();
	if (c->o.errand == ERRAND_MOVE && offer(c, why) < 0)
		return -1;
	if (greet(c, why) < 0)
		return -1;
	put_hello(c);
	if (await_answer(c, &a, why) < 0)
		return -1;
	if (a.type != FRAME_READY) {
		*why = refusal(c, &a);
		release_answer(&a);
		return -1;
	}
	if (node_name_valid(r->node)) /* it is shown, and a prompt may have it */
		memcpy(c->node, r->node, sizeof(c->node));
	free(c->warnings);
	c->warnings = r->warnings;
	c->opened = (unsigned)r->opened;
	c->packs = (r->flags & MSG_PACKS) != 0;
	r->warnings = NULL;
	release_answer(&a);
	reach_step(c, asks ? "would accept" : "ready");
	return 0;
}

void reach_forget(struct carrier *c)
{
	abort_offer(c);
	dial_close(&c->d);
	frame_buf_release(&c->in);
	frame_buf_release(&c->core.out);
	c->noise[0] = c->said[0] = '\0';
	c->connection = CONNECTION_NONE;
}

int reach_greet(struct carrier *c, char **why)
{
	c->start_ms = now_mono_ms();
	return greet(c, why);
}

int reach_return(struct carrier *c, uint64_t came, uint64_t *received, char **why)
{
	const char *text = NULL;
	struct answer a;
	int status;

	c->o.errand = ERRAND_ATTACH;
	c->came = came;
	put_hello(c);
	if (await_answer(c, &a, why) < 0)
		return MSG_ATTACH_FAILED;
	status = carry_attach_answer(ERRAND_ATTACH, a.type, &a.body, true, &text);
	if (status != 0)
		*why = strdup(text);
	*received = status == 0 ? a.body.ready.received : 0;
	c->terminals = status == 0 && (a.body.ready.flags & MSG_NO_TERMINAL) != 0 ? 0 : c->terminals;
	release_answer(&a);
	return status;
}

/* The counters of a peer that we attach to. False: they do not fit ours. */
static bool take_counters(struct carrier *c, const struct ready *r)
{
	if ((c->o.flags & MSG_FRESH) != 0)
		spool_start_at(&c->spool, r->sent, r->received);
	else if (r->received < spool_acked(&c->spool) || r->received > spool_typed(&c->spool))
		return false;
	c->core.sent = r->received;
	return true;
}

int reach_attach(struct carrier *c, char **why)
{
	const char *text = NULL;
	struct answer a;
	bool fits;
	int status;

	c->start_ms = now_mono_ms();
	snprintf(c->address, sizeof(c->address), "%.255s", c->o.wish);
	snprintf(c->node, sizeof(c->node), "%.255s", node_destination_end(c->o.wish));
	if ((c->o.flags & MSG_AUTOMATIC) == 0 && c->tty >= 0) {
		term_waiting(c->tty);
		dprintf(c->tty, "mish: %s: connecting (^C: not now)\r\n", c->node);
	}
	if (greet(c, why) < 0)
		return c->d.denied ? MSG_ATTACH_DENIED : MSG_ATTACH_FAILED;
	put_hello(c);
	if (await_answer(c, &a, why) < 0)
		return c->d.denied ? MSG_ATTACH_DENIED : MSG_ATTACH_FAILED;
	fits = a.type == FRAME_READY && c->o.errand == ERRAND_ATTACH && take_counters(c, &a.body.ready);
	status = carry_attach_answer((enum errand)c->o.errand, a.type, &a.body, fits, &text);
	if (status != 0) {
		*why = strdup(text);
	} else {
		if (node_name_valid(a.body.ready.node))
			memcpy(c->node, a.body.ready.node, sizeof(c->node));
		carry_reached(&c->core, (c->o.flags & MSG_PERSIST) != 0,
			      (a.body.ready.flags & MSG_FROZEN) != 0);
	}
	release_answer(&a);
	return status;
}
