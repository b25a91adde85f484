#include <config.h>

#include "pty/served.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty/attach.h"
#include "wire/io_full.h"
#include "wire/now.h"

void served_begin(struct served *s, const struct served_ops *ops, void *arg, const uint8_t *secret)
{
	*s = (struct served){ .ops = ops, .arg = arg, .secret = secret, .from = -1, .to = -1, .waiter = -1 };
	streams_init(&s->streams, &s->out);
}

/* Says READY by it. 0 or -errno. */
static int greet(int to, const struct ready *ready)
{
	struct frame_buf out = { 0 };
	int r = frames_put(&out, FRAME_READY, &ready_record, ready);

	if (r == 0)
		r = io_write_full(to, frame_buf_at(&out), out.len);
	frame_buf_release(&out);
	return r;
}

static void use(struct served *s, int from, int to)
{
	s->from = from;
	s->to = to;
	fcntl(from, F_SETFL, O_NONBLOCK);
	fcntl(to, F_SETFL, O_NONBLOCK);
	s->linked = true;
}

void served_link(struct served *s, const struct ready *ready, struct frame_buf *in)
{
	(void)greet(STDOUT_FILENO, ready);
	s->in = *in;
	*in = (struct frame_buf){ 0 };
	use(s, STDIN_FILENO, STDOUT_FILENO);
}

/* The standard ones stay open, as nothing. */
static void drop(int *fd)
{
	int null = *fd > STDERR_FILENO ? -1 : open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, *fd);
		close(null);
	} else if (*fd > STDERR_FILENO) {
		close(*fd);
	}
	*fd = -1;
}

/* The connection is cut, and another may come. 0, or -ECONNRESET: none does. */
static int lose(struct served *s)
{
	if (!s->listens || (!s->heard && !s->adopted) || (s->near && !(s->asks && s->told))) /* it may never have heard READY, and begin anew */
		return -ECONNRESET;
	drop(&s->from);
	drop(&s->to);
	if (s->waiter >= 0)
		close(s->waiter);
	s->waiter = -1;
	frame_buf_release(&s->in);
	s->linked = s->mute = false;
	s->lost_ms = now_mono_ms();
	return 0;
}

/* It has heard, or has gone; but a link that did not wait for our answer tries again. */
static int take_exit(struct served *s, const struct frames_row *row, const uint8_t *payload, size_t len)
{
	union frames_body body;
	bool knows;

	if (frames_get(row, payload, len, &body) < 0)
		return -EBADMSG;
	knows = body.verdict.status != 0;
	frames_release(row, &body);
	s->over = s->asks && s->told ? knows : s->heard || !s->adopted || s->told;
	return s->over ? -ECONNRESET : lose(s);
}

static int take_frame(struct served *s, enum frame_type type, const uint8_t *payload, size_t len)
{
	const struct frames_row *row = frames_find(type, PARTY_LINK, PARTY_PEER);
	union frames_body body;

	if (type == FRAME_EXIT)
		return take_exit(s, row, payload, len);
	s->heard = true;
	if (type == FRAME_DATA || type == FRAME_PACKED || type == FRAME_ACK)
		return streams_take(&s->streams, PARTY_LINK, PARTY_PEER, type, payload, len);
	if ((type != FRAME_SIGNAL && type != FRAME_FOREGROUND && type != FRAME_WINCH) || frames_get(row, payload, len, &body) < 0)
		return -EBADMSG;
	if (type != FRAME_WINCH)
		s->ops->order(s->arg, type, &body.verdict);
	else
		s->ops->resize(s->arg, &body.winch);
	frames_release(row, &body);
	return 0;
}

static int read_link(struct served *s)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	long n = frame_fill(&s->in, s->from);
	int r = 0;

	if (n == -EAGAIN)
		return 0;
	while (r == 0 && s->linked && (r = frame_next(&s->in, STREAM_FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		r = take_frame(s, type, payload, len);
		if (r == 0 && s->linked)
			r = streams_took(&s->streams, total);
		if (s->linked)
			frame_buf_drop(&s->in, total);
	}
	if (r >= 0 && n <= 0 && s->linked)
		r = lose(s);
	return r < 0 ? r : 0;
}

bool served_is_link(const struct served *s, const struct hello *h)
{
	uint8_t diff = h->errand != ERRAND_ATTACH;

	for (size_t i = 0; i < sizeof(h->secret); i++)
		diff |= h->secret[i] ^ s->secret[i];
	return diff == 0;
}

/* The link that the HELLO is of goes on where it was cut. 0, or -errno. */
static int go_on(struct served *s, const struct hello *h, const int fds[2])
{
	const struct ready ready = { .version = PROTOCOL_VERSION, .flags = s->flags, .received = s->streams.all.came };
	int r = resume_again(&s->streams.all, h->received, &s->out);

	if (r == 0)
		r = greet(fds[1], &ready);
	if (r < 0)
		return r;
	s->adopted = true;
	if (s->linked)
		(void)lose(s);
	use(s, fds[0], fds[1]);
	s->heard = false;
	return 0;
}

bool served_attach(struct served *s, const struct hello *h, const int fds[2], int waiter)
{
	if (!served_is_link(s, h)) {
		attach_refuse(fds[1], "it is another's", MSG_ATTACH_TAKEN);
		return false;
	}
	if (go_on(s, h, fds) < 0) {
		attach_refuse(fds[1], "the counters do not agree", MSG_ATTACH_FAILED);
		return false;
	}
	s->waiter = waiter;
	return true;
}

int64_t served_left_ms(const struct served *s, int64_t now_ms, int64_t patience_ms)
{
	int64_t left = s->lost_ms + patience_ms - now_ms;

	return s->linked ? -1 : left > 0 ? left : 0;
}

void served_watch(const struct served *s, struct pollfd v[SERVED_POLLS])
{
	streams_watch(&s->streams, v);
	v[STREAM_POLLS] = (struct pollfd){ .fd = s->linked ? s->from : -1, .events = POLLIN };
	v[STREAM_POLLS + 1] = (struct pollfd){ .fd = s->linked && !s->mute && s->out.len != 0 ? s->to : -1, .events = POLLOUT };
}

int served_run(struct served *s, const struct pollfd v[SERVED_POLLS])
{
	int r = streams_run(&s->streams, v);

	return r == 0 && v[STREAM_POLLS].revents != 0 ? read_link(s) : r;
}

void served_flush(struct served *s)
{
	int r = s->linked && !s->mute ? resume_flush(&s->streams.all, &s->out, s->to) : 0;

	s->mute |= r < 0 && r != -EAGAIN; /* whether it has gone or was cut off, its last words say, or their end, which come now */
}

static uint64_t micros(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000 + (uint64_t)t->tv_usec;
}

void served_tell_end(struct served *s, int wait_status, uint64_t read, const struct rusage *used)
{
	bool killed = WIFSIGNALED(wait_status);
	const struct verdict v = { .status = killed ? 128 + (uint64_t)WTERMSIG(wait_status) : (uint64_t)WEXITSTATUS(wait_status),
				   .flags = killed ? MSG_LOST : 0, .seq = read,
				   .user_us = micros(&used->ru_utime), .system_us = micros(&used->ru_stime) };

	(void)frames_put(&s->out, FRAME_EXIT, &verdict_record, &v);
	s->told = true;
}

void served_end(struct served *s)
{
	if (s->from >= 0)
		drop(&s->from);
	if (s->to >= 0)
		drop(&s->to);
	if (s->waiter >= 0)
		close(s->waiter);
	s->waiter = -1;
	s->linked = false;
	frame_buf_release(&s->in);
	frame_buf_release(&s->out);
	streams_release(&s->streams);
}
