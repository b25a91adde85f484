#include <config.h>

#include "pty/mux.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pty/confine.h"
#include "pty/greeting.h"
#include "pty/raise.h"
#include "wire/fd.h"
#include "wire/now.h"

enum {
	CHANNELS = 9,	      /* sshd's MaxSessions is 10, and somebody may have another use for one */
	SPARE_MS = 45000,     /* a peer waits a minute for HELLO */
	BUFFERED = 1 << 17,   /* in either direction */
	CHUNK = 1 << 15,
	NOISE_MAX = 1 << 16,
};

const char mux_yours = '=';

enum stage { STAGE_NONE, STAGE_OPENING, STAGE_GREETING, STAGE_READY };

struct channel {
	enum stage stage;
	struct dial d;
	int fd;	       /* whose it is; -1: nobody's yet */
	bool told;     /* … knows that it is */
	bool closing;  /* they have gone, and what they said last is still to be written */
	int64_t since; /* STAGE_READY, and nobody's */
	uint8_t header[FRAME_HEADER]; /* of the frame that is on its way to the peer: what there is of it, … */
	size_t header_len, left; /* … and what is still to come of the frame */
	struct frame_buf in, out; /* from the peer; to it */
};

struct mux {
	struct dial root; /* the connection; its channels are below */
	struct channel v[CHANNELS];
	int listener; /* -1: for the first alone */
	bool full;    /* the server wants no more channels */
	bool brisk;   /* a cut is to be noticed soon: somebody has a channel, or had one a short while ago */
	int64_t used; /* when the last of them came or went */
};

/* ---- channels ---- */

static void drop(struct mux *m, struct channel *ch)
{
	if (ch->fd >= 0)
		close(ch->fd);
	dial_close(&ch->d);
	frame_buf_release(&ch->in);
	frame_buf_release(&ch->out);
	*ch = (struct channel){ .fd = -1 };
	m->used = now_mono_ms();
	m->full = false;
}

static struct channel *find(struct mux *m, bool used)
{
	for (size_t i = 0; i < CHANNELS; i++) {
		struct channel *ch = &m->v[i];

		if (used ? ch->stage != STAGE_NONE && ch->fd < 0 && !ch->closing : ch->stage == STAGE_NONE)
			return ch;
	}
	return NULL;
}

/* One more, for whoever comes next. NULL: there can be none. */
static struct channel *add(struct mux *m)
{
	struct channel *ch = m->full || !dial_is_shared(&m->root) ? NULL : find(m, false);

	if (ch != NULL)
		*ch = (struct channel){ .stage = STAGE_OPENING, .fd = -1 };
	return ch;
}

static void take_client(struct mux *m)
{
	int fd = accept4(m->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct channel *ch;

	if (fd < 0)
		return;
	ch = fd_is_own_user(fd) ? find(m, true) : NULL;
	if (ch == NULL && fd_is_own_user(fd))
		ch = add(m);
	if (ch == NULL) { /* they connect for themselves */
		close(fd);
		return;
	}
	ch->fd = fd;
	m->used = now_mono_ms();
	if (find(m, true) == NULL)
		(void)add(m);
}

/* Drops what the login shell printed before the greeting. -1: that is too much. */
static int take_greeting(struct channel *ch)
{
	const uint8_t *s = frame_buf_at(&ch->in), *at = ch->in.len != 0 ? memmem(s, ch->in.len, greeting, GREETING_LEN) : NULL;

	if (at == NULL)
		return ch->in.len > NOISE_MAX ? -1 : 0;
	frame_buf_drop(&ch->in, (size_t)(at - s) + GREETING_LEN);
	ch->stage = STAGE_READY;
	ch->since = now_mono_ms();
	return 1;
}

/* From the peer. 1: something came; 0; -1: it has ended. */
static int read_peer(struct channel *ch)
{
	uint8_t buf[CHUNK];
	bool came = false;
	long n = 0;

	while (dial_read_error(&ch->d, buf, sizeof(buf)) > 0)
		;
	while (ch->in.len < BUFFERED && (n = dial_read(&ch->d, buf, sizeof(buf))) > 0) {
		if (frame_buf_add(&ch->in, buf, (size_t)n) < 0)
			return -1;
		came = true;
	}
	if (ch->stage == STAGE_GREETING && take_greeting(ch) < 0)
		return -1;
	return n < 0 || (!came && (ch->in.len == 0 || ch->stage != STAGE_READY) && dial_has_ended(&ch->d)) ? -1 : came;
}

/* To the peer. */
static int write_peer(struct channel *ch)
{
	bool wrote = false;

	while (ch->out.len != 0) {
		long n = dial_write(&ch->d, frame_buf_at(&ch->out), ch->out.len);

		if (n < 0)
			return -1;
		if (n == 0)
			break;
		frame_buf_drop(&ch->out, (size_t)n);
		wrote = true;
	}
	return ch->closing && ch->out.len == 0 ? -1 : wrote;
}

/* Where in a frame that is which is passed on to the peer. */
static void follow(struct channel *ch, const uint8_t *s, size_t n)
{
	while (n != 0) {
		size_t step = ch->left < n ? ch->left : n;

		ch->left -= step;
		s += step;
		n -= step;
		for (; n != 0 && ch->left == 0 && ch->header_len < FRAME_HEADER; n--)
			ch->header[ch->header_len++] = *s++;
		if (ch->header_len == FRAME_HEADER) {
			ch->left = ch->header[1] | (size_t)ch->header[2] << 8 | (size_t)ch->header[3] << 16 | (size_t)ch->header[4] << 24;
			ch->header_len = 0;
		}
	}
}

/* The client has not been cut off: it has gone. Half a frame of its is filled up, as EXIT would be in it; what that says does not matter behind it. */
static void say_gone(struct channel *ch)
{
	const struct verdict nothing = { 0 };
	static const uint8_t zeros[FRAME_HEADER];

	close(ch->fd);
	ch->fd = -1;
	ch->closing = true;
	if (ch->header_len != 0) {
		size_t n = FRAME_HEADER - ch->header_len;

		(void)frame_buf_add(&ch->out, zeros, n);
		follow(ch, zeros, n);
	}
	for (; ch->left != 0 && ch->left <= BUFFERED; ch->left--)
		(void)frame_buf_add(&ch->out, zeros, 1);
	if (ch->left == 0)
		(void)frames_put(&ch->out, FRAME_EXIT, &verdict_record, &nothing);
}

/* From and to whoever has it. */
static int carry_client(struct channel *ch)
{
	bool wrote = ch->in.len != 0;
	size_t had;
	long n;

	if (!ch->told && send(ch->fd, &mux_yours, 1, MSG_DONTWAIT | MSG_NOSIGNAL) != 1)
		return -1;
	ch->told = true;
	n = frame_flush(&ch->in, ch->fd);
	if (n == -EAGAIN)
		wrote = false;
	else if (n < 0)
		frame_buf_release(&ch->in); /* nobody is there, but what they have said is passed on */
	if (ch->out.len >= BUFFERED)
		return wrote;
	had = ch->out.len;
	n = frame_fill(&ch->out, ch->fd);
	if (n == -EAGAIN)
		return wrote;
	if (n > 0) {
		follow(ch, frame_buf_at(&ch->out) + had, (size_t)n);
		return 1;
	}
	say_gone(ch);
	return 1;
}

/* Moves what can be moved. 1: something was; 0; -1: it is over. */
static int run(struct mux *m, struct channel *ch)
{
	int r = 1, moved = 0;
	char byte;

	if (ch->fd >= 0 && ch->stage != STAGE_READY && recv(ch->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
		return -1; /* it has waited long enough */
	if (ch->stage == STAGE_OPENING) {
		r = dial_another(&m->root, &ch->d);
		if (r == 1)
			ch->stage = STAGE_GREETING;
		return r;
	}
	r = read_peer(ch);
	if (r >= 0 && ch->stage == STAGE_READY && ch->fd >= 0) {
		moved = r;
		r = carry_client(ch);
	}
	if (r >= 0) {
		moved |= r;
		r = write_peer(ch);
	}
	return r < 0 ? -1 : moved | r;
}

/* A spare one that nobody has wanted is given up before its peer does so. Returns when to look again; 0: never. */
static int64_t tend_spares(struct mux *m, int64_t now)
{
	int64_t next = 0;

	for (size_t i = 0; i < CHANNELS; i++) {
		struct channel *ch = &m->v[i];
		int64_t due = ch->since + SPARE_MS;

		if (ch->stage != STAGE_READY || ch->fd >= 0 || ch->closing)
			continue;
		if (now >= due) {
			int64_t used = m->used;

			drop(m, ch);
			m->used = used;
		} else if (next == 0 || due < next) {
			next = due;
		}
	}
	return next;
}

static bool has_clients(const struct mux *m)
{
	for (size_t i = 0; i < CHANNELS; i++)
		if (m->v[i].fd >= 0 || m->v[i].closing)
			return true;
	return false;
}

static struct dial *connection(struct mux *m)
{
	return dial_is_open(&m->root) ? &m->root : &m->v[0].d;
}

/* How long to sleep; -1: without a limit. False: it is over. */
static bool plan(struct mux *m, int *timeout)
{
	int64_t now = now_mono_ms(), next = tend_spares(m, now), end = m->used + MUX_IDLE_MS;
	bool used = has_clients(m);

	*timeout = -1;
	if (!used && (m->listener < 0 || now >= end))
		return false;
	if (m->brisk != (used || next != 0)) {
		m->brisk = !m->brisk;
		dial_watch(connection(m), m->brisk);
	}
	if (!used && (next == 0 || end < next))
		next = end;
	if (next != 0)
		*timeout = (int)(next - now);
	return true;
}

/* All that goes without waiting. False: the connection is lost. */
static bool move_all(struct mux *m)
{
	uint64_t taken;
	bool moved, any;

	do {
		taken = dial_taken(&m->root);
		moved = any = false;
		for (size_t i = 0; i < CHANNELS; i++) {
			int r = m->v[i].stage != STAGE_NONE ? run(m, &m->v[i]) : 0;

			any = any || m->v[i].stage != STAGE_NONE;
			if (r < 0) {
				bool refused = m->v[i].stage == STAGE_OPENING;

				drop(m, &m->v[i]);
				m->full = refused; /* until another goes */
			}
			moved = moved || r != 0;
		}
		if (!any)
			dial_take(&m->root);
	} while (moved || dial_taken(&m->root) != taken); /* one channel's call takes another's packets */
	return !dial_is_open(connection(m)) || dial_is_connected(connection(m));
}

static int sleep_until(struct mux *m, int timeout)
{
	struct pollfd p[CHANNELS + 2];
	uint64_t taken = dial_taken(&m->root);
	bool more = false;
	int r;

	for (size_t i = 0; i < CHANNELS; i++) {
		const struct channel *ch = &m->v[i];
		short events = 0;

		if (ch->stage == STAGE_READY)
			events = (short)((ch->out.len < BUFFERED ? POLLIN : 0) | (ch->in.len != 0 ? POLLOUT : 0));
		/* who waits says nothing yet, but may go */
		p[i] = (struct pollfd){ .fd = events != 0 || ch->stage != STAGE_READY ? ch->fd : -1, .events = events };
		more = more || ch->out.len != 0;
	}
	p[CHANNELS] = (struct pollfd){ .fd = dial_fd(connection(m)), .events = dial_events(connection(m), more) };
	p[CHANNELS + 1] = (struct pollfd){ .fd = m->listener, .events = POLLIN };
	r = poll(p, CHANNELS + 2, dial_taken(&m->root) != taken ? 0 : timeout);
	if (r > 0 && p[CHANNELS + 1].revents != 0)
		take_client(m);
	return r < 0 && errno != EINTR ? -errno : 0;
}

/* ---- the keeper ---- */

static void begin(struct carrier *c, struct mux *m, int fd)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE };
	const int keep[] = { fd, m->listener, dial_fd(&c->d), c->d.err, dial_tcp(&c->d) };

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	(void)setsid();
	(void)prctl(PR_SET_NAME, "mish-mux");
	raise_limits();
	(void)!chdir("/"); /* nobody's directory is kept from being unmounted */
	fd_keep_only(keep, sizeof(keep) / sizeof(keep[0])); /* whoever reads what the job writes waits for its end */
	sealed_drop(&c->o.sealed);
	for (size_t i = 0; i < CHANNELS; i++)
		m->v[i].fd = -1;
	m->v[0] = (struct channel){ .stage = STAGE_READY, .fd = fd, .told = true, .in = c->in };
	m->root = c->d;
	c->in = (struct frame_buf){ 0 };
	fcntl(fd, F_SETFL, O_NONBLOCK);
	m->used = now_mono_ms();
	dial_split(&m->root, &m->v[0].d);
	if (fd < 0)
		drop(m, &m->v[0]);
	if (m->listener >= 0)
		(void)add(m);
	confine_rights();
	malloc_trim(0);
}

void mux_keep(struct carrier *c, int fd, int listener)
{
	struct mux m = { .listener = listener };
	int timeout;

	begin(c, &m, fd);
	while (move_all(&m) && plan(&m, &timeout) && sleep_until(&m, timeout) == 0)
		;
	for (size_t i = 0; i < CHANNELS; i++)
		if (m.v[i].stage != STAGE_NONE)
			drop(&m, &m.v[i]);
	dial_close(&m.root);
	_exit(0);
}
