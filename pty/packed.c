#include <config.h>

#include "pty/packed.h"

#include <errno.h>
#include <limits.h>
#ifdef HAVE_LZ4
#include <lz4.h>
#endif

enum { LEAST = 1 << 10 /* bytes that are worth it */ };

static void begin(struct packing *p, bool packs, bool tries, uint64_t sent)
{
	p->packs = packs;
	p->tries = tries;
	p->from = sent;
	p->to = sent + (tries ? PACKED_TRIAL : PACKED_RUN);
	p->begun_us = 0;
}

bool packed_pays(struct packing *p, uint64_t sent, uint64_t acked, int64_t now_us)
{
	if (sent < PACKED_FIRST)
		return false;
	if (p->to == 0)
		begin(p, false, true, sent);
	if (p->begun_us == 0 && acked >= p->from) {
		p->begun_us = now_us;
		p->from = acked;
	}
	if (acked < p->to || p->begun_us == 0)
		return p->packs;
	if (p->tries)
		p->took_us[p->packs] = (now_us - p->begun_us) * PACKED_TRIAL / (int64_t)(acked - p->from + 1);
	if (p->tries && !p->packs) /* the other one */
		begin(p, true, true, sent);
	else if (p->tries)
		begin(p, p->took_us[true] < p->took_us[false] - p->took_us[false] / 8, false, sent);
	else
		begin(p, false, true, sent);
	return p->packs;
}

#ifdef HAVE_LZ4
bool packed_is_here(void)
{
	return true;
}

int packed_put(struct frame_buf *out, unsigned stream, const uint8_t *bytes, size_t len)
{
	char block[LZ4_COMPRESSBOUND(PACKED_MAX)];
	int n, r;

	if (len < LEAST || len > PACKED_MAX)
		return 0;
	n = LZ4_compress_default((const char *)bytes, block, (int)len, sizeof(block));
	if (n <= 0 || (size_t)n > len - len / 8)
		return 0;
	r = frame_put_stream(out, FRAME_PACKED, stream, block, (size_t)n);
	return r < 0 ? r : 1;
}

long packed_get(const uint8_t *payload, size_t len, unsigned *ret_stream, uint8_t ret[PACKED_MAX])
{
	const uint8_t *block;
	size_t n;
	int r;

	if (frame_get_data(payload, len, ret_stream, &block, &n) < 0 || n > INT_MAX)
		return -EBADMSG;
	r = LZ4_decompress_safe((const char *)block, (char *)ret, (int)n, PACKED_MAX);
	return r > 0 ? r : -EBADMSG;
}
#else
bool packed_is_here(void)
{
	return false;
}

int packed_put(struct frame_buf *out, unsigned stream, const uint8_t *bytes, size_t len)
{
	(void)out, (void)stream, (void)bytes, (void)len;
	return 0;
}

long packed_get(const uint8_t *payload, size_t len, unsigned *ret_stream, uint8_t ret[PACKED_MAX])
{
	(void)payload, (void)len, (void)ret_stream, (void)ret;
	return -EBADMSG;
}
#endif
