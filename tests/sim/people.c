#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controller/policies.h"
#include "shell/jobs/predict.h"
#include "tests/sim/sim.h"

/*
 * The users of tests/bench/sharing on simulated nodes, under a policy: the same people, the same code of the controllers. From standard input, as `sharing --plan SEED` prints them:
 *
 *     node CPUS            for each node, from 0 on
 *     user NODE AFTER-ms
 *     command CPU-ms THINK-ms      of the user before
 *
 * usage: people POLICY <plan. Prints the mean and the 95th percentile of the response times in s, moves, moves before a command, and commands.
 */
enum { NODES = 64, USERS = 1024, COMMANDS = 1 << 16, MS = 1000, LIMIT_MS = 3600000, PREMOVE_MS = 80, MOVE_MS = 100 };

struct user {
	size_t node;
	int64_t after_ms;
	size_t first, n;
};

static double cpus[NODES];
static struct user users[USERS];
static struct sim_command commands[COMMANDS];
static size_t n_nodes, n_users, n_commands;

/* All are of one kind, and of one user: the history of each node's mishd has them. */
static struct predict_case history[PREDICT_HISTORY];
static size_t n_history;

static void on_end(void *arg, struct sim_shell *x)
{
	double sum = 0;

	(void)arg;
	if (n_history == PREDICT_HISTORY)
		memmove(history, history + 1, --n_history * sizeof(history[0]));
	history[n_history++] = (struct predict_case){ .context.args = (uint32_t)x->at, .used = { x->commands[x->at - 1].cpu, 1000, 0 } };
	for (size_t i = 0; i < n_history; i++)
		sum += history[i].used[PREDICT_CPU];
	x->c.next_cpu = sum / (double)n_history;
}

static struct view_node *premove(void *arg, struct sim_node *n, struct sim_shell *x)
{
	const struct predict_context now = { .args = (uint32_t)x->at };
	struct response_need need = { .known = n_history >= 2 };
	struct view_node *to;
	struct predicted p;

	(void)arg;
	if (!need.known)
		return NULL;
	predict(predictor_default(), history, n_history, &now, &p);
	need.cpu = p.of[PREDICT_CPU].believed;
	to = balance_place(&n->b, &x->c, &need, (double)PREMOVE_MS / MS, n->sim->now_ms + n->clock_ms);
	balance_expect(&n->b, to != NULL ? to : view_self(&n->b.share.view));
	return to;
}

static int read_plan(void)
{
	char line[256];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct user *u = &users[n_users];
		struct sim_command *c = &commands[n_commands];
		double cpu;
		long long think;

		if (n_nodes < NODES && sscanf(line, "node %lf", &cpus[n_nodes]) == 1) {
			n_nodes++;
		} else if (n_users < USERS && sscanf(line, "user %zu %lld", &u->node, &think) == 2 && u->node < n_nodes) {
			u->after_ms = think;
			u->first = n_commands;
			n_users++;
		} else if (n_users != 0 && n_commands < COMMANDS && sscanf(line, "command %lf %lld", &cpu, &think) == 2) {
			*c = (struct sim_command){ .cpu = cpu / MS, .think_ms = think };
			n_commands++;
			users[n_users - 1].n++;
		} else {
			fprintf(stderr, "people: not a line of a plan: %s", line);
			return -1;
		}
	}
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct sim_command *x = a, *y = b;

	return x->took_ms < y->took_ms ? -1 : x->took_ms > y->took_ms;
}

/* As the bench configures its daemons. */
static struct sim *begin(const struct policy *policy)
{
	struct sim *s = sim_new(n_nodes, 0, 1);

	s->load_interval_ms = 500;
	s->move_ms = MOVE_MS;
	s->premove_ms = PREMOVE_MS;
	s->ended = on_end;
	s->premove = policy == &policy_prediction || policy == &policy_best_fit ? premove : NULL;
	for (size_t i = 0; i < n_nodes; i++) {
		struct share_conf *c = &s->nodes[i].b.share.conf;

		s->nodes[i].cpus = cpus[i];
		c->policy = policy;
		c->residence_ms = 6000;
		c->smoothing_ms = 2000;
		c->min_period_ms = 500;
		c->heartbeat_ms = 2000;
		c->stale_ms = 10000;
		c->gain = 0.02;
	}
	sim_run(s, 5 * MS); /* all have heard of each other */
	for (size_t i = 0; i < n_users; i++)
		(void)sim_add_user(s, users[i].node, users[i].after_ms, &commands[users[i].first], users[i].n);
	return s;
}

int main(int argc, char **argv)
{
	const struct policy *policy = argc == 2 ? policies_find(argv[1]) : NULL;
	struct sim *s;
	double sum = 0;
	int64_t end;

	if (policy == NULL || read_plan() < 0 || n_commands == 0) {
		fputs("usage: people POLICY <plan\n", stderr);
		return 2;
	}
	s = begin(policy);
	end = s->now_ms + LIMIT_MS;
	for (size_t i = 0; i < s->n_shells && s->now_ms < end;)
		if (s->shells[i].at < s->shells[i].n_commands)
			sim_run(s, 100);
		else
			i++;
	qsort(commands, n_commands, sizeof(commands[0]), by_time);
	for (size_t i = 0; i < n_commands; i++)
		sum += (double)commands[i].took_ms / MS;
	printf("%.3f %.3f %llu %llu %zu\n", sum / (double)n_commands, (double)commands[(size_t)((double)n_commands * 0.95)].took_ms / MS, (unsigned long long)s->moves,
	       (unsigned long long)s->premoves, n_commands);
	sim_free(s);
	return 0;
}
