#include <config.h>

#include "controller/daemon.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "rendezvous/frame.h"
#include "rendezvous/io_full.h"
#include "rendezvous/node.h"
#include "rendezvous/rdv.h"

enum {
	MAX_CLIENTS = 4096,
	MAX_CLIENTS_PER_UID = 512,
	REPLY_QUEUE_MAX = 32 << 20, /* a client that never reads is cut off */
	SMALL_BYTES = 1 << 16,	    /* of a client's: not counted */
	MAX_BYTES_PER_UID = 64 << 20, /* requests and replies under way */
};

struct client {
	struct client *next;
	uv_pipe_t pipe;
	struct daemon *d;
	uid_t uid;
	struct frame_buf in;
	/* a shell that registered; session[0] == '\0': another kind of client */
	char session[RDV_ID_LEN + 1];
	char origin[256], tty[64];
	uint64_t epoch, pid;
	unsigned writes; /* under way: the next request waits for them */
	bool closing;
};

struct daemon {
	uv_loop_t loop;
	uv_pipe_t server;
	uv_signal_t sig_term, sig_int, sig_hup;
	struct client *clients;
	size_t n_clients;
	struct rdv *rdv;
	struct conf *conf;
	const char *conf_path, *socket_path;
	bool draining;
	char node[256];
	int64_t started_ms;
};

struct write {
	uv_write_t req;
	struct frame_buf buf;
};

static void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One line an event, subject first; no values, no command lines, no keys (STYLE 5). */
static void log_line(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("mishd: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

/* ---- clients ---- */

static void on_closed(uv_handle_t *h)
{
	struct client *c = h->data, **p = &c->d->clients;

	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
	c->d->n_clients--;
	frame_buf_release(&c->in);
	free(c);
}

static void client_close(struct client *c)
{
	if (c->closing)
		return;
	c->closing = true;
	if (c->session[0] != '\0')
		log_line("session %.4s: the shell left", c->session);
	uv_close((uv_handle_t *)&c->pipe, on_closed);
}

static void work(struct client *c);

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

/* Sends what is in `out`, which is taken. */
static void client_send(struct client *c, struct frame_buf *out)
{
	struct write *w = calloc(1, sizeof(*w));
	uv_buf_t b;

	if (w == NULL || c->closing || out->len == 0 ||
	    uv_stream_get_write_queue_size((uv_stream_t *)&c->pipe) > REPLY_QUEUE_MAX) {
		frame_buf_release(out);
		free(w);
		client_close(c);
		return;
	}
	w->buf = *out;
	*out = (struct frame_buf){ 0 };
	w->req.data = w;
	b = uv_buf_init((char *)(uintptr_t)frame_buf_at(&w->buf), (unsigned)w->buf.len);
	if (uv_write(&w->req, (uv_stream_t *)&c->pipe, &b, 1, on_written) < 0) {
		frame_buf_release(&w->buf);
		free(w);
		client_close(c);
		return;
	}
	c->writes++;
}

static void answer(struct client *c, enum frame_type type, const char *why)
{
	struct frame_buf out = { 0 };
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_WHY, why);
	if (frame_put_msg(&out, type, &m) == 0)
		client_send(c, &out);
	else
		client_close(c);
}

static bool is_admin(const struct client *c)
{
	return c->uid == 0 || c->uid == getuid();
}

/* ---- requests ---- */

static void do_register(struct client *c, const struct msg_view *v)
{
	char session[RDV_ID_LEN + 1];

	if (msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 ||
	    strspn(session, "0123456789abcdef") != RDV_ID_LEN) {
		client_close(c);
		return;
	}
	memcpy(c->session, session, sizeof(session));
	(void)msg_get_str(v, MSG_ORIGIN, c->origin, sizeof(c->origin));
	(void)msg_get_str(v, MSG_TTY, c->tty, sizeof(c->tty));
	(void)msg_get_uint(v, MSG_EPOCH, UINT64_MAX, &c->epoch);
	(void)msg_get_uint(v, MSG_PID, INT32_MAX, &c->pid);
	log_line("session %.4s: a shell of uid %u is here", c->session, (unsigned)c->uid);
}

static void do_admit(struct client *c, const struct msg_view *v)
{
	char session[RDV_ID_LEN + 1] = "";
	uint64_t flags = 0;

	if (msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 ||
	    strspn(session, "0123456789abcdef") != strlen(session))
		session[0] = '\0'; /* not into the log */
	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	if (c->d->draining && (flags & MSG_FORCE) == 0) {
		log_line("session %.4s: refused: draining", session);
		answer(c, FRAME_REFUSED, "this node is draining; smigrate -f overrides that");
		return;
	}
	answer(c, FRAME_OK, NULL);
}

static void do_status(struct client *c)
{
	struct frame_buf out = { 0 };
	struct msg m;
	uint64_t shells = 0;

	for (const struct client *k = c->d->clients; k != NULL; k = k->next)
		shells += k->session[0] != '\0';
	msg_init(&m);
	msg_str(&m, MSG_NODE, c->d->node);
	msg_uint(&m, MSG_PID, (uint64_t)getpid());
	msg_uint(&m, MSG_UPTIME, (uint64_t)(io_now_ms() - c->d->started_ms) / 1000);
	msg_uint(&m, MSG_COUNT, shells);
	msg_uint(&m, MSG_DRAINING, c->d->draining);
	msg_uint(&m, MSG_VERSION, PROTOCOL_VERSION);
	(void)frame_put_msg(&out, FRAME_ROW, &m);
	msg_init(&m);
	(void)frame_put_msg(&out, FRAME_OK, &m);
	client_send(c, &out);
}

static const char *user_name(uid_t uid)
{
	static char number[16]; /* the loop is the only thread */
	struct passwd *pw = getpwuid(uid);

	if (pw != NULL)
		return pw->pw_name;
	snprintf(number, sizeof(number), "%u", (unsigned)uid);
	return number;
}

/* The shells here, and the sessions from here that are elsewhere; one's own, or all to root. */
static void do_sessions(struct client *c)
{
	struct frame_buf out = { 0 };
	struct rdv_info info;
	struct msg m;

	for (const struct client *k = c->d->clients; k != NULL; k = k->next) {
		if (k->session[0] == '\0' || (k->uid != c->uid && !is_admin(c)))
			continue;
		msg_init(&m);
		msg_str(&m, MSG_SESSION, k->session);
		msg_str(&m, MSG_USER, user_name(k->uid));
		msg_str(&m, MSG_NODE, c->d->node);
		msg_str(&m, MSG_ORIGIN, k->origin);
		msg_str(&m, MSG_TTY, k->tty);
		msg_uint(&m, MSG_EPOCH, k->epoch);
		msg_uint(&m, MSG_PID, k->pid);
		(void)frame_put_msg(&out, FRAME_ROW, &m);
	}
	for (size_t i = 0; rdv_at(c->d->rdv, i, &info); i++) {
		bool here = info.holder[0] == '\0';

		for (const struct client *k = c->d->clients; k != NULL; k = k->next)
			here |= strcmp(k->session, info.session) == 0;
		if (here || (info.uid != c->uid && !is_admin(c)))
			continue;
		msg_init(&m);
		msg_str(&m, MSG_SESSION, info.session);
		msg_str(&m, MSG_USER, user_name(info.uid));
		msg_str(&m, MSG_NODE, info.holder);
		msg_str(&m, MSG_ORIGIN, c->d->node);
		msg_uint(&m, MSG_EPOCH, info.epoch);
		(void)frame_put_msg(&out, FRAME_ROW, &m);
	}
	msg_init(&m);
	(void)frame_put_msg(&out, FRAME_OK, &m);
	client_send(c, &out);
}

static void do_nodes(struct client *c)
{
	const struct conf *conf = c->d->conf;
	struct frame_buf out = { 0 };
	struct msg m;

	for (size_t i = 0; i < conf->n_nodes; i++) {
		msg_init(&m);
		msg_str(&m, MSG_NAME, conf->nodes[i]);
		msg_uint(&m, MSG_DRAINING,
			 c->d->draining && strcmp(conf->nodes[i], c->d->node) == 0);
		(void)frame_put_msg(&out, FRAME_ROW, &m);
	}
	msg_init(&m);
	(void)frame_put_msg(&out, FRAME_OK, &m);
	client_send(c, &out);
}

static void do_drain(struct client *c, bool on)
{
	if (!is_admin(c)) {
		answer(c, FRAME_REFUSED, "only root may do that");
		return;
	}
	c->d->draining = on;
	log_line("%s", on ? "draining" : "no longer draining");
	answer(c, FRAME_OK, NULL);
}

static bool is_node(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->n_nodes; i++)
		if (strcmp(conf->nodes[i], name) == 0)
			return true;
	return strcmp(name, "home") == 0;
}

/* The session may be given by its first digits. */
static void do_move(struct client *c, const struct msg_view *v)
{
	char session[RDV_ID_LEN + 1], node[256];
	struct client *found = NULL;
	struct frame_buf out = { 0 };
	struct msg m;

	if (msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 || session[0] == '\0' ||
	    msg_get_str(v, MSG_NODE, node, sizeof(node)) < 0) {
		answer(c, FRAME_REFUSED, "a session and a node are needed");
		return;
	}
	if (!is_node(c->d->conf, node)) {
		answer(c, FRAME_REFUSED, "not a node of the configuration");
		return;
	}
	for (struct client *k = c->d->clients; k != NULL; k = k->next)
		if (k->session[0] != '\0' && strncmp(k->session, session, strlen(session)) == 0 &&
		    (k->uid == c->uid || is_admin(c))) {
			if (found != NULL) {
				answer(c, FRAME_REFUSED, "more than one session begins like that");
				return;
			}
			found = k;
		}
	if (found == NULL) {
		answer(c, FRAME_REFUSED, "no such session here");
		return;
	}
	msg_init(&m);
	msg_str(&m, MSG_NODE, node);
	if (frame_put_msg(&out, FRAME_GRANT, &m) == 0) {
		log_line("session %.4s: asked to move", found->session);
		client_send(found, &out);
	}
	answer(c, FRAME_OK, NULL);
}

static void do_rendezvous(struct client *c, enum frame_type type, const struct msg_view *v)
{
	struct frame_buf out = { 0 };
	uint8_t random[16];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random) ||
	    rdv_serve(c->d->rdv, c->uid, type, v, io_now_ms(), random, &out) < 0) {
		frame_buf_release(&out);
		client_close(c);
		return;
	}
	client_send(c, &out);
}

static void dispatch(struct client *c, enum frame_type type, const struct msg_view *v)
{
	switch (type) {
	case FRAME_RDV_OFFER:
	case FRAME_RDV_TAKE:
	case FRAME_RDV_COMMIT:
	case FRAME_RDV_ABORT:
	case FRAME_RDV_CHECKPOINT:
	case FRAME_RDV_RECOVER:
	case FRAME_RDV_END:
		do_rendezvous(c, type, v);
		break;
	case FRAME_REGISTER:
		do_register(c, v);
		break;
	case FRAME_ADMIT:
		do_admit(c, v);
		break;
	case FRAME_GET_STATUS:
		do_status(c);
		break;
	case FRAME_GET_SESSIONS:
		do_sessions(c);
		break;
	case FRAME_GET_NODES:
		do_nodes(c);
		break;
	case FRAME_DRAIN:
	case FRAME_UNDRAIN:
		do_drain(c, type == FRAME_DRAIN);
		break;
	case FRAME_MOVE:
		do_move(c, v);
		break;
	default:
		answer(c, FRAME_REFUSED, "unknown request");
		break;
	}
}

/* ---- I/O ---- */

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	(void)h;
	buf->base = malloc(suggested);
	buf->len = buf->base != NULL ? suggested : 0;
}

static size_t bytes_of(const struct client *c)
{
	size_t n = c->in.len + uv_stream_get_write_queue_size((const uv_stream_t *)&c->pipe);

	return n > SMALL_BYTES ? n : 0;
}

/* One user's connections together must not eat the node's memory. */
static bool too_large(const struct client *c)
{
	size_t n = 0;

	if (bytes_of(c) == 0)
		return false;
	for (const struct client *k = c->d->clients; k != NULL; k = k->next)
		n += k->uid == c->uid && !k->closing ? bytes_of(k) : 0;
	return n > MAX_BYTES_PER_UID;
}

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf);
static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf);

/*
 * The requests that are there: one, then its answer has to leave before the next, so that
 * a client that asks without end neither keeps the others waiting nor piles up answers.
 */
static void work(struct client *c)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	int r = 0;

	while (!c->closing && c->writes == 0 &&
	       (r = frame_next(&c->in, FRAME_MAX, &type, &payload, &len, &total)) == 1) {
		if (msg_parse(&v, payload, len) < 0) {
			r = -EBADMSG;
			break;
		}
		dispatch(c, type, &v);
		frame_buf_drop(&c->in, total);
	}
	if (r < 0)
		client_close(c);
	if (c->closing)
		return;
	if (c->writes != 0)
		uv_read_stop((uv_stream_t *)&c->pipe);
	else
		uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = s->data;
	int r = n < 0 ? -EPIPE : n > 0 ? frame_buf_add(&c->in, buf->base, (size_t)n) : 0;

	free(buf->base);
	if (r < 0 || too_large(c))
		client_close(c);
	else
		work(c);
}

static bool too_many(const struct daemon *d, uid_t uid)
{
	size_t n = 0;

	for (const struct client *c = d->clients; c != NULL; c = c->next)
		n += c->uid == uid;
	return uid != 0 && n > MAX_CLIENTS_PER_UID;
}

static void on_connection(uv_stream_t *server, int status)
{
	struct daemon *d = server->data;
	struct client *c;
	struct ucred cred;
	socklen_t len = sizeof(cred);
	uv_os_fd_t fd;

	if (status < 0)
		return;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return;
	c->d = d;
	c->uid = (uid_t)-1;
	uv_pipe_init(&d->loop, &c->pipe, 0);
	c->pipe.data = c;
	c->next = d->clients;
	d->clients = c;
	d->n_clients++;
	if (uv_accept(server, (uv_stream_t *)&c->pipe) < 0 ||
	    uv_fileno((uv_handle_t *)&c->pipe, &fd) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0) {
		client_close(c);
		return;
	}
	c->uid = cred.uid;
	if (d->n_clients > MAX_CLIENTS || too_many(d, c->uid)) {
		client_close(c);
		return;
	}
	uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
}

static void on_end(uv_signal_t *s, int signo)
{
	(void)signo;
	uv_stop(s->loop);
}

static void on_reload(uv_signal_t *s, int signo)
{
	struct daemon *d = s->data;
	struct conf fresh;
	char *why = NULL;

	(void)signo;
	if (d->conf_path == NULL)
		return;
	if (conf_read(d->conf_path, &fresh, &why) < 0) {
		log_line("%s (going on with what was)", why != NULL ? why : "cannot reload");
		free(why);
		return;
	}
	conf_release(d->conf);
	*d->conf = fresh;
	log_line("configuration read again: %zu nodes", d->conf->n_nodes);
}

static int listen_on(struct daemon *d)
{
	int r;

	uv_pipe_init(&d->loop, &d->server, 0);
	d->server.data = d;
	unlink(d->socket_path); /* of a daemon that did not end well */
	r = uv_pipe_bind(&d->server, d->socket_path);
	if (r == 0)
		r = uv_listen((uv_stream_t *)&d->server, 128, on_connection);
	/* everybody may ask: who it is, the kernel says */
	if (r == 0 && chmod(d->socket_path, 0666) < 0)
		r = -errno;
	if (r < 0)
		log_line("%s: %s", d->socket_path, uv_strerror(r));
	return r;
}

static void on_walk(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

int daemon_run(const char *conf_path, struct conf *conf, const char *socket_path)
{
	struct daemon d = { .conf = conf, .conf_path = conf_path, .socket_path = socket_path,
			    .draining = conf->drain, .started_ms = io_now_ms() };

	node_own_name(d.node, sizeof(d.node));
	d.rdv = rdv_new();
	if (d.rdv == NULL || uv_loop_init(&d.loop) < 0) {
		log_line("out of memory");
		return 1;
	}
	if (listen_on(&d) < 0)
		return 1;
	uv_signal_init(&d.loop, &d.sig_term);
	uv_signal_init(&d.loop, &d.sig_int);
	uv_signal_init(&d.loop, &d.sig_hup);
	d.sig_hup.data = &d;
	uv_signal_start(&d.sig_term, on_end, SIGTERM);
	uv_signal_start(&d.sig_int, on_end, SIGINT);
	uv_signal_start(&d.sig_hup, on_reload, SIGHUP);
	log_line("listening on %s, %zu nodes", socket_path, conf->n_nodes);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	while (d.clients != NULL) {
		for (struct client *c = d.clients; c != NULL; c = c->next)
			client_close(c);
		uv_run(&d.loop, UV_RUN_NOWAIT);
	}
	uv_walk(&d.loop, on_walk, NULL);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	uv_loop_close(&d.loop);
	unlink(socket_path);
	rdv_free(d.rdv);
	return 0;
}
