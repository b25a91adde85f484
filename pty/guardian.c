#include <config.h>

#include "pty/guardian.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "pty/keep.h"
#include "pty/recover.h"
#include "pty/term.h"

enum { RELEASE_MS = 5000 };

volatile sig_atomic_t guardian_signal; /* HUP or TERM */
volatile sig_atomic_t guardian_int;

static void on_signal(int signo)
{
	if (signo == SIGINT)
		guardian_int = 1;
	else if (signo != SIGCHLD)
		guardian_signal = signo;
}

void guardian_signals(struct guardian *g)
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

void guardian_modes_restore(const struct guardian *g)
{
	int tty = term_open();

	if (tty >= 0 && g->s.modes != NULL && g->s.modes_len == sizeof(struct termios))
		tcsetattr(tty, TCSADRAIN, (const struct termios *)(const void *)g->s.modes);
	if (tty >= 0)
		close(tty);
}

/* Whatever fails: the user gets a prompt. */
void guardian_last_resort(const struct guardian *g, const char *what, int err)
{
	guardian_modes_restore(g);
	dprintf(STDERR_FILENO, "mish: %s: %s (a plain shell instead)\n", what, strerror(err));
	signals_default(g, true);
	execl("/bin/sh", "-sh", (char *)NULL);
	_exit(1);
}

/* Becomes a shell again, with the state in g->s and what there is to tell. */
void guardian_become_shell(struct guardian *g, const char *why, int status)
{
	char number[16], *argv[5];
	int fd = g->home_fd, r;

	child_end(&g->warm, 0);
	if (guardian_signal != 0)
		g->s.flags |= MSG_HANGUP;
	free(g->s.why);
	g->s.why = why != NULL ? strdup(why) : NULL;
	g->s.status = (uint64_t)status;
	r = handover_write_to(&g->s, fd);
	guardian_modes_restore(g);
	if (r < 0)
		guardian_last_resort(g, "cannot hand the state back", -r);
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
		guardian_last_resort(g, "mish", ENOENT);
	execv(g->s.mish, argv);
	guardian_last_resort(g, g->s.mish, errno);
}

/* ---- the state ---- */

void guardian_take_state(struct handover *to, struct handover *from)
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

void guardian_command_is(struct guardian *g, char *command)
{
	free(g->command);
	g->command = command;
}

void guardian_save_key(struct guardian *g)
{
	if (g->persist && g->away)
		(void)keep_write(&g->s, g->address); /* a full disk: it only cannot be attached */
	else
		keep_remove(g->s.session);
}

void guardian_checkpoint(struct guardian *g, const struct msg_view *v)
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
	guardian_command_is(g, command);
	g->idle = (flags & MSG_IDLE) != 0;
	if (((flags & MSG_PERSIST) != 0) != g->persist) {
		g->persist = !g->persist;
		guardian_save_key(g);
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
		guardian_save_key(g);
}

/* ---- moves ---- */

/* Is there a link to that node already? Then it carries this. */
static bool take_warm(struct guardian *g, const struct handover *h)
{
	size_t len = strcspn(h->node, " "); /* of several, the one that is tried first */

	if (g->warm.pid == 0 || (h->flags & MSG_PROBE) != 0 || len != strlen(g->warm_node) ||
	    memcmp(h->node, g->warm_node, len) != 0)
		return false;
	if (child_adopt(&g->next, &g->warm, h, &g->next_spool))
		return true;
	child_end(&g->warm, 0);
	return false;
}

void guardian_keep_warm(struct guardian *g)
{
	child_end(&g->warm, 0);
	g->warm = g->next;
	g->next = (struct child){ .fd = -1 };
	snprintf(g->warm_node, sizeof(g->warm_node), "%.255s", g->want.node);
}

int guardian_start_move(struct guardian *g, struct handover *h)
{
	int r = spool_new(&g->next_spool, h->input, h->input_len);

	g->carried = g->spool.area != NULL ? spool_typed(&g->spool) : 0;
	h->peer_epoch = handover_holds(h);
	if (r == 0 && getrandom(h->secret, sizeof(h->secret), 0) != (ssize_t)sizeof(h->secret))
		r = -EIO;
	g->next_was_warm = r == 0 && take_warm(g, h);
	if (r == 0 && !g->next_was_warm)
		r = child_start(&g->next, h, &g->next_spool, &g->sleep_mask);
	if (r < 0)
		spool_close(&g->next_spool);
	return r;
}

void guardian_end_next(struct guardian *g)
{
	child_end(&g->next, 0);
	spool_close(&g->next_spool);
}

/* One that was started early may have been as good as dead: then another begins from the start. */
void guardian_next_ended(struct guardian *g)
{
	int r;

	if (!g->next_was_warm) {
		guardian_move_failed(g, "the link ended unexpectedly", 1);
		return;
	}
	guardian_end_next(g);
	r = guardian_start_move(g, g->away ? &g->want : &g->s);
	if (r < 0)
		guardian_move_failed(g, strerror(-r), 1);
}

/* The move under way failed. */
void guardian_move_failed(struct guardian *g, const char *why, int status)
{
	char *text = NULL;

	guardian_end_next(g);
	guardian_int = 0;
	if (!g->away) {
		if (asprintf(&text, "smigrate: %s (staying on %s)", why, g->s.origin) < 0)
			text = NULL;
		guardian_become_shell(g, text != NULL ? text : why, status);
	}
	if (g->recovering) {
		free(g->down.why);
		g->down.why = why != NULL ? strdup(why) : NULL;
		g->recovering = false;
	} else {
		g->s.holds = g->want.epoch + 1; /* the offer used an epoch up */
		g->refused = g->want.epoch;
		free(g->refused_why);
		g->refused_why = strdup(why != NULL ? why : "out of memory");
		g->refused_status = status;
		if (g->attached) /* else the offer will come again, see guardian_offer() */
			child_send(&g->cur, FRAME_RESUME, why, status);
	}
	handover_release(&g->want);
}

/* The holder that was, and cannot be told now: somebody goes on trying. */
void guardian_fence(struct guardian *g)
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
		guardian_fence(g);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* All but the standard three and these (-1: none). */
static void close_others(int *keep, size_t n)
{
	int next = 3;

	qsort(keep, n, sizeof(*keep), by_number);
	for (size_t i = 0; i < n; i++) {
		if (keep[i] > next)
			close_range((unsigned)next, (unsigned)keep[i] - 1, 0);
		if (keep[i] >= next)
			next = keep[i] + 1;
	}
	close_range((unsigned)next, ~0U, 0);
}

/* The new node is ready and the rendezvous has committed: the session is there. */
void guardian_move_done(struct guardian *g, const struct msg_view *v)
{
	if (!g->away) { /* the shell's own descriptors went with it, or stay closed */
		close_others((int[]){ g->next.fd, g->next_spool.fd, g->warm.fd, g->home_fd }, 4);
	} else {
		release(g);
		guardian_take_state(&g->s, &g->want);
	}
	(void)msg_get_str(v, MSG_NODE, g->node, sizeof(g->node));
	(void)msg_get_str(v, MSG_ADDRESS, g->address, sizeof(g->address));
	g->state_time = time(NULL);
	g->last_seq = 0;
	g->idle = false;
	guardian_command_is(g, NULL);
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
	guardian_int = 0;
	recover_up(g);
	guardian_save_key(g);
}

/* The shell wants to go home: it is released, and this process becomes it. */
static void move_home(struct guardian *g)
{
	release(g);
	guardian_take_state(&g->s, &g->want);
	free(g->s.input);
	g->s.input = g->want.input;
	g->s.input_len = g->want.input_len;
	g->want.input = NULL;
	g->s.flags = (g->s.flags & MSG_LOGIN) | (g->want.flags & ~(uint64_t)MSG_LOGIN);
	snprintf(g->s.peer_node, sizeof(g->s.peer_node), "%s", g->node);
	guardian_become_shell(g, NULL, 0);
}

void guardian_offer(struct guardian *g, const struct msg_view *v)
{
	int r;

	if (g->next.pid != 0)
		return; /* it is told twice, or offers twice: the first offer stands */
	handover_release(&g->want);
	guardian_int = 0;
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
	r = guardian_start_move(g, &g->want);
	if (r < 0)
		guardian_move_failed(g, r == -ENOENT ? "mish-link is not installed" : strerror(-r), 1);
}
