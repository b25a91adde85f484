#ifndef MISH_TESTS_ROW_H
#define MISH_TESTS_ROW_H

#include <stdlib.h>
#include <string.h>

#include "controller/identity.h"
#include "controller/load.h"

/*
 * A row as gossip.c makes it, but of any node and signed by any: what a node that lies can say.
 * `pad`: bytes that no row has; `news`: asks to be passed on at once.
 * Writes it with its length, as in TABLE; returns how much that is.
 */
static inline size_t row_make(const struct identity *by, const char *name, uint64_t boot, uint64_t seq,
			      const struct load *l, size_t pad, bool news, uint8_t *table)
{
	static const uint8_t nothing[1024];
	uint8_t signature[IDENTITY_SIGNATURE];
	struct msg in, m;
	size_t len;

	msg_init(&in);
	msg_str(&in, MSG_NAME, name);
	msg_uint(&in, MSG_BOOT, boot);
	msg_uint(&in, MSG_SEQ, seq);
	load_put(l, &in);
	if (pad != 0)
		msg_bytes(&in, MSG_TEXT, nothing, pad);
	msg_init(&m);
	if (msg_done(&in) < 0 || identity_sign(by, in.buf, in.len, signature) < 0)
		abort();
	msg_bytes(&m, MSG_ROW, in.buf, in.len);
	msg_bytes(&m, MSG_SIGNATURE, signature, sizeof(signature));
	if (news)
		msg_uint(&m, MSG_NEWS, 1);
	if (msg_done(&m) < 0)
		abort();
	len = m.len;
	table[0] = (uint8_t)(len & 0xff);
	table[1] = (uint8_t)(len >> 8);
	memcpy(table + 2, m.buf, len);
	msg_release(&in);
	msg_release(&m);
	return len + 2;
}

#endif
