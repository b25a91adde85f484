#include <config.h>

#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rendezvous/rdv.h"

static const char session[] = "0123456789abcdef";
static const uid_t me = 1000, other = 1001;

static const uint8_t *random_of(unsigned n)
{
	static uint8_t r[16];

	memset(r, 0, sizeof(r));
	memcpy(r, &n, sizeof(n));
	return r;
}

static enum rdv_refusal offer(struct rdv *r, uid_t uid, uint64_t epoch, int64_t now, unsigned n,
			      char *ticket)
{
	return rdv_offer(r, uid, session, epoch, "beta", "state", 5, now, random_of(n), ticket);
}

static void a_state_is_taken_once_and_committed_once(void **state)
{
	struct rdv *r = rdv_new();
	char t[RDV_TICKET_LEN + 1];
	const void *s;
	size_t len;
	uint64_t epoch;

	(void)state;
	assert_int_equal(offer(r, me, 0, 0, 1, t), RDV_OK);
	assert_int_equal(rdv_commit(r, me, t, 0, &epoch), RDV_NO_OFFER);
	assert_int_equal(rdv_take(r, me, t, 1, &s, &len), RDV_OK);
	assert_int_equal(len, 5);
	assert_memory_equal(s, "state", 5);
	assert_int_equal(rdv_take(r, me, t, 1, &s, &len), RDV_NO_OFFER);
	assert_int_equal(rdv_commit(r, me, t, 2, &epoch), RDV_OK);
	assert_int_equal(epoch, 1);
	assert_int_equal(rdv_commit(r, me, t, 2, &epoch), RDV_NO_OFFER);
	rdv_free(r);
}

static void a_stale_epoch_can_do_nothing(void **state)
{
	struct rdv *r = rdv_new();
	char t[RDV_TICKET_LEN + 1];
	const void *s;
	size_t len;
	uint64_t epoch;

	(void)state;
	assert_int_equal(offer(r, me, 3, 0, 1, t), RDV_OK);
	assert_int_equal(rdv_take(r, me, t, 0, &s, &len), RDV_OK);
	assert_int_equal(rdv_commit(r, me, t, 0, &epoch), RDV_OK);
	assert_int_equal(epoch, 4);
	assert_int_equal(offer(r, me, 3, 0, 2, t), RDV_STALE);
	assert_int_equal(rdv_end(r, me, session, 3), RDV_STALE);
	assert_int_equal(rdv_end(r, me, session, 4), RDV_OK);
	assert_int_equal(rdv_end(r, me, session, 4), RDV_NO_SESSION);
	rdv_free(r);
}

static void offers_expire_and_block_until_then(void **state)
{
	struct rdv *r = rdv_new();
	char t[RDV_TICKET_LEN + 1], u[RDV_TICKET_LEN + 1];
	const void *s;
	size_t len;

	(void)state;
	assert_int_equal(offer(r, me, 0, 1000, 1, t), RDV_OK);
	assert_int_equal(offer(r, me, 0, 1001, 2, u), RDV_BUSY);
	assert_int_equal(rdv_take(r, me, t, 1000 + RDV_OFFER_MS, &s, &len), RDV_NO_OFFER);
	assert_int_equal(offer(r, me, 0, 1000 + RDV_OFFER_MS, 3, u), RDV_OK);
	assert_int_equal(rdv_abort(r, me, t), RDV_NO_OFFER);
	assert_int_equal(rdv_abort(r, me, u), RDV_OK);
	assert_int_equal(offer(r, me, 0, 1000 + RDV_OFFER_MS, 4, u), RDV_OK);
	rdv_free(r);
}

static void nobody_touches_another_users_session(void **state)
{
	struct rdv *r = rdv_new();
	char t[RDV_TICKET_LEN + 1], u[RDV_TICKET_LEN + 1];
	const void *s;
	size_t len;

	(void)state;
	assert_int_equal(offer(r, me, 0, 0, 1, t), RDV_OK);
	assert_int_equal(offer(r, other, 9, 0, 2, u), RDV_NOT_YOURS);
	assert_int_equal(rdv_take(r, other, t, 0, &s, &len), RDV_NO_OFFER);
	assert_int_equal(rdv_abort(r, other, t), RDV_NO_OFFER);
	assert_int_equal(rdv_end(r, other, session, 9), RDV_NOT_YOURS);
	rdv_free(r);
}

static void quotas_hold(void **state)
{
	struct rdv *r = rdv_new();
	char t[RDV_TICKET_LEN + 1], id[RDV_ID_LEN + 1];

	(void)state;
	for (unsigned i = 0; i < RDV_MAX_SESSIONS; i++) {
		snprintf(id, sizeof(id), "%016x", i);
		assert_int_equal(rdv_offer(r, me, id, 0, "b", "s", 1, 0, random_of(i), t), RDV_OK);
	}
	assert_int_equal(rdv_offer(r, me, session, 0, "b", "s", 1, 0, random_of(9), t), RDV_QUOTA);
	assert_int_equal(rdv_offer(r, other, session, 0, "b", "s", 1, 0, random_of(9), t), RDV_OK);
	assert_int_equal(rdv_offer(r, me, "short", 0, "b", "s", 1, 0, random_of(9), t),
			 RDV_BAD_REQUEST);
	assert_int_equal(rdv_offer(r, me, session, 0, "b", "s", STATE_MAX + 1u, 0, random_of(9), t),
			 RDV_BAD_REQUEST);
	rdv_free(r);
}

/* In any order of calls a ticket is taken once, committed after that, and epochs only grow. */
static void random_sequences_keep_the_invariants(void **state)
{
	uint32_t seed = 1;
	int commits = 0;

	(void)state;
	for (int run = 0; run < 200; run++) {
		struct rdv *r = rdv_new();
		char tickets[64][RDV_TICKET_LEN + 1] = { "" };
		bool taken[64] = { false };
		uint64_t newest = 0;
		int64_t now = 0;
		unsigned n = 0;

		for (int step = 0; step < 300; step++) {
			unsigned pick = n != 0 ? (seed >> 4) % n : 0;
			uint64_t epoch = 0, before = newest;
			const void *s;
			size_t len;

			seed = seed * 1664525u + 1013904223u;
			now += (seed >> 8) % 5000;
			switch ((seed >> 24) % 4) {
			case 0:
				epoch = (seed >> 16) % (newest + 2);
				if (n < 64 && offer(r, me, epoch, now, (unsigned)step + 1,
						    tickets[n]) == RDV_OK) {
					assert_true(epoch >= newest);
					newest = epoch;
					n++;
				}
				break;
			case 1:
				if (rdv_take(r, me, tickets[pick], now, &s, &len) == RDV_OK) {
					assert_false(taken[pick]);
					taken[pick] = true;
				}
				break;
			case 2:
				if (rdv_commit(r, me, tickets[pick], now, &epoch) == RDV_OK) {
					assert_true(taken[pick]);
					assert_int_equal(epoch, before + 1);
					newest = epoch;
					commits++;
				}
				break;
			default:
				(void)rdv_abort(r, me, tickets[pick]);
				break;
			}
		}
		rdv_free(r);
	}
	assert_true(commits > 200); /* it was not all refused */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_is_taken_once_and_committed_once),
		cmocka_unit_test(a_stale_epoch_can_do_nothing),
		cmocka_unit_test(offers_expire_and_block_until_then),
		cmocka_unit_test(nobody_touches_another_users_session),
		cmocka_unit_test(quotas_hold),
		cmocka_unit_test(random_sequences_keep_the_invariants),
	};

	return cmocka_run_group_tests_name("rdv", tests, NULL, NULL);
}
