#include <config.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/jobs/predict.h"

/*
 * Replays a trace from standard input, a line a command in the order in which they ended: KEY ARGS DIR HOUR CPU-s MEMORY-KiB IO-KiB. Before each, every predictor
 * is asked; a line for each of them says how it was wrong, and how often it would have chosen the right node:
 *
 *     PREDICTOR COMMANDS  CPU-ERROR MEMORY-ERROR IO-ERROR  WITHIN-2  INSIDE  RIGHT REGRET
 *
 * the errors as mean of the doublings between what was said and what was, for CPU the part that is within a factor of two, and inside the spread (0.8 would be
 * right); of eight nodes with queues and speeds by chance, and a cost to go there, the part of the choices that the truth would have made, and how much longer
 * the others took, on the whole.
 */
enum { KEYS = 4096, NODES = 8 };
#define OFFLOAD_S 0.3 /* what going elsewhere costs, with what is in the caches here */

struct kind {
	char name[64];
	struct predict_case v[PREDICT_HISTORY];
	size_t n;
};

struct score {
	size_t n, within, inside, right;
	double error[PREDICT_RESOURCES], took, best;
};

static struct kind kinds[KEYS];
static size_t n_kinds;
static uint64_t seed = 42;

static double chance(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(seed >> 11) / 9007199254740992.0;
}

static struct kind *find(const char *name)
{
	size_t i = 0;

	while (i < n_kinds && strcmp(kinds[i].name, name) != 0)
		i++;
	if (i == n_kinds && n_kinds == KEYS)
		return NULL;
	if (i == n_kinds)
		snprintf(kinds[n_kinds++].name, sizeof(kinds[0].name), "%s", name);
	return &kinds[i];
}

struct node {
	double queue, speed;
};

/* Round robin (Goswami): each of the queue gets its turn. Here, at 0, it need not go. */
static double response(const struct node *v, int at, double cpu)
{
	return cpu * (v[at].queue + 1) / v[at].speed + (at != 0 ? OFFLOAD_S : 0);
}

static int choose(const struct node *v, double cpu)
{
	int best = 0;

	for (int i = 1; i < NODES; i++)
		if (response(v, i, cpu) < response(v, best, cpu))
			best = i;
	return best;
}

static double doublings(double a, double b)
{
	return fabs(log2((a > 0.01 ? a : 0.01) / (b > 0.01 ? b : 0.01)));
}

static void judge(struct score *s, const struct predicted *p, const struct predict_case *was, const struct node *v)
{
	double cpu = was->used[PREDICT_CPU], said = p->of[PREDICT_CPU].mean;
	int mine = choose(v, said), truth = choose(v, cpu);

	s->n++;
	for (int r = 0; r < PREDICT_RESOURCES; r++)
		s->error[r] += doublings(p->of[r].mean, was->used[r]);
	s->within += doublings(said, cpu) <= 1;
	s->inside += cpu >= p->of[PREDICT_CPU].low && cpu <= p->of[PREDICT_CPU].high;
	s->right += mine == truth;
	s->took += response(v, mine, cpu);
	s->best += response(v, truth, cpu);
}

static void remember(struct kind *k, const struct predict_case *c)
{
	if (k->n == PREDICT_HISTORY) {
		memmove(k->v, k->v + 1, (k->n - 1) * sizeof(k->v[0]));
		k->n--;
	}
	k->v[k->n++] = *c;
}

int main(void)
{
	struct score scores[16] = { 0 };
	char line[512], name[64];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct predict_case c;
		struct node nodes[NODES];
		struct kind *k;
		unsigned args, dir, hour;

		if (sscanf(line, "%63s %u %u %u %lf %lf %lf", name, &args, &dir, &hour, &c.used[0], &c.used[1], &c.used[2]) != 7) {
			fprintf(stderr, "predict: not a line of a trace: %s", line);
			return 2;
		}
		c.context = (struct predict_context){ args, dir, hour };
		k = find(name);
		if (k == NULL)
			continue;
		for (int i = 0; i < NODES; i++)
			nodes[i] = (struct node){ floor(chance() * 4), 0.5 + chance() * 1.5 };
		nodes[0].queue = floor(chance() * 3);
		nodes[0].speed = 1;
		for (size_t i = 0; k->n != 0 && predictor_at(i) != NULL; i++) {
			struct predicted p;

			predict(predictor_at(i), k->v, k->n, &c.context, &p);
			judge(&scores[i], &p, &c, nodes);
		}
		remember(k, &c);
	}
	for (size_t i = 0; predictor_at(i) != NULL; i++) {
		const struct score *s = &scores[i];
		double n = s->n != 0 ? (double)s->n : 1;

		printf("%-12s %6zu  %6.3f %6.3f %6.3f  %5.3f  %5.3f  %5.3f %6.4f%s\n", predictor_at(i)->name, s->n, s->error[0] / n, s->error[1] / n, s->error[2] / n,
		       (double)s->within / n, (double)s->inside / n, (double)s->right / n, s->best > 0 ? s->took / s->best - 1 : 0, predictor_at(i) == predictor_default() ? "  (default)" : "");
	}
	return 0;
}
