#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "migrate/handover.h"
#include "pty/child.h"
#include "pty/keep.h"
#include "pty/spool.h"
#include "pty/status.h"
#include "migrate/locate.h"
#include "pty/term.h"
#include "rendezvous/frame.h"
#include "rendezvous/io_full.h"
#include "rendezvous/node.h"

/*
 * mish-stub, the guardian: what the origin's process is while its shell is elsewhere
 * (DESIGN 4). It owns the session: pid, exit status, and the last state, from which it
 * can always make a shell again. A link that ends is replaced; a node that is lost is
 * recovered from.
 */

enum {
	RELEASE_MS = 5000,
	HANGUP_MS = 3000,
	SHOW_AFTER_MS = 3000,	 /* a short cut is nobody's business */
	RECOVER_AFTER_MS = 8000, /* when nothing runs there that could be lost */
	RETRY_MAX_MS = 8000,
	STEADY_MS = 5000,	 /* a link that lasted so long is replaced at once */
	REFRESH_MS = 1000,
};

/* While the session cannot be reached. */
struct down {
	bool on;
	int64_t since_ms, retry_ms, wait_ms;
	char *why;
	struct status line;
};

struct guardian {
	struct handover s; /* the session with its last state */
	char node[256];	   /* where it is; "": nowhere yet */
	char address[256]; /* … as ssh knows it */
	bool away;	   /* it is somewhere, whether or not a link is up */
	bool attached;	   /* the current link carries */
	struct child cur;  /* the link to it */
	struct spool spool; /* of the terminal, for the current link */
	struct child next; /* the link of a move under way */
	struct spool next_spool;
	struct handover want; /* that move */
	bool recovering;      /* … begun here, as the holder is lost */
	struct down down;
	int64_t up_ms;	   /* since when the link is there */
	bool idle;	   /* at its prompt when we last heard, and without jobs */
	char *command;	   /* what it runs, if not */
	time_t state_time;
	uint64_t last_seq; /* of the checkpoints */
	uint64_t carried;  /* input up to here goes with the move under way */
	bool persist;
	uint64_t refused;  /* epoch of the last offer that came to nothing, and why */
	char *refused_why;
	int refused_status;
	int exit_status;   /* -1: not ended */
	sigset_t sleep_mask;
};

static volatile sig_atomic_t got_signal; /* HUP or TERM */
static volatile sig_atomic_t got_int;

static void on_signal(int signo)
{
	if (signo == SIGINT)
		got_int = 1;
	else if (signo != SIGCHLD)
		got_signal = signo;
}

static void signals_init(struct guardian *g)
{
	static const int caught[] = { SIGHUP, SIGTERM, SIGCHLD, SIGINT };
	sigset_t block;

	sigemptyset(&block);
	for (int i = 1; i < NSIG; i++) /* a shell's traps are elsewhere, and so is what they are for */
		if (i != SIGKILL && i != SIGSTOP && i != SIGSEGV && i != SIGBUS && i != SIGILL &&
		    i != SIGFPE && i != SIGABRT)
			signal(i, SIG_IGN);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		struct sigaction sa = { .sa_handler = on_signal };

		sigaddset(&block, caught[i]);
		sigaction(caught[i], &sa, NULL);
	}
	sigprocmask(SIG_BLOCK, &block, &g->sleep_mask);
}

/* What a shell starts with. Keys may send signals again: it lets them in when it is ready. */
static void signals_default(const struct guardian *g, bool keys)
{
	static const int sent_by_keys[] = { SIGINT, SIGQUIT, SIGTSTP };
	sigset_t mask = g->sleep_mask;

	for (size_t i = 0; !keys && i < sizeof(sent_by_keys) / sizeof(sent_by_keys[0]); i++)
		sigaddset(&mask, sent_by_keys[i]);
	signal(SIGINT, SIG_IGN); /* drops one that waits */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	for (int i = 1; i < NSIG; i++)
		if (i != SIGKILL && i != SIGSTOP)
			signal(i, SIG_DFL);
}

/* ---- back to a shell in this process ---- */

static void modes_restore(const struct guardian *g)
{
	int tty = term_open();

	if (tty >= 0 && g->s.modes != NULL && g->s.modes_len == sizeof(struct termios))
		tcsetattr(tty, TCSADRAIN, (const struct termios *)(const void *)g->s.modes);
	if (tty >= 0)
		close(tty);
}

/* Whatever fails: the user gets a prompt. */
static void last_resort(const struct guardian *g, const char *what, int err)
{
	modes_restore(g);
	dprintf(STDERR_FILENO, "mish: %s: %s (a plain shell instead)\n", what, strerror(err));
	signals_default(g, true);
	execl("/bin/sh", "-sh", (char *)NULL);
	_exit(1);
}

/* Becomes a shell again, with the state in g->s and what there is to tell. */
static void become_shell(struct guardian *g, const char *why, int status)
{
	char number[16], *argv[5];
	int fd;

	if (got_signal != 0)
		g->s.flags |= MSG_HANGUP;
	free(g->s.why);
	g->s.why = why != NULL ? strdup(why) : NULL;
	g->s.status = (uint64_t)status;
	fd = handover_write(&g->s);
	modes_restore(g);
	if (fd < 0)
		last_resort(g, "cannot hand the state back", -fd);
	fd = handover_keep(fd);
	keep_remove(g->s.session);
	snprintf(number, sizeof(number), "%d", fd);
	argv[0] = (char *)(uintptr_t)((g->s.flags & MSG_LOGIN) != 0 ? "-mish" : "mish");
	argv[1] = (char *)(uintptr_t)"--restore";
	argv[2] = number;
	argv[3] = (char *)(uintptr_t)"-1";
	argv[4] = NULL;
	signals_default(g, false);
	if (g->s.mish == NULL) /* another shell would not know what to do with these arguments */
		last_resort(g, "mish", ENOENT);
	execv(g->s.mish, argv);
	last_resort(g, g->s.mish, errno);
}

/* ---- the state ---- */

static void take_state(struct handover *to, struct handover *from)
{
	free(to->state);
	free(to->parts);
	to->state = from->state;
	to->state_len = from->state_len;
	to->parts = from->parts;
	to->parts_len = from->parts_len;
	to->seq = from->seq;
	to->epoch = from->epoch;
	to->holds = from->holds;
	memcpy(to->key, from->key, sizeof(to->key));
	memcpy(to->secret, from->secret, sizeof(to->secret));
	to->peer_epoch = from->peer_epoch;
	from->state = from->parts = NULL;
	from->state_len = from->parts_len = 0;
}

static void command_is(struct guardian *g, char *command)
{
	free(g->command);
	g->command = command;
}

static void save_key(struct guardian *g)
{
	if (g->persist && g->away)
		(void)keep_write(&g->s, g->address); /* a full disk: it only cannot be attached */
	else
		keep_remove(g->s.session);
}

static void on_checkpoint(struct guardian *g, const struct msg_view *v)
{
	uint64_t epoch = 0, seq = 0, flags = 0;
	const uint8_t *sealed = NULL;
	char *command = NULL;
	size_t len = 0;
	bool whole;

	(void)msg_get_uint(v, MSG_EPOCH, UINT64_MAX, &epoch);
	(void)msg_get_uint(v, MSG_SEQ, UINT64_MAX, &seq);
	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	if (epoch != handover_holds(&g->s) || seq < g->last_seq)
		return; /* of a holder that was given up, or said before */
	(void)msg_get_strdup(v, MSG_COMMAND, &command);
	command_is(g, command);
	g->idle = (flags & MSG_IDLE) != 0;
	if (((flags & MSG_PERSIST) != 0) != g->persist) {
		g->persist = !g->persist;
		save_key(g);
	}
	whole = (flags & MSG_WHOLE) != 0;
	if (msg_get_bytes(v, MSG_STATE, &sealed, &len) < 0 || seq == g->last_seq ||
	    (!whole && seq != g->last_seq + 1))
		return;
	if (whole) {
		uint8_t *copy = len <= STATE_MAX ? malloc(len) : NULL;

		if (copy == NULL)
			return; /* the one before stands */
		memcpy(copy, sealed, len);
		free(g->s.state);
		g->s.state = copy;
		g->s.state_len = len;
		g->s.parts_len = 0;
		g->s.seq = seq;
	} else if (handover_add_part(&g->s, sealed, len) < 0) {
		return;
	}
	g->last_seq = seq;
	g->state_time = time(NULL);
	if (g->persist)
		save_key(g);
}

/* ---- moves ---- */

static int start_move(struct guardian *g, struct handover *h)
{
	int r = spool_new(&g->next_spool, h->input, h->input_len);

	g->carried = g->spool.area != NULL ? spool_typed(&g->spool) : 0;
	h->peer_epoch = handover_holds(h);
	if (r == 0 && getrandom(h->secret, sizeof(h->secret), 0) != (ssize_t)sizeof(h->secret))
		r = -EIO;
	if (r == 0)
		r = child_start(&g->next, h, &g->next_spool, &g->sleep_mask);
	if (r < 0)
		spool_close(&g->next_spool);
	return r;
}

static void end_next(struct guardian *g)
{
	child_end(&g->next, 0);
	spool_close(&g->next_spool);
}

/* The move under way failed. */
static void move_failed(struct guardian *g, const char *why, int status)
{
	char *text = NULL;

	end_next(g);
	got_int = 0;
	if (!g->away) {
		if (asprintf(&text, "smigrate: %s (staying on %s)", why, g->s.origin) < 0)
			text = NULL;
		become_shell(g, text != NULL ? text : why, status);
	}
	if (g->recovering) {
		free(g->down.why);
		g->down.why = strdup(why);
		g->recovering = false;
	} else {
		g->s.holds = g->want.epoch + 1; /* the offer used an epoch up */
		g->refused = g->want.epoch;
		free(g->refused_why);
		g->refused_why = strdup(why);
		g->refused_status = status;
		if (g->attached) /* else the offer will come again, see on_offer() */
			child_send(&g->cur, FRAME_RESUME, why, status);
	}
	handover_release(&g->want);
}

/* The holder that was, and cannot be told now: somebody goes on trying. */
static void fence(struct guardian *g)
{
	struct handover h = { .flags = MSG_ATTACH | MSG_FENCE | MSG_AUTOMATIC,
			      .peer_epoch = g->s.peer_epoch };

	memcpy(h.session, g->s.session, sizeof(h.session));
	memcpy(h.origin, g->s.origin, sizeof(h.origin));
	memcpy(h.secret, g->s.secret, sizeof(h.secret));
	memcpy(h.new_secret, g->s.new_secret, sizeof(h.new_secret)); /* an attach that may have come through */
	snprintf(h.node, sizeof(h.node), "%s", g->address);
	child_start_fence(&h, &g->sleep_mask);
	explicit_bzero(&h, sizeof(h));
}

static void up_again(struct guardian *g)
{
	bool covered = status_hide(&g->down.line, &g->spool);

	g->down.on = false;
	g->up_ms = io_now_ms();
	free(g->down.why);
	g->down.why = NULL;
	child_send(&g->cur, FRAME_COMMIT, NULL, 0);
	if (covered)
		child_send(&g->cur, FRAME_WINCH, NULL, 0);
}

/* What was typed at the status line since the move began follows it. */
static void carry_input(struct guardian *g)
{
	const uint8_t *s;
	size_t n;

	while (g->spool.area != NULL && (n = spool_input_at(&g->spool, g->carried, &s)) != 0 &&
	       n <= spool_input_room(&g->next_spool)) {
		spool_add_input(&g->next_spool, s, n);
		g->carried += n;
	}
}

/* The former holder ends, and its last output comes before the new prompt. */
static void release(struct guardian *g)
{
	bool told;

	if (g->attached)
		child_send(&g->cur, FRAME_RELEASE, NULL, 0);
	told = child_end(&g->cur, g->attached ? RELEASE_MS : 0) && g->attached;
	if (!told) /* nobody knows whether it heard of it */
		fence(g);
}

/* The new node is ready and the rendezvous has committed: the session is there. */
static void move_done(struct guardian *g, const struct msg_view *v)
{
	if (!g->away) { /* the shell's own descriptors went with it, or stay closed */
		int keep[2] = { g->next.fd, g->next_spool.fd };

		if (keep[0] > keep[1]) {
			keep[0] = keep[1];
			keep[1] = g->next.fd;
		}
		close_range(3, (unsigned)keep[0] - 1, 0);
		if (keep[1] - keep[0] > 1)
			close_range((unsigned)keep[0] + 1, (unsigned)keep[1] - 1, 0);
		close_range((unsigned)keep[1] + 1, ~0U, 0);
	} else {
		release(g);
		take_state(&g->s, &g->want);
	}
	(void)msg_get_str(v, MSG_NODE, g->node, sizeof(g->node));
	(void)msg_get_str(v, MSG_ADDRESS, g->address, sizeof(g->address));
	g->state_time = time(NULL);
	g->last_seq = 0;
	g->idle = false;
	command_is(g, NULL);
	if (g->away)
		g->persist = (g->want.flags & MSG_PERSIST) != 0;
	handover_release(&g->want);
	carry_input(g);
	spool_close(&g->spool);
	g->spool = g->next_spool;
	g->next_spool = (struct spool){ .fd = -1 };
	g->cur = g->next;
	g->next = (struct child){ .fd = -1 };
	g->away = g->attached = true;
	g->recovering = false;
	got_int = 0;
	up_again(g);
	save_key(g);
}

/* The shell wants to go home: it is released, and this process becomes it. */
static void move_home(struct guardian *g)
{
	release(g);
	take_state(&g->s, &g->want);
	free(g->s.input);
	g->s.input = g->want.input;
	g->s.input_len = g->want.input_len;
	g->want.input = NULL;
	g->s.flags = (g->s.flags & MSG_LOGIN) | (g->want.flags & ~(uint64_t)MSG_LOGIN);
	snprintf(g->s.peer_node, sizeof(g->s.peer_node), "%s", g->node);
	become_shell(g, NULL, 0);
}

static void on_offer(struct guardian *g, const struct msg_view *v)
{
	int r;

	if (g->next.pid != 0)
		return; /* it is told twice, or offers twice: the first offer stands */
	handover_release(&g->want);
	got_int = 0;
	r = handover_get(v, &g->want);
	if (r == 0 && g->want.state != NULL && g->want.epoch == g->refused && g->refused_why != NULL) {
		handover_release(&g->want);
		child_send(&g->cur, FRAME_RESUME, g->refused_why, g->refused_status);
		return;
	}
	if (r < 0 || g->want.state == NULL) {
		child_send(&g->cur, FRAME_RESUME, "the offer cannot be read", 1);
		return;
	}
	memcpy(g->want.session, g->s.session, sizeof(g->want.session));
	memcpy(g->want.origin, g->s.origin, sizeof(g->want.origin));
	g->want.flags |= g->s.flags & MSG_LOGIN;
	if ((g->want.flags & MSG_PROBE) == 0 &&
	    (strcmp(g->want.node, "home") == 0 || strcmp(g->want.node, g->s.origin) == 0)) {
		move_home(g);
		return;
	}
	r = start_move(g, &g->want);
	if (r < 0)
		move_failed(g, r == -ENOENT ? "mish-link is not installed" : strerror(-r), 1);
}

/* ---- the session cannot be reached ---- */

static void recovered_text(const struct guardian *g, const char *why, char **ret)
{
	char at[16] = "", command[60] = "";
	struct tm tm;

	if (g->command != NULL) { /* a line for people */
		snprintf(command, sizeof(command), "%s", g->command);
		command[strcspn(command, "\n")] = '\0';
		for (char *p = command; *p != '\0'; p++)
			if ((unsigned char)*p < ' ' || *p == 127)
				*p = '?';
	}
	if (localtime_r(&g->state_time, &tm) != NULL)
		strftime(at, sizeof(at), "%H:%M:%S", &tm);
	if (asprintf(ret, "%s: %s; your session continues on %s as of %s%s%s%s", g->node, why,
		     g->s.origin, at, g->command != NULL ? ", `" : "",
		     command, g->command != NULL ? "' was lost" : "") < 0)
		*ret = NULL;
}

/* Goes on here, from the last checkpoint. `there`: the holder may still be alive. */
static void recover_here(struct guardian *g, const char *why, bool there)
{
	bool frozen = g->want.state != NULL && !g->recovering;
	char *text;

	(void)status_hide(&g->down.line, &g->spool);
	end_next(g);
	child_end(&g->cur, 0);
	if (there)
		fence(g);
	free(g->s.input);
	g->s.input = NULL;
	g->s.input_len = 0;
	if (frozen) { /* it waits for a verdict that will not come: nothing is newer than its offer */
		take_state(&g->s, &g->want);
		g->s.input = g->want.input;
		g->s.input_len = g->want.input_len;
		g->want.input = NULL;
		g->state_time = time(NULL);
		command_is(g, NULL);
	} else {
		g->s.flags |= MSG_LOST;
		/* typed while nobody was there; what was sent may have run already */
		if (g->idle)
			g->s.input = spool_unsent(&g->spool, &g->s.input_len);
	}
	g->s.holds = handover_holds(&g->s) + 1;
	recovered_text(g, why, &text);
	free(g->s.command);
	g->s.command = g->command;
	dprintf(STDERR_FILENO, "\r\n");
	become_shell(g, text, 128 + SIGHUP);
}

static void taken(struct guardian *g, const char *why)
{
	(void)status_hide(&g->down.line, &g->spool);
	child_end(&g->cur, 0);
	end_next(g);
	modes_restore(g);
	dprintf(STDERR_FILENO, "\r\nmish: %s\n", why);
	_exit(0); /* the key file is the other's now */
}

/* … or on another node. */
static void recover_on(struct guardian *g, const char *node)
{
	int r;

	if (g->persist && !keep_is_ours(&g->s))
		taken(g, "another terminal has the session now");
	if (strcmp(node, g->s.origin) == 0 || *node == '\0') {
		recover_here(g, "given up", true);
		return;
	}
	child_end(&g->cur, 0);
	end_next(g);
	handover_release(&g->want);
	r = handover_copy(&g->s, &g->want);
	g->want.holds = handover_holds(&g->s) + 1;
	g->want.flags = (g->s.flags & MSG_LOGIN) | MSG_LOST | (g->persist ? MSG_PERSIST : 0);
	free(g->want.input);
	g->want.input = g->idle ? spool_unsent(&g->spool, &g->want.input_len) : NULL;
	snprintf(g->want.node, sizeof(g->want.node), "%s", node);
	g->recovering = true;
	if (r == 0)
		r = start_move(g, &g->want);
	if (r < 0)
		move_failed(g, strerror(-r), 1);
}

static void start_attach(struct guardian *g)
{
	struct handover h = { .flags = MSG_ATTACH | MSG_AUTOMATIC | (g->persist ? MSG_PERSIST : 0),
			      .peer_epoch = g->s.peer_epoch, .seq = g->last_seq,
			      .modes = g->s.modes, .modes_len = g->s.modes_len };

	memcpy(h.session, g->s.session, sizeof(h.session));
	memcpy(h.origin, g->s.origin, sizeof(h.origin));
	memcpy(h.secret, g->s.secret, sizeof(h.secret));
	memcpy(h.new_secret, g->s.new_secret, sizeof(h.new_secret));
	snprintf(h.node, sizeof(h.node), "%s", g->address);
	h.flags |= g->s.flags & MSG_FRESH;
	if (child_start(&g->cur, &h, &g->spool, &g->sleep_mask) < 0)
		g->cur = (struct child){ .fd = -1 };
	explicit_bzero(&h, sizeof(h));
	g->down.wait_ms = g->down.wait_ms == 0 ? 500 : 2 * g->down.wait_ms;
	if (g->down.wait_ms > RETRY_MAX_MS)
		g->down.wait_ms = RETRY_MAX_MS;
	g->down.retry_ms = io_now_ms() + g->down.wait_ms;
}

/* The link has ended, however: the next one is begun. */
static void link_lost(struct guardian *g)
{
	child_end(&g->cur, 0);
	g->attached = false;
	if (!g->down.on) {
		g->down.on = true;
		g->down.since_ms = io_now_ms();
		if (g->down.since_ms - g->up_ms > STEADY_MS)
			g->down.wait_ms = 0;
		g->down.retry_ms = g->down.since_ms + g->down.wait_ms;
	}
}

/* What a link that was to attach says first. */
static void on_attach(struct guardian *g, enum frame_type type, const struct msg_view *v)
{
	uint64_t status = MSG_ATTACH_FAILED;
	char *why = NULL;

	if (type == FRAME_READY) {
		g->attached = true;
		if (memcmp(g->s.new_secret, (uint8_t[32]){ 0 }, 32) != 0) {
			memcpy(g->s.secret, g->s.new_secret, sizeof(g->s.secret));
			memset(g->s.new_secret, 0, sizeof(g->s.new_secret));
			(void)msg_get_str(v, MSG_NODE, g->node, sizeof(g->node));
			save_key(g);
		}
		g->s.flags &= ~(uint64_t)MSG_FRESH;
		up_again(g);
		return;
	}
	if (type != FRAME_ABORT)
		return;
	(void)msg_get_uint(v, MSG_STATUS, 255, &status);
	(void)msg_get_strdup(v, MSG_WHY, &why);
	if (status == MSG_ATTACH_GONE)
		recover_here(g, "the shell there is gone", false);
	if (status == MSG_ATTACH_TAKEN)
		taken(g, why != NULL ? why : "another terminal has the session now");
	free(g->down.why);
	g->down.why = why;
}

static void down_text(const struct guardian *g, char *buf, size_t size)
{
	int64_t s = (io_now_ms() - g->down.since_ms) / 1000;

	snprintf(buf, size, "mish: %.64s: no answer for %lld s%s%.100s. Typing is kept; ^] for more",
		 g->node, (long long)s, g->down.why != NULL ? ": " : "",
		 g->down.why != NULL ? g->down.why : "");
}

static void on_wish(struct guardian *g, enum status_wish wish)
{
	switch (wish) {
	case STATUS_RETRY:
		g->down.retry_ms = io_now_ms();
		g->down.wait_ms = 0;
		break;
	case STATUS_RECOVER:
		recover_on(g, g->down.line.answer);
		break;
	case STATUS_QUIT:
		got_signal = SIGHUP;
		g->persist = false;
		break;
	case STATUS_GONE: /* HUP says so, too, if it comes: what persists stays */
		got_signal = SIGHUP;
		break;
	case STATUS_NOTHING:
		break;
	}
}

/* Unasked: nothing would be lost, and nobody can have attached from elsewhere. */
static bool may_recover(const struct guardian *g)
{
	return g->idle && !g->persist && g->next.pid == 0;
}

/* What is due while the session cannot be reached. */
static void tend(struct guardian *g)
{
	int64_t now = io_now_ms(), since = now - g->down.since_ms;
	char text[300];

	if (g->cur.pid == 0 && !g->recovering && now >= g->down.retry_ms)
		start_attach(g);
	if (may_recover(g) && since >= RECOVER_AFTER_MS)
		recover_here(g, g->down.why != NULL ? g->down.why : "no answer", true);
	if (since >= SHOW_AFTER_MS) {
		down_text(g, text, sizeof(text));
		status_show(&g->down.line, &g->spool, text);
	}
}

static int64_t next_due(const struct guardian *g)
{
	int64_t now = io_now_ms(), at = g->down.since_ms + SHOW_AFTER_MS;

	if (!g->down.on)
		return -1;
	if (now >= at) /* it is shown, or cannot be */
		at = now + REFRESH_MS;
	if (g->cur.pid == 0 && !g->recovering && g->down.retry_ms < at)
		at = g->down.retry_ms;
	if (may_recover(g) && g->down.since_ms + RECOVER_AFTER_MS < at)
		at = g->down.since_ms + RECOVER_AFTER_MS;
	return at > now ? at - now : 0;
}

/* ---- events ---- */

static void on_exit_frame(struct guardian *g, const struct msg_view *v)
{
	uint64_t status = 1, flags = 0;
	char *why = NULL;

	(void)msg_get_uint(v, MSG_STATUS, 255, &status);
	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	if ((flags & MSG_LOST) != 0) {
		(void)msg_get_strdup(v, MSG_WHY, &why);
		child_end(&g->cur, RELEASE_MS);
		recover_here(g, why != NULL ? why : "the shell there was killed", false);
	}
	g->exit_status = (int)status;
}

static void on_next_frame(struct guardian *g, enum frame_type type, const struct msg_view *v)
{
	char *why = NULL;
	uint64_t status = 1;

	if (type == FRAME_READY && (g->want.flags & MSG_PROBE) != 0) {
		if (asprintf(&why, "%s would accept", g->want.node) < 0)
			why = NULL;
		move_failed(g, why, 0);
	} else if (type == FRAME_READY) {
		move_done(g, v);
	} else if (type == FRAME_ABORT) {
		(void)msg_get_strdup(v, MSG_WHY, &why);
		(void)msg_get_uint(v, MSG_STATUS, 255, &status);
		move_failed(g, why != NULL ? why : "failed", (int)status);
	}
	free(why);
}

static void on_frame(struct guardian *g, struct child *c, enum frame_type type,
		     const struct msg_view *v)
{
	if (c == &g->next) {
		on_next_frame(g, type, v);
		return;
	}
	if (!g->attached) {
		on_attach(g, type, v);
		return;
	}
	switch (type) {
	case FRAME_OFFER:
		on_offer(g, v);
		break;
	case FRAME_CHECKPOINT:
		on_checkpoint(g, v);
		break;
	case FRAME_EXIT:
		on_exit_frame(g, v);
		break;
	case FRAME_FENCED:
		taken(g, "another terminal has the session now");
		break;
	default:
		break;
	}
}

/* Reads what a link says. False when it ended. */
static bool child_read(struct guardian *g, struct child *c)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	pid_t pid = c->pid;
	int r;
	long n = frame_fill(&c->in, c->fd);

	if (n <= 0 && n != -EAGAIN)
		c->eof = true;
	while ((r = frame_next(&c->in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		struct child *from = c;

		if (msg_parse(&v, payload, len) < 0)
			return false;
		on_frame(g, c, type, &v);
		if (from == &g->next && g->next.pid != pid)
			c = &g->cur; /* it became the current one, or is gone */
		if (c->pid != pid)
			return true;
		frame_buf_drop(&c->in, total);
	}
	return r == 0 && !c->eof;
}

/* The terminal has gone, or the system goes down. */
static void end_by_signal(struct guardian *g, int signo)
{
	(void)status_hide(&g->down.line, &g->spool);
	end_next(g);
	if (!g->away) { /* its traps are the shell's business */
		become_shell(g, NULL, 128 + signo);
	} else if (g->persist) {
		if (g->attached) /* the link sees to the rest; the peer waits for whoever comes */
			shutdown(g->cur.fd, SHUT_RDWR);
		child_end(&g->cur, g->attached ? HANGUP_MS : 0); /* else it may be connecting for long */
		modes_restore(g);
		_exit(128 + signo);
	} else if (g->attached) {
		child_send(&g->cur, FRAME_SIGNAL, NULL, signo);
		child_end(&g->cur, HANGUP_MS);
	} else {
		child_end(&g->cur, 0);
		fence(g);
	}
	keep_remove(g->s.session);
	modes_restore(g);
	_exit(128 + signo);
}

static void end_with_shell(struct guardian *g)
{
	end_next(g);
	child_end(&g->cur, RELEASE_MS);
	keep_remove(g->s.session);
	modes_restore(g);
	exit(g->exit_status);
}

static void turn(struct guardian *g)
{
	struct child *v[2] = { &g->cur, &g->next };
	int64_t due = next_due(g);
	struct timespec ts = { due / 1000, due % 1000 * 1000000L };
	struct pollfd p[3];

	for (int i = 0; i < 2; i++)
		p[i] = (struct pollfd){ .fd = v[i]->pid != 0 ? v[i]->fd : -1, .events = POLLIN };
	p[2] = (struct pollfd){ .fd = g->down.line.tty, .events = POLLIN };
	if (ppoll(p, 3, due >= 0 ? &ts : NULL, &g->sleep_mask) < 0)
		return;
	/* the current link first: its EXIT settles everything */
	if (p[0].revents != 0 && !child_read(g, &g->cur)) {
		if (g->exit_status >= 0)
			end_with_shell(g);
		link_lost(g);
	}
	if (p[1].revents != 0 && g->next.pid != 0 && !child_read(g, &g->next))
		move_failed(g, "the link ended unexpectedly", 1);
	if (p[2].revents != 0 && g->down.line.tty >= 0)
		on_wish(g, status_read(&g->down.line, &g->spool));
}

static void run(struct guardian *g)
{
	for (;;) {
		if (got_signal != 0)
			end_by_signal(g, (int)got_signal);
		if (got_int != 0 && g->next.pid != 0)
			move_failed(g, "interrupted", 128 + SIGINT);
		got_int = 0;
		if (g->exit_status >= 0)
			end_with_shell(g);
		if (g->down.on)
			tend(g);
		turn(g);
	}
}

/*
 * The secret that is to shut out the terminal before us is in the file before the peer
 * hears of it: should nobody hear the peer's answer, the next attempt still knows it.
 */
static int prepare_secret(struct guardian *g)
{
	static const uint8_t none[sizeof(g->s.new_secret)];

	if (memcmp(g->s.new_secret, none, sizeof(none)) != 0)
		return 0; /* of an attempt that may have come through */
	if (getrandom(g->s.new_secret, sizeof(g->s.new_secret), 0) != (ssize_t)sizeof(g->s.new_secret))
		return -EIO;
	return keep_write(&g->s, g->address);
}

/* mish --attach: this process takes a session over that persists. */
static int attach(struct guardian *g, const char *session)
{
	const char *inside = getenv("MISH_SESSION");
	char *why = NULL;
	struct termios modes;
	int tty;

	signals_init(g);
	tty = term_open();
	if (tty < 0 || tcgetattr(tty, &modes) < 0) {
		fputs("mish: attach: no terminal\n", stderr);
		return 1;
	}
	close(tty);
	if (keep_read(session, &g->s, g->address, sizeof(g->address), &why) < 0) {
		fprintf(stderr, "mish: attach: %s\n", why != NULL ? why : "out of memory");
		return 1;
	}
	if (inside != NULL && strcmp(inside, g->s.session) == 0) { /* its output would be its output */
		fputs("mish: attach: you are in this session\n", stderr);
		return 1;
	}
	if (prepare_secret(g) < 0) {
		fputs("mish: attach: cannot write the session's file\n", stderr);
		return 1;
	}
	node_own_name(g->s.origin, sizeof(g->s.origin));
	snprintf(g->node, sizeof(g->node), "%s", g->address);
	g->s.modes = malloc(sizeof(modes));
	if (g->s.modes == NULL || spool_new(&g->spool, NULL, 0) < 0) {
		fputs("mish: attach: out of memory\n", stderr);
		return 1;
	}
	memcpy(g->s.modes, &modes, sizeof(modes));
	g->s.modes_len = sizeof(modes);
	g->s.flags |= MSG_FRESH;
	g->s.mish = locate_program("mish");
	g->away = g->persist = true;
	link_lost(g);
	run(g);
	return 1;
}

int main(int argc, char **argv)
{
	struct guardian g = { .cur.fd = -1, .next.fd = -1, .exit_status = -1, .spool.fd = -1,
			      .next_spool.fd = -1, .down.line.tty = -1 };
	int fd, r;

	if (argc >= 2 && strcmp(argv[1], "--attach") == 0)
		return attach(&g, argc > 2 ? argv[2] : NULL);
	if (argc == 2 && strcmp(argv[1], "--sessions") == 0)
		return keep_list();
	fd = argc == 2 ? atoi(argv[1]) : -1;
	if (fd < 3) {
		if (isatty(STDIN_FILENO) && argc == 2) /* never the end of a login */
			last_resort(&g, "mish-stub: no state", EBADF);
		fputs("mish-stub: started by mish when a shell moves away, not by hand; "
		      "see mish-stub(8)\n",
		      stderr);
		return 2;
	}
	signals_init(&g);
	r = handover_read(fd, &g.s);
	if (r < 0)
		last_resort(&g, "mish-stub", -r);
	close(fd);
	g.state_time = time(NULL);
	g.persist = (g.s.flags & MSG_PERSIST) != 0;
	r = start_move(&g, &g.s);
	if (r < 0)
		move_failed(&g, r == -ENOENT ? "mish-link is not installed" : strerror(-r), 1);
	run(&g);
}
