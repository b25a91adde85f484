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

#include "pty/askpass.h"
#include "pty/confine.h"
#include "pty/keys.h"
#include "pty/placing.h"
#include "pty/reach.h"
#include "pty/shared.h"
#include "pty/term.h"
#include "pty/warm.h"
#include "pty/way.h"
#include "wire/epoch.h"
#include "wire/io_full.h"
#include "wire/now.h"
#include "wire/text.h"

/*
 * mish-link: carries a session's terminal to a peer over SSH. It is a child of the guardian, or
 * of a shell that only asks or connects early (smigrate -n, --warm). All that comes from the
 * network is parsed here, so that it cannot hurt the guardian, which holds the session. What
 * must survive this process is in the spool, which the guardian has, too.
 */

enum {
	ACK_EVERY = 1 << 17,	/* each costs a packet; the peer keeps so much output for us */
	EARLY_MAX = 1 << 17,
	BRISK_MS = 60000,   /* after the last byte a lost connection is noticed soon */
	REDRAW_MS = 80,	    /* for a full-screen program to see the other size */
	FAREWELL_MS = 1000,
	FENCE_MS = 24 * 3600 * 1000, /* as long as a peer waits without a link */
	FENCE_BUSY_MS = 600000,
	DENIED_FIRST_S = 10,
	DENIED_MOST_S = 300,
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

/* The session ended, or went home. If it went on, a later epoch exists, and this is refused. */
static void end_session(struct carrier *c)
{
	struct msg_view v;
	struct msg m;

	if (c->rdv == NULL && (c->rdv = rdv_client_new()) == NULL)
		return;
	msg_init(&m);
	msg_str(&m, MSG_SESSION, c->o.session);
	msg_uint(&m, MSG_EPOCH, epoch_next(c->o.from));
	(void)rdv_client_call(c->rdv, FRAME_RDV_END, &m, &v, NULL);
}

static int send_guardian(struct carrier *c, enum frame_type type, const struct record *record, const void *body)
{
	struct frame_buf out = { 0 };
	int r = frames_put(&out, type, record, body);

	if (r == 0)
		r = io_write_full(c->guardian, frame_buf_at(&out), out.len);
	frame_buf_release(&out);
	return r;
}

static int tell_ready(struct carrier *c)
{
	struct ready r = { .warnings = c->warnings, .steps = c->steps, .flags = c->core.then == CARRY_FROZEN ? MSG_FROZEN : 0 };

	memcpy(r.node, c->node, sizeof(r.node));
	memcpy(r.address, c->address, sizeof(r.address));
	return send_guardian(c, FRAME_READY, &ready_record, &r);
}

static void tell_abort(struct carrier *c, const char *why, int status)
{
	struct verdict v = { .why = (char *)(uintptr_t)why, .status = (uint64_t)status, .steps = c->steps };

	(void)send_guardian(c, FRAME_ABORT, &verdict_record, &v);
}

/* ---- carrying ---- */

/* Lines for the terminal, which is raw; bytes that could steer it are replaced. */
static void show_lines(struct carrier *c, const char *prefix, const char *lines)
{
	while (lines != NULL && *lines != '\0') {
		char *line = text_line(lines);

		dprintf(c->tty, "%s%s\r\n", prefix, line != NULL ? line : "");
		free(line);
		lines += strcspn(lines, "\n");
		lines += *lines == '\n';
	}
}

static void send_winch(struct carrier *c, int less)
{
	uint16_t rows, cols;

	got_winch = 0;
	if (term_size(c->tty, &rows, &cols) == 0)
		carry_winch(&c->core, rows > less ? rows - (uint16_t)less : rows, cols);
}

/* The state has gone to the peer, and what connecting needed is done with: memory goes back. */
static void drop_state(struct carrier *c)
{
	sealed_drop(&c->o.sealed);
	if (c->core.out.len == 0)
		frame_buf_release(&c->core.out);
	malloc_trim(0);
}

/* ---- what the session asks of its terminal ---- */

static void output(void *arg, const uint8_t *bytes, size_t len)
{
	struct carrier *c = arg;

	spool_put(&c->spool, bytes, len);
}

static bool acked(void *arg, uint64_t delivered)
{
	struct carrier *c = arg;

	return spool_ack(&c->spool, delivered);
}

static void undelivered(void *arg, struct blob *ret)
{
	struct carrier *c = arg;

	c->stall.since_ms = 0; /* with an offer the shell has spoken: now others take their time */
	ret->s = spool_undelivered(&c->spool, &ret->len);
}

static void mode(void *arg, bool waiting)
{
	struct carrier *c = arg;

	if (waiting)
		term_waiting(c->tty); /* ^C calls the move off */
	else
		term_raw(c->tty, NULL);
	c->stall.since_ms = 0;
	if (waiting) /* for an offer, or that there will be none */
		stall_await(&c->stall, now_mono_ms());
}

static void terminal(void *arg, bool back)
{
	struct carrier *c = arg;

	c->stall.lent = back ? STALL_OVER : STALL_ASKED;
	c->stall.since_ms = 0;
	if (!back)
		return;
	got_winch = 1; /* the size may have changed meanwhile */
	if (carry_types(&c->core))
		term_raw(c->tty, NULL);
	else
		term_waiting(c->tty);
}

/* The guardian lets us have the terminal. */
static void committed(void *arg)
{
	struct carrier *c = arg;
	char prefix[300];

	drop_state(c);
	got_winch = 1; /* the size may have changed meanwhile */
	if (c->o.errand == ERRAND_ATTACH)
		return;
	reach_step(c, "committed");
	if ((c->o.flags & MSG_VERBOSE) != 0)
		show_lines(c, "mish: smigrate: ", c->steps);
	if ((c->o.flags & (MSG_QUIET | MSG_AUTOMATIC)) == 0)
		reach_show_messages(c);
	snprintf(prefix, sizeof(prefix), "mish: %s: ", c->node);
	if ((c->o.flags & MSG_QUIET) == 0)
		show_lines(c, prefix, c->warnings);
}

/* A full-screen program draws itself anew when it sees another size, and the real one a moment later. */
static void redraw(void *arg)
{
	struct carrier *c = arg;

	send_winch(c, 1);
	c->redraw_ms = now_mono_ms() + REDRAW_MS;
}

static const struct carry_ops carry_ops = {
	.output = output, .acked = acked, .undelivered = undelivered, .mode = mode,
	.committed = committed, .redraw = redraw, .terminal = terminal,
};

/* ---- frames ---- */

static bool read_peer(struct carrier *c)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	int r;

	/* before COMMIT the new shell's prompt waits in c->in, and not more */
	c->blocked = !carry_shows(&c->core) && c->in.len > EARLY_MAX ? SIZE_MAX : 0;
	while (carry_shows(&c->core) && (r = frame_next(&c->in, FRAME_MAX, &type, &payload, &len, &total)) != 0) {
		if (r < 0 || (type == FRAME_DATA && len >= SPOOL_OUTPUT))
			return false;
		if (type == FRAME_DATA && len > spool_room(&c->spool)) {
			c->blocked = len;
			return true;
		}
		if (carry_from_peer(&c->core, type, payload, len) < 0)
			return false;
		frame_buf_drop(&c->in, total);
	}
	return true;
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
		if (carry_from_guardian(&c->core, type, payload, len) < 0)
			return false;
		frame_buf_drop(&c->gin, total);
	}
	return n > 0;
}

static void write_tty(struct carrier *c)
{
	int r = spool_show(&c->spool, c->tty, c->core.shared);

	if (r < 0 && r != -EAGAIN)
		keys_gone(c);
	carry_ack_output(&c->core, spool_shown(&c->spool), ACK_EVERY);
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
	int64_t at = c->brisk_until_ms, look = stall_at(&c->stall, now_mono_ms()), left;

	if (c->redraw_ms != 0 && (at == 0 || c->redraw_ms < at))
		at = c->redraw_ms;
	if (look != 0 && (at == 0 || look < at))
		at = look;
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
	bool lent = c->stall.lent != STALL_OVER;
	bool input = carry_types(&c->core) && !lent && c->tty >= 0 && spool_input_room(&c->spool) != 0;
	size_t pending = lent ? 0 : spool_pending(&c->spool);
	struct timespec ts;
	struct pollfd p[3] = {
		{ .fd = open ? dial_fd(&c->d) : -1, .events = events },
		{ .fd = c->guardian, .events = POLLIN },
		{ .fd = c->tty, .events = (short)((input ? POLLIN : 0) | (pending != 0 ? POLLOUT : 0)) },
	};
	int n;

	if (p[2].events == 0)
		p[2].fd = -1;
	if (c->blocked != 0 && (p[0].events &= (short)~POLLIN) == 0) /* nobody would read */
		p[0].fd = -1;
	n = eager_poll(&c->eager, p, 3, next_timer(c, &ts), &c->sleep_mask);
	if ((n < 0 && errno != EINTR) || reach_end)
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
	if ((p[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && input)
		keys_read(c);
	if (open)
		keys_tend(c);
	else
		c->stall.since_ms = 0;
	watch_connection(c, n > 0 && (p[0].revents | p[2].revents) != 0);
	return true;
}

/* Nothing is left to show, or nobody to show it to. */
static bool all_shown(const struct carrier *c)
{
	return (spool_pending(&c->spool) == 0 || c->tty < 0 || c->stall.lent != STALL_OVER) && c->blocked == 0;
}

/* Has the session gone its ordered way, so that the link may end? */
static bool in_order(const struct carrier *c)
{
	return c->core.state == CARRY_ENDED ||
	       (c->core.state == CARRY_RELEASED && c->connection != CONNECTION_BROKEN);
}

/* Returns the exit status of the link: 0 when the session went its ordered way. */
static int carry(struct carrier *c)
{
	for (;;) {
		bool open = c->readable ? reach_pump_in(c) : true, ended;
		short events;

		if (!read_peer(c))
			return 1;
		keys_send(c);
		if (got_winch && carry_shows(&c->core))
			send_winch(c, 0);
		if (spool_pending(&c->spool) != 0 && carry_shows(&c->core) && c->tty >= 0 && c->stall.lent == STALL_OVER)
			write_tty(c);
		keys_to_front(c);
		if (!reach_pump_out(c))
			return 1;
		if (c->core.gout.len != 0 && frame_flush(&c->core.gout, c->guardian) < 0)
			return 1;
		if (c->blocked != 0 && c->blocked <= spool_room(&c->spool)) {
			c->readable = true;
			continue;
		}
		ended = c->core.state == CARRY_ENDED;
		events = open ? reach_events(c) : 0;
		c->readable = open && !ended && reach_has_more(c);
		if (c->readable)
			continue;
		if ((!open || (ended && c->core.out.len == 0)) && all_shown(c))
			return in_order(c) ? 0 : 1;
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

/* The guardian has gone: we restore the terminal, and tell the peer, whose shell is hung up or stays. */
static void farewell(struct carrier *c)
{
	int64_t end = now_mono_ms() + FAREWELL_MS;

	if (c->o.modes.s != NULL && c->o.modes.len == sizeof(struct termios))
		tcsetattr(c->tty, TCSADRAIN, (const struct termios *)(const void *)c->o.modes.s);
	if (!carry_shows(&c->core))
		return;
	carry_farewell(&c->core, spool_shown(&c->spool));
	c->blocked = 0;
	while (reach_pump_out(c) && now_mono_ms() < end && reach_pump_in(c)) {
		struct pollfd p = { .fd = dial_fd(&c->d), .events = reach_events(c) };

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

/* Tries until the node answers that no such session is left there. */
static int fence(struct carrier *c)
{
	int64_t start = now_mono_ms();
	unsigned denied_s = 0;

	for (unsigned wait_s = 1;; wait_s = wait_s < 8 ? 2 * wait_s : 10) {
		char *why = NULL;
		int r = reach_attach(c, &why);

		free(why);
		reach_forget(c);
		if (r == MSG_ATTACH_GONE || r == MSG_ATTACH_TAKEN)
			return 0;
		if (r == MSG_ATTACH_DENIED) /* some sites count them */
			denied_s = denied_s == 0 ? DENIED_FIRST_S : denied_s < DENIED_MOST_S / 2 ? 2 * denied_s : DENIED_MOST_S;
		else
			denied_s = 0;
		if (reach_end || now_mono_ms() - start > FENCE_MS)
			return 1;
		sleep(denied_s != 0 ? denied_s : now_mono_ms() - start > FENCE_BUSY_MS ? 60 : wait_s);
	}
}

/* To a node that takes the session, or says that it would. 0, or -1 with *why. */
static int move(struct carrier *c, char **why)
{
	struct verdict v = { 0 };

	c->rdv = rdv_client_new();
	if (c->rdv == NULL || way_node(c, why) < 0)
		return -1;
	if (c->o.errand == ERRAND_MOVE && reach_commit(c, why) < 0) {
		(void)frames_put(&c->core.out, FRAME_ABORT, &verdict_record, &v);
		reach_pump_out(c);
		return -1;
	}
	carry_reached(&c->core, (c->o.flags & MSG_PERSIST) != 0, false);
	return 0;
}

/* The errand, as far as the guardian waits for it. Returns 0 when the link is to go on. */
static int start(struct carrier *c)
{
	char *why = NULL;
	int r;

	switch (c->o.errand) {
	case ERRAND_ATTACH:
		r = reach_attach(c, &why);
		break;
	case ERRAND_WARM:
		r = way_contact(c, &why);
		break;
	case ERRAND_MOVE:
	case ERRAND_ASK:
		r = move(c, &why);
		break;
	default: /* ERRAND_FENCE has no guardian, and is main()'s */
		why = strdup("mish-link does not know this errand");
		r = -1;
	}
	if (r != 0) {
		if (why != NULL)
			text_clean(why); /* a peer's or a server's words, which the guardian shows */
		tell_abort(c, why != NULL ? why : "out of memory", r > 0 ? r : 1);
	} else if (tell_ready(c) < 0)
		r = 1; /* the guardian sees that we end */
	free(why);
	return r;
}

static void release(struct carrier *c)
{
	dial_close(&c->d);
	rdv_client_free(c->rdv);
	carry_release(&c->core);
	frame_buf_release(&c->in);
	frame_buf_release(&c->gin);
	spool_close(&c->spool);
	free(c->warnings);
	free(c->steps);
	sealed_drop(&c->o.sealed);
	free(c->o.modes.s);
	explicit_bzero(&c->o, sizeof(c->o));
}

static int fd_argument(int argc, char **argv, int i)
{
	int fd = i < argc ? atoi(argv[i]) : -1;

	if (fd < 3)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* Opens the terminal and the spool. 0 or -errno. */
static int prepare(struct carrier *c, int spool)
{
	if (reach_only_asks(c) && spool >= 0)
		close(spool); /* a warm link gets one with its order */
	c->tty = term_open();
	if (reach_only_asks(c))
		return 0;
	return c->tty < 0 ? -ENOTTY : spool_open(&c->spool, spool);
}

static int run(struct carrier *c)
{
	int r = start(c);

	if (r == 0 && c->o.errand == ERRAND_WARM)
		r = warm_wait(c) ? start(c) : 1;
	if (r == 0 && !reach_only_asks(c)) {
		c->core.ack_sent = spool_shown(&c->spool);
		c->readable = true;
		confine_rights();
		r = carry(c);
		if (r == 0 && c->core.stays)
			shared_leave(c);
	}
	if (c->guardian >= 0 && !reach_only_asks(c) && guardian_is_gone(c))
		farewell(c);
	if (c->core.state == CARRY_ENDED || c->core.state == CARRY_RELEASED)
		end_session(c);
	return r;
}

/* mish-link ERRAND [GUARDIAN [SPOOL]], or, to place a command, ERRAND BROUGHT PLACE (-1: none); all descriptors. */
int main(int argc, char **argv)
{
	struct carrier c = { .guardian = -1, .tty = -1, .spool.fd = -1, .d = { .fd = -1, .err = -1, .tcp = -1 } };
	int errand = fd_argument(argc, argv, 1), spool = fd_argument(argc, argv, 3), r;

	if (getenv(ASKPASS_MARK) != NULL && argc == 2 && argv[1][strspn(argv[1], "0123456789")] != '\0')
		return askpass_main(argv[1]);
	c.guardian = fd_argument(argc, argv, 2);
	if (errand < 0) {
		fputs("mish-link: started by mish-stub, not by hand; see mish-link(8)\n", stderr);
		return 2;
	}
	programs_name(PROGRAM_LINK);
	confine_memory();
	r = handover_read(&errand_record, errand, &c.o);
	if (r < 0 || c.o.errand < ERRAND_PLACE)
		signals_init(&c);
	carry_init(&c.core, &carry_ops, &c);
	close(errand);
	if (r == 0 && c.o.errand >= ERRAND_FENCE) {
		r = c.o.errand == ERRAND_FENCE ? fence(&c) : placing_run(&c);
		release(&c);
		_exit(r); /* the status counts: a sanitizer that may not trace us would have its own */
	}
	if (r == 0)
		r = prepare(&c, spool);
	if (r < 0) {
		tell_abort(&c, r == -ENOTTY ? "no terminal" : handover_error(r), 1);
		return 1;
	}
	r = run(&c);
	release(&c);
	return r != 0;
}
