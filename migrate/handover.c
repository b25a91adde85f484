#include <config.h>

#include "migrate/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wire/frame.h"
#include "wire/io_full.h"

void handover_release(struct handover *h)
{
	free(h->mish);
	free(h->why);
	free(h->steps);
	free(h->state);
	free(h->modes);
	free(h->parts);
	free(h->command);
	if (h->input != NULL)
		explicit_bzero(h->input, h->input_len);
	free(h->input);
	explicit_bzero(h, sizeof(*h));
}

bool handover_is_set(const uint8_t secret[32])
{
	static const uint8_t none[32];

	return memcmp(secret, none, sizeof(none)) != 0;
}

void handover_put(const struct handover *h, struct msg *m)
{
	static const struct {
		enum msg_key key;
		size_t at;
	} secrets[] = { { MSG_KEY, offsetof(struct handover, key) },
			{ MSG_SECRET, offsetof(struct handover, secret) },
			{ MSG_NEW_SECRET, offsetof(struct handover, new_secret) } };

	msg_uint(m, MSG_VERSION, PROTOCOL_VERSION);
	msg_str(m, MSG_SESSION, h->session);
	msg_uint(m, MSG_EPOCH, h->epoch);
	msg_str(m, MSG_NODE, h->node);
	msg_str(m, MSG_ORIGIN, h->origin);
	msg_str(m, MSG_PEER_NODE, h->peer_node);
	msg_uint(m, MSG_FLAGS, h->flags);
	msg_uint(m, MSG_STATUS, h->status);
	msg_uint(m, MSG_HOLDS, h->holds);
	msg_uint(m, MSG_SEQ, h->seq);
	msg_uint(m, MSG_PEER_EPOCH, h->peer_epoch);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		const uint8_t *s = (const uint8_t *)h + secrets[i].at;

		if (handover_is_set(s))
			msg_bytes(m, secrets[i].key, s, sizeof(h->key));
	}
	msg_str(m, MSG_COMMAND, h->command);
	msg_str(m, MSG_MISH, h->mish);
	msg_str(m, MSG_WHY, h->why);
	msg_str(m, MSG_STEPS, h->steps);
	if (h->state != NULL)
		msg_bytes(m, MSG_STATE, h->state, h->state_len);
	if (h->parts_len != 0)
		msg_bytes(m, MSG_PARTS, h->parts, h->parts_len);
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

static int get_secret(const struct msg_view *v, enum msg_key key, uint8_t *ret, size_t size)
{
	const uint8_t *s;
	size_t len;
	int r = msg_get_bytes(v, key, &s, &len);

	if (r == -ENOENT)
		return 0;
	if (r < 0 || len != size)
		return -EBADMSG;
	memcpy(ret, s, len);
	return 0;
}

static int optional(int r)
{
	return r == -ENOENT ? 0 : r;
}

int handover_get(const struct msg_view *v, struct handover *ret)
{
	struct handover h = { 0 };
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
	if (r == 0)
		r = optional(msg_get_uint(v, MSG_HOLDS, UINT64_MAX / 2, &h.holds));
	if (r == 0)
		r = optional(msg_get_uint(v, MSG_SEQ, UINT64_MAX / 2, &h.seq));
	if (r == 0)
		r = optional(msg_get_uint(v, MSG_PEER_EPOCH, UINT64_MAX / 2, &h.peer_epoch));
	if (r == 0)
		r = get_secret(v, MSG_KEY, h.key, sizeof(h.key));
	if (r == 0)
		r = get_secret(v, MSG_SECRET, h.secret, sizeof(h.secret));
	if (r == 0)
		r = get_secret(v, MSG_NEW_SECRET, h.new_secret, sizeof(h.new_secret));
	if (r == 0)
		r = optional(msg_get_strdup(v, MSG_COMMAND, &h.command));
	if (r == 0)
		r = get_bytes(v, MSG_PARTS, STATE_MAX, &h.parts, &h.parts_len);
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

int handover_add_part(struct handover *h, const void *sealed, size_t len)
{
	uint8_t *p;

	if (len > STATE_MAX || h->state_len + h->parts_len + 4 + len > STATE_MAX)
		return -EFBIG;
	p = realloc(h->parts, h->parts_len + 4 + len);
	if (p == NULL)
		return -ENOMEM;
	h->parts = p;
	p += h->parts_len;
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(len >> 8 * i);
	memcpy(p + 4, sealed, len);
	h->parts_len += 4 + len;
	return 0;
}

int handover_next_part(const struct handover *h, size_t *off, const uint8_t **ret, size_t *ret_len)
{
	const uint8_t *p;
	size_t left = h->parts_len - *off, len;

	if (left == 0)
		return 0;
	p = h->parts + *off;
	if (left < 4)
		return -EBADMSG;
	len = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
	if (len > left - 4)
		return -EBADMSG;
	*ret = p + 4;
	*ret_len = len;
	*off += 4 + len;
	return 1;
}

int handover_file(void)
{
	int fd = memfd_create("mish-handover", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	return fd < 0 ? -errno : fd;
}

int handover_write_to(const struct handover *h, int fd)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	struct msg m;
	int r;

	msg_init(&m);
	handover_put(h, &m);
	r = msg_done(&m);
	/* `ulimit -f` counts for a memfd too: an error, not a signal */
	sigaction(SIGXFSZ, &ignore, &old);
	if (r == 0 && (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0))
		r = -errno;
	if (r == 0)
		r = io_write_full(fd, m.buf, m.len);
	sigaction(SIGXFSZ, &old, NULL);
	msg_release(&m);
	return r;
}

int handover_write(const struct handover *h)
{
	int fd = handover_file();
	int r = fd < 0 ? fd : handover_write_to(h, fd);

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
	return handover_read_more(fd, ret, MSG_VERSION, NULL, 0);
}

int handover_read_more(int fd, struct handover *ret, enum msg_key key, char *more, size_t size)
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
	if (r == 0 && more != NULL && msg_get_str(&v, key, more, size) < 0)
		more[0] = '\0';
	explicit_bzero(buf, len);
	free(buf);
	return r;
}

int handover_copy(const struct handover *h, struct handover *ret)
{
	struct msg_view v;
	struct msg m;
	int r;

	*ret = (struct handover){ 0 };
	msg_init(&m);
	handover_put(h, &m);
	r = msg_done(&m);
	if (r == 0)
		r = msg_parse(&v, m.buf, m.len);
	if (r == 0)
		r = handover_get(&v, ret);
	msg_release(&m);
	return r;
}
