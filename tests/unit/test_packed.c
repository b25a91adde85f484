#include <config.h>

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pty/packed.h"

/* Numbers that nothing makes smaller. */
static void fill(uint8_t *s, size_t n)
{
	uint32_t x = 2463534242u;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		s[i] = (uint8_t)(x >> 11);
	}
}

/* The payload of the one frame that is there. */
static const uint8_t *payload_of(const struct frame_buf *b, size_t *len)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t total;

	assert_int_equal(frame_next((struct frame_buf *)(uintptr_t)b, 1 << 17, &type, &payload, len, &total), 1);
	assert_int_equal(type, FRAME_PACKED);
	assert_int_equal(total, b->len);
	return payload;
}

static void what_is_packed_comes_out_as_it_was(void **state)
{
	static const size_t lengths[] = { 1024, 1025, 4096, 65535, 65536 };
	static uint8_t bytes[PACKED_MAX], back[PACKED_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)"the quick brown fox "[i % 20 ^ (i / 977 % 4)];
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct frame_buf out = { 0 };
		const uint8_t *payload;
		unsigned stream;
		size_t len;

		assert_int_equal(packed_put(&out, 7, bytes, lengths[i]), 1);
		payload = payload_of(&out, &len);
		assert_true(len < lengths[i] / 2);
		assert_int_equal(packed_get(payload, len, &stream, back), lengths[i]);
		assert_int_equal(stream, 7);
		assert_memory_equal(back, bytes, lengths[i]);
		frame_buf_release(&out);
	}
}

static void what_gets_no_smaller_goes_as_it_is(void **state)
{
	static uint8_t noise[PACKED_MAX], text[PACKED_MAX];
	struct frame_buf out = { 0 };

	(void)state;
	fill(noise, sizeof(noise));
	assert_int_equal(packed_put(&out, 1, text, 1023), 0); /* so little is not worth it */
	assert_int_equal(packed_put(&out, 1, noise, sizeof(noise)), 0);
	assert_int_equal(out.len, 0);
}

/* How much of 1 GiB is packed where that takes so long per MiB, and the other end has come so far behind. */
static unsigned part_packed(int64_t us_plain, int64_t us_packed, uint64_t behind)
{
	struct packing p = { 0 };
	uint64_t sent = 0, packed = 0;
	int64_t now = 1000000;

	for (; sent < 1 << 30; sent += PACKED_MAX) {
		bool packs = packed_pays(&p, sent, sent > behind ? sent - behind : 0, now);

		packed += packs ? PACKED_MAX : 0;
		now += (packs ? us_packed : us_plain) * PACKED_MAX / (1 << 20);
	}
	return (unsigned)(packed * 100 / sent);
}

static void what_is_faster_is_done(void **state)
{
	struct packing p = { 0 };

	(void)state;
	for (uint64_t behind = 0; behind <= 1 << 20; behind += 1 << 18) {
		assert_true(part_packed(10000, 3000, behind) > 85); /* a slow network */
		assert_true(part_packed(2000, 3000, behind) < 8); /* a busy processor: but for the trials */
		assert_true(part_packed(2000, 1990, behind) < 8); /* it does not matter */
	}
	for (uint64_t n = 0; n < PACKED_FIRST; n += 4096)
		assert_false(packed_pays(&p, n, n, (int64_t)n)); /* what is little waits for nothing */
	/* nobody says that anything has come */
	for (uint64_t n = 0; n < 1 << 28; n += PACKED_MAX)
		assert_false(packed_pays(&p, n, 0, (int64_t)n));
}

/* From a peer that lies nothing is taken that is not there, and never more than fits. */
static void hostile_ones_are_refused(void **state)
{
	static uint8_t text[PACKED_MAX], back[PACKED_MAX], bad[PACKED_MAX];
	struct frame_buf out = { 0 };
	const uint8_t *payload;
	unsigned stream;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i / 100);
	assert_int_equal(packed_put(&out, 1, text, sizeof(text)), 1);
	payload = payload_of(&out, &len);
	for (size_t n = 0; n < len; n++) { /* cut off */
		long r = packed_get(payload, n, &stream, back);

		assert_true(r == -EBADMSG || (r > 0 && r < (long)sizeof(text)));
	}
	for (size_t at = 2; at < len; at++) /* a byte is another */
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(bad, payload, len);
			bad[at] ^= (uint8_t)(1u << bit);
			assert_true(packed_get(bad, len, &stream, back) <= PACKED_MAX);
		}
	/* a block that would be of 16 MiB */
	memset(bad, 0xff, sizeof(bad));
	memcpy(bad, "\1\0\x1f" "a\1\0", 6);
	assert_int_equal(packed_get(bad, sizeof(bad), &stream, back), -EBADMSG);
	for (int i = 0; i < 2000; i++) {
		uint8_t noise[2000];

		fill(noise, sizeof(noise));
		noise[2 + i % 100] ^= (uint8_t)i;
		assert_true(packed_get(noise, (size_t)i, &stream, back) <= PACKED_MAX);
	}
	frame_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_out_as_it_was),
		cmocka_unit_test(what_gets_no_smaller_goes_as_it_is),
		cmocka_unit_test(what_is_faster_is_done),
		cmocka_unit_test(hostile_ones_are_refused),
	};

	if (!packed_is_here())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
