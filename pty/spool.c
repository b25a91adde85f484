#include <config.h>

#include "pty/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pty/term.h"

struct spool_area {
	uint8_t output[SPOOL_OUTPUT]; /* first: the file's position is a place in here */
	/* each is stored after the bytes that it counts, so that it never promises too much */
	uint64_t filled; /* output that is in the ring */
	uint64_t typed;	 /* input that is in the ring */
	uint64_t sent;	 /* input that is on its way, or further */
	uint64_t acked;	 /* input that the peer has delivered */
	uint32_t alternate; /* the terminal's alternate screen is on */
	uint32_t layout;    /* LAYOUT, else another version made it */
	uint8_t input[SPOOL_INPUT];
};
enum { LAYOUT = 1 }; /* raised whenever the struct changes, or what a member means */

static void publish(uint64_t *p, uint64_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

/*
 * Who has the descriptor can write anything here, at any time: a function reads a counter once, and
 * input that cannot be, more than the ring holds, is none. What nobody typed is never delivered.
 */
static uint64_t counter(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static size_t input_between(uint64_t from, uint64_t to)
{
	return to - from <= SPOOL_INPUT ? (size_t)(to - from) : 0;
}

static int map(struct spool *s, int fd)
{
	void *p = mmap(NULL, sizeof(struct spool_area), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		return -errno;
	s->fd = fd;
	s->area = p;
	return 0;
}

/* ftruncate(2) of a memfd. `ulimit -f` limits that, too: an error is wanted, not SIGXFSZ. */
static int set_size(int fd, size_t size)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	int r;

	sigaction(SIGXFSZ, &ignore, &old);
	r = ftruncate(fd, (off_t)size) < 0 ? -errno : 0;
	sigaction(SIGXFSZ, &old, NULL);
	return r;
}

int spool_new(struct spool *s, const void *input, size_t len)
{
	int fd, r = 0;

	*s = (struct spool){ .fd = -1 };
	if (len > SPOOL_INPUT)
		return -EFBIG;
	fd = memfd_create("mish-spool", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	r = set_size(fd, sizeof(struct spool_area));
	/* nobody can cut it short under our mapping */
	if (r == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		r = -errno;
	if (r == 0)
		r = map(s, fd);
	if (r < 0) {
		close(fd);
		return r;
	}
	s->area->layout = LAYOUT;
	spool_add_input(s, input, len);
	return 0;
}

/* Fewer than SPOOL_OUTPUT bytes wait, so the file's position says which they are. */
static uint64_t shown_at(const struct spool *s, off_t pos)
{
	uint64_t filled = spool_filled(s);

	return filled - ((filled - (uint64_t)pos) & (SPOOL_OUTPUT - 1));
}

int spool_open(struct spool *s, int fd)
{
	off_t pos = lseek(fd, 0, SEEK_CUR);
	int seals = fcntl(fd, F_GET_SEALS), r;
	struct stat st;

	*s = (struct spool){ .fd = -1 };
	if (fstat(fd, &st) < 0 || st.st_size != (off_t)sizeof(struct spool_area))
		return -EPROTO;
	if (pos < 0 || pos > SPOOL_OUTPUT || seals < 0 || (seals & F_SEAL_SHRINK) == 0)
		return -EBADF;
	r = map(s, fd);
	if (r < 0)
		return r;
	if (s->area->layout != LAYOUT) {
		munmap(s->area, sizeof(*s->area));
		*s = (struct spool){ .fd = -1 };
		return -EPROTO;
	}
	s->shown = shown_at(s, pos);
	return 0;
}

void spool_close(struct spool *s)
{
	if (s->area != NULL)
		munmap(s->area, sizeof(*s->area));
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct spool){ .fd = -1 };
}

void spool_start_at(struct spool *s, uint64_t output, uint64_t input)
{
	publish(&s->area->filled, output);
	publish(&s->area->acked, input);
	publish(&s->area->sent, input);
	publish(&s->area->typed, input);
	s->shown = output;
	lseek(s->fd, (off_t)(output & (SPOOL_OUTPUT - 1)), SEEK_SET);
}

/* ---- output ---- */

uint64_t spool_filled(const struct spool *s)
{
	return counter(&s->area->filled);
}

size_t spool_room(const struct spool *s)
{
	return SPOOL_OUTPUT - 1 - spool_pending(s);
}

void spool_put(struct spool *s, const uint8_t *bytes, size_t len)
{
	uint64_t filled = spool_filled(s);
	size_t at = filled & (SPOOL_OUTPUT - 1), first = SPOOL_OUTPUT - at, room = spool_room(s);

	if (len > room) /* the counter was another when the caller asked */
		len = room;
	if (first > len)
		first = len;
	memcpy(s->area->output + at, bytes, first);
	memcpy(s->area->output, bytes + first, len - first);
	publish(&s->area->filled, filled + len);
}

/* Looks for `ESC [ ? 1049 h`, its older forms and their ends, in one piece of output. */
static void watch_piece(struct spool *s, const uint8_t *p, size_t len)
{
	static const char *const names[] = { "1049", "1047", "47" };

	for (const uint8_t *e = p; len != 0 && (e = memchr(p, 033, len)) != NULL;) {
		len -= (size_t)(e - p);
		p = e;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			size_t n = strlen(names[i]);

			if (len >= n + 4 && p[1] == '[' && p[2] == '?' &&
			    memcmp(p + 3, names[i], n) == 0 && (p[n + 3] == 'h' || p[n + 3] == 'l'))
				s->area->alternate = p[n + 3] == 'h';
		}
		p++;
		len--;
	}
}

enum { SEQUENCE_MAX = 8 };

/* Looks at the `len` bytes that were shown last, and at a sequence that began before them. */
static void watch_screen(struct spool *s, size_t len)
{
	uint8_t seam[2 * SEQUENCE_MAX];
	size_t at = (s->shown - len) & (SPOOL_OUTPUT - 1);
	size_t n = len < SEQUENCE_MAX ? len : SEQUENCE_MAX, before = SEQUENCE_MAX;

	if (s->shown - len < before)
		before = (size_t)(s->shown - len);
	for (size_t i = 0; i < before + n; i++)
		seam[i] = s->area->output[(s->shown - len - before + i) & (SPOOL_OUTPUT - 1)];
	watch_piece(s, seam, before + n);
	watch_piece(s, s->area->output + at, len);
}

/*
 * sendfile() fetches all that it is asked for before it learns how much the terminal takes,
 * which is 8 to 14 KiB of a pty's 4-KiB pages.
 */
enum { SHOW_MAX = 1 << 14 };

static int show(struct spool *s, int tty)
{
	size_t n;

	while ((n = spool_pending(s)) != 0) {
		size_t at = s->shown & (SPOOL_OUTPUT - 1);
		ssize_t r;

		if (n > SPOOL_OUTPUT - at)
			n = SPOOL_OUTPUT - at;
		if (n > SHOW_MAX)
			n = SHOW_MAX;
		if (at == 0)
			lseek(s->fd, 0, SEEK_SET); /* it may stand at the ring's end */
		r = sendfile(tty, s->fd, NULL, n);
		if (r < 0 && (errno == EINVAL || errno == ENOSYS)) { /* not into this terminal */
			r = write(tty, s->area->output + at, n);
			if (r > 0)
				lseek(s->fd, (off_t)at + r, SEEK_SET);
		}
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r < 0 ? -errno : -EIO;
		s->shown += (uint64_t)r;
		watch_screen(s, (size_t)r);
		if ((size_t)r < n)
			return -EAGAIN;
	}
	return 0;
}

int spool_show(struct spool *s, int tty, bool shared)
{
	int r;

	if (shared)
		term_post(tty, false);
	r = show(s, tty);
	if (shared)
		term_post(tty, true);
	return r;
}

size_t spool_last_shown(const struct spool *s, uint8_t *buf, size_t max)
{
	off_t pos = s->fd >= 0 ? lseek(s->fd, 0, SEEK_CUR) : -1;
	/* another process may have shown it: s->shown is out of date then */
	uint64_t shown = pos >= 0 ? shown_at(s, pos) : 0;
	size_t n = shown < max ? (size_t)shown : max;

	for (size_t i = 0; i < n; i++)
		buf[i] = s->area->output[(shown - n + i) & (SPOOL_OUTPUT - 1)];
	return n;
}

bool spool_alternate(const struct spool *s)
{
	return s->area->alternate != 0;
}

/* ---- input ---- */

uint64_t spool_typed(const struct spool *s)
{
	return counter(&s->area->typed);
}

uint64_t spool_acked(const struct spool *s)
{
	return counter(&s->area->acked);
}

size_t spool_input_room(const struct spool *s)
{
	return SPOOL_INPUT - input_between(spool_acked(s), spool_typed(s));
}

long spool_type(struct spool *s, int tty)
{
	uint64_t typed = spool_typed(s);
	size_t at = typed & (SPOOL_INPUT - 1), room = spool_input_room(s);
	ssize_t n;

	if (room == 0) /* read() would say that the terminal has ended */
		return -EAGAIN;
	if (room > SPOOL_INPUT - at)
		room = SPOOL_INPUT - at;
	n = read(tty, s->area->input + at, room);
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	publish(&s->area->typed, typed + (uint64_t)n);
	return n;
}

void spool_last_typed(const struct spool *s, uint8_t *ret, size_t len)
{
	for (size_t i = 0; i < len; i++)
		ret[i] = s->area->input[(s->area->typed - len + i) & (SPOOL_INPUT - 1)];
}

void spool_untype(struct spool *s, size_t len)
{
	publish(&s->area->typed, s->area->typed - len);
}

void spool_add_input(struct spool *s, const uint8_t *bytes, size_t len)
{
	uint64_t typed = spool_typed(s);
	size_t room = spool_input_room(s);

	if (len > room)
		len = room;
	for (size_t i = 0; i < len; i++)
		s->area->input[(typed + i) & (SPOOL_INPUT - 1)] = bytes[i];
	publish(&s->area->typed, typed + len);
}

size_t spool_input_at(const struct spool *s, uint64_t from, const uint8_t **ret)
{
	size_t at = from & (SPOOL_INPUT - 1), n = input_between(from, spool_typed(s));

	*ret = s->area->input + at;
	return n < SPOOL_INPUT - at ? n : SPOOL_INPUT - at;
}

bool spool_ack(struct spool *s, uint64_t acked)
{
	if (acked > spool_typed(s))
		return false;
	if (acked > spool_acked(s)) /* else it was said before, to another link */
		publish(&s->area->acked, acked);
	return true;
}

static uint8_t *copy_from(const struct spool *s, uint64_t from, size_t *ret_len)
{
	size_t len = input_between(from, spool_typed(s));
	uint8_t *copy = len != 0 ? malloc(len) : NULL;

	for (size_t i = 0; copy != NULL && i < len; i++)
		copy[i] = s->area->input[(from + i) & (SPOOL_INPUT - 1)];
	*ret_len = copy != NULL ? len : 0;
	return copy;
}

uint8_t *spool_undelivered(const struct spool *s, size_t *ret_len)
{
	return copy_from(s, spool_acked(s), ret_len);
}

uint8_t *spool_typed_since(const struct spool *s, uint64_t from, size_t *ret_len)
{
	return copy_from(s, from, ret_len);
}

uint8_t *spool_unsent(const struct spool *s, size_t *ret_len)
{
	return copy_from(s, counter(&s->area->sent), ret_len);
}

void spool_sent(struct spool *s, uint64_t sent)
{
	publish(&s->area->sent, sent);
}
