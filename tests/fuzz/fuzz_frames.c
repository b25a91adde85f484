#include <config.h>

#include <stdlib.h>

#include "migrate/handover.h"
#include "wire/frame.h"
#include "rendezvous/rdv.h"
#include "tests/fuzz/fuzz.h"

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
		struct handover h;
		struct msg_view v;

		if (msg_parse(&v, payload, len) == 0) {
			const uint8_t *part;
			size_t off = 0, part_len;

			if (handover_get(&v, &h) == 0) {
				while (handover_next_part(&h, &off, &part, &part_len) == 1)
					;
				handover_release(&h);
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
