#include <config.h>

#include "pty/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/now.h"

enum { OUT_MAX = 1 << 18, /* to the other end, waiting: then nothing is read */
       PIPE_SLOT = 4096, /* a pipe that poll() finds ready takes so much */
       PIPE_USUAL = 1 << 16 };

void streams_init(struct streams *s, struct frame_buf *out)
{
	*s = (struct streams){ .out = out };
	for (int i = 0; i < STREAMS; i++)
		s->v[i].from = s->v[i].to = -1;
}

static void shut(const struct stream *t, int *fd)
{
	if (*fd >= 0 && !t->keep)
		close(*fd);
	*fd = -1;
}

void streams_release(struct streams *s)
{
	for (int i = 0; i < STREAMS; i++) {
		shut(&s->v[i], &s->v[i].from);
		shut(&s->v[i], &s->v[i].to);
		if (s->v[i].rest != 0)
			close(s->v[i].rest);
		peek_end(&s->v[i].peek);
		frame_buf_release(&s->v[i].waiting);
		frame_buf_release(&s->v[i].kept);
	}
	resume_release(&s->all);
}

void stream_to(struct stream *t, int fd)
{
	struct stat st;
	char path[32];
	int own;

	t->to = fd;
	if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || (S_ISCHR(st.st_mode) && !isatty(fd))))
		return;
	t->waits = true;
	if (!S_ISFIFO(st.st_mode))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (own < 0)
		return;
	close(fd);
	t->to = own;
	t->waits = false;
}

void stream_count(struct stream *t, int fd)
{
	t->to = fd;
	t->counts = fcntl(fd, F_SETPIPE_SZ, PIPE_SLOT) > 0; /* so that the other end hears soon that somebody reads */
}

/* The end of what comes; what is in the pipe can still be looked at. */
static void end_input(struct stream *t)
{
	char path[32];

	if (t->counts && t->to >= 0) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", t->to);
		t->rest = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (t->rest < 0) {
			t->rest = 0;
			t->counts = false;
		}
	}
	shut(t, &t->to);
}

static int say(struct streams *s, int i, uint64_t delivered)
{
	const struct progress p = { .stream = (uint64_t)i, .delivered = delivered };

	return frames_put(s->out, FRAME_ACK, &progress_record, &p);
}

/* How much of an input that counts the command has taken out of its pipe. */
static uint64_t was_read(const struct stream *t)
{
	int unread = 0;

	return ioctl(t->to >= 0 ? t->to : t->rest, FIONREAD, &unread) < 0 ? 0 : t->came - t->waiting.len - (uint64_t)unread;
}

int stream_tell_read(struct streams *s, int i)
{
	struct stream *t = &s->v[i];

	if (!t->counts)
		return 0;
	t->counts = false;
	return say(s, STREAM_READ + i, was_read(t));
}

int stream_tell_offset(struct streams *s, int i, uint64_t read)
{
	return say(s, STREAM_READ + i, read);
}

/* Nobody reads any more what comes. */
static int refuse(struct streams *s, int i)
{
	int r = stream_tell_read(s, i);

	if (r < 0)
		return r;
	shut(&s->v[i], &s->v[i].to);
	frame_buf_release(&s->v[i].waiting);
	return s->v[i].ends ? 0 : say(s, i, STREAM_SHUT);
}

int stream_end(struct streams *s, enum stream_number n)
{
	if (s->v[n].from < 0)
		return 0;
	shut(&s->v[n], &s->v[n].from);
	return frame_put_data(s->out, n, "", 0);
}

/* What came: written at once if nothing is before it, as far as that goes. */
static int take_data(struct streams *s, unsigned i, const uint8_t *bytes, size_t len)
{
	struct stream *t = &s->v[i];

	if (t->ends || len > STREAM_WINDOW || t->came + len > t->told + STREAM_WINDOW)
		return -EBADMSG;
	t->came += len;
	if (t->to < 0) {
		t->told = t->came; /* it was on its way */
		return 0;
	}
	if (len != 0)
		return frame_buf_add(&t->waiting, bytes, len);
	t->ends = true;
	if (t->waiting.len == 0)
		end_input(t);
	return 0;
}

static int take_packed(struct streams *s, const uint8_t *payload, size_t len)
{
	uint8_t bytes[PACKED_MAX];
	unsigned stream;
	long n = packed_get(payload, len, &stream, bytes);

	return n < 0 || stream >= STREAMS ? -EBADMSG : take_data(s, stream, bytes, (size_t)n);
}

static int take_read(struct stream *t, uint64_t n)
{
	if (n > t->sent && !t->there)
		return -EBADMSG;
	peek_settle(&t->peek, n);
	shut(t, &t->from);
	return 0;
}

static int take_progress(struct streams *s, const struct progress *p)
{
	struct stream *t = &s->v[p->stream < STREAMS ? p->stream : 0];

	if (p->stream == STREAM_ALL)
		return resume_acked(&s->all, p->delivered);
	if (p->stream >= STREAM_READ && p->stream < STREAM_READ + STREAMS)
		return take_read(&s->v[p->stream - STREAM_READ], p->delivered);
	if (p->stream >= STREAMS || (p->delivered != STREAM_SHUT && (p->delivered < t->acked || p->delivered > t->sent)))
		return -EBADMSG;
	if (p->delivered == STREAM_SHUT) {
		shut(t, &t->from);
		peek_end(&t->peek); /* whoever writes to it hears that, too */
	} else {
		t->acked = p->delivered;
		peek_proved(&t->peek, t->acked);
	}
	return 0;
}

int streams_took(struct streams *s, size_t len)
{
	return resume_came(&s->all, len) ? say(s, STREAM_ALL, s->all.came) : 0;
}

int streams_take(struct streams *s, enum party from, enum party to, enum frame_type type, const uint8_t *payload, size_t len)
{
	const struct frames_row *row = frames_find(type, from, to);
	union frames_body body;
	const uint8_t *bytes;
	unsigned stream;
	size_t n;
	int r;

	if (type == FRAME_DATA)
		return frame_get_data(payload, len, &stream, &bytes, &n) < 0 || stream >= STREAMS ? -EBADMSG :
												    take_data(s, stream, bytes, n);
	if (type == FRAME_PACKED)
		return take_packed(s, payload, len);
	if (type != FRAME_ACK || row == NULL)
		return -EBADMSG;
	r = frames_get(row, payload, len, &body);
	return r < 0 ? r : take_progress(s, &body.progress);
}

void streams_watch(const struct streams *s, struct pollfd p[STREAM_POLLS])
{
	for (int i = 0; i < STREAMS; i++) {
		const struct stream *t = &s->v[i];
		bool reads = !t->held && s->out->len < OUT_MAX && s->all.kept.len < STREAM_ALL_MAX && t->sent < t->acked + STREAM_WINDOW;

		p[2 * i] = (struct pollfd){ .fd = reads ? peek_fd(&t->peek, t->from) : -1, .events = POLLIN };
		/* a pipe that nobody reads says so without being asked */
		p[2 * i + 1] = (struct pollfd){ .fd = t->to, .events = t->waiting.len != 0 ? POLLOUT : 0 };
		if (t->to == t->from && t->waiting.len == 0)
			p[2 * i + 1].fd = -1;
	}
}

static int put(struct streams *s, int i, const uint8_t *bytes, size_t len)
{
	struct stream *t = &s->v[i];
	int r = s->packs && packed_pays(&t->packing, t->sent, t->acked, now_mono_us()) ? packed_put(s->out, (unsigned)i, bytes, len) : 0;

	return r == 0 ? frame_put_data(s->out, (unsigned)i, bytes, len) : r < 0 ? r : 0;
}

/* A terminal whose last other end has gone says EIO: that is its end. */
static int read_some(struct streams *s, int i)
{
	struct stream *t = &s->v[i];
	size_t room = (size_t)(t->acked + STREAM_WINDOW - t->sent);
	uint8_t buf[STREAM_CHUNK];
	ssize_t n = peek_read(&t->peek, t->from, buf, room < sizeof(buf) ? room : sizeof(buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return stream_end(s, (enum stream_number)i);
	t->sent += (uint64_t)n;
	if (t->keeps && frame_buf_add(&t->kept, buf, (size_t)n) < 0)
		return -ENOMEM;
	if (t->kept.len > STREAM_KEPT)
		frame_buf_drop(&t->kept, t->kept.len - STREAM_KEPT);
	return put(s, i, buf, (size_t)n);
}

static int write_some(struct streams *s, int i)
{
	struct stream *t = &s->v[i];
	size_t len = t->waits && t->waiting.len > PIPE_SLOT ? PIPE_SLOT : t->waiting.len;
	ssize_t n = write(t->to, frame_buf_at(&t->waiting), len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		return refuse(s, i);
	frame_buf_drop(&t->waiting, (size_t)n);
	if (t->waiting.len == 0 && t->ends)
		end_input(t);
	if (t->counts && t->told < PEEK_PROOF && was_read(t) > PEEK_PROOF) {
		(void)fcntl(t->to, F_SETPIPE_SZ, PIPE_USUAL);
		t->told = t->came - t->waiting.len;
		return say(s, i, t->told);
	}
	/* not for each of them, but before the other end has to wait */
	if (t->ends || t->came - t->waiting.len < t->told + STREAM_WINDOW / 4)
		return 0;
	t->told = t->came - t->waiting.len;
	return say(s, i, t->told);
}

int streams_run(struct streams *s, const struct pollfd p[STREAM_POLLS])
{
	int r = 0;

	for (int i = 0; r == 0 && i < STREAMS; i++) {
		const struct pollfd *out = &p[2 * i + 1];

		if (p[2 * i].fd >= 0 && p[2 * i].revents != 0 && s->v[i].from >= 0)
			r = read_some(s, i);
		if (r == 0 && out->fd >= 0 && out->revents != 0 && s->v[i].to >= 0)
			r = s->v[i].waiting.len != 0 ? write_some(s, i) : (out->revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 ? refuse(s, i) : 0;
	}
	return r;
}

bool streams_are_written(const struct streams *s)
{
	for (int i = 0; i < STREAMS; i++)
		if (s->v[i].waiting.len != 0)
			return false;
	return true;
}
