#include <config.h>

#include "shell/jobs/forecast.h"

#include <string.h>
#include <time.h>

#include "shell/jobs/rud.h"
#include "wire/now.h"

enum { NEXT_OF = 32 /* the last */ };

static double cpu_of(const struct rud *r)
{
	return (double)(r->used.user_us + r->used.system_us) / 1e6;
}

static uint32_t hour_of(int64_t s)
{
	struct tm tm;
	time_t t = (time_t)s;

	return localtime_r(&t, &tm) != NULL ? (uint32_t)tm.tm_hour : 0;
}

/* Those of a kind, the newest at the end; none, if all were short. Returns how many. */
static size_t find_kind(const char *key, const struct rud *ret[PREDICT_HISTORY])
{
	size_t n = 0;
	bool matters = false;

	for (size_t i = rud_count(); i-- > 0 && n < PREDICT_HISTORY;) {
		const struct rud *r = rud_at(i);

		if (strcmp(r->key, key) != 0)
			continue;
		ret[PREDICT_HISTORY - ++n] = r;
		matters = matters || cpu_of(r) >= FORECAST_SHORT_S;
	}
	return matters ? n : 0;
}

void forecast_command(const struct shell *sh, const char *text, struct forecast *ret)
{
	const struct rud *of_kind[PREDICT_HISTORY], *const *v;
	struct predict_case cases[PREDICT_HISTORY];
	struct predict_context now;
	struct predicted p;
	char key[RUD_KEY];
	double elapsed = 0, cpu = 0;
	size_t n;

	*ret = (struct forecast){ 0 };
	rud_key(text, key);
	n = key[0] != '\0' ? find_kind(key, of_kind) : 0;
	if (n < FORECAST_LEAST)
		return;
	v = of_kind + PREDICT_HISTORY - n;
	for (size_t i = 0; i < n; i++) {
		cases[i] = (struct predict_case){
			.context = { (uint32_t)v[i]->args, (uint32_t)v[i]->dir, hour_of((int64_t)(v[i]->at_ms / 1000)) },
			.used = { cpu_of(v[i]), (double)v[i]->used.rss_kib, (double)(v[i]->used.read_kib + v[i]->used.written_kib) },
		};
		elapsed += (double)v[i]->elapsed_ms / 1000;
		cpu += cpu_of(v[i]);
	}
	now = (struct predict_context){ rud_hash(text), rud_hash(sh->pwd != NULL ? sh->pwd : ""), hour_of(now_wall_s()) };
	predict(predictor_default(), cases, n, &now, &p);
	*ret = (struct forecast){
		.n = n, .cpu = p.of[PREDICT_CPU].mean, .low = p.of[PREDICT_CPU].low, .high = p.of[PREDICT_CPU].high, .believed = p.of[PREDICT_CPU].believed,
		.memory_kib = (uint64_t)p.of[PREDICT_MEMORY].mean, .io_kib = (uint64_t)p.of[PREDICT_IO].mean, .elapsed = elapsed / (double)n, .mean_cpu = cpu / (double)n,
	};
}

double forecast_next(void)
{
	size_t n = rud_count(), first = n > NEXT_OF ? n - NEXT_OF : 0;
	double sum = 0;

	for (size_t i = first; i < n; i++)
		sum += cpu_of(rud_at(i));
	return n != 0 ? sum / (double)(n - first) : 0;
}
