#include <config.h>

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controller/nowcast.h"
#include "controller/policies.h"
#include "tests/row.h"
#include "tests/sim/sim.h"

static size_t shells_on(const struct sim *s, size_t node)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_shells; i++)
		n += s->shells[i].node == node && s->shells[i].arrives_ms == 0;
	return n;
}

static void a_load_meets_the_others_and_then_stays(void **state)
{
	struct sim *s = sim_new(4, 0, 1);
	uint64_t before;

	(void)state;
	for (int i = 0; i < 8; i++)
		sim_add_shell(s, 0, 1);
	sim_run(s, 120000);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(shells_on(s, i), 2);
	assert_int_equal(s->moves, 6);
	before = s->moves;
	sim_run(s, 600000);
	assert_true(s->moves - before <= 1);
	assert_int_equal(s->quick_moves, 0);
	sim_free(s);
}

/*
 * People who compute a little all the time, all from one node, on nodes of unequal CPUs: their
 * queues are seen once a second, and go up and down.
 */
static void people_who_work_steadily_come_to_rest(void **state)
{
	static const double cpus[] = { 0.2, 0.2, 0.4, 0.8 };
	static const struct {
		double burst;
		int64_t think_ms;
	} work[] = { { 0.12, 1000 }, { 0.5, 4000 }, { 1, 8000 } };
	uint64_t all = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++) {
		struct sim *s = sim_new(4, 0, seed);
		uint64_t before;

		for (size_t i = 0; i < 4; i++)
			s->nodes[i].cpus = cpus[i];
		for (int i = 0; i < 6; i++)
			sim_add_person(s, 0, work[seed % 3].burst, work[seed % 3].think_ms);
		sim_run(s, 60000);
		assert_true(shells_on(s, 0) + shells_on(s, 1) <= 1);
		sim_run(s, 120000);
		before = s->moves;
		sim_run(s, 600000);
		assert_in_range(s->moves - before, 0, 1); /* without the wait for it: 12 to 23 */
		all += s->moves - before;
		sim_free(s);
	}
	assert_in_range(all, 0, 3);
}

static void speeds_count(void **state)
{
	struct sim *s = sim_new(3, 0, 2);

	(void)state;
	s->nodes[2].speed = 4;
	for (int i = 0; i < 6; i++)
		sim_add_shell(s, 0, 1);
	sim_run(s, 300000);
	assert_true(shells_on(s, 2) >= 4);
	assert_true(shells_on(s, 0) + shells_on(s, 1) >= 1);
	sim_free(s);
}

static void ten_loaded_nodes_send_one_at_a_time_to_the_light_one(void **state)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct sim *s = sim_new(11, 0, seed);

		(void)state;
		s->move_ms = 900;
		for (size_t i = 0; i < 30; i++)
			sim_add_shell(s, i % 10, 1);
		sim_run(s, 60000);
		assert_int_equal(s->nodes[10].arriving_max, 1);
		assert_true(shells_on(s, 10) >= 2);
		assert_true(shells_on(s, 10) <= 4); /* nobody overshoots */
		sim_free(s);
	}
}

static void a_drained_node_empties_and_gets_nothing(void **state)
{
	struct sim *s = sim_new(3, 0, 3);

	(void)state;
	for (int i = 0; i < 50; i++)
		sim_add_shell(s, 0, 0.01);
	sim_run(s, 5000);
	s->nodes[0].b.share.draining = true;
	sim_run(s, 10000);
	assert_int_equal(shells_on(s, 0), 0);
	assert_true(shells_on(s, 1) >= 15);
	assert_true(shells_on(s, 2) >= 15);
	for (size_t i = 1; i < 3; i++)
		s->nodes[i].base = 6; /* loaded: it would be a good target */
	sim_run(s, 120000);
	assert_int_equal(shells_on(s, 0), 0);
	assert_int_equal(s->bad_moves, 0);
	sim_free(s);
}

/* As a scheduler says it: the node itself hears it like the others, which need not hear it from that. */
static void a_node_that_the_list_drains_empties_and_gets_nothing(void **state)
{
	struct sim *s = sim_new(3, 0, 3);

	(void)state;
	for (int i = 0; i < 6; i++)
		sim_add_shell(s, 0, 0.01);
	sim_run(s, 5000);
	view_find(&s->nodes[1].b.share.view, "n2")->drain = true;
	for (size_t i = 0; i < 2; i++)
		view_find(&s->nodes[i].b.share.view, "n0")->drain = true;
	view_find(&s->nodes[0].b.share.view, "n2")->drain = true;
	sim_run(s, 20000);
	assert_int_equal(shells_on(s, 0), 0);
	assert_int_equal(shells_on(s, 2), 0);
	assert_string_equal(share_refusal(&s->nodes[0].b.share, "u", NULL, true), "this node is draining");
	assert_null(share_refusal(&s->nodes[1].b.share, "u", NULL, true));
	s->nodes[1].base = 6;
	sim_run(s, 120000);
	assert_int_equal(shells_on(s, 1), 6); /* nowhere to go, by its list */
	view_find(&s->nodes[1].b.share.view, "n2")->drain = false;
	sim_run(s, 120000);
	assert_true(shells_on(s, 2) > 0);
	sim_free(s);
}

static void guests_leave_when_the_owner_comes(void **state)
{
	struct sim *s = sim_new(3, 0, 4);

	(void)state;
	for (int i = 0; i < 8; i++)
		sim_add_shell(s, 0, 1);
	sim_run(s, 120000);
	assert_true(shells_on(s, 1) >= 2);
	sim_add_shell(s, 1, 0); /* at home there */
	s->nodes[1].b.share.owner_here = true;
	sim_run(s, 15000);
	assert_int_equal(shells_on(s, 1), 1);
	sim_free(s);
}

static void a_shell_that_waits_for_its_release_is_not_sent_again(void **state)
{
	struct sim *s = sim_new(3, 0, 10);

	(void)state;
	s->linger_ms = 3000;
	s->nodes[0].base = 9;
	for (int i = 0; i < 3; i++)
		sim_add_shell(s, 0, 0.5);
	sim_run(s, 30000);
	assert_int_equal(shells_on(s, 0), 0);
	assert_int_equal(s->moves, 3);
	assert_int_equal(s->nodes[0].b.share.counts.moves_out, 3);
	assert_int_equal(s->nodes[1].b.share.counts.moves_in + s->nodes[2].b.share.counts.moves_in, 3);
	sim_free(s);
}

static void no_pair_stays_locked(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct sim *s = sim_new(5, 0, seed);

		s->loss = 0.2;
		s->repeat = 0.2;
		s->fails = 0.2;
		s->delay_ms = 400;
		for (size_t i = 0; i < 5; i++)
			s->nodes[i].b.share.conf.residence_ms = 3000;
		for (int i = 0; i < 20; i++)
			sim_add_shell(s, (size_t)i % 2, 1);
		for (int i = 0; i < 60; i++) {
			size_t victim = (size_t)(sim_chance(s) * 5);
			struct sim_node *n = &s->nodes[victim];

			switch ((int)(sim_chance(s) * 5)) {
			case 0:
				n->paused = true;
				break;
			case 1:
				n->cut = true;
				break;
			case 2:
				sim_restart(s, victim, n->b.share.boot + (sim_chance(s) < 0.5 ? 1 : -(uint64_t)1));
				break;
			case 3:
				n->base = sim_chance(s) * 8;
				break;
			default:
				break;
			}
			sim_run(s, (int64_t)(sim_chance(s) * 3000));
			n->paused = n->cut = false;
		}
		for (size_t i = 0; i < 5; i++)
			s->nodes[i].b.share.conf.policy = &policy_none; /* what is under way ends */
		sim_run(s, 40000);
		assert_int_equal(sim_exchanges(s), 0);
		for (size_t i = 0; i < s->n_shells; i++) {
			assert_int_equal(s->shells[i].arrives_ms, 0);
			assert_false(s->shells[i].c.leaving);
		}
		sim_free(s);
	}
}

static void a_restart_with_an_older_clock_is_believed_after_a_challenge(void **state)
{
	struct sim *s = sim_new(2, 0, 5);

	(void)state;
	sim_run(s, 10000);
	sim_restart(s, 1, 1); /* before the first run */
	s->nodes[1].base = 5;
	sim_run(s, 12000);
	assert_true(view_find(&s->nodes[0].b.share.view, "n1")->load.queue > 3);
	assert_int_equal(view_find(&s->nodes[0].b.share.view, "n1")->from_boot, 1);
	sim_free(s);
}

static void replays_and_forgeries_are_dropped(void **state)
{
	struct sim *s = sim_new(3, 0, 6);
	struct balance *b = &s->nodes[0].b, *other = &s->nodes[1].b;
	uint8_t out[DATAGRAM_MAX];
	uint64_t dropped, in, others;
	struct msg m;
	size_t n;

	(void)state;
	sim_run(s, 3000);
	datagram_begin(&m, DATAGRAM_STATE, "n1", other->share.boot, other->share.seq + 10);
	n = sim_seal(s, 1, 0, &m, out);
	in = b->share.counts.datagrams_in;
	dropped = b->share.counts.dropped;
	balance_receive(b, out, n, 0);
	assert_int_equal(b->share.counts.datagrams_in, in + 1);
	balance_receive(b, out, n, 0); /* again */
	others = other->share.counts.datagrams_in;
	balance_receive(other, out, n, 0); /* to another */
	assert_int_equal(other->share.counts.datagrams_in, others);
	assert_int_equal(b->share.counts.dropped, dropped + 1);
	assert_int_equal(b->share.counts.datagrams_in, in + 1);
	for (size_t i = 0; i < n; i++) { /* one bit elsewhere */
		out[i] ^= 1;
		balance_receive(b, out, n, 0);
		out[i] ^= 1;
		balance_receive(b, out, i, 0);
	}
	assert_int_equal(b->share.counts.datagrams_in, in + 1);
	datagram_begin(&m, DATAGRAM_STATE, "stranger", 1, 1);
	n = sim_seal(s, 1, 0, &m, out);
	balance_receive(b, out, n, 0);
	assert_int_equal(b->share.counts.datagrams_in, in + 1);
	sim_free(s);
}

/* n1 says that row to n0, as itself. */
static void say_row(struct sim *s, const uint8_t *table, size_t len)
{
	struct balance *from = &s->nodes[1].b;
	uint8_t out[DATAGRAM_MAX];
	struct msg m;

	datagram_begin(&m, DATAGRAM_STATE, "n1", from->share.boot, ++from->share.seq);
	msg_bytes(&m, MSG_TABLE, table, len);
	balance_receive(&s->nodes[0].b, out, sim_seal(s, 1, 0, &m, out), s->now_ms);
}

/* A node of the site that lies: it is believed about itself, within what the list says, and about nobody else. */
static void a_node_speaks_for_itself_only(void **state)
{
	struct sim *s = sim_new(4, 0, 6);
	struct view *v = &s->nodes[0].b.share.view;
	struct view_node *n1, *n2;
	const struct load big = { .cpus = 64, .speed = 100, .memory_total = 1 << 30, .memory_free = 1 << 30 };
	const struct load slow = { .queue = 50, .cpus = 1, .speed = 1 };
	uint8_t table[1000];
	struct load before;

	(void)state;
	sim_run(s, 3000);
	n1 = view_find(v, "n1");
	n2 = view_find(v, "n2");
	/* of itself, but bounded */
	n1->bounds = (struct load_bounds){ .cpus = 4, .speed = 2, .memory = 1 << 20 };
	say_row(s, table, row_make(&s->nodes[1].identity, "n1", n1->boot, n1->seq + 1, &big, 0, false, table));
	assert_true(n1->load.cpus == 4 && n1->load.speed == 2);
	assert_int_equal(n1->load.memory_free, 1 << 20);
	assert_int_equal(n1->load.memory_total, 1 << 20);
	/* of another: as it says so itself, and not otherwise */
	before = n2->load;
	say_row(s, table, row_make(&s->nodes[1].identity, "n2", n2->boot, n2->seq + 1, &slow, 0, false, table));
	assert_memory_equal(&n2->load, &before, sizeof(before));
	say_row(s, table, row_make(&s->nodes[3].identity, "n2", n2->boot, n2->seq + 1, &slow, 0, false, table));
	assert_memory_equal(&n2->load, &before, sizeof(before));
	for (size_t i = 0, len; i < 200; i++) { /* changed on its way: any byte of it */
		uint64_t seq = n2->seq;

		len = row_make(&s->nodes[2].identity, "n2", n2->boot, n2->seq + 1, &slow, 0, false, table);
		if (i + 2 >= len)
			break;
		table[2 + i] ^= 1;
		say_row(s, table, len);
		assert_memory_equal(&n2->load, &before, sizeof(before));
		assert_int_equal(n2->seq, seq);
	}
	say_row(s, table, row_make(&s->nodes[2].identity, "n2", n2->boot, n2->seq + 1, &slow, 0, false, table));
	assert_true(n2->load.queue == 50);
	/* what n2 said in an earlier run is over, also when it has been silent for long */
	n2->heard_ms -= 1000000;
	before = n2->load;
	say_row(s, table, row_make(&s->nodes[2].identity, "n2", n2->boot - 1, n2->seq + 9, &big, 0, false, table));
	assert_memory_equal(&n2->load, &before, sizeof(before));
	sim_free(s);
}

/* While n1 has two keys somebody repeats what it said with the old one: we go on with the new one. */
static void a_replay_does_not_bring_the_old_key_back(void **state)
{
	static const uint8_t seed[IDENTITY_KEY] = { 200 };
	struct sim *s = sim_new(2, 0, 6);
	struct share *one = &s->nodes[1].b.share;
	struct view_node *n1 = view_find(&s->nodes[0].b.share.view, "n1");
	struct identity fresh;
	uint8_t old[DATAGRAM_MAX];
	struct msg m;
	size_t len;

	(void)state;
	assert_int_equal(identity_from_seed(seed, &fresh), 0);
	n1->keys[1].public = identity_public(&fresh);
	n1->n_keys = 2;
	sim_run(s, 3000);
	datagram_begin(&m, DATAGRAM_STATE, "n1", one->boot, ++one->seq);
	len = sim_seal(s, 1, 0, &m, old);
	balance_receive(&s->nodes[0].b, old, len, s->now_ms);
	assert_int_equal(n1->heard_key, 1);
	share_identify(one, &fresh);
	sim_run(s, 20000);
	assert_int_equal(n1->heard_key, 2);
	balance_receive(&s->nodes[0].b, old, len, s->now_ms);
	assert_int_equal(n1->heard_key, 2);
	sim_free(s);
}

/* Rows that are as long as a datagram, and new all the time, keep nobody else's from being passed on. */
static void a_row_that_is_too_long_is_none(void **state)
{
	struct sim *s = sim_new(3, 0, 6);
	const struct load l = { .cpus = 1, .speed = 1 };
	struct view_node *n1;
	uint8_t table[1000];
	uint64_t seq;

	(void)state;
	sim_run(s, 3000);
	n1 = view_find(&s->nodes[0].b.share.view, "n1");
	seq = n1->seq;
	say_row(s, table, row_make(&s->nodes[1].identity, "n1", n1->boot, seq + 1, &l, 300, false, table));
	assert_int_equal(n1->seq, seq);
	say_row(s, table, row_make(&s->nodes[1].identity, "n1", n1->boot, seq + 1, &l, 0, false, table));
	assert_int_equal(n1->seq, seq + 1);
	sim_free(s);
}

static void a_datagram_in_anothers_name_is_dropped(void **state)
{
	struct sim *s = sim_new(3, 0, 6);
	struct balance *b = &s->nodes[0].b, *two = &s->nodes[2].b;
	uint8_t out[DATAGRAM_MAX];
	struct msg m;
	uint64_t in;

	(void)state;
	sim_run(s, 3000);
	in = b->share.counts.datagrams_in;
	for (size_t from = 1; from < 3; from++) { /* n1 calls itself n2; and n2 does */
		datagram_begin(&m, DATAGRAM_STATE, "n2", two->share.boot, two->share.seq + 10);
		balance_receive(b, out, sim_seal(s, from, 0, &m, out), s->now_ms);
		assert_int_equal(b->share.counts.datagrams_in, in + from - 1);
	}
	sim_free(s);
}

/* The list has both keys while n1 goes from one to the other; with the old one gone it has to have the new one. */
static void two_keys_are_valid_while_one_is_exchanged(void **state)
{
	static const uint8_t seed[IDENTITY_KEY] = { 200 };
	struct sim *s = sim_new(3, 0, 6);
	struct share *one = &s->nodes[1].b.share;
	struct identity fresh;
	uint64_t in;

	(void)state;
	assert_int_equal(identity_from_seed(seed, &fresh), 0);
	for (size_t i = 0; i < 3; i++) {
		struct view_node *n = view_find(&s->nodes[i].b.share.view, "n1");

		n->keys[1].public = identity_public(&fresh);
		n->n_keys = 2;
	}
	sim_run(s, 20000);
	for (int changed = 0; changed < 2; changed++) {
		for (size_t i = 0; i < 3; i += 2) {
			const struct share *x = &s->nodes[i].b.share;

			assert_true(view_is_fresh(&x->view, view_find(&x->view, "n1"), s->nodes[i].clock_ms + s->now_ms, 6000));
		}
		in = one->counts.datagrams_in;
		share_identify(one, &fresh);
		sim_run(s, 20000);
		assert_true(one->counts.datagrams_in >= in + 6); /* they hear it, and it hears them */
	}
	for (size_t i = 0; i < 3; i += 2) { /* the new one is taken out of the list */
		struct view_node *n = view_find(&s->nodes[i].b.share.view, "n1");

		n->n_keys = 1;
		n->heard_key = 0;
	}
	in = one->counts.datagrams_in;
	sim_run(s, 20000);
	assert_int_equal(one->counts.datagrams_in, in);
	sim_free(s);
}

/* What others pass on of n2 is signed with either of its keys, as long as the list has both. */
static void a_row_is_signed_with_either_key(void **state)
{
	static const uint8_t seed[IDENTITY_KEY] = { 200 };
	const struct load full = { .queue = 50, .cpus = 1, .speed = 1 };
	struct sim *s = sim_new(3, 0, 6);
	struct view_node *n2 = view_find(&s->nodes[0].b.share.view, "n2");
	const struct identity *both[2] = { &s->nodes[2].identity, NULL };
	struct identity fresh;
	uint8_t table[1000];

	(void)state;
	assert_int_equal(identity_from_seed(seed, &fresh), 0);
	both[1] = &fresh;
	sim_run(s, 3000);
	n2->keys[1].public = identity_public(&fresh);
	for (size_t keys = 1; keys <= 2; keys++)
		for (size_t i = 0; i < 2; i++) {
			n2->n_keys = keys;
			n2->load.queue = 0;
			say_row(s, table, row_make(both[i], "n2", n2->boot, n2->seq + 1, &full, 0, false, table));
			assert_true((n2->load.queue == 50) == (i < keys));
		}
	sim_free(s);
}

/* The only shell of n0, granted to n1. */
static struct candidate *one_that_goes(struct sim *s)
{
	struct balance *b = &s->nodes[0].b;

	sim_add_shell(s, 0, 0);
	sim_run(s, 3000);
	assert_true(exchange_begin(&b->exchanges, b->share.candidates, view_find(&b->share.view, "n1"), false, s->now_ms));
	b->exchanges.out[0].state = EXCHANGE_MOVING;
	return b->share.candidates;
}

static void what_is_under_way_ends_when_load_is_no_longer_shared(void **state)
{
	struct sim *s = sim_new(2, 0, 9);
	struct balance *b = &s->nodes[0].b;
	struct candidate *c;

	(void)state;
	c = one_that_goes(s);
	b->exchanges.out[0].asked_ms = c->typed_ms = s->now_ms;
	b->share.alone = b->share.evicting = true; /* a reload without a key */
	assert_true(balance_tick(b, s->now_ms) <= 30000);
	balance_tick(b, s->now_ms + 31000);
	assert_int_equal(exchange_count(b->exchanges.out), 0);
	assert_false(c->leaving);
	balance_decide(b, s->now_ms + 31000);
	assert_false(b->share.evicting); /* nobody can go: by hand they may come again */
	sim_free(s);
}

static void a_shell_that_does_not_answer_holds_nobody_up(void **state)
{
	struct sim *s = sim_new(2, 0, 10);
	struct balance *b = &s->nodes[0].b;
	struct candidate *c, again;

	(void)state;
	c = one_that_goes(s);
	b->exchanges.out[0].asked_ms = s->now_ms;
	c->typed_ms = s->now_ms - 1;
	again = *c; /* its new connection; the old one is not closed yet */
	again.next = c;
	b->share.candidates = &again;
	balance_tick(b, s->now_ms + 4000);
	assert_int_equal(exchange_count(b->exchanges.out), 1);
	balance_tick(b, s->now_ms + 6000);
	assert_int_equal(exchange_count(b->exchanges.out), 0);
	assert_false(c->leaving || again.leaving);
	assert_true(again.not_before_ms >= s->now_ms + 60000);
	b->share.candidates = c;
	sim_free(s);
}

/* It has connected anew, is asked to go, and only then its old connection is closed. */
static void an_old_connection_that_closes_ends_no_exchange(void **state)
{
	struct sim *s = sim_new(2, 0, 11);
	struct balance *b = &s->nodes[0].b;
	struct candidate *c, again;

	(void)state;
	sim_add_shell(s, 0, 0);
	sim_run(s, 3000);
	c = b->share.candidates;
	again = *c;
	balance_came(b, &again, s->now_ms);
	assert_true(exchange_begin(&b->exchanges, &again, view_find(&b->share.view, "n1"), false, s->now_ms));
	balance_left(b, c, s->now_ms);
	assert_int_equal(exchange_count(b->exchanges.out), 1);
	balance_left(b, &again, s->now_ms);
	assert_int_equal(exchange_count(b->exchanges.out), 0);
	balance_came(b, c, s->now_ms);
	assert_false(c->leaving);
	sim_free(s);
}

/* On its way to n1, which answers all the time, it is gone. */
static void vanishes(struct sim *s, struct balance *b, int64_t since_ms)
{
	b->exchanges.out[0].state = EXCHANGE_MOVING;
	b->share.candidates = NULL;
	for (int64_t t = since_ms; t <= since_ms + 12000; t += 1000) {
		b->exchanges.out[0].heard_ms = s->now_ms + t;
		balance_tick(b, s->now_ms + t);
	}
	assert_int_equal(exchange_count(b->exchanges.out), 0);
}

/* Its user ended it on the way: no reason to send nobody else there. */
static void a_shell_that_ends_on_its_way_blames_nobody(void **state)
{
	struct sim *s = sim_new(2, 0, 12);
	struct balance *b = &s->nodes[0].b;
	const struct view_node *best[2];
	struct candidate *c;

	(void)state;
	c = one_that_goes(s);
	vanishes(s, b, 0);
	assert_int_equal(balance_targets(b, s->now_ms + 12000, best, 2), 1);
	assert_int_equal(b->share.counts.failed, 0);
	b->share.candidates = c; /* the next one vanishes, too, and is another user's: then it is the node */
	c->idle = c->eligible = true;
	snprintf(c->user, sizeof(c->user), "joe");
	assert_true(exchange_begin(&b->exchanges, c, view_find(&b->share.view, "n1"), false, s->now_ms + 13000));
	vanishes(s, b, 13000);
	assert_int_equal(b->share.counts.failed, 1);
	b->share.candidates = c; /* all that this one has vanish: it is he */
	c->idle = c->eligible = true;
	assert_true(exchange_begin(&b->exchanges, c, view_find(&b->share.view, "n1"), false, s->now_ms + 26000));
	vanishes(s, b, 26000);
	assert_int_equal(b->share.counts.failed, 1);
	b->share.candidates = c;
	sim_free(s);
}

/* Three times the shell is asked about, and is not there when the answer comes: then its user is not asked for a while. */
static void who_is_gone_when_the_answer_comes_pays_and_who_is_refused_does_not(void **state)
{
	static const struct {
		enum exchange_state state; /* EXCHANGE_ASKING: it leaves; else the taker says REFUSE */
		bool pays;
	} rows[] = { { EXCHANGE_ASKING, true }, { EXCHANGE_MOVING, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sim *s = sim_new(2, 0, 13);
		struct balance *b = &s->nodes[0].b;
		struct exchange *e = &b->exchanges.out[0];
		struct candidate *c = one_that_goes(s);
		uint8_t out[DATAGRAM_MAX];
		struct msg m;
		size_t n;

		view_find(&b->share.view, "n1")->alive_boot = s->nodes[1].b.share.boot;
		for (int times = 0; times < 4; times++) {
			e->state = rows[i].state;
			if (rows[i].state == EXCHANGE_ASKING) {
				balance_left(b, c, s->now_ms);
				balance_came(b, c, s->now_ms);
			} else {
				share_begin(&s->nodes[1].b.share, &m, DATAGRAM_REPLY);
				msg_uint(&m, MSG_ID, e->id);
				msg_uint(&m, MSG_STATUS, EXCHANGE_REFUSE);
				n = sim_seal(s, 1, 0, &m, out);
				balance_receive(b, out, n, s->now_ms);
			}
			assert_int_equal(exchange_count(b->exchanges.out), 0);
			assert_true(exchange_begin(&b->exchanges, c, view_find(&b->share.view, "n1"), false, s->now_ms));
		}
		assert_true((penalty_left(&b->share.penalties, c->user, s->now_ms) != 0) == rows[i].pays);
		sim_free(s);
	}
}

/* Of a run that is over, to a controller that has just begun and knows of none. */
static void an_old_request_is_challenged(void **state)
{
	struct sim *s = sim_new(3, 0, 6);
	struct balance *b = &s->nodes[0].b;
	uint8_t out[DATAGRAM_MAX];
	struct load l = { .queue = 9, .cpus = 1, .speed = 1 };
	struct msg m;
	size_t n;

	(void)state;
	datagram_begin(&m, DATAGRAM_REQUEST, "n1", 77, 1);
	msg_uint(&m, MSG_ID, 5);
	msg_str(&m, MSG_SESSION, "0123456789abcdef");
	msg_str(&m, MSG_USER, "mia");
	load_put(&l, &m);
	n = sim_seal(s, 1, 0, &m, out);
	balance_receive(b, out, n, 1000);
	assert_int_equal(exchange_count(b->exchanges.in), 0);
	sim_run(s, 3000); /* the real one echoes, and is another run */
	balance_receive(b, out, n, 4000);
	assert_int_equal(exchange_count(b->exchanges.in), 0);
	sim_free(s);
}

static void stale_nodes_get_nothing(void **state)
{
	struct sim *s = sim_new(2, 0, 7);

	(void)state;
	sim_run(s, 5000);
	s->nodes[1].cut = true;
	sim_run(s, 25000);
	for (int i = 0; i < 4; i++)
		sim_add_shell(s, 0, 1);
	sim_run(s, 30000);
	assert_int_equal(s->moves, 0);
	assert_int_equal(s->nodes[0].b.share.counts.asked, 0);
	s->nodes[1].cut = false;
	sim_run(s, 30000);
	assert_int_equal(shells_on(s, 1), 2);
	sim_free(s);
}

/* As where there are lists of users: one whose name is not known is not trusted. */
static bool known_users(void *arg, const char *user)
{
	(void)arg;
	return user != NULL;
}

static void a_shell_stays_until_its_users_name_is_known(void **state)
{
	struct sim *s = sim_new(2, 0, 8);

	(void)state;
	for (size_t i = 0; i < 2; i++)
		s->nodes[i].b.share.conf.trusts_user = known_users;
	for (int i = 0; i < 4; i++)
		sim_add_shell(s, 0, 1)->c.named = i != 0;
	s->nodes[0].b.share.draining = true;
	sim_run(s, 30000);
	assert_int_equal(shells_on(s, 0), 1);
	assert_int_equal(s->shells[0].node, 0);
	s->shells[0].c.named = true;
	balance_changed(&s->nodes[0].b, &s->shells[0].c, s->now_ms + s->nodes[0].clock_ms);
	sim_run(s, 2000);
	assert_int_equal(shells_on(s, 0), 0);
	sim_free(s);
}

static bool not_n1(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "n1") != 0;
}

static void an_untrusted_node_gets_nothing(void **state)
{
	struct sim *s = sim_new(3, 0, 8);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		s->nodes[i].b.share.conf.trusts_node = not_n1;
	for (int i = 0; i < 6; i++)
		sim_add_shell(s, 0, 1);
	sim_run(s, 200000);
	assert_int_equal(shells_on(s, 0) + shells_on(s, 2), 6);
	assert_true(shells_on(s, 2) >= 2);
	sim_free(s);
}

static struct load load_of(double queue, double cpus)
{
	return (struct load){ .queue = (float)queue, .cpus = (float)cpus, .speed = 1,
			      .memory_total = 1000, .memory_free = 1000 };
}

static void policies_choose_as_they_say(void **state)
{
	struct load self = load_of(4, 1), a = load_of(1, 0.25), b = load_of(2, 4), c = load_of(5, 1);
	const struct load *nodes[] = { &a, &b, &c };
	struct policy_view v = { .self = &self, .nodes = nodes, .n = 3, .lower = 1.5, .offload_constant = 0.5,
				 .random = 5, .turn = 7 };

	(void)state;
	assert_int_equal(policies_find("none")->choose(&v), -1);
	assert_int_equal(policies_find("random")->choose(&v), 1); /* 5 % 4 */
	assert_int_equal(policies_find("round-robin")->choose(&v), 1);
	assert_int_equal(policies_find("threshold")->choose(&v), 2);
	assert_int_equal(policies_find("limited")->choose(&v), 0);
	assert_int_equal(policies_find("shortest")->choose(&v), 0);
	assert_int_equal(policies_find("speed-adjusted")->choose(&v), 1);
	assert_int_equal(policies_find("memsat")->choose(&v), 1);
	b.memory_free = 100;
	v.need.memory_kib = 500;
	assert_int_equal(policies_find("memsat")->choose(&v), -1); /* elsewhere it is too full */
	self = load_of(1, 1);
	v.random = 3;
	assert_int_equal(policies_find("threshold")->choose(&v), -1);
	assert_int_equal(policies_find("limited")->choose(&v), -1);
	assert_int_equal(policies_find("shortest")->choose(&v), -1);
	assert_int_equal(policies_find("random")->choose(&v), -1); /* 3: here */
	assert_null(policies_find("fastest"));
	v.n = 0;
	for (size_t i = 0; policies_at(i) != NULL; i++)
		assert_int_equal(policies_at(i)->choose(&v), -1);
}

/* Seconds of a CPU, and what is there. */
static void a_command_goes_where_it_ends_first(void **state)
{
	struct load self = load_of(4, 1), a = load_of(1, 0.25), b = load_of(2, 4), c = load_of(0, 2);
	const struct load *nodes[] = { &a, &b, &c };
	struct policy_view v = { .self = &self, .nodes = nodes, .n = 3, .gain = 0.5, .cost = 0.1, .need = { .cpu = 2, .memory_kib = 100, .known = true } };
	const struct policy *first = policies_find("prediction"), *fit = policies_find("best-fit");
	struct response_need need = { .cpu = 2, .known = true };

	(void)state;
	assert_float_equal(response_time(&self, &need, 0), 10, 0.01); /* five share a CPU */
	assert_float_equal(response_time(&self, &need, 1), 8, 0.01); /* one of them is its own shell's */
	assert_float_equal(response_time(&a, &need, 0), 16, 0.01); /* two share a quarter */
	assert_float_equal(response_time(&b, &need, 0), 2, 0.01); /* three have one each */
	b.expected = 5;
	assert_float_equal(response_time(&b, &need, 0), 4, 0.01); /* eight, with those on their way */
	b.expected = 0;
	b.speed = 2;
	assert_float_equal(response_time(&b, &need, 0), 1, 0.01);
	b.speed = 1;
	need.parallel = 4; /* four of six tasks on four CPUs */
	assert_float_equal(response_time(&b, &need, 0), 0.75, 0.01);
	assert_float_equal(response_time(&a, &need, 0), 10, 0.01);
	need.parallel = 0.5;
	need.io_kib = 102400;
	assert_float_equal(response_time(&b, &need, 0), 3, 0.01);
	b.psi_io = 50;
	assert_float_equal(response_time(&b, &need, 0), 4, 0.01);
	b.psi_io = 100;
	assert_true(response_time(&b, &need, 0) < 100);
	b.psi_io = 0;
	assert_int_equal(first->choose(&v), 1); /* of equals the first */
	assert_int_equal(fit->choose(&v), 1);
	c.cpus = 8;
	assert_int_equal(fit->choose(&v), 1); /* what is left there is for something larger */
	c.speed = 4;
	assert_int_equal(first->choose(&v), 2);
	assert_int_equal(fit->choose(&v), 2); /* and elsewhere it would take four times as long */
	v.gain = 9.5;
	assert_int_equal(first->choose(&v), -1); /* not worth it */
	assert_int_equal(fit->choose(&v), -1);
	v.gain = 9.2;
	assert_int_equal(first->choose(&v), 2);
	v.cost = 0.5;
	assert_int_equal(first->choose(&v), -1);
	v.gain = 0.5;
	c.memory_free = 150; /* a sixteenth has to stay: 62 */
	assert_int_equal(first->choose(&v), 1);
	self.memory_free = a.memory_free = b.memory_free = 100;
	assert_int_equal(first->choose(&v), -1); /* nowhere is room: it is as bad here */
	c.memory_free = 1000;
	assert_int_equal(first->choose(&v), 2);
	v.need.known = false;
	assert_int_equal(first->choose(&v), -1); /* unknown ones stay */
	assert_int_equal(fit->choose(&v), -1);
}

/* What a smoothed queue does not show yet, or still shows, of the shells here. */
static void a_queue_is_that_of_now(void **state)
{
	struct candidate b = { .idle = true }, a = { .next = &b, .cpu = 0.3, .busy = 0.6 };

	(void)state;
	assert_float_equal(nowcast_difference(&a), 0.5, 0.001); /* it runs a command that computes half the time */
	nowcast_sample(&a, 0.5);
	assert_float_equal(nowcast_difference(&a), 0.25, 0.001);
	for (int i = 0; i < 30; i++)
		nowcast_sample(&a, 0.5);
	assert_float_equal(nowcast_difference(&a), 0, 0.001); /* now the queue says it */
	a.idle = true;
	assert_float_equal(nowcast_difference(&a), -0.5, 0.001);
	b.idle = false; /* nothing is known of what it is like: one task */
	assert_float_equal(nowcast_difference(&a), 0.5, 0.001);
	a.cpu = 40; /* it uses more CPUs than one: one that waits for its turn */
	a.idle = false;
	assert_float_equal(nowcast_tasks(&a), 1, 0.001);
	assert_float_equal(nowcast_difference(NULL), 0, 0.001);
}

static void a_load_survives_the_wire(void **state)
{
	struct load l = load_of(1.25, 0.2), got;
	struct msg_view v;
	struct msg m;

	(void)state;
	l.expected = -0.5f;
	l.flags = LOAD_OWNER;
	l.psi_io = 12.5f;
	msg_init(&m);
	load_put(&l, &m);
	assert_int_equal(msg_done(&m), 0);
	assert_int_equal(msg_parse(&v, m.buf, m.len), 0);
	assert_int_equal(load_get(&v, &got), 0);
	assert_true(got.queue > 1.249f && got.queue < 1.251f);
	assert_true(got.expected > -0.501f && got.expected < -0.499f);
	assert_true(got.psi_io > 12.49f && got.psi_io < 12.51f);
	assert_int_equal(got.flags, LOAD_OWNER);
	msg_release(&m);
}

static void a_change_reaches_a_large_cluster(void **state)
{
	struct sim *s = sim_new(60, 0, 9);
	size_t know = 0;

	(void)state;
	sim_run(s, 20000);
	s->nodes[17].base = 20;
	sim_run(s, 6000);
	for (size_t i = 0; i < s->n; i++)
		know += i == 17 || view_find(&s->nodes[i].b.share.view, "n17")->load.queue > 2;
	assert_true(know >= 54);
	sim_free(s);
}

static void users_whose_shells_fail_wait_longer_each_time(void **state)
{
	struct penalties p = { 0 };
	char user[16];

	(void)state;
	penalty_add(&p, "mia", 1000);
	assert_int_equal(penalty_left(&p, "mia", 1000), 0); /* once may happen to anybody */
	penalty_add(&p, "mia", 2000);
	assert_int_equal(penalty_left(&p, "mia", 2000), 60000);
	assert_int_equal(penalty_left(&p, "joe", 2000), 0);
	penalty_add(&p, "mia", 70000);
	assert_int_equal(penalty_left(&p, "mia", 70000), 120000);
	for (int i = 0; i < 40; i++)
		penalty_add(&p, "mia", 80000);
	assert_int_equal(penalty_left(&p, "mia", 80000), 3600000);
	penalty_clear(&p, "mia");
	assert_int_equal(penalty_left(&p, "mia", 80000), 0);
	penalty_excuse(&p, "ann", 1000); /* a line was typed just then, twice */
	penalty_excuse(&p, "ann", 2000);
	assert_int_equal(penalty_left(&p, "ann", 2000), 0);
	penalty_excuse(&p, "ann", 3000); /* … and always */
	assert_int_equal(penalty_left(&p, "ann", 3000), 60000);
	for (int i = 0; i < 3; i++) /* hours later it begins anew, and counts again */
		penalty_excuse(&p, "ann", 20000000 + i * 1000);
	assert_int_equal(penalty_left(&p, "ann", 20002000), 60000);
	penalty_clear(&p, "ann");
	for (int i = 0; i < 3 * PENALTY_MAX; i++) { /* the table is bounded */
		snprintf(user, sizeof(user), "u%d", i);
		penalty_add(&p, user, 90000 + i);
		penalty_add(&p, user, 90000 + i);
	}
	assert_true(penalty_left(&p, user, 100000) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_whose_shells_fail_wait_longer_each_time),
		cmocka_unit_test(a_load_meets_the_others_and_then_stays),
		cmocka_unit_test(people_who_work_steadily_come_to_rest),
		cmocka_unit_test(speeds_count),
		cmocka_unit_test(ten_loaded_nodes_send_one_at_a_time_to_the_light_one),
		cmocka_unit_test(a_drained_node_empties_and_gets_nothing),
		cmocka_unit_test(a_node_that_the_list_drains_empties_and_gets_nothing),
		cmocka_unit_test(guests_leave_when_the_owner_comes),
		cmocka_unit_test(a_shell_that_waits_for_its_release_is_not_sent_again),
		cmocka_unit_test(no_pair_stays_locked),
		cmocka_unit_test(a_restart_with_an_older_clock_is_believed_after_a_challenge),
		cmocka_unit_test(replays_and_forgeries_are_dropped),
		cmocka_unit_test(a_node_speaks_for_itself_only),
		cmocka_unit_test(a_datagram_in_anothers_name_is_dropped),
		cmocka_unit_test(a_replay_does_not_bring_the_old_key_back),
		cmocka_unit_test(a_row_that_is_too_long_is_none),
		cmocka_unit_test(two_keys_are_valid_while_one_is_exchanged),
		cmocka_unit_test(a_row_is_signed_with_either_key),
		cmocka_unit_test(what_is_under_way_ends_when_load_is_no_longer_shared),
		cmocka_unit_test(a_shell_that_does_not_answer_holds_nobody_up),
		cmocka_unit_test(an_old_connection_that_closes_ends_no_exchange),
		cmocka_unit_test(a_shell_that_ends_on_its_way_blames_nobody),
		cmocka_unit_test(who_is_gone_when_the_answer_comes_pays_and_who_is_refused_does_not),
		cmocka_unit_test(an_old_request_is_challenged),
		cmocka_unit_test(stale_nodes_get_nothing),
		cmocka_unit_test(an_untrusted_node_gets_nothing),
		cmocka_unit_test(a_shell_stays_until_its_users_name_is_known),
		cmocka_unit_test(policies_choose_as_they_say),
		cmocka_unit_test(a_command_goes_where_it_ends_first),
		cmocka_unit_test(a_queue_is_that_of_now),
		cmocka_unit_test(a_load_survives_the_wire),
		cmocka_unit_test(a_change_reaches_a_large_cluster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
