#include <config.h>

#include "migrate/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rendezvous/frame.h"
#include "rendezvous/io_full.h"

void handover_release(struct handover *h)
{
	free(h->mish);
	free(h->why);
	free(h->steps);
	free(h->state);
	free(h->modes);
	if (h->input != NULL)
		explicit_bzero(h->input, h->input_len);
	free(h->input);
	explicit_bzero(h, sizeof(*h));
}

void handover_put(const struct handover *h, struct msg *m)
{
	static const uint8_t no_key[sizeof(h->key)];

	msg_uint(m, MSG_VERSION, PROTOCOL_VERSION);
	msg_str(m, MSG_SESSION, h->session);
	msg_uint(m, MSG_EPOCH, h->epoch);
	msg_str(m, MSG_NODE, h->node);
	msg_str(m, MSG_ORIGIN, h->origin);
	msg_str(m, MSG_PEER_NODE, h->peer_node);
	msg_uint(m, MSG_FLAGS, h->flags);
	msg_uint(m, MSG_STATUS, h->status);
	if (memcmp(h->key, no_key, sizeof(no_key)) != 0)
		msg_bytes(m, MSG_KEY, h->key, sizeof(h->key));
	msg_str(m, MSG_MISH, h->mish);
	msg_str(m, MSG_WHY, h->why);
	msg_str(m, MSG_STEPS, h->steps);
	if (h->state != NULL)
		msg_bytes(m, MSG_STATE, h->state, h->state_len);
	if (h->input != NULL)
		msg_bytes(m, MSG_INPUT, h->input, h->input_len);
	if (h->modes != NULL)
		msg_bytes(m, MSG_MODES, h->modes, h->modes_len);
}

static int get_bytes(const struct msg_view *v, enum msg_key key, size_t max, uint8_t **ret,
		     size_t *ret_len)
{
	const uint8_t *s;
	size_t len;
	int r = msg_get_bytes(v, key, &s, &len);

	if (r == -ENOENT)
		return 0;
	if (r < 0 || len > max)
		return r < 0 ? r : -EBADMSG;
	*ret = malloc(len + 1);
	if (*ret == NULL)
		return -ENOMEM;
	memcpy(*ret, s, len);
	*ret_len = len;
	return 0;
}

static int optional(int r)
{
	return r == -ENOENT ? 0 : r;
}

int handover_get(const struct msg_view *v, struct handover *ret)
{
	struct handover h = { 0 };
	const uint8_t *key;
	size_t len;
	int r = optional(msg_get_str(v, MSG_SESSION, h.session, sizeof(h.session)));

	if (r == 0)
		r = optional(msg_get_uint(v, MSG_EPOCH, UINT64_MAX / 2, &h.epoch));
	if (r == 0)
		r = optional(msg_get_str(v, MSG_NODE, h.node, sizeof(h.node)));
	if (r == 0)
		r = optional(msg_get_str(v, MSG_ORIGIN, h.origin, sizeof(h.origin)));
	if (r == 0)
		r = optional(msg_get_str(v, MSG_PEER_NODE, h.peer_node, sizeof(h.peer_node)));
	if (r == 0)
		r = optional(msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &h.flags));
	if (r == 0)
		r = optional(msg_get_uint(v, MSG_STATUS, 255, &h.status));
	if (r == 0)
		r = optional(msg_get_strdup(v, MSG_MISH, &h.mish));
	if (r == 0)
		r = optional(msg_get_strdup(v, MSG_WHY, &h.why));
	if (r == 0)
		r = optional(msg_get_strdup(v, MSG_STEPS, &h.steps));
	if (r == 0 && msg_get_bytes(v, MSG_KEY, &key, &len) == 0) {
		if (len == sizeof(h.key))
			memcpy(h.key, key, len);
		else
			r = -EBADMSG;
	}
	if (r == 0)
		r = get_bytes(v, MSG_STATE, STATE_MAX, &h.state, &h.state_len);
	if (r == 0)
		r = get_bytes(v, MSG_INPUT, FRAME_MAX, &h.input, &h.input_len);
	if (r == 0)
		r = get_bytes(v, MSG_MODES, 256, &h.modes, &h.modes_len);
	if (r < 0) {
		handover_release(&h);
		return r;
	}
	*ret = h;
	return 0;
}

int handover_write(const struct handover *h)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	struct msg m;
	int fd, r;

	msg_init(&m);
	handover_put(h, &m);
	r = msg_done(&m);
	/* `ulimit -f` counts for a memfd too: an error, not a signal */
	sigaction(SIGXFSZ, &ignore, &old);
	fd = r == 0 ? memfd_create("mish-handover", MFD_CLOEXEC | MFD_ALLOW_SEALING) : -1;
	if (r == 0 && fd < 0)
		r = -errno;
	if (r == 0)
		r = io_write_full(fd, m.buf, m.len);
	sigaction(SIGXFSZ, &old, NULL);
	msg_release(&m);
	if (r == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW |
						     F_SEAL_SEAL) < 0)
		r = -errno;
	if (r < 0 && fd >= 0)
		close(fd);
	return r < 0 ? r : fd;
}

int handover_keep(int fd)
{
	int n = fcntl(fd, F_DUPFD, 20);

	if (n >= 0)
		return n;
	/* a low `ulimit -n`: it stays where it is */
	return fcntl(fd, F_SETFD, 0) < 0 ? -errno : fd;
}

int handover_read(int fd, struct handover *ret)
{
	struct msg_view v;
	uint64_t version;
	char *buf;
	size_t len;
	int r = io_read_file(fd, (size_t)FRAME_MAX * 4, &buf, &len);

	*ret = (struct handover){ 0 };
	if (r < 0)
		return r;
	r = msg_parse(&v, (const uint8_t *)buf, len);
	if (r == 0)
		r = msg_get_uint(&v, MSG_VERSION, UINT32_MAX, &version);
	if (r == 0 && version != PROTOCOL_VERSION)
		r = -EPROTO; /* an update in between: the caller says so */
	if (r == 0)
		r = handover_get(&v, ret);
	explicit_bzero(buf, len);
	free(buf);
	return r;
}
