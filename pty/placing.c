#include <config.h>

#include "pty/placing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "migrate/trust.h"
#include "pty/as_if.h"
#include "pty/confine.h"
#include "pty/ends.h"
#include "pty/files.h"
#include "pty/rescue.h"
#include "pty/streams.h"
#include "pty/term.h"
#include "pty/unread.h"
#include "pty/way.h"
#include "wire/io_full.h"
#include "wire/now.h"
#include "wire/text.h"

enum { STATUS_LOST = 128 + SIGHUP, STATUS_NOT_PLACED = 126,
       TELL_MS = 3000, /* a cut that is longer is told */
       AGAIN_MS = 10000 /* between two attempts, at most */, MEET_MS = 15000 /* for a process there to hear that it is to keep a command */,
       MEET_FRESH_MS = 60000 /* … which may still have another terminal */ };

static const int passed_on[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, PLACED_STOP, SIGCONT /* of several at once it is the last */, SIGWINCH, PLACED_WORD, SIGKILL };

static volatile sig_atomic_t came[NSIG];
static volatile sig_atomic_t stands; /* for a job that is kept: the terminal may go, and the session stay, and then the kernel's HUP and CONT are not for it */

static volatile sig_atomic_t persists; /* … as PLACED_WORD has said */

static void on_signal(int signo, siginfo_t *si, void *context)
{
	(void)context;
	if (stands && signo == PLACED_WORD && si->si_value.sival_int == PLACED_KILL)
		signo = SIGKILL;
	else if (signo == PLACED_WORD)
		persists = si->si_value.sival_int == PLACED_PERSIST;
	if (!stands || si->si_code != SI_KERNEL || (signo != SIGHUP && signo != SIGCONT))
		came[signo] = 1;
}

struct placing {
	struct carrier *c;
	struct streams streams;
	struct termios modes;
	struct frame_buf unread; /* of the keyboard, as the other end says */
	bool trusted;
	bool raw; /* the terminal has been changed, and `modes` are its own */
	int stop; /* the command has stopped by that signal, behind what it wrote; 0: it has not */
	bool ended;
	bool told; /* … as the other end says */
	int rescue;   /* pty/rescue.h; -1 none */
	bool cut;     /* it begins as behind a cut … */
	uint64_t continued; /* so often it was told to go on: what the other end says of a stop before that is old */
	int64_t begun_ms, gone_ms; /* … then; and then there was nobody yet who keeps the command, 0: there was */
	int64_t meet_ms; /* … for which it waits so long */
	bool hung_up; /* our shell, or who was it, has said so */
	int64_t back_ms; /* when the last cut was over; 0: there was none */
	int messages; /* standard error, as it was */
	uint64_t status, flags, read; /* of EXIT; so many bytes of the keyboard came there */
	uint64_t user_us, system_us;  /* … and so much CPU it took */
};

/* ---- the terminal ---- */

static bool in_foreground(const struct placing *p)
{
	return p->c->tty >= 0 && tcgetpgrp(p->c->tty) == getpgrp();
}

/* Until there is a connection: nothing echoes what the command will echo, and ^C ends this. Our shell puts the modes back then. */
static void wait_at_terminal(struct placing *p)
{
	if (!in_foreground(p) || (p->c->terminals & TERMINALS_0) == 0 || tcgetattr(p->c->tty, &p->modes) < 0)
		return;
	p->raw = true;
	term_waiting(p->c->tty);
}

static void leave_terminal(struct placing *p)
{
	if (p->raw && in_foreground(p))
		(void)tcsetattr(p->c->tty, TCSADRAIN, &p->modes);
	p->raw = false;
}

/* The keys are the command's, not the terminal's. */
static bool take_keys(struct placing *p)
{
	return ((p->c->terminals & TERMINALS_OUT) != 0 ? term_raw : term_shared)(p->c->tty, &p->modes) == 0;
}

static int tell_size(struct placing *p)
{
	struct winch w;

	return term_size(p->c->tty, &w.rows, &w.cols) < 0 ? 0 : frames_put(&p->c->core.out, FRAME_WINCH, &winch_record, &w);
}

/* Whether the keyboard is ours; says it to the other end. */
static int look_at_terminal(struct placing *p)
{
	const struct verdict v = { .status = in_foreground(p) };
	bool reads = (p->c->terminals & TERMINALS_0) != 0;

	p->streams.v[STREAM_TERMINAL].held = v.status == 0 || !reads;
	if (v.status != 0 && reads && !p->raw)
		p->raw = take_keys(p);
	if (v.status != 0 && terminals_any(p->c->terminals) && tell_size(p) < 0) /* it may have changed meanwhile */
		return -ENOMEM;
	return frames_put(&p->c->core.out, FRAME_FOREGROUND, &verdict_record, &v);
}

/* ---- signals ---- */

static void signals_init(sigset_t *sleep_mask)
{
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO }, was;
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++) {
		if (sigaction(passed_on[i], NULL, &was) == 0 && was.sa_handler == SIG_IGN && passed_on[i] != SIGWINCH)
			continue; /* by nohup, or in the background without job control */
		sigaddset(&block, passed_on[i]);
		sigaction(passed_on[i], &sa, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	sigprocmask(SIG_BLOCK, &block, sleep_mask);
}

/* A key of the terminal's that is a signal for the whole job shows as usual, though nothing is echoed. */
static void show_key(const struct placing *p, int signo)
{
	const char *key = signo == SIGINT ? "^C" : signo == SIGQUIT ? "^\\" : signo == SIGTSTP ? "^Z" : "";

	if (p->raw && (p->c->terminals & TERMINALS_OUT) == 0)
		(void)!write(p->c->tty, key, strlen(key));
}

/* The same is said by each later HELLO. */
static int tell_persist(struct placing *p)
{
	const struct verdict v = { .flags = persists != 0 ? MSG_PERSIST : 0 };

	p->c->o.flags = (p->c->o.flags & ~(uint64_t)MSG_PERSIST) | v.flags;
	return frames_put(&p->c->core.out, FRAME_SIGNAL, &verdict_record, &v);
}

static int pass_signal(struct placing *p, int signo)
{
	const struct verdict v = { .status = (uint64_t)(signo == PLACED_STOP ? SIGSTOP : signo) };
	int r = 0;

	p->hung_up |= signo == SIGHUP;
	if (stands && signo == PLACED_WORD)
		return tell_persist(p);
	if (signo == SIGWINCH)
		return terminals_any(p->c->terminals) ? tell_size(p) : 0;
	show_key(p, signo);
	if (signo == SIGCONT) {
		p->continued++;
		r = look_at_terminal(p);
	}
	return r < 0 ? r : frames_put(&p->c->core.out, FRAME_SIGNAL, &verdict_record, &v);
}

static int pass_signals(struct placing *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		if (came[passed_on[i]]) {
			came[passed_on[i]] = 0;
			r = pass_signal(p, passed_on[i]);
		}
	return r;
}

/* The command has stopped: so do we, and our shell sees it. */
static void stop(struct placing *p)
{
	int signo = p->stop;

	p->stop = 0;
	leave_terminal(p);
	as_if_stopped(signo);
}

/* ---- the loop ---- */

static bool take_unread(struct placing *p, const uint8_t *payload, size_t len)
{
	const uint8_t *bytes;
	unsigned stream;
	size_t n;

	if (frame_get_data(payload, len, &stream, &bytes, &n) < 0 || stream != STREAM_UNREAD)
		return false;
	if (p->unread.len + n <= STREAM_KEPT)
		(void)frame_buf_add(&p->unread, bytes, n);
	return true;
}

static int take_frame(struct placing *p, enum frame_type type, const uint8_t *payload, size_t len)
{
	const struct frames_row *row = frames_find(type, PARTY_PEER, PARTY_LINK);
	union frames_body body;

	if (type == FRAME_DATA && take_unread(p, payload, len))
		return 0;
	if (type == FRAME_DATA || type == FRAME_PACKED || type == FRAME_ACK)
		return streams_take(&p->streams, PARTY_PEER, PARTY_LINK, type, payload, len);
	if ((type != FRAME_EXIT && type != FRAME_STOPPED) || frames_get(row, payload, len, &body) < 0)
		return -EBADMSG;
	if (type == FRAME_EXIT) {
		p->ended = p->told = true;
		p->status = body.verdict.status;
		p->flags = body.verdict.flags;
		p->read = body.verdict.seq;
		p->user_us = body.verdict.user_us;
		p->system_us = body.verdict.system_us;
	} else if (!stands || body.verdict.seq >= p->continued) {
		p->stop = (int)body.verdict.status;
	}
	frames_release(row, &body);
	return 0;
}

static int take_frames(struct placing *p)
{
	struct carrier *c = p->c;
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	int r;

	while ((r = frame_next(&c->in, STREAM_FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		r = take_frame(p, type, payload, len);
		if (r == 0)
			r = streams_took(&p->streams, total);
		frame_buf_drop(&c->in, total);
		if (r < 0)
			return r;
	}
	return r;
}

/* As reach_pump_out(); what was written is kept until it has come. */
static bool pump_out(struct placing *p)
{
	struct frame_buf *out = &p->c->core.out;

	while (out->len != 0) {
		long n = dial_write(&p->c->d, frame_buf_at(out), out->len);

		if (n <= 0)
			return n == 0;
		if (resume_wrote(&p->streams.all, out, (size_t)n) < 0)
			return false;
	}
	return true;
}

/* A job that is kept does not stop because nobody sees what it writes. */
static void go_on_without(struct placing *p)
{
	struct stream *t = &p->streams.v[STREAM_TERMINAL];

	if (stands && t->to < 0)
		t->to = open("/dev/null", O_WRONLY | O_CLOEXEC);
}

/* One turn. 0, or -errno: the connection is lost, or the other end says what it may not. */
static int turn(struct placing *p, const sigset_t *sleep_mask)
{
	struct carrier *c = p->c;
	struct pollfd v[STREAM_POLLS + 2];
	struct timespec now = { 0 };
	bool more = !p->ended && reach_has_more(c), open;
	int r;

	streams_watch(&p->streams, v);
	v[STREAM_POLLS] = (struct pollfd){ .fd = p->ended ? -1 : dial_fd(&c->d), .events = p->ended ? 0 : reach_events(c) };
	v[STREAM_POLLS + 1] = (struct pollfd){ .fd = c->d.err, .events = POLLIN };
	if (ppoll(v, STREAM_POLLS + 2, more ? &now : NULL, sleep_mask) < 0 && errno != EINTR)
		return -errno;
	r = pass_signals(p);
	if (r == 0)
		r = streams_run(&p->streams, v);
	go_on_without(p);
	if (r < 0 || p->ended) /* nothing that comes from there matters any more */
		return r;
	open = reach_pump_in(c) && c->connection != CONNECTION_BROKEN;
	r = take_frames(p);
	if (r == 0 && !p->ended && (!open || !pump_out(p)))
		r = -ECONNRESET; /* half a frame will come again */
	return r;
}

/* ---- a cut ---- */

/* A key or a signal that nobody can pass on now ends it. */
static bool is_called_off(struct placing *p)
{
	static const int ends[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };

	if (p->cut && now_mono_ms() < p->begun_ms + p->meet_ms) /* soon it can be passed on */
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && (!stands || i < 2); i++) /* a job that is kept hears the others later */
		if (came[ends[i]]) {
			p->status = 128 + (uint64_t)ends[i];
			p->flags = MSG_LOST;
			p->ended = true;
			return true;
		}
	return false;
}

static void say(const struct placing *p, const char *text)
{
	dprintf(p->messages, "mish: @%s: %s%s\n", p->c->node, text, p->raw ? "\r" : "");
}

/* By a connection that has greeted. 0, or -errno: -EAGAIN to try again. */
static int go_on(struct placing *p, struct frame_buf *out)
{
	struct carrier *c = p->c;
	uint64_t received = 0;
	char *why = NULL;
	int status = reach_return(c, p->streams.all.came, &received, &why), r = 0;

	free(why);
	if (status == MSG_ATTACH_GONE && p->cut && p->gone_ms == 0)
		p->gone_ms = now_mono_ms();
	if (status == MSG_ATTACH_GONE && p->cut && now_mono_ms() < p->gone_ms + p->meet_ms) /* it may still have to hear that it is to be there */
		status = MSG_ATTACH_FAILED;
	if (status == MSG_ATTACH_GONE || status == MSG_ATTACH_TAKEN)
		return status == MSG_ATTACH_TAKEN && stands ? -EINTR : -ECONNRESET; /* somebody else stands for it now */
	if (status == 0)
		r = resume_again(&p->streams.all, received, out);
	if (status != 0 || r < 0) {
		reach_forget(c);
		return r < 0 ? r : -EAGAIN;
	}
	frame_buf_release(&c->core.out);
	c->core.out = *out;
	*out = (struct frame_buf){ 0 };
	p->cut = false;
	c->o.flags &= ~(uint64_t)MSG_FRESH;
	return 0;
}

/* Asks for a connection, and waits for that, but no longer than until `end`. 0, or -errno. */
static int try_again(struct placing *p, struct frame_buf *out, int64_t end, const sigset_t *sleep_mask)
{
	struct pollfd v = { .fd = p->rescue, .events = POLLIN };
	int r = 0;

	rescue_ask(p->rescue);
	while (r == 0 || (r < 0 && errno == EINTR)) {
		int64_t left = end - now_mono_ms();

		if (is_called_off(p))
			return -EINTR;
		if (left <= 0)
			return -ECONNRESET;
		r = ppoll(&v, 1, &(struct timespec){ left / 1000, left % 1000 * 1000000L }, sleep_mask);
	}
	r = r < 0 ? -1 : rescue_take(p->rescue, p->c);
	return r > 0 ? go_on(p, out) : r == 0 ? -EAGAIN : -ECONNRESET;
}

/* As long as the other end waits. */
static int64_t patience_ms(const struct placing *p)
{
	bool persist = came[PLACED_WORD] ? persists != 0 : (p->c->o.flags & MSG_PERSIST) != 0;

	return stands && persist ? KEPT_MS : RESUME_MS;
}

/* The connection is cut: the command goes on there, and so does this, by the next one. 0, or -errno. */
static int come_back(struct placing *p, const sigset_t *sleep_mask)
{
	struct frame_buf out = p->c->core.out;
	int64_t begun = now_mono_ms(), wait_ms = begun - p->back_ms < AGAIN_MS ? AGAIN_MS / 2 : 250; /* one that is lost at once */
	bool told = false;
	int r = -EAGAIN;

	p->c->core.out = (struct frame_buf){ 0 };
	reach_forget(p->c);
	if (p->raw && in_foreground(p))
		term_waiting(p->c->tty); /* ^C is for us */
	while (p->rescue >= 0 && (r = try_again(p, &out, begun + patience_ms(p), sleep_mask)) == -EAGAIN) {
		if (!told && now_mono_ms() - begun >= TELL_MS) {
			told = true;
			say(p, "the connection is lost; trying to get it back (^C gives the command up)");
		}
		if (ppoll(NULL, 0, &(struct timespec){ wait_ms / 1000, wait_ms % 1000 * 1000000L }, sleep_mask) < 0 && is_called_off(p)) {
			r = -EINTR;
			break;
		}
		wait_ms = 2 * wait_ms < AGAIN_MS ? 2 * wait_ms : AGAIN_MS;
	}
	frame_buf_release(&out);
	p->back_ms = now_mono_ms();
	if (p->raw && in_foreground(p)) {
		(void)tcsetattr(p->c->tty, TCSADRAIN, &p->modes);
		(void)take_keys(p);
	}
	return p->rescue < 0 ? -ECONNRESET : r;
}

/* Before it sleeps on a new connection: frames that came along with READY, and signals that came before, would wake nobody. */
static int look_around(struct placing *p)
{
	int r = pass_signals(p);

	return r == 0 ? take_frames(p) : r;
}

static int run(struct placing *p, const sigset_t *sleep_mask)
{
	int r = p->cut ? come_back(p, sleep_mask) : 0;

	if (r == 0 && (r = look_at_terminal(p)) == 0)
		r = look_around(p);
	while (r == 0 && (!p->ended || !streams_are_written(&p->streams))) {
		r = turn(p, sleep_mask);
		if (r == -ECONNRESET && (r = come_back(p, sleep_mask)) == 0)
			r = look_around(p);
		if (r == 0 && p->stop != 0 && streams_are_written(&p->streams))
			stop(p);
	}
	return r;
}

/* ---- beginning and end ---- */

static void complain(const struct carrier *c, int fd, char *why)
{
	if (why != NULL)
		text_clean(why);
	dprintf(fd, "mish: @%s: %s\n", c->node, why != NULL ? why : "failed");
}

/* Leaves the times for our shell, and what was typed for whoever comes next. From a node that is not trusted it is text: a line to look at, and not one that runs. */
static void bring_back(struct placing *p, int fd)
{
	struct frame_buf *typed = &p->streams.v[STREAM_TERMINAL].kept, out = { 0 };
	size_t n = typed->len != 0 && p->told ? unread_count(&p->streams.v[STREAM_TERMINAL], p->read, &p->unread) : 0; /* else nobody knows what it has read */
	struct brought b = { .user_us = p->user_us, .system_us = p->system_us, .typed = n };

	frame_buf_drop(typed, typed->len - n);
	for (size_t i = 0; !p->trusted && i < n; i++)
		if (typed->s[typed->start + i] < ' ' || typed->s[typed->start + i] == 0x7f)
			typed->s[typed->start + i] = ' ';
	if (fd >= 0 && frame_buf_add(&out, (const uint8_t *)&b, sizeof(b)) == 0 && frame_buf_add(&out, frame_buf_at(typed), n) == 0)
		(void)io_write_full(fd, frame_buf_at(&out), out.len); /* at once: others of the pipeline write there, too */
	frame_buf_release(&out);
}

/* What another connection will need to find the same peer. */
static void draw_secrets(struct errand_order *o)
{
	if (getrandom(o->socket, sizeof(o->socket), 0) != (ssize_t)sizeof(o->socket) ||
	    getrandom(o->secret, sizeof(o->secret), 0) != (ssize_t)sizeof(o->secret))
		explicit_bzero(o->secret, sizeof(o->secret)); /* then there is none */
}

/* The peer need not wait for another. */
static void farewell(struct placing *p)
{
	const struct verdict heard = { .status = p->told };
	bool unheard = stands && !p->hung_up && (p->c->o.flags & MSG_PERSIST) != 0 && tcgetpgrp(p->c->tty) < 0; /* with the terminal: somebody may attach, and is to hear how it ended */

	if (dial_is_open(&p->c->d) && !unheard) {
		(void)frames_put(&p->c->core.out, FRAME_EXIT, &verdict_record, &heard);
		(void)pump_out(p);
	}
	dial_close(&p->c->d);
}

/* No node takes it, and nobody asked for one. Does not return, if it can run here. */
static void run_here(const struct placing *p, const char *why)
{
	const struct programs none = { 0 };
	char number[16], *argv[] = { (char *)(uintptr_t)"mish", (char *)(uintptr_t)"--placed", number, NULL }, *mish = programs_path(&none, PROGRAM_MISH);
	int fd = handover_write(&errand_record, &p->c->o); /* which can be read as an arrival */

	if (mish == NULL || fd < 0)
		return;
	dprintf(p->messages, "mish: @%s (running here)\n", why);
	snprintf(number, sizeof(number), "%d", fd);
	fcntl(fd, F_SETFD, 0);
	ends_inherit(p->c->terminals);
	execv(mish, argv);
	close(fd);
}

/* Finds a node, and has it begin there. 0, or -1: it has been said why not. */
static int begin(struct placing *p, unsigned closed)
{
	struct carrier *c = p->c;
	char *why = NULL;
	int r;

	draw_secrets(&c->o);
	c->rdv = rdv_client_new();
	c->terminals = ends_find(c->tty, in_foreground(p)) | closed;
	c->same = ends_find_same(c->terminals);
	files_describe(c->terminals, c->same, (unsigned)c->o.own, &c->files);
	if (packed_is_here())
		c->o.flags |= MSG_PACKS;
	c->o.flags |= !in_foreground(p) || (c->o.flags & MSG_OR_HERE) != 0 ? MSG_AUTOMATIC : 0; /* nobody is asked */
	wait_at_terminal(p);
	r = c->rdv != NULL ? way_node(c, &why) : -1;
	leave_terminal(p);
	if (r < 0 && (c->o.flags & MSG_OR_HERE) != 0)
		run_here(p, why != NULL ? why : "out of memory");
	if (r < 0)
		dprintf(p->messages, "mish: @%s\n", why != NULL ? why : "out of memory");
	free(why);
	if (r < 0)
		return -1;
	dial_watch(&c->d, true);
	sealed_drop(&c->o.sealed);
	free(c->files.s);
	c->files = (struct blob){ 0 };
	return 0;
}

/* The command is there already (ERRAND_KEPT), and waits for somebody as behind a cut. */
static void begin_kept(struct placing *p)
{
	struct carrier *c = p->c;

	snprintf(c->address, sizeof(c->address), "%.255s", c->o.wish);
	snprintf(c->node, sizeof(c->node), "%.255s", node_destination_end(c->o.wish));
	c->terminals = TERMINALS_ANY;
	stands = 1;
	p->meet_ms = (c->o.flags & MSG_FRESH) != 0 ? MEET_FRESH_MS : MEET_MS;
	p->cut = true;
	p->begun_ms = now_mono_ms();
}

int placing_run(struct carrier *c)
{
	struct placing p = { .c = c, .rescue = -1 };
	bool kept = c->o.errand == ERRAND_KEPT;
	unsigned closed = ends_find_closed((c->o.flags & MSG_QUEUED) != 0); /* before any of ours is open */
	int brought = c->guardian, r;

	p.messages = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	c->guardian = -1;
	c->tty = term_open();
	if (kept)
		begin_kept(&p);
	else if (begin(&p, closed) < 0)
		return STATUS_NOT_PLACED;
	p.trusted = trust_has(c->address);
	p.rescue = rescue_begin(c, reach_greet);
	ends_open(&p.streams, c);
	p.streams.packs = c->packs;
	confine_rights();
	signals_init(&c->sleep_mask);
	if (kept)
		sigemptyset(&c->sleep_mask); /* until now all were held back */
	r = run(&p, &c->sleep_mask);
	leave_terminal(&p);
	if (r < 0 && r != -EINTR && (c->o.flags & MSG_FRESH) == 0) /* else a file said that there is one, and the shell tells */
		complain(c, p.messages, strdup(r == -ECONNRESET ? "the connection is lost, and with it the command" : strerror(-r)));
	if (r < 0 && !p.ended)
		return STATUS_LOST;
	bring_back(&p, brought);
	frame_buf_release(&p.unread);
	farewell(&p);
	streams_release(&p.streams);
	return as_if_ended(p.status, p.flags);
}
