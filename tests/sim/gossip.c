#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/sim.h"

/*
 * What telling each other costs, and how soon a change is known: N controllers on
 * simulated time, the load of each changing once a minute. See doc/load-sharing.md.
 *
 * usage: gossip [CLUSTER [N…]]   nodes of a cluster (0: all in one), how many nodes
 */
enum { TRIALS = 10, STEP_MS = 100, LIMIT_MS = 20000, WATCH_MS = 5000, REST_MS = 8000 };

/* Each node's load changes once a minute on the average. */
static void change_some(struct sim *s, size_t but)
{
	for (size_t i = 0; i < s->n; i++)
		if (i != but && sim_chance(s) < (double)STEP_MS / 60000)
			s->nodes[i].base = sim_chance(s) * 4;
}

static bool is_known(const struct sim *s, size_t x, size_t cluster)
{
	size_t know = 0, of = 0;

	for (size_t i = 0; i < s->n; i++)
		if (i != x && (cluster == 0 || i / cluster == x / cluster)) {
			of++;
			know += view_find(&s->nodes[i].b.share.view, s->nodes[x].name)->load.queue > 3;
		}
	return know * 10 >= of * 9;
}

/* A node gets loaded: how long until nine in ten of its cluster know, in ms. */
static int64_t trial(struct sim *s, size_t cluster)
{
	size_t x = (size_t)(sim_chance(s) * (double)s->n);
	int64_t start = s->now_ms, took = -1;

	s->nodes[x].base = 20;
	while (s->now_ms - start < (took < 0 ? LIMIT_MS : WATCH_MS)) {
		change_some(s, x);
		sim_run(s, STEP_MS);
		if (took < 0 && is_known(s, x, cluster))
			took = s->now_ms - start;
	}
	s->nodes[x].base = 0;
	sim_run(s, REST_MS);
	return took < 0 ? LIMIT_MS : took;
}

static void measure(size_t n, size_t cluster)
{
	struct sim *s = sim_new(n, cluster, 11);
	int64_t sum = 0, worst = 0, start;
	uint64_t datagrams, bytes;
	double node_seconds;

	sim_run(s, 20000);
	datagrams = s->datagrams;
	bytes = s->bytes;
	start = s->now_ms;
	for (int i = 0; i < TRIALS; i++) {
		int64_t took = trial(s, cluster);

		sum += took;
		worst = took > worst ? took : worst;
	}
	node_seconds = (double)(s->now_ms - start) / 1000 * (double)n;
	printf("%6zu  %8.2f  %8.0f  %8" PRId64 "  %8" PRId64 "\n", n, (double)(s->datagrams - datagrams) / node_seconds,
	       (double)(s->bytes - bytes) / node_seconds, sum / TRIALS, worst);
	fflush(stdout);
	sim_free(s);
}

int main(int argc, char **argv)
{
	static const size_t sizes[] = { 10, 100, 300, 1000 };
	size_t cluster = argc > 1 ? (size_t)atol(argv[1]) : 0;

	puts(" nodes  datagr/s  bytes/s  90% knew after ms (mean, worst of 10)");
	for (int i = 2; i < argc; i++)
		measure((size_t)atol(argv[i]), cluster);
	for (size_t i = 0; argc <= 2 && i < sizeof(sizes) / sizeof(sizes[0]); i++)
		measure(sizes[i], cluster);
	return 0;
}
