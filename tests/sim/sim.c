#include <config.h>

#include "tests/sim/sim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


struct sim_packet {
	int64_t at_ms;
	size_t to, len;
	uint8_t s[DATAGRAM_MAX];
};

static uint64_t draw(struct sim *s) /* splitmix64 */
{
	uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

double sim_chance(struct sim *s)
{
	return (double)(draw(s) >> 11) / 9007199254740992.0;
}

static int64_t clock_of(const struct sim_node *n)
{
	return n->sim->now_ms + n->clock_ms;
}

/* ---- the network: a heap by time ---- */

static void push(struct sim *s, int64_t at_ms, size_t to, const uint8_t *p, size_t len)
{
	size_t i = s->n_heap++;

	if (s->n_heap > s->cap_heap) {
		s->cap_heap = s->cap_heap != 0 ? s->cap_heap * 2 : 1024;
		s->heap = realloc(s->heap, s->cap_heap * sizeof(*s->heap));
		if (s->heap == NULL)
			abort();
	}
	while (i != 0 && s->heap[(i - 1) / 2].at_ms > at_ms) {
		s->heap[i] = s->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	s->heap[i].at_ms = at_ms;
	s->heap[i].to = to;
	s->heap[i].len = len;
	memcpy(s->heap[i].s, p, len);
}

static void pop(struct sim *s, struct sim_packet *ret)
{
	struct sim_packet *h = s->heap, *last = &h[--s->n_heap];
	size_t i = 0, child;

	*ret = h[0];
	while ((child = 2 * i + 1) < s->n_heap) {
		child += child + 1 < s->n_heap && h[child + 1].at_ms < h[child].at_ms;
		if (last->at_ms <= h[child].at_ms)
			break;
		h[i] = h[child];
		i = child;
	}
	h[i] = *last;
}

static void on_send(void *arg, const struct view_node *to, const uint8_t *p, size_t len)
{
	struct sim_node *n = arg;
	struct sim *s = n->sim;
	size_t dest = (size_t)atoi(to->name + 1);

	s->datagrams++;
	s->bytes += len;
	if (n->cut || s->nodes[dest].cut || sim_chance(s) < s->loss)
		return;
	do
		push(s, s->now_ms + 1 + (int64_t)(sim_chance(s) * (double)s->delay_ms), dest, p, len);
	while (sim_chance(s) < s->repeat);
}

static void on_log(void *arg, const char *line)
{
	struct sim_node *n = arg;

	if (n->sim->verbose)
		printf("# %8.3f %s %s\n", (double)n->sim->now_ms / 1000, n->name, line);
}

static uint64_t on_random(void *arg)
{
	return draw(((struct sim_node *)arg)->sim);
}

/* ---- shells ---- */

static void come(struct sim_node *n, struct sim_shell *x)
{
	struct candidate *c = &x->c;

	c->idle = c->eligible = true;
	c->leaving = false;
	c->came_ms = clock_of(n);
	if (x->burst == 0)
		c->cpu = c->busy = fmin(x->demand, 1);
	x->arrives_ms = 0;
	if (x->runs_there) {
		x->runs_there = c->idle = false;
		x->left = x->burst;
	}
	balance_came(&n->b, c, clock_of(n));
}

static struct sim_shell *shell_of(struct sim *s, const struct candidate *c)
{
	for (size_t i = 0; i < s->n_shells; i++)
		if (&s->shells[i].c == c)
			return &s->shells[i];
	abort(); /* an old process was asked to move */
}

static void on_grant(void *arg, struct candidate *c, const char *node)
{
	struct sim_node *n = arg;
	struct sim *s = n->sim;
	struct sim_shell *x = shell_of(s, c);
	size_t dest = (size_t)atoi(node + 1);
	struct sim_node *to = &s->nodes[dest];

	balance_left(&n->b, c, s->now_ms);
	if (s->linger_ms != 0) {
		x->ghost = *c;
		x->ghost.next = n->b.share.candidates;
		n->b.share.candidates = &x->ghost;
		x->ghost_node = n->index;
		x->ghost_ms = s->now_ms + s->move_ms + s->linger_ms;
	}
	if (x->moves != 0 && s->now_ms - x->moved_ms < n->b.share.conf.residence_ms && !n->b.share.draining)
		s->quick_moves++;
	x->arrives_ms = s->now_ms + s->move_ms;
	if (to->down || to->cut || sim_chance(s) < s->fails)
		return; /* comes back to where it was */
	if (to->b.share.draining)
		s->bad_moves++;
	s->moves++;
	x->moves++;
	x->moved_ms = s->now_ms;
	x->node = dest;
	c->came = true;
	to->arriving++;
	if (to->arriving > to->arriving_max)
		to->arriving_max = to->arriving;
}

static void arrive(struct sim *s)
{
	for (size_t i = 0; i < s->n_shells; i++) {
		struct sim_shell *x = &s->shells[i];
		struct sim_node *n = &s->nodes[x->node];

		if (x->ghost_ms != 0 && s->now_ms >= x->ghost_ms) {
			x->ghost_ms = 0;
			balance_left(&s->nodes[x->ghost_node].b, &x->ghost, s->now_ms);
		}
		if (x->arrives_ms == 0 || x->arrives_ms > s->now_ms || n->down || n->paused)
			continue;
		if (x->moved_ms + s->move_ms == x->arrives_ms && n->arriving != 0)
			n->arriving--;
		come(n, x);
	}
}

/* ---- nodes ---- */

static const struct share_ops ops = {
	.send = on_send, .grant = on_grant, .log = on_log, .random = on_random,
};

static void configure(struct sim *s, struct sim_node *n, size_t cluster)
{
	struct view_entry *e = calloc(s->n, sizeof(*e));
	char(*clusters)[32] = calloc(s->n, sizeof(*clusters));

	for (size_t i = 0; i < s->n; i++) {
		snprintf(clusters[i], sizeof(clusters[i]), "c%zu", cluster != 0 ? i / cluster : 0);
		e[i] = (struct view_entry){ .name = s->nodes[i].name, .cluster = clusters[i],
					    .keys = { .v = { identity_public(&s->nodes[i].identity) }, .n = 1 } };
	}
	if (view_configure(&n->b.share.view, e, s->n) < 0)
		abort();
	free(e);
	free(clusters);
}

struct sim *sim_new(size_t n, size_t cluster, uint64_t seed)
{
	struct sim *s = calloc(1, sizeof(*s));

	s->nodes = calloc(n, sizeof(*s->nodes));
	s->n = n;
	s->random = seed;
	s->delay_ms = 2;
	s->move_ms = 300;
	s->load_interval_ms = 1000;
	s->now_ms = 1000000;
	for (size_t i = 0; i < n; i++) {
		uint8_t own[IDENTITY_KEY] = { (uint8_t)i, (uint8_t)(i >> 8) };

		snprintf(s->nodes[i].name, sizeof(s->nodes[i].name), "n%zu", i);
		if (identity_from_seed(own, &s->nodes[i].identity) < 0)
			abort();
	}
	for (size_t i = 0; i < n; i++) {
		struct sim_node *x = &s->nodes[i];

		x->sim = s;
		x->index = i;
		x->cpus = x->speed = 1;
		x->clock_ms = (int64_t)(sim_chance(s) * 3600000); /* clocks an hour apart */
		if (balance_init(&x->b, x->name, 1000 + i, &ops, x) < 0)
			abort();
		share_identify(&x->b.share, &x->identity);
		configure(s, x, cluster);
		x->sample_ms = x->next_ms = s->now_ms + (int64_t)(sim_chance(s) * (double)s->load_interval_ms);
	}
	return s;
}

size_t sim_seal(const struct sim *s, size_t from, size_t to, struct msg *m, uint8_t out[DATAGRAM_MAX])
{
	struct identity_public a = identity_public(&s->nodes[from].identity), b = identity_public(&s->nodes[to].identity);
	uint8_t pair[IDENTITY_KEY];
	int n = identity_pair(&s->nodes[from].identity, &b, pair) == 0 ? datagram_seal(pair, &a, s->nodes[to].name, m, out) : -1;

	if (n < 0)
		abort();
	return (size_t)n;
}

void sim_free(struct sim *s)
{
	for (size_t i = 0; i < s->n; i++)
		balance_release(&s->nodes[i].b);
	free(s->shells);
	free(s->nodes);
	free(s->heap);
	free(s);
}

struct sim_shell *sim_add_shell(struct sim *s, size_t node, double demand)
{
	struct sim_shell *x;

	if (s->shells == NULL)
		s->shells = calloc(4096, sizeof(*s->shells)); /* the lists point into it */
	x = &s->shells[s->n_shells++];
	x->demand = demand;
	x->node = node;
	snprintf(x->c.session, sizeof(x->c.session), "%016zx", s->n_shells);
	snprintf(x->c.user, sizeof(x->c.user), "mia");
	x->c.named = true;
	snprintf(x->c.origin, sizeof(x->c.origin), "%s", s->nodes[node].name);
	come(&s->nodes[node], x);
	return x;
}

struct sim_shell *sim_add_person(struct sim *s, size_t node, double burst, int64_t think_ms)
{
	struct sim_shell *x = sim_add_shell(s, node, 0);

	x->burst = burst;
	x->think_ms = think_ms;
	x->due_ms = s->now_ms + (int64_t)(sim_chance(s) * (double)think_ms);
	x->seen_ms = s->now_ms;
	x->wall = 3;
	return x;
}

struct sim_shell *sim_add_user(struct sim *s, size_t node, int64_t after_ms, struct sim_command *v, size_t n)
{
	struct sim_shell *x = sim_add_person(s, node, v[0].cpu, 0);

	x->due_ms = s->now_ms + after_ms;
	x->commands = v;
	x->n_commands = n;
	return x;
}

/* The next command of a list. */
static void turn_page(struct sim *s, struct sim_shell *x)
{
	struct sim_command *c = &x->commands[x->at++];

	c->took_ms = s->now_ms - x->typed_ms;
	if (s->ended != NULL)
		s->ended(s->arg, x);
	x->burst = x->at < x->n_commands ? c[1].cpu : 0;
	x->due_ms = s->now_ms + c->think_ms;
}

/* At a prompt again: what shell/move/eligible.c measures. */
static void prompt(struct sim *s, struct sim_shell *x)
{
	struct sim_node *n = &s->nodes[x->node];
	double wall = (double)(s->now_ms - x->seen_ms), keep = 60000 / (60000 + wall);

	x->cpu = x->cpu * keep + x->burst;
	x->busy = x->busy * keep + (double)(s->now_ms - x->typed_ms) / 1000;
	x->wall = x->wall * keep + wall / 1000;
	x->seen_ms = s->now_ms;
	x->left = 0;
	x->due_ms = s->now_ms + (int64_t)((0.5 + sim_chance(s)) * (double)x->think_ms);
	if (x->commands != NULL)
		turn_page(s, x);
	x->c.cpu = x->cpu / x->wall;
	x->c.busy = x->busy / x->wall;
	x->c.idle = true;
	x->c.typed_ms = clock_of(n);
	balance_changed(&n->b, &x->c, clock_of(n));
	n->next_ms = s->now_ms;
}

/* Somebody presses Enter. */
static void type(struct sim *s, struct sim_shell *x)
{
	struct sim_node *n = &s->nodes[x->node];
	const struct view_node *to = s->premove != NULL ? s->premove(s->arg, n, x) : NULL;

	x->typed_ms = s->now_ms;
	x->c.idle = false;
	if (to == NULL) {
		x->left = x->burst;
		return;
	}
	balance_left(&n->b, &x->c, clock_of(n));
	x->node = (size_t)atoi(to->name + 1);
	x->arrives_ms = s->now_ms + s->premove_ms;
	x->runs_there = x->c.came = true;
	s->premoves++;
}

/* A millisecond of a node whose tasks share its CPUs. */
static void compute(struct sim *s)
{
	for (size_t i = 0; i < s->n_shells; i++) {
		struct sim_shell *x = &s->shells[i];
		struct sim_node *n = &s->nodes[x->node];
		double tasks = n->running + n->base;

		if (x->burst == 0 || x->arrives_ms != 0)
			continue;
		if (x->left > 0) {
			x->left -= 0.001 * (tasks > n->cpus ? n->cpus / tasks : 1);
			if (x->left <= 0)
				prompt(s, x);
		} else if (s->now_ms >= x->due_ms) {
			type(s, x);
		}
	}
	for (size_t i = 0; i < s->n; i++)
		s->nodes[i].running = 0;
	for (size_t i = 0; i < s->n_shells; i++)
		s->nodes[s->shells[i].node].running += s->shells[i].arrives_ms == 0 && s->shells[i].left > 0;
}

void sim_restart(struct sim *s, size_t node, uint64_t boot)
{
	struct sim_node *n = &s->nodes[node];
	struct balance old = n->b;

	n->b.share.view = (struct view){ 0 };
	if (balance_init(&n->b, n->name, boot, &ops, n) < 0)
		abort();
	n->b.share.conf = old.share.conf;
	share_identify(&n->b.share, &n->identity);
	view_release(&n->b.share.view);
	n->b.share.view = old.share.view;
	for (size_t i = 0; i < n->b.share.view.n; i++) { /* it knows the names, and no more */
		struct view_node *x = &n->b.share.view.nodes[i], names = *x;

		free(x->row);
		*x = (struct view_node){ .name = names.name, .address = names.address, .cluster = names.cluster,
					 .bounds = names.bounds, .n_keys = names.n_keys };
		memcpy(x->keys, names.keys, sizeof(x->keys));
	}
	for (size_t i = 0; i < s->n_shells; i++) /* shells come back to it */
		if (s->shells[i].node == node && s->shells[i].arrives_ms == 0)
			come(n, &s->shells[i]);
}

static void sample(struct sim_node *n)
{
	struct sim *s = n->sim;
	double tasks = n->base, f = exp(-(double)s->load_interval_ms / (double)n->b.share.conf.smoothing_ms);
	struct load l = { .cpus = (float)n->cpus, .speed = (float)n->speed, .memory_total = 8 << 20,
			  .memory_free = 4 << 20 };

	for (size_t i = 0; i < s->n_shells; i++)
		if (s->shells[i].node == n->index && s->shells[i].arrives_ms == 0)
			tasks += s->shells[i].demand + (s->shells[i].left > 0);
	n->queue = n->queue * f + tasks * (1 - f);
	l.queue = (float)n->queue;
	balance_set_load(&n->b, &l, clock_of(n));
}

static void step(struct sim_node *n)
{
	struct sim *s = n->sim;
	int64_t due;

	if (n->down || n->paused) {
		n->next_ms = s->now_ms + 100;
		return;
	}
	if (s->now_ms >= n->sample_ms) {
		sample(n);
		n->sample_ms = s->now_ms + s->load_interval_ms;
	}
	due = balance_tick(&n->b, clock_of(n));
	n->next_ms = due < n->sample_ms - s->now_ms ? s->now_ms + due : n->sample_ms;
}

void sim_run(struct sim *s, int64_t ms)
{
	for (int64_t end = s->now_ms + ms; s->now_ms < end; s->now_ms++) {
		arrive(s);
		compute(s);
		while (s->n_heap != 0 && s->heap[0].at_ms <= s->now_ms) {
			struct sim_packet p;
			struct sim_node *n;

			pop(s, &p);
			n = &s->nodes[p.to];
			if (n->paused) { /* the kernel keeps it for a while */
				push(s, s->now_ms + 50, p.to, p.s, p.len);
				continue;
			}
			if (n->down)
				continue;
			balance_receive(&n->b, p.s, p.len, clock_of(n));
			if (n->next_ms > s->now_ms + 1)
				n->next_ms = s->now_ms + 1;
		}
		for (size_t i = 0; i < s->n; i++)
			if (s->nodes[i].next_ms <= s->now_ms)
				step(&s->nodes[i]);
	}
}

size_t sim_exchanges(const struct sim *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += exchange_under_way(&s->nodes[i].b.exchanges);
	return n;
}
