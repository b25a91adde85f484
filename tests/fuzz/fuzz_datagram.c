#include <config.h>

#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/sim/sim.h"

/*
 * What a controller hears: as it comes off the wire, and, sealed with the right key, as a
 * hostile node of the cluster could say it.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sim *s;
	static uint64_t seq;
	struct balance *b;
	uint8_t out[DATAGRAM_MAX];
	struct msg m;
	int n;

	if (s == NULL) {
		s = sim_new(3, 0, 1);
		for (int i = 0; i < 3; i++)
			sim_add_shell(s, 0, 1);
	}
	b = &s->nodes[0].b;
	balance_receive(b, data, size, s->now_ms);
	if (size == 0 || size > DATAGRAM_MAX - DATAGRAM_OVERHEAD)
		return 0;
	/* the first byte chooses a kind; the rest is what comes with it */
	datagram_begin(&m, (enum datagram_kind)(data[0] % 8), "n1", 5000, ++seq);
	if (data[0] < 128) {
		msg_bytes(&m, MSG_TABLE, data + 1, size - 1);
	} else if (!m.failed && m.cap - m.len >= size) {
		memcpy(m.buf + m.len, data + 1, size - 1);
		m.len += size - 1;
		m.n += data[0] % 16;
	}
	n = datagram_seal(&b->share.key, "n0", &m, out);
	if (n > 0)
		balance_receive(b, out, (size_t)n, s->now_ms);
	sim_run(s, 5);
	return 0;
}
