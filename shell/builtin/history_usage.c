#include <config.h>

#include "shell/builtin/history_usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/jobs/rud.h"
#include "shell/move/records.h"
#include "shell/expand/option.h"
#include "shell/parser/strbuf.h"

/* Those of one key, which stand together in the sorted list. */
struct usage {
	const struct rud *last; /* the newest */
	size_t n;
	uint64_t cpu_us, rss_kib, median_ms;
};

static uint64_t cpu_us(const struct rud *r)
{
	return r->used.user_us + r->used.system_us;
}

static int by_key(const void *a, const void *b)
{
	const struct rud *x = *(const struct rud *const *)a, *y = *(const struct rud *const *)b;
	int r = strcmp(x->key, y->key);

	return r != 0 ? r : x->elapsed_ms < y->elapsed_ms ? -1 : x->elapsed_ms > y->elapsed_ms;
}

static int by_cpu(const void *a, const void *b)
{
	const struct usage *x = a, *y = b;

	return x->cpu_us > y->cpu_us ? -1 : x->cpu_us < y->cpu_us ? 1 : strcmp(x->last->key, y->last->key);
}

static struct usage sum(const struct rud *const *v, size_t n)
{
	struct usage u = { .last = v[0], .n = n, .median_ms = v[n / 2]->elapsed_ms };

	for (size_t i = 0; i < n; i++) {
		u.cpu_us += cpu_us(v[i]);
		u.rss_kib = v[i]->used.rss_kib > u.rss_kib ? v[i]->used.rss_kib : u.rss_kib;
		u.last = v[i]->at_ms >= u.last->at_ms ? v[i] : u.last;
	}
	return u;
}

int history_usage(struct shell *sh, const char *prefix)
{
	size_t n = 0, n_usages = 0, len = prefix != NULL ? strlen(prefix) : 0;
	const struct rud **v;
	struct usage *usages;

	records_ask(RDV_PATIENT_MS);
	v = xmalloc((rud_count() + 1) * sizeof(*v));
	usages = xmalloc((rud_count() + 1) * sizeof(*usages));
	for (size_t i = 0; i < rud_count(); i++)
		if (len == 0 || strncmp(rud_at(i)->key, prefix, len) == 0)
			v[n++] = rud_at(i);
	qsort(v, n, sizeof(*v), by_key);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && strcmp(v[end]->key, v[i]->key) == 0; end++)
			;
		usages[n_usages++] = sum(v + i, end - i);
	}
	qsort(usages, n_usages, sizeof(*usages), by_cpu);
	if (n_usages != 0)
		printf("%5s  %9s  %9s  %9s  %6s  %-12s  %s\n", "RUNS", "CPU s", "ELAPSED s", "MEMORY MB", "STATUS", "NODE", "COMMAND");
	for (size_t i = 0; i < n_usages; i++) {
		const struct usage *u = &usages[i];

		printf("%5zu  %9.2f  %9.2f  %9.1f  %6u  %-12s  %s\n", u->n, (double)u->cpu_us / 1e6 / (double)u->n, (double)u->median_ms / 1e3,
		       (double)u->rss_kib / 1024, (unsigned)u->last->status, u->last->node, u->last->key);
	}
	if (n_usages == 0)
		sh_warn(sh, "history: -u: %s", prefix != NULL ? "nothing like that is recorded" : opt(sh, OPT_RECORD) ? "nothing is recorded yet" : "nothing is recorded (set -o record)");
	free(usages);
	free(v);
	return n_usages == 0;
}
