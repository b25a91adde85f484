#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "migrate/handover.h"
#include "migrate/locate.h"
#include "pty/term.h"
#include "rendezvous/frame.h"
#include "rendezvous/io_full.h"

/*
 * mish-stub, the guardian: what the origin's process is while its shell is elsewhere
 * (DESIGN 4). It owns the session: pid, exit status, and the last state, from which it
 * can always make a shell again. Nothing from the network is parsed here.
 */

enum { RELEASE_MS = 5000, HANGUP_MS = 3000 };

/* A link, our child. */
struct child {
	pid_t pid; /* 0: none */
	int fd;
	struct frame_buf in;
	bool eof;
};

struct guardian {
	struct handover s; /* the session with its last state */
	char node[256];	   /* where it is; "": nowhere yet */
	struct child cur;  /* the link to it; pid 0 before the first move */
	struct child next; /* the link of a move under way */
	struct handover want; /* that move */
	char *moved_steps;
	time_t state_time;
	int exit_status; /* -1: not ended */
	sigset_t sleep_mask;
};

static volatile sig_atomic_t got_signal; /* HUP or TERM */

static void on_signal(int signo)
{
	if (signo != SIGCHLD)
		got_signal = signo;
}

static void signals_init(struct guardian *g)
{
	static const int caught[] = { SIGHUP, SIGTERM, SIGCHLD };
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE };
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		struct sigaction sa = { .sa_handler = on_signal };

		sigaddset(&block, caught[i]);
		sigaction(caught[i], &sa, NULL);
	}
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	sigprocmask(SIG_BLOCK, &block, &g->sleep_mask);
}

static void signals_default(const struct guardian *g)
{
	for (int i = 1; i < NSIG; i++)
		if (i != SIGKILL && i != SIGSTOP)
			signal(i, SIG_DFL);
	sigprocmask(SIG_SETMASK, &g->sleep_mask, NULL);
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
	signals_default(g);
	execl("/bin/sh", "-sh", (char *)NULL);
	_exit(1);
}

/* Becomes a shell again, with the state in g->s and what there is to tell. */
static void become_shell(struct guardian *g, const char *why, int status)
{
	char number[16], *argv[5];
	int fd;

	free(g->s.why);
	g->s.why = why != NULL ? strdup(why) : NULL;
	g->s.status = (uint64_t)status;
	fd = handover_write(&g->s);
	modes_restore(g);
	if (fd < 0)
		last_resort(g, "cannot hand the state back", -fd);
	fd = handover_keep(fd);
	snprintf(number, sizeof(number), "%d", fd);
	argv[0] = (char *)(uintptr_t)((g->s.flags & MSG_LOGIN) != 0 ? "-mish" : "mish");
	argv[1] = (char *)(uintptr_t)"--restore";
	argv[2] = number;
	argv[3] = (char *)(uintptr_t)"-1";
	argv[4] = NULL;
	signals_default(g);
	execv(g->s.mish != NULL ? g->s.mish : "/bin/sh", argv);
	last_resort(g, g->s.mish, errno);
}

/* ---- links ---- */

static void link_child(int control, int memfd, const char *path, pid_t parent)
{
	char *argv[] = { (char *)(uintptr_t)"mish-link", (char *)(uintptr_t)"3",
			 (char *)(uintptr_t)"4", NULL };
	struct msg m;
	char why[64];
	int c, h;

	/* out of each other's way first: 3 is the state, 4 the guardian */
	c = fcntl(control, F_DUPFD, 10);
	h = fcntl(memfd, F_DUPFD, 10);
	dup2(h, 3);
	dup2(c, 4);
	close_range(5, ~0U, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	execv(path, argv);
	snprintf(why, sizeof(why), "mish-link: %s", strerror(errno));
	msg_init(&m);
	msg_str(&m, MSG_WHY, why);
	(void)frame_send(4, FRAME_ABORT, &m);
	_exit(127);
}

static int link_start(struct guardian *g, struct child *c, const struct handover *h)
{
	char *path = locate_program("mish-link");
	int pair[2] = { -1, -1 }, memfd = -1, r = 0;
	pid_t self = getpid();

	if (path == NULL)
		return -ENOENT;
	memfd = handover_write(h);
	if (memfd < 0)
		r = memfd;
	else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		r = -errno;
	if (r == 0) {
		c->pid = fork();
		if (c->pid == 0) {
			signals_default(g);
			link_child(pair[1], memfd, path, self);
		}
		if (c->pid < 0) {
			r = -errno;
			c->pid = 0;
		}
	}
	if (memfd >= 0)
		close(memfd);
	if (pair[1] >= 0)
		close(pair[1]);
	if (r == 0) {
		c->fd = pair[0];
		c->eof = false;
	} else if (pair[0] >= 0) {
		close(pair[0]);
	}
	free(path);
	return r;
}

static void child_send(const struct child *c, enum frame_type type, const char *why, int status)
{
	struct msg m;

	if (c->pid == 0 || c->eof)
		return;
	msg_init(&m);
	msg_str(&m, MSG_WHY, why);
	msg_uint(&m, MSG_STATUS, (uint64_t)status);
	(void)frame_send(c->fd, type, &m); /* a dead link is seen as its end of file */
}

/* Waits for the link to end, at most so long; then it is killed. */
static void child_end(struct child *c, int timeout_ms)
{
	int64_t end = io_now_ms() + timeout_ms;

	if (c->pid == 0)
		return;
	while (timeout_ms > 0 && waitpid(c->pid, NULL, WNOHANG) == 0) {
		struct pollfd p = { .fd = c->fd, .events = POLLIN };
		int64_t left = end - io_now_ms();
		char buf[4096];

		if (left <= 0) {
			kill(c->pid, SIGKILL);
			waitpid(c->pid, NULL, 0);
			break;
		}
		/* its end of file tells that it ends; what it still says is too late */
		if (poll(&p, 1, (int)left) > 0 && read(c->fd, buf, sizeof(buf)) <= 0) {
			waitpid(c->pid, NULL, 0);
			break;
		}
	}
	if (timeout_ms == 0) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	close(c->fd);
	frame_buf_release(&c->in);
	*c = (struct child){ .fd = -1 };
}

/* ---- the session's events ---- */

static void take_state(struct handover *to, struct handover *from)
{
	free(to->state);
	to->state = from->state;
	to->state_len = from->state_len;
	memcpy(to->key, from->key, sizeof(to->key));
	to->epoch = from->epoch;
	from->state = NULL;
	from->state_len = 0;
}

/* The move under way failed. */
static void move_failed(struct guardian *g, const char *why, int status)
{
	char *text = NULL;

	child_end(&g->next, 0);
	if (g->cur.pid == 0) {
		if (asprintf(&text, "smigrate: %s (staying on %s)", why, g->s.origin) < 0)
			text = NULL;
		become_shell(g, text != NULL ? text : why, status);
	}
	child_send(&g->cur, FRAME_RESUME, why, status);
	handover_release(&g->want);
}

/* The new node is ready and the rendezvous has committed: the session is there. */
static void move_done(struct guardian *g, const struct msg_view *v)
{
	/* the state stays sealed with the epoch that it was offered with */
	(void)msg_get_str(v, MSG_NODE, g->node, sizeof(g->node));
	if (g->cur.pid == 0) { /* the shell's own went with it, or stay closed */
		close_range(3, (unsigned)g->next.fd - 1, 0);
		close_range((unsigned)g->next.fd + 1, ~0U, 0);
	} else {
		child_send(&g->cur, FRAME_RELEASE, NULL, 0);
		child_end(&g->cur, RELEASE_MS); /* its last output comes before the new prompt */
		take_state(&g->s, &g->want);
	}
	g->state_time = time(NULL);
	handover_release(&g->want);
	g->cur = g->next;
	g->next = (struct child){ .fd = -1 };
	child_send(&g->cur, FRAME_COMMIT, NULL, 0);
}

/* The shell wants to go home: it is released, and this process becomes it. */
static void move_home(struct guardian *g)
{
	child_send(&g->cur, FRAME_RELEASE, NULL, 0);
	child_end(&g->cur, RELEASE_MS);
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
		return; /* a shell that offers twice: the first offer stands */
	handover_release(&g->want);
	r = handover_get(v, &g->want);
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
	r = link_start(g, &g->next, &g->want);
	if (r < 0)
		move_failed(g, strerror(-r), 1);
}

static void on_exit_frame(struct guardian *g, const struct msg_view *v)
{
	uint64_t status = 1;

	(void)msg_get_uint(v, MSG_STATUS, 255, &status);
	g->exit_status = (int)status;
}

static void on_checkpoint(struct guardian *g, const struct msg_view *v)
{
	struct handover h;

	if (handover_get(v, &h) < 0)
		return;
	if (h.state != NULL) {
		take_state(&g->s, &h);
		g->state_time = time(NULL);
	}
	handover_release(&h);
}

static void on_frame(struct guardian *g, struct child *c, enum frame_type type,
		     const struct msg_view *v)
{
	char *why = NULL;
	uint64_t status = 1;

	if (c == &g->next) {
		if (type == FRAME_READY && (g->want.flags & MSG_PROBE) != 0) {
			if (asprintf(&why, "%s would accept", g->want.node) < 0)
				why = NULL;
			move_failed(g, why, 0);
			free(why);
		} else if (type == FRAME_READY) {
			move_done(g, v);
		} else if (type == FRAME_ABORT) {
			(void)msg_get_strdup(v, MSG_WHY, &why);
			(void)msg_get_uint(v, MSG_STATUS, 255, &status);
			move_failed(g, why != NULL ? why : "failed", (int)status);
			free(why);
		}
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

/* The current link ended without saying that the shell did. */
static void session_lost(struct guardian *g)
{
	char at[16] = "", *why = NULL;
	struct tm tm;

	child_end(&g->next, 0);
	child_end(&g->cur, 0);
	if (g->want.state != NULL) { /* it waits, frozen: nothing is newer than its offer */
		take_state(&g->s, &g->want);
		g->state_time = time(NULL);
	} else {
		g->s.flags |= MSG_LOST;
	}
	if (localtime_r(&g->state_time, &tm) != NULL)
		strftime(at, sizeof(at), "%H:%M:%S", &tm);
	if (asprintf(&why, "%s is gone; your session continues on %s as it was at %s", g->node,
		     g->s.origin, at) < 0)
		why = NULL;
	become_shell(g, why, 128 + SIGHUP);
}

static void end_by_signal(struct guardian *g, int signo)
{
	child_send(&g->cur, FRAME_SIGNAL, NULL, signo);
	child_end(&g->cur, HANGUP_MS);
	child_end(&g->next, 0);
	modes_restore(g);
	_exit(128 + signo);
}

static void end_with_shell(struct guardian *g)
{
	child_end(&g->next, 0);
	child_end(&g->cur, RELEASE_MS);
	modes_restore(g);
	exit(g->exit_status);
}

static void run(struct guardian *g)
{
	for (;;) {
		struct child *v[2] = { &g->cur, &g->next };
		struct pollfd p[2];

		for (int i = 0; i < 2; i++)
			p[i] = (struct pollfd){ .fd = v[i]->pid != 0 ? v[i]->fd : -1,
						.events = POLLIN };
		if (got_signal)
			end_by_signal(g, (int)got_signal);
		if (ppoll(p, 2, NULL, &g->sleep_mask) < 0)
			continue;
		/* the current link first: its EXIT settles everything */
		if (p[0].revents != 0 && !child_read(g, &g->cur)) {
			if (g->exit_status >= 0)
				end_with_shell(g);
			session_lost(g);
		}
		if (p[1].revents != 0 && g->next.pid != 0 && !child_read(g, &g->next))
			move_failed(g, "the link ended unexpectedly", 1);
		if (g->exit_status >= 0)
			end_with_shell(g);
	}
}

int main(int argc, char **argv)
{
	struct guardian g = { .cur.fd = -1, .next.fd = -1, .exit_status = -1 };
	int fd = argc == 2 ? atoi(argv[1]) : -1, r;

	if (fd < 3) {
		if (isatty(STDIN_FILENO) && argc == 2) /* never the end of a login */
			last_resort(&g, "mish-stub: no state", EBADF);
		fputs("mish-stub: started by mish when a shell moves away, not by hand; "
		      "see mish-stub(8)\n",
		      stderr);
		return 2;
	}
	r = handover_read(fd, &g.s);
	if (r < 0) {
		dprintf(STDERR_FILENO, "mish: mish-stub: %s\n", strerror(-r));
		execl("/bin/sh", "-sh", (char *)NULL);
		return 1;
	}
	close(fd);
	signals_init(&g);
	g.state_time = time(NULL);
	r = link_start(&g, &g.next, &g.s);
	if (r < 0)
		move_failed(&g, r == -ENOENT ? "mish-link is not installed" : strerror(-r), 1);
	run(&g);
}
