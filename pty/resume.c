#include <config.h>

#include "pty/resume.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "pty/attach.h"
#include "wire/node.h"

static void refuse_link(int fd, const char *why, enum msg_attach status)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_WHY, why);
	msg_uint(&m, MSG_STATUS, status);
	(void)frame_send(fd, FRAME_ABORT, &m);
}

static bool same_secret(const uint8_t *a, const uint8_t *b)
{
	uint8_t diff = 0;

	for (size_t i = 0; i < sizeof(((struct handover *)0)->secret); i++)
		diff |= a[i] ^ b[i];
	return diff == 0;
}

/* Output that was not acknowledged, and what the shell said that may not have arrived. */
static void say_again(struct peer *p, uint64_t seq)
{
	struct frame_buf rest = p->kept; /* borrowed */
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	uint64_t n;

	for (size_t off = 0; off < p->replay.len; off += PEER_CHUNK) {
		len = p->replay.len - off < PEER_CHUNK ? p->replay.len - off : PEER_CHUNK;
		(void)frame_put(&p->out, FRAME_DATA, frame_buf_at(&p->replay) + off, len);
	}
	if (p->frozen)
		peer_send_delivered(p, FRAME_FROZEN);
	while (frame_next(&rest, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		if (type == FRAME_OFFER ? p->offered
					: msg_parse(&v, payload, len) == 0 &&
					  msg_get_uint(&v, MSG_SEQ, UINT64_MAX, &n) == 0 && n >= seq)
			(void)frame_put(&p->out, type, payload, len);
		frame_buf_drop(&rest, total);
	}
	if (p->stage == FAREWELL)
		peer_say_exit(p);
}

static void take_over(struct peer *p, const struct msg_view *v, const struct handover *h,
		      uint64_t received, const int fds[2])
{
	bool fresh = (h->flags & MSG_FRESH) != 0;
	char node[256];
	struct msg m;

	if (!p->link_gone) { /* the link we had, should it still be listening */
		msg_init(&m);
		frame_buf_release(&p->out);
		if (frame_put_msg(&p->out, FRAME_FENCED, &m) == 0)
			(void)frame_flush(&p->out, STDOUT_FILENO);
		peer_detach(p);
	}
	if (!fresh)
		(void)peer_on_ack(p, received);
	dup2(fds[0], STDIN_FILENO);
	dup2(fds[1], STDOUT_FILENO);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	p->link_gone = false;
	if (handover_is_set(h->new_secret))
		memcpy(p->h.secret, h->new_secret, sizeof(p->h.secret));
	node_own_name(node, sizeof(node));
	msg_init(&m);
	msg_str(&m, MSG_NODE, node);
	msg_uint(&m, MSG_RECEIVED, p->delivered + p->input.len);
	msg_uint(&m, MSG_SENT, p->acked);
	msg_uint(&m, MSG_FLAGS, p->offered ? MSG_FROZEN : 0);
	(void)frame_put_msg(&p->out, FRAME_READY, &m);
	if (!p->frozen) /* what the last link was told may not have arrived, and a full window is silent */
		peer_send_delivered(p, FRAME_ACK);
	say_again(p, h->seq);
	peer_on_winch(p, v);
	if (fresh) { /* this is where the terminal is now */
		msg_init(&m);
		msg_str(&m, MSG_ORIGIN, h->origin);
		(void)frame_put_msg(&p->ctl_out, FRAME_ATTACHED, &m);
	}
}

void resume_accept(struct peer *p)
{
	uint8_t hello[ATTACH_HELLO_MAX];
	struct handover h = { 0 };
	uint64_t received = 0;
	struct msg_view v;
	size_t len;
	int fds[2], fd = attach_accept(p->listener, hello, &len, fds);

	if (fd < 0)
		return;
	if (msg_parse(&v, hello, len) < 0 || handover_get(&v, &h) < 0 ||
	    /* the new one: it was taken over, and our answer did not arrive */
	    !(same_secret(h.secret, p->h.secret) || same_secret(h.new_secret, p->h.secret))) {
		refuse_link(fds[1], "another terminal has the session now", MSG_ATTACH_TAKEN);
	} else if ((h.flags & MSG_FENCE) != 0) {
		refuse_link(fds[1], "ended", MSG_ATTACH_GONE);
		peer_end_fenced(p);
	} else if ((h.flags & MSG_FRESH) == 0 &&
		   (msg_get_uint(&v, MSG_RECEIVED, p->sent, &received) < 0 || received < p->acked)) {
		refuse_link(fds[1], "the counters do not agree", MSG_ATTACH_FAILED);
	} else {
		take_over(p, &v, &h, received, fds);
		p->waiter = fd;
		fd = -1;
	}
	close(fds[0]);
	close(fds[1]);
	if (fd >= 0)
		close(fd);
	handover_release(&h);
}
