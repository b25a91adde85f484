#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <termios.h>
#include <unistd.h>

#include "pty/confine.h"
#include "pty/guardian.h"
#include "pty/raise.h"
#include "migrate/keep.h"
#include "pty/term.h"
#include "session/lost.h"
#include "session/moves.h"
#include "session/stayed.h"
#include "session/stranger.h"
#include "wire/node.h"
#include "wire/now.h"

/*
 * mish-stub, the guardian: what the origin's process is while its shell is elsewhere. It owns
 * the session: pid, exit status, and the last state, from which it can always make a shell
 * again. A link that ends is replaced; a node that is lost is recovered from.
 */

static bool is_there(const struct guard *g, const struct guard_link *l)
{
	for (const struct guard_link *i = g->links; i != NULL; i = i->next)
		if (i == l)
			return true;
	return false;
}

/* Reads what a link says. Afterwards the link may be gone, or have another role. */
static void read_child(struct guard *g, struct guard_link *l)
{
	struct child *c = child_of(l);
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	long n = frame_fill(&c->in, c->fd);
	int r;

	while ((r = frame_next(&c->in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		r = guard_frame(g, l, type, payload, len, now_mono_ms());
		if (!is_there(g, l))
			return;
		if (r < 0)
			break;
		frame_buf_drop(&c->in, total);
	}
	if (r < 0 || (n <= 0 && n != -EAGAIN))
		guard_eof(g, l, now_mono_ms());
}

static void on_wish(struct guardian *s, enum status_wish wish)
{
	switch (wish) {
	case STATUS_RETRY:
		lost_retry(&s->g, now_mono_ms());
		break;
	case STATUS_RECOVER:
		lost_recover(&s->g, s->line.answer);
		break;
	case STATUS_LOGIN:
		lost_login(&s->g, now_mono_ms());
		break;
	case STATUS_TYPED:
		lost_typed(&s->g, now_mono_ms());
		break;
	case STATUS_NO:
		stranger_answered(&s->g, GUARD_NO);
		break;
	case STATUS_ITS:
		stranger_answered(&s->g, GUARD_ITS);
		break;
	case STATUS_LEFT:
		stranger_answered(&s->g, GUARD_LEFT);
		break;
	case STATUS_QUIT:
		s->g.persist = false;
		guardian_signal = SIGHUP;
		break;
	case STATUS_GONE: /* the kernel's HUP says the same; a session that persists stays */
		guardian_signal = SIGHUP;
		break;
	case STATUS_NOTHING:
		break;
	}
}

static void turn(struct guardian *s)
{
	struct guard_link *v[LINK_ROLES];
	int64_t due = lost_next_due(&s->g, now_mono_ms()), yield = moves_yield_ms(&s->g, now_mono_ms());
	struct timespec ts;
	struct pollfd p[LINK_ROLES + 2];

	if (yield > 0 && (due < 0 || due > yield))
		due = yield;
	ts = (struct timespec){ due / 1000, due % 1000 * 1000000L };

	for (int i = 0; i < LINK_ROLES; i++) {
		v[i] = guard_link(&s->g, (enum link_role)i);
		p[i] = (struct pollfd){ .fd = v[i] != NULL ? child_of(v[i])->fd : -1, .events = POLLIN };
	}
	/* what the spool has no room for stays in the terminal, and its sender waits */
	p[LINK_ROLES] = (struct pollfd){ .fd = s->line.tty, .events = status_reads(&s->line, &s->spool) ? POLLIN : 0 };
	p[LINK_ROLES + 1] = (struct pollfd){ .fd = yield == 0 && isatty(STDIN_FILENO) ? STDIN_FILENO : -1,
					     .events = POLLIN };
	if (ppoll(p, LINK_ROLES + 2, due >= 0 ? &ts : NULL, &s->sleep_mask) < 0)
		return;
	for (int i = 0; i < LINK_ROLES; i++)
		if (p[i].revents != 0 && is_there(&s->g, v[i]))
			read_child(&s->g, v[i]);
	if (p[LINK_ROLES].revents != 0 && s->line.tty >= 0)
		on_wish(s, status_read(&s->line, &s->spool));
	if (p[LINK_ROLES + 1].revents != 0 && moves_yield_ms(&s->g, now_mono_ms()) == 0)
		moves_yield(&s->g);
}

static void run(struct guardian *s)
{
	for (;;) {
		if (guardian_signal != 0)
			guard_hangup(&s->g, (int)guardian_signal);
		if (guardian_int != 0)
			guard_interrupt(&s->g);
		guardian_int = 0;
		guardian_tend_jobs(s);
		lost_tend(&s->g, now_mono_ms());
		turn(s);
	}
}

/*
 * The new secret, which shuts the terminal before us out, is written to the file before the
 * peer hears of it: if the peer's answer is lost, the next attempt still knows the secret.
 */
static int prepare_secret(struct guardian *s, struct kept *k)
{
	struct kept was = *k; /* borrows */
	bool anew = !record_secret_is_set(k->new_secret, sizeof(k->new_secret)); /* else: of an attempt that the peer may have accepted */
	int r = 0;

	if (anew || k->stays.len != 0) {
		if (anew && getrandom(k->new_secret, sizeof(k->new_secret), 0) != (ssize_t)sizeof(k->new_secret))
			return -EIO;
		stayed_attached(&k->stays);
		r = keep_change(&was, k, false);
		r = r == 1 ? -errno : r;
	}
	s->has_file = r == 0;
	s->file = *k;
	s->file.sealed = (struct sealed){ 0 };
	s->file.stays = (struct blob){ 0 };
	return r;
}

/* Reads the session's file, and makes it ours. -1 with *why: there is none, or it cannot be written. */
static int take_file(struct guardian *s, const char *session, struct kept *k, char **why)
{
	const char *inside = getenv("MISH_SESSION");
	int r = -ESTALE;

	for (int i = 0; r == -ESTALE && i < 10; i++) { /* it may move in between */
		if (keep_read(session, k, why) < 0)
			return -1;
		if (inside != NULL && strcmp(inside, k->session) == 0) { /* its output would be written into itself */
			*why = strdup("you are in this session");
			return -1;
		}
		r = prepare_secret(s, k);
		if (r < 0)
			record_release(&kept_record, k);
	}
	if (r < 0 && asprintf(why, "cannot write the session's file: %s", strerror(-r)) < 0)
		*why = NULL;
	return r;
}

static int cannot_attach(const char *why)
{
	fprintf(stderr, "mish: attach: %s\n", why);
	return 1;
}

/* mish --attach: this process takes a session over that persists. */
static int attach(struct guardian *s, const char *session)
{
	char *why = NULL, origin[HANDOVER_NODE];
	struct kept k;
	struct blob modes;
	struct termios t;
	int tty;

	guardian_signals(s);
	raise_limits();
	memset(&t, 0, sizeof(t)); /* kept as bytes */
	tty = term_open();
	if (tty < 0 || tcgetattr(tty, &t) < 0)
		return cannot_attach("no terminal");
	close(tty);
	if (take_file(s, session, &k, &why) < 0)
		return cannot_attach(why != NULL ? why : "out of memory");
	modes = (struct blob){ malloc(sizeof(t)), sizeof(t) };
	s->home_fd = handover_file();
	if (modes.s == NULL || s->home_fd < 0 || spool_new(&s->spool, NULL, 0) < 0)
		return cannot_attach("out of memory");
	memcpy(modes.s, &t, sizeof(t));
	programs_open(&s->programs, PROGRAM_STUB);
	s->behind.fresh = true;
	node_own_name(origin, sizeof(origin));
	k.as_of_ms = now_mono_ms() - (k.time != 0 ? (now_wall_s() - (int64_t)k.time) * 1000 : 0);
	guard_attach(&s->g, &guardian_ops, s, &k, origin, &modes, now_mono_ms());
	run(s);
	return 1;
}

static int usage(void)
{
	fputs("mish-stub: started by mish when a shell moves away, not by hand; see mish-stub(8)\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct guardian s = { .home_fd = -1, .spool.fd = -1, .next_spool.fd = -1, .line.tty = -1 };
	struct departure d;
	struct child *warm = NULL;
	int fd, r;

	confine_undumped();
	if (argc >= 2 && strcmp(argv[1], "--attach") == 0)
		return attach(&s, argc > 2 ? argv[2] : NULL);
	if (argc == 2 && strcmp(argv[1], "--sessions") == 0)
		return keep_list();
	fd = argc == 3 || argc == 6 ? atoi(argv[1]) : -1;
	if (fd < 3) {
		if (isatty(STDIN_FILENO) && argc == 3) /* never the end of a login */
			guardian_last_resort(&s, "mish-stub: no state", EBADF);
		return usage();
	}
	programs_name(PROGRAM_STUB);
	guardian_signals(&s);
	raise_limits();
	r = handover_read(&departure_record, fd, &d);
	if (r < 0)
		guardian_give_back(&s, fd, atoi(argv[2]), -r);
	s.home_fd = fd;
	s.programs = d.programs;
	programs_inherit(&s.programs, false);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)!ftruncate(fd, 0); /* we have read it: its pages are not needed */
	behind_begin(&s.behind, &d.jobs, &d.stays);
	if (argc == 6) { /* a link that the shell started early: its socket, pid and node */
		warm = child_new(atoi(argv[4]), atoi(argv[3]));
		if (warm != NULL) {
			snprintf(warm->link.node, sizeof(warm->link.node), "%.255s", argv[5]);
			fcntl(warm->fd, F_SETFD, FD_CLOEXEC);
		}
	}
	guard_begin(&s.g, &guardian_ops, &s, &d, warm != NULL ? &warm->link : NULL, now_mono_ms());
	run(&s);
}
