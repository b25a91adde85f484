#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/handover.h"
#include "pty/dial.h"
#include "pty/greeting.h"
#include "pty/term.h"
#include "rendezvous/frame.h"
#include "rendezvous/io_full.h"
#include "rendezvous/rdv_client.h"

/*
 * mish-link: carries a session's terminal to a peer over SSH (DESIGN 4, 6). A child of
 * the guardian, or of a shell that only asks (smigrate -n). All that comes from the
 * network is parsed here, so that it cannot hurt who holds the session.
 */

enum {
	EXIT_STATUS_MS = 1000,
	READY_MS = 30000,     /* for a peer to answer HELLO */
	WINDOW = 1 << 20,     /* input that the peer has not acknowledged */
	OUT_MAX = 1 << 20,    /* output that the terminal has not taken */
	ACK_EVERY = 1 << 15,
	CHUNK = 1 << 14,
};

struct carrier {
	struct handover h;
	struct dial d;
	struct rdv_client *rdv;
	char ticket[RDV_TICKET_LEN + 1];
	char node[256];	   /* the destination being tried, then the peer's own name */
	int guardian, tty; /* -1 none */
	bool probe, committed, ended, released, frozen, tty_gone;
	struct frame_buf gin, gout; /* guardian */
	struct frame_buf in, out;   /* peer */
	struct frame_buf screen;    /* for the terminal */
	struct frame_buf replay;    /* input that the peer did not acknowledge */
	uint64_t sent, acked;	    /* input, bytes */
	uint64_t shown, ack_sent;   /* output */
	char noise[512];	    /* the last of what came on stderr */
	char *warnings;
	char *steps;
	int64_t start_ms;
	sigset_t sleep_mask;
};

static volatile sig_atomic_t got_winch, got_end;

static void on_signal(int signo)
{
	if (signo == SIGWINCH)
		got_winch = 1;
	else
		got_end = 1;
}

static void add_step(void *arg, const char *step)
{
	struct carrier *c = arg;
	char *s = NULL;

	if ((c->h.flags & MSG_VERBOSE) == 0)
		return;
	if (asprintf(&s, "%s%s: %s after %lld ms\n", c->steps != NULL ? c->steps : "", c->node, step,
		     (long long)(io_now_ms() - c->start_ms)) < 0)
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
	msg_str(&m, MSG_SESSION, c->h.session);
	msg_uint(&m, MSG_EPOCH, c->h.epoch);
	msg_str(&m, MSG_NODE, c->node);
	if (type == FRAME_RDV_OFFER)
		msg_bytes(&m, MSG_STATE, c->h.state, c->h.state_len);
	else
		msg_str(&m, MSG_TICKET, c->ticket);
	r = rdv_client_call(c->rdv, type, &m, ret, why);
	if (r < 0 && why != NULL && *why == NULL)
		*why = strdup(strerror(-r));
	return r;
}

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

/* A mishd that ended in between took the ticket with it: the same again, unless fenced. */
static int commit(struct carrier *c, char **why)
{
	struct msg_view v;

	if (rdv_ask(c, FRAME_RDV_COMMIT, &v, NULL) == 0)
		return 0;
	return offer(c, why) < 0 ? -1 : rdv_ask(c, FRAME_RDV_COMMIT, &v, why);
}

/* It ended, or went home. When it went on, a later epoch exists and this is refused. */
static void end_session(struct carrier *c)
{
	struct msg_view v;
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_SESSION, c->h.session);
	msg_uint(&m, MSG_EPOCH, c->h.epoch + 1);
	(void)rdv_client_call(c->rdv, FRAME_RDV_END, &m, &v, NULL);
}

/* ---- SSH in and out ---- */

/* Reads all that is there. False when the channel has ended. */
static bool pump_in(struct carrier *c)
{
	uint8_t buf[CHUNK];
	int n, turns = 64; /* then others have theirs */

	if (c->screen.len > OUT_MAX)
		return true; /* the terminal is slow: let SSH's window fill */
	while (turns-- != 0 && (n = ssh_channel_read_nonblocking(c->d.channel, buf, sizeof(buf), 0)) > 0)
		if (frame_buf_add(&c->in, buf, (size_t)n) < 0 || c->screen.len > OUT_MAX)
			break;
	if (n == SSH_ERROR)
		return false;
	if (n > 0)
		return true;
	n = ssh_channel_read_nonblocking(c->d.channel, c->noise, sizeof(c->noise) - 1, 1);
	if (n > 0)
		c->noise[n] = '\0';
	return !(ssh_channel_is_eof(c->d.channel) && n <= 0 &&
		 ssh_channel_poll(c->d.channel, 0) <= 0) &&
	       !ssh_channel_is_closed(c->d.channel);
}

static bool pump_out(struct carrier *c)
{
	while (c->out.len != 0) {
		uint32_t window = ssh_channel_window_size(c->d.channel);
		uint32_t n = c->out.len < window ? (uint32_t)c->out.len : window;
		int r;

		if (n == 0)
			break;
		r = ssh_channel_write(c->d.channel, frame_buf_at(&c->out), n > 32768 ? 32768 : n);
		if (r == SSH_ERROR)
			return false;
		if (r <= 0)
			break;
		frame_buf_drop(&c->out, (size_t)r);
	}
	return true;
}

/*
 * Every call into libssh may take packets off the socket, for any stream: before we sleep
 * on the descriptor, nothing may be left that it already has.
 */
static bool has_more(struct carrier *c)
{
	return c->screen.len <= OUT_MAX && ssh_channel_poll(c->d.channel, 0) > 0;
}

static short ssh_events(const struct carrier *c)
{
	int flags = ssh_get_poll_flags(c->d.session);

	return (short)(POLLIN | ((flags & SSH_WRITE_PENDING) != 0 ? POLLOUT : 0));
}

/* ---- asking a node ---- */

static void put_hello(struct carrier *c)
{
	const char *term = getenv("TERM");
	struct handover h = c->h;
	uint16_t rows = 24, cols = 80;
	struct msg m;

	/* what is for this process only stays here */
	h.mish = h.why = h.steps = NULL;
	h.input = h.modes = NULL;
	snprintf(h.node, sizeof(h.node), "%s", c->node);
	if (c->tty >= 0)
		(void)term_size(c->tty, &rows, &cols);
	msg_init(&m);
	handover_put(&h, &m);
	msg_str(&m, MSG_TERM, term != NULL ? term : "dumb");
	msg_uint(&m, MSG_ROWS, rows);
	msg_uint(&m, MSG_COLS, cols);
	(void)frame_put_msg(&c->out, FRAME_HELLO, &m);
	explicit_bzero(h.key, sizeof(h.key));
}

/* Drops what the login shell printed before the greeting. 1: greeted, 0: not yet, -1. */
static int skip_noise(struct carrier *c, size_t *skipped)
{
	const uint8_t *s = frame_buf_at(&c->in);
	const uint8_t *at = c->in.len != 0 ? memmem(s, c->in.len, greeting, GREETING_LEN) : NULL;
	size_t keep = GREETING_LEN - 1;

	if (at != NULL) {
		frame_buf_drop(&c->in, (size_t)(at - s) + GREETING_LEN);
		return 1;
	}
	if (c->in.len > keep) {
		*skipped += c->in.len - keep;
		frame_buf_drop(&c->in, c->in.len - keep);
	}
	return *skipped > GREETING_NOISE_MAX ? -1 : 0;
}

static char *first_line(const char *s)
{
	char *copy = strndup(s, strcspn(s, "\r\n"));

	for (char *p = copy; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 127) /* not into somebody's terminal */
			*p = '?';
	return copy;
}

/* The channel ended before the peer said anything. */
static char *no_peer(struct carrier *c)
{
	int64_t end = io_now_ms() + EXIT_STATUS_MS;
	char *line, *s = NULL;
	int status;

	/* the end of its output may come before its exit status */
	while ((status = ssh_channel_get_exit_status(c->d.channel)) < 0 && io_now_ms() < end) {
		struct pollfd p = { .fd = ssh_get_fd(c->d.session), .events = POLLIN };

		if (ssh_channel_is_closed(c->d.channel) || poll(&p, 1, EXIT_STATUS_MS) <= 0)
			break;
		(void)pump_in(c);
	}
	if (status == 127)
		return strdup("mish is not installed there, or not in PATH");
	line = first_line(c->noise);
	if (asprintf(&s, "no mish answered there%s%s", line != NULL && *line != '\0' ? ": " : "",
		     line != NULL ? line : "") < 0)
		s = NULL;
	free(line);
	return s;
}

/*
 * Waits for the peer's answer to HELLO. Returns READY or ABORT with the message
 * borrowed until *ret_total is dropped, or TOK 0 with *why.
 */
static int await_answer(struct carrier *c, enum frame_type *ret, struct msg_view *v,
			size_t *ret_total, char **why)
{
	int64_t end = io_now_ms() + READY_MS;
	const uint8_t *payload;
	size_t len, skipped = 0;
	int greeted = 0, r;

	for (;;) {
		bool open = pump_in(c);
		struct pollfd p;

		if (!pump_out(c))
			open = false;
		if (greeted == 0) {
			greeted = skip_noise(c, &skipped);
			if (greeted == 1)
				add_step(c, "peer answered");
		}
		if (greeted < 0) {
			*why = strdup("its login shell prints without end");
			return -1;
		}
		r = greeted == 1 ? frame_next(&c->in, FRAME_MAX, ret, &payload, &len, ret_total) : 0;
		if (r == 1 && *ret == FRAME_DATA) { /* why there is no shell, if there will be none */
			size_t n = len < sizeof(c->noise) ? len : sizeof(c->noise) - 1;

			memcpy(c->noise, payload, n);
			c->noise[n] = '\0';
			c->shown += len;
			frame_buf_drop(&c->in, *ret_total);
			continue;
		}
		if (r == 1) {
			if ((*ret == FRAME_READY || *ret == FRAME_ABORT || *ret == FRAME_EXIT) &&
			    msg_parse(v, payload, len) == 0)
				return 0;
			r = -EBADMSG;
		}
		if (r < 0) {
			*why = strdup("the peer's answer cannot be read");
			return -1;
		}
		if (!open) {
			*why = greeted == 1 ? strdup("the peer ended before it was ready") : no_peer(c);
			return -1;
		}
		p = (struct pollfd){ .fd = ssh_get_fd(c->d.session), .events = ssh_events(c) };
		if (has_more(c))
			continue;
		if (io_now_ms() >= end) {
			*why = strdup(greeted == 1 ? "the shell there did not get ready in time"
						   : "no answer from the peer");
			return -1;
		}
		if (poll(&p, 1, (int)(end - io_now_ms())) < 0 && errno != EINTR) {
			*why = strdup(strerror(errno));
			return -1;
		}
		if (got_end)
			exit(1);
	}
}

/* One node. 0 when it is ready (or, with -n, would take us), -1 with *why. */
static int try_node(struct carrier *c, char **why)
{
	bool manual = (c->h.flags & MSG_AUTOMATIC) == 0;
	enum frame_type type;
	struct msg_view v;
	char node[256] = "";
	size_t total;

	c->start_ms = io_now_ms();
	if (!c->probe && offer(c, why) < 0)
		return -1;
	if (dial_open(&c->d, c->node, manual ? c->tty : -1, add_step, c, why) < 0)
		return -1;
	put_hello(c);
	if (await_answer(c, &type, &v, &total, why) < 0)
		return -1;
	if (type != FRAME_READY) {
		if (msg_get_strdup(&v, MSG_WHY, why) < 0)
			*why = strdup(type == FRAME_EXIT && c->noise[0] != '\0' ? c->noise :
				      type == FRAME_EXIT ? "the shell there ended before it was ready" :
							   "the peer refused");
		char *clean = *why != NULL ? first_line(*why) : NULL;

		free(*why);
		*why = clean;
		return -1;
	}
	if (msg_get_str(&v, MSG_NODE, node, sizeof(node)) == 0 && node[0] != '\0')
		snprintf(c->node, sizeof(c->node), "%s", node);
	(void)msg_get_strdup(&v, MSG_WARNINGS, &c->warnings);
	frame_buf_drop(&c->in, total);
	add_step(c, c->probe ? "would accept" : "ready");
	return 0;
}

static void forget_node(struct carrier *c)
{
	abort_offer(c);
	dial_close(&c->d);
	frame_buf_release(&c->in);
	frame_buf_release(&c->out);
	c->noise[0] = '\0';
}

static int tell_guardian(struct carrier *c, enum frame_type type, const char *why, uint64_t status)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_NODE, c->node);
	msg_str(&m, MSG_WHY, why);
	msg_str(&m, MSG_WARNINGS, c->warnings);
	msg_str(&m, MSG_STEPS, c->steps);
	msg_uint(&m, MSG_STATUS, status);
	msg_uint(&m, MSG_EPOCH, c->h.epoch + 1);
	return frame_send(c->guardian, type, &m);
}

/* Tries the wished nodes in order; the first that is ready is it. */
static int find_node(struct carrier *c, char **ret_why)
{
	char *list = strdup(c->h.node), *save = NULL, *why = NULL, *all = NULL;
	int r = -1;

	for (char *n = list != NULL ? strtok_r(list, " ", &save) : NULL; n != NULL && r < 0;
	     n = strtok_r(NULL, " ", &save)) {
		char *s = NULL;

		snprintf(c->node, sizeof(c->node), "%s", n);
		r = try_node(c, &why);
		if (r == 0)
			break;
		char *clean = why != NULL ? first_line(why) : NULL; /* libssh repeats what servers say */

		if (asprintf(&s, "%s%s%s: %s", all != NULL ? all : "", all != NULL ? "; " : "", c->node,
			     clean != NULL ? clean : "failed") < 0)
			s = NULL;
		free(clean);
		free(all);
		all = s;
		free(why);
		why = NULL;
		forget_node(c);
	}
	free(list);
	*ret_why = all;
	return r;
}

/* ---- carrying ---- */

/* Lines for the terminal, which is raw; bytes that could steer it are replaced. */
static void show_lines(struct carrier *c, const char *prefix, const char *lines)
{
	while (lines != NULL && *lines != '\0') {
		char *line = first_line(lines), *s = NULL;
		int n = asprintf(&s, "%s%s\r\n", prefix, line != NULL ? line : "");

		if (n > 0)
			(void)frame_buf_add(&c->screen, s, (size_t)n);
		free(s);
		free(line);
		lines += strcspn(lines, "\n");
		lines += *lines == '\n';
	}
}

static void on_commit(struct carrier *c)
{
	char prefix[300];
	struct msg m;

	c->committed = true;
	add_step(c, "committed");
	/* keys that the terminal echoed while nobody was there to read them */
	if (getenv("TERM") != NULL && strcmp(getenv("TERM"), "dumb") != 0)
		(void)frame_buf_add(&c->screen, "\r\033[K", 4);
	if ((c->h.flags & MSG_VERBOSE) != 0)
		show_lines(c, "mish: smigrate: ", c->steps);
	snprintf(prefix, sizeof(prefix), "mish: %s: ", c->node);
	if ((c->h.flags & MSG_QUIET) == 0)
		show_lines(c, prefix, c->warnings);
	msg_init(&m);
	(void)frame_put_msg(&c->out, FRAME_COMMIT, &m);
	if (c->h.input != NULL) { /* typed on the way here */
		(void)frame_put(&c->out, FRAME_DATA, c->h.input, c->h.input_len);
		(void)frame_buf_add(&c->replay, c->h.input, c->h.input_len);
		c->sent += c->h.input_len;
	}
	got_winch = 1; /* it may have changed meanwhile */
}

/* A frame that the peer meant for the guardian, with what only we can add. */
static bool relay_offer(struct carrier *c, const uint8_t *payload, size_t len)
{
	struct handover h;
	struct msg_view v;
	struct msg m;
	int r;

	if (msg_parse(&v, payload, len) < 0 || handover_get(&v, &h) < 0)
		return false;
	free(h.input);
	/* typed, but the terminal over there did not get it any more */
	h.input = c->replay.len != 0 ? malloc(c->replay.len) : NULL;
	h.input_len = h.input != NULL ? c->replay.len : 0;
	if (h.input != NULL)
		memcpy(h.input, frame_buf_at(&c->replay), h.input_len);
	msg_init(&m);
	handover_put(&h, &m);
	r = frame_put_msg(&c->gout, FRAME_OFFER, &m);
	handover_release(&h);
	return r == 0;
}

static void refuse_offer(struct carrier *c)
{
	struct msg m;

	c->frozen = false;
	msg_init(&m);
	msg_str(&m, MSG_WHY, "the state and what was typed are too large together");
	msg_uint(&m, MSG_STATUS, 1);
	(void)frame_put_msg(&c->out, FRAME_RESUME, &m);
}

/* The peer has got so much of our input. */
static bool acknowledge(struct carrier *c, const struct msg_view *v)
{
	uint64_t n;

	if (msg_get_uint(v, MSG_DELIVERED, c->sent, &n) < 0 || n < c->acked)
		return false;
	frame_buf_drop(&c->replay, (size_t)(n - c->acked));
	c->acked = n;
	return true;
}

/* A frame from the peer. False: it makes no sense. */
static bool from_peer(struct carrier *c, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct msg_view v = { 0 };
	uint64_t status = 1;

	if (type == FRAME_DATA)
		return frame_buf_add(&c->screen, payload, len) == 0;
	if (msg_parse(&v, payload, len) < 0)
		return false;
	switch (type) {
	case FRAME_ACK:
		return acknowledge(c, &v);
	case FRAME_FROZEN:
		c->frozen = true;
		return acknowledge(c, &v);
	case FRAME_RESUME:
		c->frozen = false;
		return true;
	case FRAME_OFFER:
		if (!c->frozen)
			return false;
		if (!relay_offer(c, payload, len)) /* it must not wait for ever */
			refuse_offer(c);
		return true;
	case FRAME_CHECKPOINT:
		return frame_put(&c->gout, type, payload, len) == 0;
	case FRAME_EXIT:
		(void)msg_get_uint(&v, MSG_STATUS, 255, &status);
		c->ended = true;
		return frame_put(&c->gout, type, payload, len) == 0;
	default:
		return true;
	}
}

static bool read_peer(struct carrier *c)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	int r;

	/* before COMMIT the new shell's prompt waits in c->in */
	while (c->committed && (r = frame_next(&c->in, FRAME_MAX, &type, &payload, &len, &total)) != 0) {
		if (r < 0 || !from_peer(c, type, payload, len))
			return false;
		frame_buf_drop(&c->in, total);
	}
	return true;
}

static void from_guardian(struct carrier *c, enum frame_type type, const uint8_t *payload,
			  size_t len)
{
	switch (type) {
	case FRAME_COMMIT:
		on_commit(c);
		break;
	case FRAME_RESUME:
		c->frozen = false;
		(void)frame_put(&c->out, type, payload, len);
		/* what was typed meanwhile is still in the terminal; what the peer holds goes on */
		break;
	case FRAME_RELEASE:
		c->released = true;
		(void)frame_put(&c->out, type, payload, len);
		break;
	case FRAME_SIGNAL:
		(void)frame_put(&c->out, type, payload, len);
		break;
	default:
		break;
	}
}

static bool read_guardian(struct carrier *c)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	long n = frame_fill(&c->gin, c->guardian);

	if (n == -EAGAIN)
		return true;
	while (frame_next(&c->gin, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		from_guardian(c, type, payload, len);
		frame_buf_drop(&c->gin, total);
	}
	return n > 0;
}

static void read_tty(struct carrier *c)
{
	uint8_t buf[4096];
	ssize_t n = read(c->tty, buf, sizeof(buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		c->tty_gone = true;
		return;
	}
	(void)frame_put(&c->out, FRAME_DATA, buf, (size_t)n);
	(void)frame_buf_add(&c->replay, buf, (size_t)n);
	c->sent += (uint64_t)n;
}

static void write_tty(struct carrier *c)
{
	struct msg m;

	while (c->screen.len != 0) {
		ssize_t n = write(c->tty, frame_buf_at(&c->screen), c->screen.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			c->tty_gone = true;
			frame_buf_release(&c->screen);
			break;
		}
		frame_buf_drop(&c->screen, (size_t)n);
		c->shown += (uint64_t)n;
	}
	if (c->shown - c->ack_sent < ACK_EVERY)
		return;
	msg_init(&m);
	msg_uint(&m, MSG_DELIVERED, c->shown);
	(void)frame_put_msg(&c->out, FRAME_ACK, &m);
	c->ack_sent = c->shown;
}

static void send_winch(struct carrier *c)
{
	uint16_t rows, cols;
	struct msg m;

	got_winch = 0;
	if (term_size(c->tty, &rows, &cols) < 0)
		return;
	msg_init(&m);
	msg_uint(&m, MSG_ROWS, rows);
	msg_uint(&m, MSG_COLS, cols);
	(void)frame_put_msg(&c->out, FRAME_WINCH, &m);
}

/* Returns the exit status of the link: 0 when the session went its ordered way. */
static int carry(struct carrier *c)
{
	for (;;) {
		bool open = pump_in(c), input;
		struct pollfd p[3];

		if (!read_peer(c) || !pump_out(c))
			return 1;
		if (c->screen.len != 0)
			write_tty(c);
		if (c->gout.len != 0 && frame_flush(&c->gout, c->guardian) < 0)
			return 1;
		if (open && !c->ended && has_more(c))
			continue;
		if ((!open || c->ended) && c->screen.len == 0)
			return c->ended ? 0 : 1;
		if (c->tty_gone && c->ended)
			return 0;
		input = c->committed && !c->frozen && !c->tty_gone &&
			c->sent - c->acked < WINDOW && c->out.len < WINDOW;
		p[0] = (struct pollfd){ .fd = open ? ssh_get_fd(c->d.session) : -1,
					.events = ssh_events(c) };
		p[1] = (struct pollfd){ .fd = c->guardian, .events = POLLIN };
		p[2] = (struct pollfd){ .fd = c->tty,
					.events = (short)((input ? POLLIN : 0) |
							  (c->screen.len != 0 ? POLLOUT : 0)) };
		if (p[2].events == 0)
			p[2].fd = -1;
		if (c->screen.len > OUT_MAX && p[0].events == POLLIN)
			p[0].fd = -1;
		if (ppoll(p, 3, NULL, &c->sleep_mask) < 0 && errno != EINTR)
			return 1;
		if (got_end)
			return 1;
		if (got_winch && c->committed)
			send_winch(c);
		if (p[1].revents != 0 && !read_guardian(c)) {
			got_end = 1;
			return 1;
		}
		if ((p[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && input)
			read_tty(c);
		if (c->out.len != 0 && !pump_out(c))
			return 1;
	}
}

static void signals_init(struct carrier *c)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t block;

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&block);
	sigaddset(&block, SIGWINCH);
	sigprocmask(SIG_BLOCK, &block, &c->sleep_mask);
	sigaction(SIGWINCH, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

int main(int argc, char **argv)
{
	struct carrier c = { .guardian = -1, .tty = -1 };
	int handover = argc == 3 ? atoi(argv[1]) : -1, r;
	char *why = NULL;

	c.guardian = argc == 3 ? atoi(argv[2]) : -1;
	if (handover < 3 || c.guardian < 3) {
		fputs("mish-link: started by mish-stub, not by hand; see mish-link(8)\n", stderr);
		return 2;
	}
	fcntl(handover, F_SETFD, FD_CLOEXEC);
	fcntl(c.guardian, F_SETFD, FD_CLOEXEC);
	signals_init(&c);
	r = handover_read(handover, &c.h);
	close(handover);
	if (r < 0) {
		tell_guardian(&c, FRAME_ABORT, strerror(-r), 1);
		return 1;
	}
	c.probe = (c.h.flags & MSG_PROBE) != 0;
	c.tty = term_open();
	c.rdv = rdv_client_new();
	if (c.rdv == NULL || (c.tty < 0 && !c.probe)) {
		tell_guardian(&c, FRAME_ABORT, c.rdv == NULL ? "out of memory" : "no terminal", 1);
		return 1;
	}
	if (!c.probe)
		term_raw(c.tty, NULL);
	if (find_node(&c, &why) < 0) {
		tell_guardian(&c, FRAME_ABORT, why, 1);
		free(why);
		return 1;
	}
	if (!c.probe && commit(&c, &why) < 0) {
		struct msg m;

		msg_init(&m);
		(void)frame_put_msg(&c.out, FRAME_ABORT, &m);
		pump_out(&c);
		tell_guardian(&c, FRAME_ABORT, why, 1);
		return 1;
	}
	if (tell_guardian(&c, FRAME_READY, NULL, 0) < 0)
		return 1; /* it sees our end */
	r = c.probe ? 0 : carry(&c);
	/* a guardian that was killed can no longer do it */
	if (got_end && c.h.modes != NULL && c.h.modes_len == sizeof(struct termios))
		tcsetattr(c.tty, TCSADRAIN, (const struct termios *)(const void *)c.h.modes);
	if (c.ended || c.released)
		end_session(&c);
	ssh_set_blocking(c.d.session, 1);
	dial_close(&c.d);
	rdv_client_free(c.rdv);
	handover_release(&c.h);
	frame_buf_release(&c.in);
	frame_buf_release(&c.out);
	frame_buf_release(&c.gin);
	frame_buf_release(&c.gout);
	frame_buf_release(&c.screen);
	frame_buf_release(&c.replay);
	free(c.warnings);
	free(c.steps);
	return r;
}
