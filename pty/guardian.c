#include <config.h>

#include "pty/guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "migrate/keep.h"
#include "migrate/trust.h"
#include "pty/term.h"
#include "session/keeping.h"
#include "session/stayed.h"
#include "wire/now.h"
#include "wire/text.h"

enum {
	TRIAL_MS = 10000,
	KILLED_MS = 1000, /* for a process to end that was killed */
};

volatile sig_atomic_t guardian_signal; /* HUP or TERM */
volatile sig_atomic_t guardian_int;

static void on_signal(int signo)
{
	if (signo == SIGINT)
		guardian_int = 1;
	else if (signo != SIGCHLD)
		guardian_signal = signo;
}

void guardian_signals(struct guardian *s)
{
	static const int caught[] = { SIGHUP, SIGTERM, SIGCHLD, SIGINT };
	sigset_t block;

	sigemptyset(&block);
	for (int i = 1; i < NSIG; i++) /* the shell with its traps is elsewhere */
		if (i != SIGKILL && i != SIGSTOP && i != SIGSEGV && i != SIGBUS && i != SIGILL &&
		    i != SIGFPE && i != SIGABRT && i != SIGCHLD) /* which, ignored, would have children vanish */
			signal(i, SIG_IGN);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		struct sigaction sa = { .sa_handler = on_signal };

		sigaddset(&block, caught[i]);
		sigaction(caught[i], &sa, NULL);
	}
	sigprocmask(SIG_BLOCK, &block, &s->sleep_mask);
}

/* What a shell starts with. Without `keys` signals of keys stay blocked until it is ready. */
static void signals_default(const struct guardian *s, bool keys)
{
	static const int sent_by_keys[] = { SIGINT, SIGQUIT, SIGTSTP };
	sigset_t mask = s->sleep_mask;

	for (size_t i = 0; !keys && i < sizeof(sent_by_keys) / sizeof(sent_by_keys[0]); i++)
		sigaddset(&mask, sent_by_keys[i]);
	signal(SIGINT, SIG_IGN); /* drops one that waits */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	for (int i = 1; i < NSIG; i++)
		if (i != SIGKILL && i != SIGSTOP)
			signal(i, SIG_DFL);
}

/* ---- the ends of this process ---- */

static void modes_restore(struct guardian *s, bool echo)
{
	int tty = term_open();
	struct termios t;

	(void)behind_front_ends(&s->behind, NULL);
	if (tty >= 0 && s->g.modes.s != NULL && s->g.modes.len == sizeof(t)) {
		memcpy(&t, s->g.modes.s, sizeof(t));
		if (!echo)
			t.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(tty, TCSADRAIN, &t);
	}
	if (tty >= 0)
		close(tty);
}

void guardian_last_resort(struct guardian *s, const char *what, int err)
{
	modes_restore(s, true);
	unsetenv("MISH_SESSION"); /* it is in none, and may attach to the one that it leaves */
	dprintf(STDERR_FILENO, "mish: %s: %s (a plain shell instead)\n", what, strerror(err));
	signals_default(s, true);
	execl("/bin/sh", "-sh", (char *)NULL);
	_exit(1);
}

void guardian_give_back(struct guardian *s, int fd, int mish_fd, int err)
{
	char number[16], *argv[] = { (char *)(uintptr_t)"mish", (char *)(uintptr_t)"--restore", number,
				     (char *)(uintptr_t)"-1", NULL };

	dprintf(STDERR_FILENO, "mish: smigrate: mish-stub: %s (staying here)\n", handover_error(-err));
	s->programs.fd[PROGRAM_MISH] = mish_fd > STDERR_FILENO && mish_fd < UINT8_MAX ? (uint8_t)(mish_fd + 1) : 0;
	snprintf(number, sizeof(number), "%d", fd);
	signals_default(s, false);
	if (s->programs.fd[PROGRAM_MISH] != 0)
		err = -programs_exec(&s->programs, PROGRAM_MISH, argv, environ);
	guardian_last_resort(s, "mish-stub", err);
}

/* "beta: no answer; your session continues on alpha as of 14:02:11, `make' was lost" */
static char *loss_text(const struct guardian *s, const struct loss *l)
{
	time_t at = now_wall_s() - (now_mono_ms() - l->as_of_ms) / 1000;
	char clock[16] = "", command[60] = "", *text;
	struct tm tm;

	if (l->command != NULL) { /* a line for people */
		snprintf(command, sizeof(command), "%s", l->command);
		command[strcspn(command, "\n")] = '\0';
		text_clean(command);
	}
	if (localtime_r(&at, &tm) != NULL)
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	if (asprintf(&text, "%s: %s; your session continues on %s as of %s%s%s%s", l->node, l->why,
		     s->g.origin, clock, l->command != NULL ? ", `" : "", command,
		     l->command != NULL ? "' was lost" : "") < 0)
		text = NULL;
	return text;
}

/* What it prints, and whether it ended well in time. */
static bool hear_trial(pid_t pid, int fd, char *text, size_t size)
{
	int64_t end = now_mono_ms() + TRIAL_MS;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t n = 1;
	int st = -1;

	while (fd >= 0 && n > 0) {
		int64_t left = end - now_mono_ms();
		char buf[256];

		if (left <= 0)
			break;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n > 0 && (size_t)n < size - len) {
			memcpy(text + len, buf, (size_t)n);
			len += (size_t)n;
		}
	}
	text[len] = '\0';
	while (waitpid(pid, &st, WNOHANG) == 0 && now_mono_ms() < end + KILLED_MS) {
		if (now_mono_ms() >= end)
			kill(pid, SIGKILL); /* which has to wait where a file system does not answer */
		(void)poll(NULL, 0, 1);
	}
	return WIFEXITED(st) && WEXITSTATUS(st) == 0;
}

/* In the child: mish restores, and ends. */
static void exec_trial(const struct guardian *s, int out)
{
	char number[16], *argv[] = { (char *)(uintptr_t)"mish", (char *)(uintptr_t)"--try-restore", number, NULL };
	int null = open("/dev/null", O_RDWR), r;

	signals_default(s, false);
	for (int i = 0; i < 3; i++)
		dup2(i != 0 && out >= 0 ? out : null, i);
	fcntl(s->home_fd, F_SETFD, 0);
	snprintf(number, sizeof(number), "%d", s->home_fd);
	programs_inherit(&s->programs, true);
	r = programs_exec(&s->programs, PROGRAM_MISH, argv, environ);
	dprintf(STDERR_FILENO, "mish: %s\n", r == -ENOENT ? "not installed" : strerror(-r));
	_exit(126);
}

/* Where a shell here finds its state, and the programs that it goes on with. */
static int write_arrival(const struct guardian *s, const struct arrival *a)
{
	struct arrival here = *a; /* borrowed */
	int r;

	here.programs = s->programs;
	r = handover_write_to(&arrival_record, &here, s->home_fd);
	explicit_bzero(&here, sizeof(here));
	return r;
}

/* A process of its own restores the state without a terminal; its standard error says why not. */
static bool try_home(void *arg, const struct arrival *a, char **why)
{
	struct guardian *s = arg;
	int p[2] = { -1, -1 }, r = write_arrival(s, a);
	char text[512];
	pid_t pid = -1;
	bool would;

	if (r == 0) {
		(void)!pipe2(p, O_CLOEXEC); /* with no descriptor left only its status tells */
		pid = fork();
		if (pid == 0)
			exec_trial(s, p[1]);
		if (pid < 0)
			r = -errno;
	}
	if (p[1] >= 0)
		close(p[1]);
	if (r < 0) {
		*why = strdup(strerror(-r));
		would = false;
	} else {
		would = hear_trial(pid, p[0], text, sizeof(text));
		text[strcspn(text, "\n")] = '\0';
		if (!would) {
			(void)!ftruncate(s->home_fd, 0); /* no copy of a key longer than needed */
			*why = strdup(text[0] != '\0' ? text : "mish cannot be started there");
		}
	}
	if (p[0] >= 0)
		close(p[0]);
	return would;
}

/* A state that cannot be restored now is not thrown away. */
static void keep_state(const struct arrival *a)
{
	int r = keep_arrival(a);

	if (r != 0)
		dprintf(STDERR_FILENO, "mish: the session's state cannot be kept: %s\n", strerror(r < 0 ? -r : errno));
	else
		dprintf(STDERR_FILENO, "mish: the session's state is kept; to go on with it: mish --attach %.8s\n",
			a->session);
}

/* Becomes a shell again. */
static void home(void *arg, struct arrival *a, const struct loss *loss)
{
	struct guardian *s = arg;
	char number[16], *argv[5];
	int fd = s->home_fd, r;

	if (loss != NULL) {
		free(a->why);
		a->why = loss_text(s, loss);
		dprintf(STDERR_FILENO, "\r\n");
	}
	if (a->why != NULL)
		text_clean(a->why);
	if (guardian_signal != 0)
		a->flags |= MSG_HANGUP;
	behind_stand_ins(&s->behind, &a->jobs);
	r = write_arrival(s, a);
	modes_restore(s, false); /* the shell echoes when it has its line */
	if (r < 0) {
		keep_state(a);
		guardian_last_resort(s, "cannot hand the state back", -r);
	}
	fd = handover_keep(fd);
	snprintf(number, sizeof(number), "%d", fd);
	argv[0] = (char *)(uintptr_t)((a->flags & MSG_LOGIN) != 0 ? "-mish" : "mish");
	argv[1] = (char *)(uintptr_t)"--restore";
	argv[2] = number;
	argv[3] = (char *)(uintptr_t)"-1";
	argv[4] = NULL;
	signals_default(s, false);
	programs_inherit(&s->programs, true);
	r = programs_exec(&s->programs, PROGRAM_MISH, argv, environ);
	keep_state(a);
	guardian_last_resort(s, "mish", -r);
}

/* The terminal has gone, or is no longer the session's. Returns where there is nothing to keep, or that cannot be. */
static void keep_jobs(const struct guardian *s, bool tell)
{
	struct departure d = { .errand = ERRAND_MOVE, .flags = MSG_PERSIST };

	memcpy(d.session, s->g.session, sizeof(d.session));
	memcpy(d.socket, s->g.here_socket, sizeof(d.socket));
	memcpy(d.secret, s->g.here_secret, sizeof(d.secret));
	behind_become_keeper(&s->behind, &d, &s->programs, tell);
}

static void leave(void *arg, int status, const char *text)
{
	struct guardian *s = arg;

	if (!s->g.persist || !s->has_file)
		behind_hangup(&s->behind, guardian_signal == 0);
	modes_restore(s, true);
	if (text != NULL)
		dprintf(STDERR_FILENO, "\r\nmish: %s\n", text);
	if (s->has_file) /* it says how they are reached */
		keep_jobs(s, text != NULL);
	_exit(status);
}

/* ---- links ---- */

/* Makes the spool of a move, with the input that goes along. */
static int new_spool(struct guardian *s, const struct blob *input)
{
	spool_close(&s->next_spool); /* of a question that was answered */
	s->carried = s->spool.area != NULL ? spool_typed(&s->spool) : 0;
	return spool_new(&s->next_spool, input != NULL ? input->s : NULL, input != NULL ? input->len : 0);
}

static struct guard_link *start(void *arg, const struct errand_order *o, const struct blob *input, int *err)
{
	struct guardian *s = arg;
	const struct spool *spool = &s->spool;
	struct child *c;

	if (o->errand != ERRAND_ATTACH) {
		*err = new_spool(s, input);
		if (*err < 0)
			return NULL;
		spool = &s->next_spool;
	}
	c = child_start(&s->programs, o, spool, &s->sleep_mask, err);
	if (c == NULL && o->errand != ERRAND_ATTACH)
		spool_close(&s->next_spool);
	return c != NULL ? &c->link : NULL;
}

static bool order(void *arg, struct guard_link *l, const struct errand_order *o, const struct blob *input)
{
	struct guardian *s = arg;

	if (new_spool(s, input) < 0)
		return false;
	if (child_order(child_of(l), o, &s->next_spool))
		return true;
	spool_close(&s->next_spool);
	return false;
}

static void send_frame(void *arg, struct guard_link *l, enum frame_type type, const struct verdict *v)
{
	(void)arg;
	child_send(child_of(l), type, v);
}

static void hang_up(void *arg, struct guard_link *l)
{
	(void)arg;
	shutdown(child_of(l)->fd, SHUT_RDWR);
}

static bool end(void *arg, struct guard_link *l, int timeout_ms)
{
	struct guardian *s = arg;

	if (l->role == LINK_NEXT)
		spool_close(&s->next_spool);
	return child_end(child_of(l), timeout_ms);
}

static void fence(void *arg, const struct errand_order *o)
{
	struct guardian *s = arg;

	child_start_fence(&s->programs, o, &s->sleep_mask);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Closes all descriptors but the standard three and these (-1: none). */
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

/* Copies what was typed at the status line since the move began. */
static void carry_input(struct guardian *s)
{
	const uint8_t *bytes;
	size_t n;

	while ((n = spool_input_at(&s->spool, s->carried, &bytes)) != 0 &&
	       n <= spool_input_room(&s->next_spool)) {
		spool_add_input(&s->next_spool, bytes, n);
		s->carried += n;
	}
}

static void promoted(void *arg, struct guard_link *l)
{
	struct guardian *s = arg;
	int keep[LINK_ROLES + 3 + PROGRAMS] = { child_of(l)->fd, s->next_spool.fd, s->home_fd };

	for (int i = 0; i < PROGRAMS; i++)
		keep[LINK_ROLES + 3 + i] = s->programs.fd[i] - 1;
	for (int i = 0; i < LINK_ROLES; i++) {
		struct guard_link *other = guard_link(&s->g, (enum link_role)i);

		keep[3 + i] = other != NULL ? child_of(other)->fd : -1;
	}
	if (s->spool.area != NULL)
		carry_input(s);
	else /* first move: what the shell left open went with it, or cannot follow */
		close_others(keep, sizeof(keep) / sizeof(keep[0]));
	spool_close(&s->spool);
	s->spool = s->next_spool;
	s->next_spool = (struct spool){ .fd = -1 };
	guardian_int = 0;
}

static void typed_since(void *arg, uint64_t from, struct blob *ret)
{
	struct guardian *s = arg;

	ret->s = s->spool.area != NULL ? spool_typed_since(&s->spool, from, &ret->len) : NULL;
}

static void unsent(void *arg, struct blob *ret)
{
	struct guardian *s = arg;

	ret->s = spool_unsent(&s->spool, &ret->len);
}

static bool draw(void *arg, uint8_t *ret, size_t len)
{
	(void)arg;
	return getrandom(ret, len, 0) == (ssize_t)len;
}

/* ---- the file of a session that persists, and the line ---- */

static enum guard_file keep(void *arg, const struct kept *k, char **why)
{
	struct guardian *s = arg;
	struct kept now; /* borrows */
	int64_t at;
	int r = 0, why_not;

	if (k != NULL) {
		now = *k;
		at = now_wall_s() - (now_mono_ms() - k->as_of_ms) / 1000;
		now.time = at > 0 ? (uint64_t)at : 0;
	}
	if (k != NULL || s->has_file)
		r = keep_change(s->has_file ? &s->file : NULL, k != NULL ? &now : NULL, true);

	why_not = r == 1 ? errno : -r;
	if (r == -ESTALE)
		return GUARD_OTHERS;
	if (r == -EBUSY && s->has_file)
		r = 1;
	if (r != 1) /* else it stays as it is, and is to be changed later */
		s->has_file = k != NULL && r == 0;
	if (k != NULL && r == 0) {
		s->file = *k;
		s->file.sealed = (struct sealed){ 0 };
		s->file.stays = (struct blob){ 0 };
	}
	if (r != 0 && asprintf(why, "%s cannot be written: %s", "the session's file", strerror(why_not)) < 0)
		*why = NULL;
	return r == 0 ? GUARD_KEPT : r == 1 ? GUARD_STALE : GUARD_UNKEPT;
}

static bool line(void *arg, const char *text)
{
	struct guardian *s = arg;

	if (text == NULL)
		return status_hide(&s->line, &s->spool);
	status_show(&s->line, &s->spool, text);
	return true;
}

static const char *node_of(const struct guardian *s, const struct behind_proc *p)
{
	return p->node != NULL ? p->node : s->g.origin;
}

/* With MSG_FRONT the link has lent us the terminal. */
static void job(void *arg, const struct job_word *w)
{
	struct guardian *s = arg;
	struct guard_link *l = guard_carrier(&s->g);
	const struct behind_proc *p;
	struct termios modes;
	bool has = s->g.modes.s != NULL && s->g.modes.len == sizeof(modes);

	if (has)
		memcpy(&modes, s->g.modes.s, sizeof(modes));
	p = behind_order(&s->behind, w);
	if (p != NULL && p->keep && stayed_keep(&s->g, node_of(s, p), p->group) && s->g.persist)
		keeping_update(&s->g);
	if ((w->flags & MSG_FRONT) != 0 && l != NULL && !behind_front(&s->behind, behind_meant(&s->behind, w), child_of(l), has ? &modes : NULL))
		child_send(child_of(l), FRAME_STALL, &(struct verdict){ .status = STALL_OVER });
}

static int kept(void *arg, struct stay *stay)
{
	struct guardian *s = arg;
	struct errand_order o = { .errand = ERRAND_KEPT, .from = stay->turn, .pid = (uint64_t)stay->group,
				  .flags = MSG_AUTOMATIC | (s->g.persist ? MSG_PERSIST : 0) | (stay->turn != 0 ? MSG_FRESH : 0) };
	uint64_t now = behind_turn();
	pid_t pid;

	if (stay->turn != 0 && stay->turn < now)
		o.from = stay->turn = now;
	memcpy(o.session, s->g.session, sizeof(o.session));
	memcpy(o.origin, s->g.origin, sizeof(o.origin));
	memcpy(o.wish, stay->address, sizeof(stay->address));
	memcpy(o.socket, stay->socket, sizeof(o.socket));
	memcpy(o.secret, stay->secret, sizeof(o.secret));
	pid = child_start_kept(&s->programs, &o);
	explicit_bzero(&o, sizeof(o));
	behind_add(&s->behind, pid > 0 ? pid : 0, stay);
	return pid;
}

void guardian_tend_jobs(struct guardian *s)
{
	struct guard_link *l = guard_carrier(&s->g);
	struct child *c = l != NULL ? child_of(l) : NULL;
	const struct behind_proc *over;
	bool changed = false;

	behind_tend(&s->behind, c);
	if (s->g.persist != s->persists)
		behind_persist(&s->behind, s->g.persist);
	s->persists = s->g.persist;
	while ((over = behind_over(&s->behind)) != NULL)
		changed |= stayed_forget(&s->g, node_of(s, over), over->group);
	if (changed && s->g.persist)
		keeping_update(&s->g);
	if (behind_front_ends(&s->behind, c) && c != NULL)
		child_send(c, FRAME_STALL, &(struct verdict){ .status = STALL_OVER });
}

static bool trusts(void *arg, const char *node)
{
	(void)arg;
	return trust_has(node);
}

static uint64_t typed(void *arg)
{
	struct guardian *s = arg;

	return s->spool.area != NULL ? spool_typed(&s->spool) : 0;
}

static void ask(void *arg, enum guard_question question, const char *text)
{
	struct guardian *s = arg;

	status_ask(&s->line, &s->spool, question, text);
	if (s->line.tty < 0) /* nobody can be asked */
		guardian_int = 1;
}

static void menu(void *arg)
{
	struct guardian *s = arg;

	status_menu(&s->line);
}

const struct guard_ops guardian_ops = {
	.start = start, .order = order, .send = send_frame, .hang_up = hang_up, .end = end,
	.fence = fence, .promoted = promoted, .unsent = unsent, .typed_since = typed_since, .draw = draw, .try_home = try_home, .home = home,
	.leave = leave, .keep = keep, .line = line, .menu = menu, .trusts = trusts, .typed = typed, .ask = ask, .job = job, .kept = kept,
};
