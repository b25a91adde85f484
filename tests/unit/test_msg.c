#include <config.h>

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/frame.h"
#include "wire/text.h"

static void what_is_put_is_got(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 127, 128, 255, 65536, UINT32_MAX, UINT64_MAX };
	char text[300], buf[300];
	struct msg_view v;
	struct msg m;
	uint64_t n;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		msg_init(&m);
		msg_uint(&m, MSG_EPOCH, numbers[i]);
		msg_str(&m, MSG_NODE, text);
		msg_str(&m, MSG_WHY, NULL);
		assert_int_equal(msg_done(&m), 0);
		assert_int_equal(msg_parse(&v, m.buf, m.len), 0);
		assert_int_equal(msg_get_uint(&v, MSG_EPOCH, UINT64_MAX, &n), 0);
		assert_int_equal(n, numbers[i]);
		assert_int_equal(msg_get_str(&v, MSG_NODE, buf, sizeof(buf)), 0);
		assert_string_equal(buf, text);
		assert_int_equal(msg_get_str(&v, MSG_NODE, buf, 299), -EBADMSG);
		assert_int_equal(msg_get_str(&v, MSG_WHY, buf, sizeof(buf)), -ENOENT);
		assert_int_equal(msg_get_uint(&v, MSG_NODE, 9, &n), -EBADMSG);
		if (numbers[i] != 0)
			assert_int_equal(msg_get_uint(&v, MSG_EPOCH, numbers[i] - 1, &n), -EBADMSG);
		msg_release(&m);
	}
}

static void no_prefix_and_no_flipped_bit_is_read_past_its_end(void **state)
{
	struct msg_view v;
	struct msg m;
	uint64_t n;
	char *s;

	(void)state;
	msg_init(&m);
	msg_uint(&m, MSG_VERSION, 70000);
	msg_str(&m, MSG_NODE, "beta");
	msg_bytes(&m, MSG_STATE, "\1\2\3", 3);
	assert_int_equal(msg_done(&m), 0);
	for (size_t len = 0; len < m.len; len++) {
		uint8_t *copy = malloc(len + 1); /* a sanitizer sees one byte too far */

		memcpy(copy, m.buf, len);
		assert_int_equal(msg_parse(&v, copy, len), -EBADMSG);
		free(copy);
	}
	for (size_t bit = 0; bit < m.len * 8; bit++) {
		uint8_t *copy = malloc(m.len);

		memcpy(copy, m.buf, m.len);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (msg_parse(&v, copy, m.len) == 0) {
			(void)msg_get_uint(&v, MSG_VERSION, UINT64_MAX, &n);
			if (msg_get_strdup(&v, MSG_NODE, &s) == 0)
				free(s);
		}
		free(copy);
	}
	msg_release(&m);
}

static void counts_that_lie_are_refused(void **state)
{
	static const uint8_t lies[][8] = {
		{ 0xdf, 0xff, 0xff, 0xff, 0xff }, { 0xdf, 0, 0, 0, 1, 1, 0xdd, 0xff },
		{ 0x81, 1, 0xc6, 0xff, 0xff, 0xff, 0xff }, { 0x81, 1, 0xdb, 0x7f, 0xff, 0xff, 0xff },
		{ 0x81, 1, 0xc1 },
	};
	struct msg_view v;

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		assert_int_equal(msg_parse(&v, lies[i], sizeof(lies[i])), -EBADMSG);
}

static void unknown_keys_and_kinds_are_skipped(void **state)
{
	/* {200: [1, {2: nil}], 13: "why", 201: -1, 3: 7} */
	static const uint8_t later[] = { 0x84, 0xcc, 200, 0x92, 1, 0x81, 2, 0xc0, 13, 0xa3, 'w', 'h',
					 'y', 0xcc, 201, 0xff, 3, 7 };
	struct msg_view v;
	char buf[8];
	uint64_t n;

	(void)state;
	assert_int_equal(msg_parse(&v, later, sizeof(later)), 0);
	assert_int_equal(msg_get_str(&v, MSG_WHY, buf, sizeof(buf)), 0);
	assert_string_equal(buf, "why");
	assert_int_equal(msg_get_uint(&v, MSG_EPOCH, 10, &n), 0);
	assert_int_equal(n, 7);
}

static void frames_come_out_as_they_went_in_whatever_the_pieces(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < 40; piece++) {
		struct frame_buf out = { 0 }, in = { 0 };
		enum frame_type type;
		const uint8_t *payload;
		size_t len, total, seen = 0;

		assert_int_equal(frame_put(&out, FRAME_DATA, "hello", 5), 0);
		assert_int_equal(frame_put(&out, FRAME_ATTACHED, "", 0), 0);
		assert_int_equal(frame_put(&out, FRAME_DATA, "a much longer payload than that", 31), 0);
		while (out.len != 0) {
			size_t n = out.len < piece ? out.len : piece;

			assert_int_equal(frame_buf_add(&in, frame_buf_at(&out), n), 0);
			frame_buf_drop(&out, n);
			while (frame_next(&in, FRAME_MAX, &type, &payload, &len, &total) == 1) {
				assert_int_equal(type, seen == 1 ? FRAME_ATTACHED : FRAME_DATA);
				assert_int_equal(len, seen == 0 ? 5 : seen == 1 ? 0 : 31);
				seen++;
				frame_buf_drop(&in, total);
			}
		}
		assert_int_equal(seen, 3);
		frame_buf_release(&in);
		frame_buf_release(&out);
	}
}

static void a_frame_over_the_bound_is_an_error_at_its_header(void **state)
{
	struct frame_buf in = { 0 };
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;

	(void)state;
	assert_int_equal(frame_buf_add(&in, "\5\1\1\0\0", 5), 0);
	assert_int_equal(frame_next(&in, 256, &type, &payload, &len, &total), -EBADMSG);
	assert_int_equal(frame_next(&in, 257, &type, &payload, &len, &total), 0);
	frame_buf_release(&in);
	/* all four bytes of the length count */
	assert_int_equal(frame_buf_add(&in, "\5\0\0\0\1", 5), 0);
	assert_int_equal(frame_next(&in, 1 << 23, &type, &payload, &len, &total), -EBADMSG);
	assert_int_equal(frame_next(&in, FRAME_MAX, &type, &payload, &len, &total), 0);
	frame_buf_release(&in);
}

static void texts_from_elsewhere_cannot_steer(void **state)
{
	static const struct {
		const char *in, *out;
	} t[] = {
		{ "plain \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "plain \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "a\x1b]0;x\x07" "b\nc\x7f", "a?]0;x?b?c?" },
		{ "\xc2\x9b" "1m", "??1m" }, /* C1, as UTF-8 and as a byte */
		{ "\x9b" "1m", "?1m" },
		{ "\xc0\x9b\xe0\x80\x9b\xf0\x80\x80\x9b", "?????????" }, /* overlong */
		{ "\xed\xa0\x80", "???" },
		{ "\xf4\x90\x80\x80", "????" },
		{ "cut \xe2\x82", "cut ??" },
		{ "", "" },
	};
	char *line, lines[16];

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char s[64];

		snprintf(s, sizeof(s), "%s", t[i].in);
		assert_int_equal(text_is_clean(s), strcmp(t[i].in, t[i].out) == 0);
		text_clean(s);
		assert_string_equal(s, t[i].out);
		assert_true(text_is_clean(s));
	}
	snprintf(lines, sizeof(lines), "a\x1b\tb\n\x9bz\n");
	text_clean_lines(lines);
	assert_string_equal(lines, "a?\tb\n?z\n");
	line = text_line("first\x1b\r\nsecond");
	assert_string_equal(line, "first?");
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_got),
		cmocka_unit_test(no_prefix_and_no_flipped_bit_is_read_past_its_end),
		cmocka_unit_test(counts_that_lie_are_refused),
		cmocka_unit_test(unknown_keys_and_kinds_are_skipped),
		cmocka_unit_test(frames_come_out_as_they_went_in_whatever_the_pieces),
		cmocka_unit_test(texts_from_elsewhere_cannot_steer),
		cmocka_unit_test(a_frame_over_the_bound_is_an_error_at_its_header),
	};

	return cmocka_run_group_tests_name("msg", tests, NULL, NULL);
}
