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

#include "migrate/locate.h"
#include "pty/guardian.h"
#include "pty/keep.h"
#include "pty/recover.h"
#include "pty/term.h"
#include "wire/node.h"

/*
 * mish-stub, the guardian: what the origin's process is while its shell is elsewhere
 * (DESIGN 4). It owns the session: pid, exit status, and the last state, from which it
 * can always make a shell again. A link that ends is replaced; a node that is lost is
 * recovered from.
 */

enum { RELEASE_MS = 5000, HANGUP_MS = 3000 };

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
		if ((g->want.flags & MSG_WARM) != 0)
			guardian_keep_warm(g);
		else if (asprintf(&why, "%s would accept", g->want.node) < 0)
			why = NULL;
		guardian_move_failed(g, why, 0);
	} else if (type == FRAME_READY) {
		guardian_move_done(g, v);
	} else if (type == FRAME_ABORT) {
		(void)msg_get_strdup(v, MSG_WHY, &why);
		(void)msg_get_uint(v, MSG_STATUS, 255, &status);
		guardian_move_failed(g, why != NULL ? why : "failed", (int)status);
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
		recover_on_attach(g, type, v);
		return;
	}
	switch (type) {
	case FRAME_OFFER:
		guardian_offer(g, v);
		break;
	case FRAME_CHECKPOINT:
		guardian_checkpoint(g, v);
		break;
	case FRAME_EXIT:
		on_exit_frame(g, v);
		break;
	case FRAME_FENCED:
		recover_taken(g, "another terminal has the session now");
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
		if (from == &g->next && g->next.pid != pid) /* it became another, or is gone */
			c = g->warm.pid == pid ? &g->warm : &g->cur;
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
	guardian_end_next(g);
	if (!g->away) { /* its traps are the shell's business */
		guardian_become_shell(g, NULL, 128 + signo);
	} else if (g->persist) {
		if (g->attached) /* the link sees to the rest; the peer waits for whoever comes */
			shutdown(g->cur.fd, SHUT_RDWR);
		child_end(&g->cur, g->attached ? HANGUP_MS : 0); /* else it may be connecting for long */
		guardian_modes_restore(g);
		_exit(128 + signo);
	} else if (g->attached) {
		child_send(&g->cur, FRAME_SIGNAL, NULL, signo);
		child_end(&g->cur, HANGUP_MS);
	} else {
		child_end(&g->cur, 0);
		guardian_fence(g);
	}
	keep_remove(g->s.session);
	guardian_modes_restore(g);
	_exit(128 + signo);
}

static void end_with_shell(struct guardian *g)
{
	guardian_end_next(g);
	child_end(&g->cur, RELEASE_MS);
	keep_remove(g->s.session);
	guardian_modes_restore(g);
	exit(g->exit_status);
}

static void turn(struct guardian *g)
{
	struct child *v[] = { &g->cur, &g->next, &g->warm };
	int64_t due = recover_next_due(g);
	struct timespec ts = { due / 1000, due % 1000 * 1000000L };
	struct pollfd p[4];

	for (int i = 0; i < 3; i++)
		p[i] = (struct pollfd){ .fd = v[i]->pid != 0 ? v[i]->fd : -1, .events = POLLIN };
	p[3] = (struct pollfd){ .fd = g->down.line.tty, .events = POLLIN };
	if (ppoll(p, 4, due >= 0 ? &ts : NULL, &g->sleep_mask) < 0)
		return;
	/* the current link first: its EXIT settles everything */
	if (p[0].revents != 0 && !child_read(g, &g->cur)) {
		if (g->exit_status >= 0)
			end_with_shell(g);
		recover_link_lost(g);
	}
	if (p[1].revents != 0 && g->next.pid != 0 && !child_read(g, &g->next))
		guardian_next_ended(g);
	if (p[2].revents != 0 && g->warm.pid != 0) /* it has nothing to say but its end */
		child_end(&g->warm, 0);
	if (p[3].revents != 0 && g->down.line.tty >= 0)
		recover_on_wish(g, status_read(&g->down.line, &g->spool));
}

static void run(struct guardian *g)
{
	for (;;) {
		if (guardian_signal != 0)
			end_by_signal(g, (int)guardian_signal);
		if (guardian_int != 0 && g->next.pid != 0)
			guardian_move_failed(g, "interrupted", 128 + SIGINT);
		guardian_int = 0;
		if (g->exit_status >= 0)
			end_with_shell(g);
		if (g->down.on)
			recover_tend(g);
		turn(g);
	}
}

/*
 * The secret that is to shut out the terminal before us is in the file before the peer
 * hears of it: should nobody hear the peer's answer, the next attempt still knows it.
 */
static int prepare_secret(struct guardian *g)
{
	if (handover_is_set(g->s.new_secret))
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

	guardian_signals(g);
	memset(&modes, 0, sizeof(modes)); /* kept as bytes */
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
	g->home_fd = handover_file();
	if (g->s.modes == NULL || g->home_fd < 0 || spool_new(&g->spool, NULL, 0) < 0) {
		fputs("mish: attach: out of memory\n", stderr);
		return 1;
	}
	memcpy(g->s.modes, &modes, sizeof(modes));
	g->s.modes_len = sizeof(modes);
	g->s.flags |= MSG_FRESH;
	g->s.mish = locate_program("mish");
	g->away = g->persist = true;
	recover_link_lost(g);
	run(g);
	return 1;
}

int main(int argc, char **argv)
{
	struct guardian g = { .cur.fd = -1, .next.fd = -1, .warm.fd = -1, .exit_status = -1, .spool.fd = -1,
			      .next_spool.fd = -1, .down.line.tty = -1 };
	int fd, r;

	if (argc >= 2 && strcmp(argv[1], "--attach") == 0)
		return attach(&g, argc > 2 ? argv[2] : NULL);
	if (argc == 2 && strcmp(argv[1], "--sessions") == 0)
		return keep_list();
	fd = argc == 2 || argc == 5 ? atoi(argv[1]) : -1;
	if (fd < 3) {
		if (isatty(STDIN_FILENO) && argc == 2) /* never the end of a login */
			guardian_last_resort(&g, "mish-stub: no state", EBADF);
		fputs("mish-stub: started by mish when a shell moves away, not by hand; "
		      "see mish-stub(8)\n",
		      stderr);
		return 2;
	}
	guardian_signals(&g);
	r = handover_read(fd, &g.s);
	if (r < 0)
		guardian_last_resort(&g, "mish-stub", -r);
	g.home_fd = fd;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)!ftruncate(fd, 0); /* we have read it: its pages are not needed */
	if (argc == 5) { /* a link that the shell started early: its socket, pid and node */
		g.warm = (struct child){ .fd = atoi(argv[2]), .pid = atoi(argv[3]) };
		snprintf(g.warm_node, sizeof(g.warm_node), "%.255s", argv[4]);
		fcntl(g.warm.fd, F_SETFD, FD_CLOEXEC);
	}
	g.state_time = time(NULL);
	g.persist = (g.s.flags & MSG_PERSIST) != 0;
	r = guardian_start_move(&g, &g.s);
	if (r < 0)
		guardian_move_failed(&g, r == -ENOENT ? "mish-link is not installed" : strerror(-r), 1);
	run(&g);
}
