#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pty/spool.h"
#include "tests/fuzz/fuzz.h"

/*
 * A spool whose memory another process writes to. Each step is three bytes: what is done, and with
 * how much. After each one, everything that is said of the rings has to lie in them.
 */
static const off_t counters = SPOOL_OUTPUT; /* filled, typed, sent, acked, alternate: see spool.c */

static void must(bool ok)
{
	if (!ok)
		abort();
}

static size_t size_of(const struct spool *s)
{
	struct stat st;

	must(fstat(s->fd, &st) == 0);
	return (size_t)st.st_size;
}

/* A counter that cannot be, or that just can. */
static void corrupt(struct spool *s, unsigned how, unsigned much)
{
	static const uint64_t near[] = { 0, SPOOL_INPUT, SPOOL_OUTPUT, 1 << 20, UINT64_MAX / 2, UINT64_MAX };
	off_t at = counters + 8 * (how % 5);
	uint64_t v = near[how / 5 % 6] + much - 128;

	if (how >= 200) /* somewhere else */
		at = (off_t)(how * 991 + much * 7) % (off_t)(size_of(s) - 8);
	must(pwrite(s->fd, &v, sizeof(v), at) == sizeof(v));
}

static void walk(struct spool *s, uint64_t from)
{
	const uint8_t *p, *area = (const uint8_t *)s->area;
	size_t n, all = 0;
	unsigned sum = 0;

	while ((n = spool_input_at(s, from, &p)) != 0) {
		must(p >= area && n <= size_of(s) - (size_t)(p - area));
		for (size_t i = 0; i < n; i++)
			sum += p[i];
		from += n;
		all += n;
	}
	must(all <= SPOOL_INPUT && sum <= all * 255);
}

static void check(struct spool *s)
{
	uint8_t tail[512], *copy;
	size_t n;

	must(spool_pending(s) < SPOOL_OUTPUT && spool_room(s) < SPOOL_OUTPUT);
	must(spool_input_room(s) <= SPOOL_INPUT);
	must(spool_last_shown(s, tail, sizeof(tail)) <= sizeof(tail));
	walk(s, spool_acked(s));
	copy = spool_undelivered(s, &n);
	must(n <= SPOOL_INPUT && (copy != NULL || n == 0));
	free(copy);
	copy = spool_unsent(s, &n);
	must(n <= SPOOL_INPUT && (copy != NULL || n == 0));
	free(copy);
	(void)spool_alternate(s);
}

/* The next process goes on with it, if it may. */
static void reopen(struct spool *s)
{
	struct spool next;
	int fd = fcntl(s->fd, F_DUPFD_CLOEXEC, 0);

	must(fd >= 0);
	if (spool_open(&next, fd) < 0) {
		close(fd);
		return;
	}
	spool_close(s);
	*s = next;
}

static void step(struct spool *s, const uint8_t *d, int tty, int keys)
{
	static uint8_t bytes[SPOOL_OUTPUT];
	size_t len = (size_t)d[1] * d[2] * 2;
	long n;

	switch (d[0] % 12) {
	case 0:
	case 1:
		corrupt(s, d[1], d[2]);
		break;
	case 2:
		memcpy(bytes, "\033[?1049h", 8);
		spool_put(s, bytes, len < sizeof(bytes) ? len : sizeof(bytes));
		break;
	case 3:
		(void)spool_show(s, tty, false);
		break;
	case 4:
		n = spool_type(s, keys);
		must(n <= SPOOL_INPUT);
		break;
	case 5:
		spool_add_input(s, bytes, len % SPOOL_INPUT);
		break;
	case 6:
		(void)spool_ack(s, spool_acked(s) + len);
		break;
	case 7:
		spool_sent(s, spool_acked(s) + len);
		break;
	case 8:
		walk(s, spool_typed(s) - len);
		break;
	case 9:
		(void)lseek(s->fd, (off_t)len, SEEK_SET);
		break;
	case 10:
		reopen(s);
		break;
	case 11:
		spool_start_at(s, (uint64_t)d[1] << 20, d[2]);
		break;
	}
	check(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int tty = -1, keys = -1;
	struct spool s;

	if (tty < 0) {
		tty = open("/dev/null", O_WRONLY | O_CLOEXEC);
		keys = open("/dev/zero", O_RDONLY | O_CLOEXEC);
		must(tty >= 0 && keys >= 0);
	}
	must(spool_new(&s, "typed", 5) == 0);
	for (; size >= 3; data += 3, size -= 3)
		step(&s, data, tty, keys);
	spool_close(&s);
	return 0;
}
