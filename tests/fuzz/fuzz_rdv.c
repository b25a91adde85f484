#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rendezvous/rdv.h"
#include "tests/fuzz/fuzz.h"

/*
 * Each pair of bytes is a request to a rendezvous, with few sessions, tickets and epochs, so
 * that they meet. What must hold afterwards: a state is taken once, an epoch never goes
 * back and never belongs to two.
 */
enum { SESSIONS = 2, TICKETS = 4 };

static const char *const names[SESSIONS] = { "0123456789abcdef", "fedcba9876543210" };

static uint64_t epoch_of(const struct rdv *r, const char *session)
{
	struct rdv_info info;

	for (size_t i = 0; rdv_at(r, i, &info); i++)
		if (strcmp(info.session, session) == 0)
			return info.epoch;
	return 0;
}

static void must(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char tickets[TICKETS][RDV_TICKET_LEN + 1] = { "" };
	bool taken[TICKETS] = { false };
	struct rdv *r = rdv_new();
	uint8_t random[16] = { 0 };
	const void *state;
	size_t len;
	int64_t now = 0;
	uint32_t offers = 0;

	must(r != NULL);
	for (size_t i = 0; i + 1 < size; i += 2) {
		const char *s = names[data[i] >> 4 & 1];
		unsigned t = data[i] >> 5 & 3, uid = 1000 + (data[i] >> 7);
		uint64_t before = epoch_of(r, s), epoch = data[i + 1] >> 3, got = 0;
		enum rdv_refusal refusal;

		now += data[i + 1] & 7 ? 1 : RDV_OFFER_MS / 2;
		switch (data[i] & 7) {
		case 0:
		case 1:
			offers++; /* no two tickets alike */
			memcpy(random, &offers, sizeof(offers));
			if (rdv_offer(r, uid, s, epoch, "beta", data, i % 64, now, random, tickets[t]) == RDV_OK) {
				must(epoch >= before);
				taken[t] = false;
			}
			break;
		case 2:
			refusal = rdv_take(r, uid, tickets[t], now, &state, &len);
			must(refusal != RDV_OK || !taken[t]);
			taken[t] |= refusal == RDV_OK;
			break;
		case 3:
			if (rdv_commit(r, uid, tickets[t], now, &got) == RDV_OK) {
				must(taken[t] && got != 0);
				tickets[t][0] = '\0';
			}
			break;
		case 4:
			(void)rdv_abort(r, uid, tickets[t]);
			break;
		default:
			must(rdv_end(r, uid, s, epoch) != RDV_OK || epoch >= before);
			break;
		}
	}
	rdv_free(r);
	return 0;
}
