#ifndef MISH_PTY_PACKED_H
#define MISH_PTY_PACKED_H

#include <stdbool.h>

#include "wire/frame.h"

/*
 * DATA of a placed command, packed (LZ4, the block format of lz4.github.io): where the network is what is slow, text gets through three times as fast. Where
 * it is the processor, to pack costs more than it saves. So both are tried, PACKED_TRIAL bytes each, by how fast the other end says that it has written
 * them (ACK), and again after PACKED_RUN bytes; what is better by an eighth is done. PACKED has the stream's number as DATA has, then the block.
 */
enum { PACKED_MAX = 1 << 16 /* bytes that a PACKED may be of */, PACKED_FIRST = 1 << 20 /* so many go as they are in any case */,
       PACKED_TRIAL = 1 << 23, PACKED_RUN = 1 << 27 };

struct packing { /* of a stream */
	bool packs, tries; /* now; … to see which is better */
	uint64_t from, to; /* bytes of the stream: they count, once those before have come */
	int64_t begun_us;  /* when that was, 0: it was not yet */
	int64_t took_us[2]; /* for PACKED_TRIAL bytes, as they are, and packed */
};

/* Can this program do that? */
bool packed_is_here(void);
/* Is what comes next to be packed, `sent` bytes after the stream's beginning, of which `acked` have come? now_us: on a clock that goes on evenly. */
bool packed_pays(struct packing *p, uint64_t sent, uint64_t acked, int64_t now_us);
/* Appends a PACKED. 1; 0: it would not be smaller; or -errno. */
int packed_put(struct frame_buf *out, unsigned stream, const uint8_t *bytes, size_t len);
/* What a PACKED carries: its length, 1 to PACKED_MAX, or -EBADMSG. */
long packed_get(const uint8_t *payload, size_t len, unsigned *ret_stream, uint8_t ret[PACKED_MAX]);

#endif
