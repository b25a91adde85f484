#include <config.h>

#include "controller/load.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

/* Do two figures differ by an absolute step, which matters for small ones, and by a relative one? */
static bool steps(double a, double b, double least, double part)
{
	double d = fabs(a - b);

	return d > least && d > part * fmax(a, b);
}

bool load_differs(const struct load *a, const struct load *b)
{
	return a->flags != b->flags || steps(load_queue(a), load_queue(b), 0.3, 0.15) ||
	       steps((double)a->cpus, (double)b->cpus, 0.01, 0.05) ||
	       steps((double)a->speed, (double)b->speed, 0.01, 0.05) ||
	       steps((double)a->memory_free, (double)b->memory_free, 65536, 0.2);
}

void load_bound(struct load *l, const struct load_bounds *b)
{
	if (b->cpus > 0 && (double)l->cpus > b->cpus)
		l->cpus = (float)b->cpus;
	if (b->speed > 0 && (double)l->speed > b->speed)
		l->speed = (float)b->speed;
	if (b->memory != 0 && l->memory_total > b->memory)
		l->memory_total = b->memory;
	if (b->memory != 0 && l->memory_free > b->memory)
		l->memory_free = b->memory;
}

enum { EXPECTED_ZERO = 1000000 }; /* added to `expected`, since numbers travel unsigned */

/* The fields that travel as thousandths, and the largest value that is believed. */
static const struct {
	enum msg_key key;
	size_t offset;
	uint64_t max;
} milli[] = {
	{ MSG_QUEUE, offsetof(struct load, queue), 100000000 },
	{ MSG_CPUS, offsetof(struct load, cpus), 100000000 },
	{ MSG_SPEED, offsetof(struct load, speed), 1000000 },
	{ MSG_UTILISATION, offsetof(struct load, utilisation), 1000 },
	{ MSG_PSI_CPU, offsetof(struct load, psi_cpu), 100000 },
	{ MSG_PSI_MEMORY, offsetof(struct load, psi_memory), 100000 },
	{ MSG_PSI_IO, offsetof(struct load, psi_io), 100000 },
};

static double field(const struct load *l, size_t i)
{
	float v;

	memcpy(&v, (const char *)l + milli[i].offset, sizeof(v));
	return (double)v;
}

static void set_field(struct load *l, size_t i, float v)
{
	memcpy((char *)l + milli[i].offset, &v, sizeof(v));
}

uint64_t load_milli(double v, uint64_t max)
{
	double x = v * 1000 + 0.5;

	return !(x > 0) ? 0 : x >= (double)max ? max : (uint64_t)x; /* NaN: 0 */
}

void load_put(const struct load *l, struct msg *m)
{
	for (size_t i = 0; i < sizeof(milli) / sizeof(milli[0]); i++)
		msg_uint(m, milli[i].key, load_milli(field(l, i), milli[i].max));
	if ((double)l->expected < -0.0005 || (double)l->expected > 0.0005)
		msg_uint(m, MSG_EXPECTED,
			 load_milli((double)l->expected + EXPECTED_ZERO / 1000, 2 * EXPECTED_ZERO));
	msg_uint(m, MSG_MEMORY_TOTAL, l->memory_total);
	msg_uint(m, MSG_MEMORY_FREE, l->memory_free);
	msg_uint(m, MSG_SESSIONS, l->sessions);
	if (l->flags != 0)
		msg_uint(m, MSG_LOAD_FLAGS, l->flags);
}

static int get(const struct msg_view *v, enum msg_key key, uint64_t max, uint64_t *ret)
{
	int r = msg_get_uint(v, key, max, ret);

	return r == -ENOENT ? 0 : r;
}

int load_get(const struct msg_view *v, struct load *ret)
{
	struct load l = { 0 };
	uint64_t n, expected = EXPECTED_ZERO, sessions = 0, flags = 0;
	int r = 0;

	for (size_t i = 0; i < sizeof(milli) / sizeof(milli[0]) && r == 0; i++) {
		n = 0;
		r = get(v, milli[i].key, milli[i].max, &n);
		set_field(&l, i, (float)n / 1000);
	}
	if (r < 0 || (r = get(v, MSG_EXPECTED, 2 * EXPECTED_ZERO, &expected)) < 0 ||
	    (r = get(v, MSG_MEMORY_TOTAL, UINT64_MAX >> 1, &l.memory_total)) < 0 ||
	    (r = get(v, MSG_MEMORY_FREE, UINT64_MAX >> 1, &l.memory_free)) < 0 ||
	    (r = get(v, MSG_SESSIONS, UINT32_MAX, &sessions)) < 0 ||
	    (r = get(v, MSG_LOAD_FLAGS, UINT32_MAX, &flags)) < 0)
		return r;
	l.expected = (float)((double)expected - EXPECTED_ZERO) / 1000;
	l.sessions = (uint32_t)sessions;
	l.flags = (uint32_t)flags;
	*ret = l;
	return 0;
}
