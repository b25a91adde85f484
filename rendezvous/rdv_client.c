#include <config.h>

#include "rendezvous/rdv_client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/now.h"
#include "wire/sock.h"

enum { CALL_TIMEOUT_MS = 5000 };

struct rdv_client {
	int fd;		   /* to mishd; -1: `own` answers */
	struct rdv *own;
	struct frame_buf in;
	size_t answered; /* bytes of the last reply, still in `in` */
};

const char *rdv_socket_path(void)
{
	const char *path = secure_getenv("MISH_SOCKET");

	return path != NULL && *path != '\0' ? path : MISH_SOCKET_PATH;
}

int rdv_connect(void)
{
	const char *path = rdv_socket_path();
	struct ucred cred;
	socklen_t len = sizeof(cred);
	struct stat st;
	int fd = sock_connect(path);

	if (fd < 0)
		return fd;
	/* who listens must be who owns the socket's name: nobody got in between */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0 || lstat(path, &st) < 0 ||
	    (st.st_uid != cred.uid && cred.uid != 0)) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

struct rdv_client *rdv_client_new(void)
{
	struct rdv_client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->fd = rdv_connect();
	c->own = rdv_new();
	if (c->own == NULL) {
		rdv_client_free(c);
		return NULL;
	}
	return c;
}

void rdv_client_free(struct rdv_client *c)
{
	if (c == NULL)
		return;
	if (c->fd >= 0)
		close(c->fd);
	rdv_free(c->own);
	frame_buf_release(&c->in);
	free(c);
}

static int call_own(struct rdv_client *c, enum frame_type type, const struct msg *m)
{
	uint8_t random[16];
	struct msg_view v;
	int r = msg_parse(&v, m->buf, m->len);

	if (r < 0)
		return r;
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	return rdv_serve(c->own, getuid(), type, &v, now_mono_ms(), random, &c->in);
}

static int call_daemon(struct rdv_client *c, enum frame_type type, const struct msg *m)
{
	struct frame_buf out = { 0 };
	int64_t end = now_mono_ms() + CALL_TIMEOUT_MS;
	int r = frame_put(&out, type, m->buf, m->len);

	/* it may have stopped reading: that must not hold anybody up */
	while (r == 0 && (r = frame_flush(&out, c->fd)) == -EAGAIN) {
		struct pollfd p = { .fd = c->fd, .events = POLLOUT };
		int64_t left = end - now_mono_ms();

		if (left <= 0)
			r = -ETIMEDOUT;
		else
			r = poll(&p, 1, (int)left) < 0 && errno != EINTR ? -errno : 0;
	}
	frame_buf_release(&out);
	return r;
}

int rdv_client_call(struct rdv_client *c, enum frame_type type, struct msg *m,
		    struct msg_view *ret, char **why)
{
	enum frame_type answer;
	const uint8_t *payload;
	size_t len;
	int r = msg_done(m);

	frame_buf_drop(&c->in, c->answered);
	c->answered = 0;
	if (r == 0 && c->fd >= 0) {
		r = call_daemon(c, type, m);
		if (r == 0)
			r = frame_recv(c->fd, &c->in, CALL_TIMEOUT_MS, &answer, &payload, &len,
				       &c->answered);
		if (r < 0) { /* the daemon is gone: go on without it */
			close(c->fd);
			c->fd = -1;
			frame_buf_release(&c->in);
			r = 0;
		} else {
			goto answered;
		}
	}
	if (r == 0)
		r = call_own(c, type, m);
	if (r == 0 && frame_next(&c->in, FRAME_MAX, &answer, &payload, &len, &c->answered) != 1)
		r = -EBADMSG;
answered:
	msg_release(m);
	if (r == 0)
		r = msg_parse(ret, payload, len);
	if (r == 0 && answer == FRAME_REFUSED) {
		if (why != NULL && msg_get_strdup(ret, MSG_WHY, why) < 0)
			*why = NULL;
		return -EACCES;
	}
	return r == 0 && answer != FRAME_OK ? -EBADMSG : r;
}

int rdv_client_ask_by(int fd, enum frame_type what, struct msg *m, int wait_ms, void (*take)(void *arg, const struct msg_view *v), void *arg)
{
	struct frame_buf in = { 0 };
	enum frame_type type = FRAME_OK;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	int r = frame_send(fd, what, m);

	while (r == 0 && (r = frame_recv(fd, &in, wait_ms, &type, &payload, &len, &total)) == 0) {
		if (type != FRAME_ROW)
			break;
		if (msg_parse(&v, payload, len) == 0)
			take(arg, &v);
		frame_buf_drop(&in, total);
	}
	if (r == 0 && type == FRAME_REFUSED)
		r = -EACCES;
	frame_buf_release(&in);
	return r;
}

int rdv_client_ask(enum frame_type what, struct msg *m, int wait_ms, void (*take)(void *arg, const struct msg_view *v), void *arg)
{
	int fd = rdv_connect(), r = fd;

	if (fd < 0) {
		msg_release(m);
		return r;
	}
	r = rdv_client_ask_by(fd, what, m, wait_ms, take, arg);
	close(fd);
	return r;
}
