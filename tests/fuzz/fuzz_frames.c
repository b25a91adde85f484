#include <config.h>

#include <stdlib.h>

#include "migrate/handover.h"
#include "rendezvous/rdv.h"
#include "tests/fuzz/fuzz.h"
#include "wire/frame.h"

static void walk_parts(const struct sealed *s)
{
	const uint8_t *part;
	size_t off = 0, len;

	while (sealed_next_part(s, &off, &part, &len) == 1)
		;
}

/* A stream of frames: as a peer, a link and a rendezvous would read them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t random[16];
	struct frame_buf in = { 0 }, out = { 0 };
	struct rdv *rdv = rdv_new();
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	int64_t now = 0;

	if (rdv == NULL || frame_buf_add(&in, data, size) < 0)
		abort();
	while (frame_next(&in, FRAME_MAX, &type, &payload, &len, &total) == 1) {
		static const struct record *const records[] = { &departure_record, &errand_record, &hello_record,
								&arrival_record, &kept_record };
		union {
			struct departure departure;
			struct errand_order order;
			struct hello hello;
			struct arrival arrival;
			struct kept kept;
		} u;
		struct msg_view v;

		if (msg_parse(&v, payload, len) == 0) {
			for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
				if (record_get(records[i], &v, &u) == 0) {
					if (records[i] == &kept_record)
						walk_parts(&u.kept.sealed);
					record_release(records[i], &u);
				}
			(void)rdv_serve(rdv, 1000, type, &v, now += 1000, random, &out);
		}
		frame_buf_drop(&in, total);
	}
	frame_buf_release(&in);
	frame_buf_release(&out);
	rdv_free(rdv);
	return 0;
}
