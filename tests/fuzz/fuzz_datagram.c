#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/sim/sim.h"

/*
 * What a controller hears: as it comes off the wire, and as a hostile node of the site could say
 * it, sealed with its own key.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sim *s;
	static uint64_t seq;
	static uint8_t pair[IDENTITY_KEY];
	static struct identity_public own;
	struct balance *b;
	uint8_t out[DATAGRAM_MAX];
	struct msg m;
	int n;

	if (s == NULL) {
		struct identity_public to;

		s = sim_new(3, 0, 1);
		own = identity_public(&s->nodes[1].identity);
		to = identity_public(&s->nodes[0].identity);
		if (identity_pair(&s->nodes[1].identity, &to, pair) < 0)
			abort();
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
	n = datagram_seal(pair, &own, "n0", &m, out); /* it may be too long */
	if (n > 0)
		balance_receive(b, out, (size_t)n, s->now_ms);
	sim_run(s, 5);
	return 0;
}
