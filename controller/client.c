#include <config.h>

#include "controller/client.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "controller/listener.h"

enum { SMALL_BYTES = 1 << 16 }; /* with less, a connection does not count against its user's limit */

struct write {
	uv_write_t req;
	struct frame_buf buf;
};

static void on_closed(uv_handle_t *h)
{
	struct client *c = h->data, **p = &c->all->first;

	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
	c->all->n--;
	frame_buf_release(&c->in);
	free(c);
}

void client_close(struct client *c)
{
	if (c->closing)
		return;
	c->closing = true;
	c->all->ops->gone(c->all->arg, c);
	uv_close((uv_handle_t *)&c->pipe, on_closed);
}

static void work(struct client *c);

/* The next request waits for the answer to the last one. */
static bool is_held(const struct client *c)
{
	return c->held || c->place.turn != 0 || c->usage.turn != 0;
}

static void on_written(uv_write_t *req, int status)
{
	struct write *w = req->data;
	struct client *c = req->handle->data;

	c->writes--;
	if (status < 0)
		client_close(c);
	frame_buf_release(&w->buf);
	free(w);
	work(c);
}

static size_t bytes_of(const struct client *c)
{
	size_t n = c->in.len + uv_stream_get_write_queue_size((const uv_stream_t *)&c->pipe);

	return n > SMALL_BYTES ? n : 0;
}

/* Closes a connection whose user's connections together take more memory than they may; true: it did. */
static bool cut_off_large(struct client *c)
{
	size_t n = 0;

	if (bytes_of(c) == 0)
		return false;
	for (const struct client *k = c->all->first; k != NULL; k = k->next)
		n += k->uid == c->uid && !k->closing ? bytes_of(k) : 0;
	if (n <= CLIENT_BYTES_PER_UID_MAX)
		return false;
	journal_often(&c->all->cut_off,
		      "uid %u: a connection is closed: its requests and unread answers take %zu MiB",
		      (unsigned)c->uid, n >> 20);
	client_close(c);
	return true;
}

/* Closes the connection of a client that asks and does not read; true: it did. */
static bool cut_off_unread(struct client *c)
{
	size_t n = uv_stream_get_write_queue_size((const uv_stream_t *)&c->pipe);

	if (n <= CLIENT_REPLIES_MAX)
		return false;
	journal_often(&c->all->cut_off, "uid %u: a connection is closed: it has not read %zu MiB of answers",
		      (unsigned)c->uid, n >> 20);
	client_close(c);
	return true;
}

void client_send(struct client *c, struct frame_buf *out)
{
	struct write *w = calloc(1, sizeof(*w));
	uv_buf_t b;

	if (w == NULL || c->closing || out->len == 0 || cut_off_unread(c)) {
		frame_buf_release(out);
		free(w);
		client_close(c);
		return;
	}
	w->buf = *out;
	*out = (struct frame_buf){ 0 };
	w->req.data = w;
	b = uv_buf_init((char *)w->buf.s + w->buf.start, (unsigned)w->buf.len);
	if (uv_write(&w->req, (uv_stream_t *)&c->pipe, &b, 1, on_written) < 0) {
		frame_buf_release(&w->buf);
		free(w);
		client_close(c);
		return;
	}
	c->writes++;
	(void)cut_off_large(c); /* many connections that ask, and never read */
}

void client_send_msg(struct client *c, enum frame_type type, struct msg *m)
{
	struct frame_buf out = { 0 };

	if (frame_put_msg(&out, type, m) == 0)
		client_send(c, &out);
	else
		client_close(c);
}

void client_answer(struct client *c, const char *refusal)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_WHY, refusal);
	client_send_msg(c, refusal != NULL ? FRAME_REFUSED : FRAME_OK, &m);
}

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	(void)h;
	buf->base = malloc(suggested);
	buf->len = buf->base != NULL ? suggested : 0;
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf);

/*
 * Serves the requests that have been read. After each one its answer has to leave before the
 * next one's turn: a client that asks without end neither keeps others waiting nor piles up
 * answers.
 */
static void work(struct client *c)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	int r = 0;

	while (!c->closing && c->writes == 0 && !is_held(c) &&
	       (r = frame_next(&c->in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		if (msg_parse(&v, payload, len) < 0) {
			r = -EBADMSG;
			break;
		}
		c->spoke = true;
		c->all->ops->request(c->all->arg, c, type, &v);
		frame_buf_drop(&c->in, total);
	}
	if (r < 0)
		client_close(c);
	if (c->closing)
		return;
	if (c->writes != 0 || c->held) /* who waits for a place may go: that is to be seen */
		uv_read_stop((uv_stream_t *)&c->pipe);
	else
		uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = s->data;
	int r = n < 0 ? -EPIPE : n > 0 ? frame_buf_add(&c->in, buf->base, (size_t)n) : 0;

	free(buf->base);
	if (r < 0 || (c->place.turn != 0 && c->in.len > SMALL_BYTES))
		client_close(c);
	else if (!cut_off_large(c))
		work(c);
}

/* Is the newest connection one more than there may be, of all users or of this one? */
static bool is_refused(struct clients *all, uid_t uid)
{
	size_t n = 0, places = CLIENT_MAX;

	for (const struct client *c = all->first; c != NULL; c = c->next)
		n += c->uid == uid;
	if (uid != 0)
		places -= CLIENT_FOR_ROOT;
	if (uid != 0 && n > CLIENT_FEW)
		places -= CLIENT_SPARE;
	if (uid != 0 && n > CLIENT_PER_UID_MAX)
		journal_often(&all->refused,
			      "uid %u: a connection is refused: it has %d; end some of its processes",
			      (unsigned)uid, CLIENT_PER_UID_MAX);
	else if (all->n > places)
		journal_often(&all->refused,
			      "uid %u: a connection is refused: there are %zu; `ss -xp` shows whose",
			      (unsigned)uid, all->n - 1);
	else
		return false;
	return true;
}

/* Closes connections that have asked nothing for so long. The timer runs while there is such a one. */
static void on_silent(uv_timer_t *t)
{
	struct clients *all = t->data;
	uint64_t now = uv_now(all->loop);
	bool more = false;

	for (struct client *c = all->first; c != NULL; c = c->next) {
		if (c->spoke || c->closing)
			continue;
		if (now >= c->since_ms + CLIENT_SILENT_MS)
			client_close(c);
		else
			more = true;
	}
	if (!more)
		uv_timer_stop(t);
}

static void watch_silent(struct clients *all, struct client *c)
{
	c->since_ms = uv_now(all->loop);
	if (!uv_is_active((uv_handle_t *)&all->silent))
		uv_timer_start(&all->silent, on_silent, CLIENT_SILENT_MS, CLIENT_SILENT_MS / 6);
}

/* Takes a connection whose uid the kernel tells, within the limits; others hear why not. */
static void on_connection(uv_stream_t *server, int status)
{
	struct clients *all = server->data;
	struct client *c;
	struct ucred cred;
	socklen_t len = sizeof(cred);
	uv_os_fd_t fd;

	c = status == 0 ? calloc(1, sizeof(*c)) : NULL;
	if (c == NULL) {
		journal_often(&all->refused, "a connection is refused: %s",
			      uv_strerror(status < 0 ? status : UV_ENOMEM));
		return;
	}
	c->all = all;
	c->uid = (uid_t)-1;
	uv_pipe_init(all->loop, &c->pipe, 0);
	c->pipe.data = c;
	c->next = all->first;
	all->first = c;
	all->n++;
	if (uv_accept(server, (uv_stream_t *)&c->pipe) < 0 ||
	    uv_fileno((uv_handle_t *)&c->pipe, &fd) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0) {
		client_close(c);
		return;
	}
	c->uid = cred.uid;
	c->pid = cred.pid;
	if (is_refused(all, c->uid)) {
		client_close(c);
		return;
	}
	watch_silent(all, c);
	uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
}

void client_init(struct clients *all, uv_loop_t *loop, const struct client_ops *ops, void *arg)
{
	*all = (struct clients){ .loop = loop, .ops = ops, .arg = arg };
	uv_timer_init(loop, &all->silent);
	all->silent.data = all;
	uv_unref((uv_handle_t *)&all->silent);
}

int client_listen(struct clients *all, const char *path)
{
	int r;

	uv_pipe_init(all->loop, &all->server, 0);
	all->server.data = all;
	r = listener_bind(&all->server, path);
	if (r == 0)
		r = uv_listen((uv_stream_t *)&all->server, 128, on_connection);
	if (r < 0)
		journal_line("%s: %s", path, uv_strerror(r));
	return r;
}

void client_close_all(struct clients *all)
{
	for (struct client *c = all->first; c != NULL; c = c->next)
		client_close(c);
}
