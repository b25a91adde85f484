#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "pty/reach.h"
#include "pty/term.h"
#include "pty/warm.h"
#include "wire/io_full.h"
#include "wire/now.h"

/*
 * mish-link: carries a session's terminal to a peer over SSH (DESIGN 4, 6). A child of
 * the guardian, or of a shell that only asks (smigrate -n). All that comes from the
 * network is parsed here, so that it cannot hurt who holds the session. What must survive
 * this process is in the spool, which the guardian has, too.
 */

enum {
	ACK_EVERY = 1 << 17,	/* each costs a packet, and keeps that much in the peer */
	ACK_WITH_KEY = 1 << 12, /* costs none: it is for who attaches not to see old output again */
	INPUT_CHUNK = 1 << 14,
	EARLY_MAX = 1 << 17,
	BRISK_MS = 60000,   /* after the last byte a lost connection is noticed soon */
	REDRAW_MS = 80,	    /* for a full-screen program to see the other size */
	FAREWELL_MS = 1000,
	FENCE_MS = 24 * 3600 * 1000, /* as long as a peer waits without a link */
	FENCE_BUSY_MS = 600000,
};

static volatile sig_atomic_t got_winch;
volatile sig_atomic_t reach_end;

static void on_signal(int signo)
{
	if (signo == SIGWINCH)
		got_winch = 1;
	else
		reach_end = 1;
}

/* It ended, or went home. When it went on, a later epoch exists and this is refused. */
static void end_session(struct carrier *c)
{
	struct msg_view v;
	struct msg m;

	if (c->rdv == NULL && (c->rdv = rdv_client_new()) == NULL)
		return;
	msg_init(&m);
	msg_str(&m, MSG_SESSION, c->h.session);
	msg_uint(&m, MSG_EPOCH, handover_holds(&c->h));
	(void)rdv_client_call(c->rdv, FRAME_RDV_END, &m, &v, NULL);
}

static int tell_guardian(struct carrier *c, enum frame_type type, const char *why, uint64_t status)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_NODE, c->node);
	msg_str(&m, MSG_ADDRESS, c->address);
	msg_str(&m, MSG_WHY, why);
	msg_str(&m, MSG_WARNINGS, c->warnings);
	msg_str(&m, MSG_STEPS, c->steps);
	msg_uint(&m, MSG_STATUS, status);
	msg_uint(&m, MSG_FLAGS, c->h.flags & MSG_FROZEN);
	return frame_send(c->guardian, type, &m);
}

/* ---- carrying ---- */

/* Lines for the terminal, which is raw; bytes that could steer it are replaced. */
static void show_lines(struct carrier *c, const char *prefix, const char *lines)
{
	while (lines != NULL && *lines != '\0') {
		char *line = reach_first_line(lines);

		dprintf(c->tty, "%s%s\r\n", prefix, line != NULL ? line : "");
		free(line);
		lines += strcspn(lines, "\n");
		lines += *lines == '\n';
	}
}

static void send_winch(struct carrier *c, int less)
{
	uint16_t rows, cols;
	struct msg m;

	got_winch = 0;
	if (term_size(c->tty, &rows, &cols) < 0)
		return;
	msg_init(&m);
	msg_uint(&m, MSG_ROWS, rows > less ? rows - (uint16_t)less : rows);
	msg_uint(&m, MSG_COLS, cols);
	(void)frame_put_msg(&c->out, FRAME_WINCH, &m);
}

/* The state has gone to the peer, and what connecting needed is done with. */
static void lose_weight(struct carrier *c)
{
	free(c->h.state);
	free(c->h.parts);
	c->h.state = c->h.parts = NULL;
	c->h.state_len = c->h.parts_len = 0;
	if (c->out.len == 0)
		frame_buf_release(&c->out);
	malloc_trim(0);
}

/* The guardian lets us have the terminal. */
static void on_commit(struct carrier *c)
{
	char prefix[300];
	struct msg m;

	c->committed = true;
	lose_weight(c);
	msg_init(&m);
	(void)frame_put_msg(&c->out, FRAME_COMMIT, &m);
	got_winch = 1; /* it may have changed meanwhile */
	if (!c->frozen)
		term_raw(c->tty, NULL);
	if ((c->h.flags & MSG_ATTACH) != 0)
		return;
	reach_step(c, "committed");
	/* keys that the terminal echoed while nobody was there to read them */
	if (getenv("TERM") != NULL && strcmp(getenv("TERM"), "dumb") != 0)
		(void)io_write_full(c->tty, "\r\033[K", 4);
	if ((c->h.flags & MSG_VERBOSE) != 0)
		show_lines(c, "mish: smigrate: ", c->steps);
	snprintf(prefix, sizeof(prefix), "mish: %s: ", c->node);
	if ((c->h.flags & MSG_QUIET) == 0)
		show_lines(c, prefix, c->warnings);
}

static void freeze(struct carrier *c, bool on)
{
	c->frozen = on;
	if (on)
		term_waiting(c->tty); /* ^C calls the move off */
	else
		term_raw(c->tty, NULL);
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
	h.input = spool_undelivered(&c->spool, &h.input_len);
	msg_init(&m);
	handover_put(&h, &m);
	r = frame_put_msg(&c->gout, FRAME_OFFER, &m);
	handover_release(&h);
	return r == 0;
}

static void refuse_offer(struct carrier *c)
{
	struct msg m;

	freeze(c, false);
	msg_init(&m);
	msg_str(&m, MSG_WHY, "the state and what was typed are too large together");
	msg_uint(&m, MSG_STATUS, 1);
	(void)frame_put_msg(&c->out, FRAME_RESUME, &m);
}

/* The peer has got so much of our input. */
static bool acknowledge(struct carrier *c, const struct msg_view *v)
{
	uint64_t n;

	return msg_get_uint(v, MSG_DELIVERED, c->sent, &n) == 0 && spool_ack(&c->spool, n);
}

static bool on_exit_frame(struct carrier *c, const uint8_t *payload, size_t len)
{
	struct msg m;

	c->ended = true;
	msg_init(&m);
	(void)frame_put_msg(&c->out, FRAME_EXIT, &m); /* the peer need not wait any longer */
	return frame_put(&c->gout, FRAME_EXIT, payload, len) == 0;
}

/* A frame from the peer. False: it makes no sense. */
static bool from_peer(struct carrier *c, enum frame_type type, const uint8_t *payload, size_t len)
{
	struct msg_view v = { 0 };
	uint64_t flags;

	if (type == FRAME_DATA) {
		spool_put(&c->spool, payload, len);
		return true;
	}
	if (msg_parse(&v, payload, len) < 0)
		return false;
	switch (type) {
	case FRAME_ACK:
		return acknowledge(c, &v);
	case FRAME_FROZEN:
		freeze(c, true);
		return acknowledge(c, &v);
	case FRAME_RESUME:
		freeze(c, false);
		return true;
	case FRAME_OFFER:
		if (!c->frozen)
			return false;
		if (!relay_offer(c, payload, len)) /* it must not wait for ever */
			refuse_offer(c);
		return true;
	case FRAME_CHECKPOINT:
		if (msg_get_uint(&v, MSG_FLAGS, UINT32_MAX, &flags) == 0)
			c->persist = (flags & MSG_PERSIST) != 0;
		return frame_put(&c->gout, type, payload, len) == 0;
	case FRAME_FENCED:
		return frame_put(&c->gout, type, payload, len) == 0;
	case FRAME_EXIT:
		return on_exit_frame(c, payload, len);
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

	/* before COMMIT the new shell's prompt waits in c->in, and not more */
	c->blocked = !c->committed && c->in.len > EARLY_MAX ? SIZE_MAX : 0;
	while (c->committed && (r = frame_next(&c->in, FRAME_MAX, &type, &payload, &len, &total)) != 0) {
		if (r < 0 || (type == FRAME_DATA && len >= SPOOL_OUTPUT))
			return false;
		if (type == FRAME_DATA && len > spool_room(&c->spool)) {
			c->blocked = len;
			return true;
		}
		if (!from_peer(c, type, payload, len))
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
	case FRAME_WINCH: /* something covered the screen: have it drawn again */
		send_winch(c, 1);
		c->redraw_ms = now_mono_ms() + REDRAW_MS;
		break;
	case FRAME_RESUME:
		freeze(c, false);
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

/* Tells the peer what need not be said again, when that is `least` bytes or more. */
static void ack_output(struct carrier *c, uint64_t least)
{
	struct msg m;

	if (spool_shown(&c->spool) - c->ack_sent < least)
		return;
	msg_init(&m);
	msg_uint(&m, MSG_DELIVERED, spool_shown(&c->spool));
	(void)frame_put_msg(&c->out, FRAME_ACK, &m);
	c->ack_sent = spool_shown(&c->spool);
}

/* What was typed goes out as far as the window of the spool lets it. */
static void send_input(struct carrier *c)
{
	const uint8_t *s;
	size_t n;

	while (c->committed && !c->frozen && c->out.len < 2 * INPUT_CHUNK &&
	       (n = spool_input_at(&c->spool, c->sent, &s)) != 0) {
		if (n > INPUT_CHUNK)
			n = INPUT_CHUNK;
		spool_sent(&c->spool, c->sent + n);
		if (frame_put(&c->out, FRAME_DATA, s, n) < 0)
			return;
		c->sent += n;
		ack_output(c, ACK_WITH_KEY);
	}
}

static void write_tty(struct carrier *c)
{
	int r = spool_show(&c->spool, c->tty);

	if (r < 0 && r != -EAGAIN)
		c->tty_gone = true;
	ack_output(c, ACK_EVERY);
}

/* While there is traffic a cut is noticed within seconds; later one probe a minute will do. */
static void watch_connection(struct carrier *c, bool traffic)
{
	int64_t now = now_mono_ms();

	if (traffic) {
		if (c->brisk_until_ms == 0)
			dial_watch(&c->d, true);
		c->brisk_until_ms = now + BRISK_MS;
	} else if (c->brisk_until_ms != 0 && now >= c->brisk_until_ms) {
		c->brisk_until_ms = 0;
		dial_watch(&c->d, false);
	}
}

static const struct timespec *next_timer(const struct carrier *c, struct timespec *ts)
{
	int64_t at = c->brisk_until_ms, left;

	if (c->redraw_ms != 0 && (at == 0 || c->redraw_ms < at))
		at = c->redraw_ms;
	if (at == 0)
		return NULL;
	left = at - now_mono_ms();
	left = left > 0 ? left + 1 : 0;
	*ts = (struct timespec){ left / 1000, left % 1000 * 1000000L };
	return ts;
}

/* Sleeps until there is something to do. False: the link is to end. */
static bool turn(struct carrier *c, bool open, short events)
{
	bool input = c->committed && !c->frozen && !c->tty_gone &&
		     spool_input_room(&c->spool) != 0;
	size_t pending = spool_pending(&c->spool);
	struct timespec ts;
	struct pollfd p[3] = {
		{ .fd = open ? ssh_get_fd(c->d.session) : -1, .events = events },
		{ .fd = c->guardian, .events = POLLIN },
		{ .fd = c->tty, .events = (short)((input ? POLLIN : 0) | (pending != 0 ? POLLOUT : 0)) },
	};
	int n;

	if (p[2].events == 0 || c->tty_gone)
		p[2].fd = -1;
	if (c->blocked != 0 && (p[0].events &= (short)~POLLIN) == 0) /* nobody would read */
		p[0].fd = -1;
	n = eager_poll(&c->eager, p, 3, next_timer(c, &ts), &c->sleep_mask);
	if (n < 0 && errno != EINTR)
		return false;
	if (reach_end)
		return false;
	if (n < 0)
		return true;
	c->readable = p[0].revents != 0;
	if (c->readable)
		eager_heard(&c->eager);
	if (c->redraw_ms != 0 && now_mono_ms() >= c->redraw_ms) {
		c->redraw_ms = 0;
		got_winch = 1;
	}
	if (p[1].revents != 0 && !read_guardian(c)) {
		reach_end = 1;
		return false;
	}
	if ((p[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && input) {
		long got = spool_type(&c->spool, c->tty);

		c->tty_gone = got <= 0 && got != -EAGAIN;
		if (got > 0)
			eager_sent(&c->eager);
	}
	watch_connection(c, n > 0 && (p[0].revents | p[2].revents) != 0);
	return true;
}

/* Returns the exit status of the link: 0 when the session went its ordered way. */
static int carry(struct carrier *c)
{
	for (;;) {
		bool open = c->readable ? reach_pump_in(c) : true;
		short events;

		if (!read_peer(c))
			return 1;
		send_input(c);
		if (got_winch && c->committed)
			send_winch(c, 0);
		if (spool_pending(&c->spool) != 0 && c->committed)
			write_tty(c);
		if (!reach_pump_out(c))
			return 1;
		if (c->gout.len != 0 && frame_flush(&c->gout, c->guardian) < 0)
			return 1;
		if (c->blocked != 0 && c->blocked <= spool_room(&c->spool)) {
			c->readable = true;
			continue;
		}
		events = open ? reach_events(c) : 0;
		c->readable = open && !c->ended && reach_has_more(c);
		if (c->readable)
			continue;
		if ((!open || (c->ended && c->out.len == 0)) &&
		    (spool_pending(&c->spool) == 0 || c->tty_gone) && c->blocked == 0)
			return c->ended || (c->released && !c->broken) ? 0 : 1;
		if (!turn(c, open, events))
			return 1;
	}
}

/* ---- the end ---- */

static bool guardian_is_gone(const struct carrier *c)
{
	char byte;

	return recv(c->guardian, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* Nobody is left to do it: the shell over there hears that its terminal has gone, or stays. */
static void farewell(struct carrier *c)
{
	int64_t end = now_mono_ms() + FAREWELL_MS;
	struct msg m;

	if (c->h.modes != NULL && c->h.modes_len == sizeof(struct termios))
		tcsetattr(c->tty, TCSADRAIN, (const struct termios *)(const void *)c->h.modes);
	if (!c->committed)
		return;
	msg_init(&m);
	msg_uint(&m, MSG_DELIVERED, spool_shown(&c->spool)); /* who attaches need not see it again */
	(void)frame_put_msg(&c->out, c->persist ? FRAME_ACK : FRAME_SIGNAL, &m);
	c->blocked = 0;
	while (reach_pump_out(c) && now_mono_ms() < end && reach_pump_in(c)) {
		struct pollfd p = { .fd = ssh_get_fd(c->d.session), .events = reach_events(c) };

		(void)poll(&p, 1, 50);
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

/* ---- ending a holder that was given up ---- */

/* Tries until the node answers: then no such session is left there. */
static int fence(struct carrier *c)
{
	int64_t start = now_mono_ms();

	for (unsigned wait_s = 1;; wait_s = wait_s < 8 ? 2 * wait_s : 10) {
		char *why = NULL;
		int r = reach_attach(c, &why);

		free(why);
		reach_forget(c);
		if (r == MSG_ATTACH_GONE || r == MSG_ATTACH_TAKEN)
			return 0;
		if (reach_end || now_mono_ms() - start > FENCE_MS)
			return 1;
		sleep(now_mono_ms() - start > FENCE_BUSY_MS ? 60 : wait_s);
	}
}

static int start(struct carrier *c)
{
	uint64_t flags = c->h.flags;
	char *why = NULL;
	int r;

	if ((flags & MSG_ATTACH) != 0) {
		r = reach_attach(c, &why);
	} else if ((flags & MSG_WARM) != 0) {
		r = reach_contact(c, &why);
	} else {
		c->rdv = rdv_client_new();
		r = c->rdv == NULL ? -1 : reach_node(c, &why);
		if (r == 0 && (flags & MSG_PROBE) == 0 && reach_commit(c, &why) < 0) {
			struct msg m;

			msg_init(&m);
			(void)frame_put_msg(&c->out, FRAME_ABORT, &m);
			reach_pump_out(c);
			r = 1;
		}
	}
	if (r != 0)
		tell_guardian(c, FRAME_ABORT, why != NULL ? why : "out of memory",
			      r > 0 ? (uint64_t)r : 1);
	else if (tell_guardian(c, FRAME_READY, NULL, 0) < 0)
		r = 1; /* it sees our end */
	free(why);
	return r;
}

static void release(struct carrier *c)
{
	if (c->d.session != NULL)
		ssh_set_blocking(c->d.session, 1);
	dial_close(&c->d);
	rdv_client_free(c->rdv);
	handover_release(&c->h);
	frame_buf_release(&c->in);
	frame_buf_release(&c->out);
	frame_buf_release(&c->gin);
	frame_buf_release(&c->gout);
	spool_close(&c->spool);
	free(c->warnings);
	free(c->steps);
}

static int fd_argument(int argc, char **argv, int i)
{
	int fd = i < argc ? atoi(argv[i]) : -1;

	if (fd < 3)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* mish-link HANDOVER [GUARDIAN [SPOOL]], all descriptors. */
int main(int argc, char **argv)
{
	struct carrier c = { .guardian = -1, .tty = -1, .spool.fd = -1 };
	int handover = fd_argument(argc, argv, 1), spool = fd_argument(argc, argv, 3), r;
	bool probe;

	c.guardian = fd_argument(argc, argv, 2);
	if (handover < 0) {
		fputs("mish-link: started by mish-stub, not by hand; see mish-link(8)\n", stderr);
		return 2;
	}
	signals_init(&c);
	r = handover_read(handover, &c.h);
	close(handover);
	if (r == 0 && (c.h.flags & MSG_FENCE) != 0) {
		r = fence(&c);
		release(&c);
		return r;
	}
	if ((c.h.flags & MSG_PROBE) != 0 && spool >= 0)
		close(spool); /* that of a move comes with it */
	c.tty = term_open();
	if (r == 0 && (c.h.flags & MSG_PROBE) == 0)
		r = c.tty < 0 ? -ENOTTY : spool_open(&c.spool, spool);
	if (r < 0) {
		tell_guardian(&c, FRAME_ABORT, r == -ENOTTY ? "no terminal" : strerror(-r), 1);
		return 1;
	}
	r = start(&c);
	if (r == 0 && (c.h.flags & MSG_WARM) != 0)
		r = warm_wait(&c) ? start(&c) : 1;
	probe = (c.h.flags & MSG_PROBE) != 0;
	if (r == 0 && !probe) {
		c.ack_sent = spool_shown(&c.spool);
		c.frozen = (c.h.flags & MSG_FROZEN) != 0;
		c.persist = (c.h.flags & MSG_PERSIST) != 0;
		c.readable = true;
		r = carry(&c);
	}
	if (c.guardian >= 0 && !probe && guardian_is_gone(&c))
		farewell(&c);
	if (c.ended || c.released)
		end_session(&c);
	release(&c);
	return r != 0;
}
