#include <config.h>

#include "controller/meter.h"

#include <stdio.h>
#include <string.h>

#include "controller/journal.h"
#include "wire/now.h"

enum { FRESH_MS = 1000 };

int meter_init(struct meter *m, struct balance *b, struct accounts *a, const struct conf *conf)
{
	*m = (struct meter){ .balance = b, .accounts = a, .conf = conf };
	return sampler_init(&m->sampler, "/proc", "/dev", 1);
}

void meter_release(struct meter *m)
{
	sampler_release(&m->sampler);
}

/*
 * The owners' user ids, as far as they are known now. Each sample asks again: an account
 * may be looked up late, or made after the daemon began.
 */
static void find_owners(struct meter *m)
{
	const struct conf_list *names = &m->conf->owner;

	m->sampler.n_owners = 0;
	for (size_t i = 0; i < names->n && i < SAMPLE_OWNERS_MAX; i++) {
		enum accounts_answer answer = accounts_uid(m->accounts, names->v[i],
							   &m->sampler.owners[m->sampler.n_owners]);

		m->sampler.n_owners += answer == ACCOUNTS_FOUND;
		if (answer != m->owner_told[i] && answer == ACCOUNTS_NONE)
			journal_line("owner %s: no such user", names->v[i]);
		if (answer != ACCOUNTS_WAIT)
			m->owner_told[i] = answer;
	}
}

void meter_configure(struct meter *m)
{
	const struct conf *c = m->conf;

	m->sampler.smoothing_ms = c->share.smoothing_ms;
	m->sampler.owner_idle_ms = c->owner_idle_ms;
	if (c->speed <= 0 && m->measured_speed <= 0)
		m->measured_speed = sample_speed();
	m->sampler.speed = c->speed > 0 ? c->speed : m->measured_speed;
	if (c->owner.n > SAMPLE_OWNERS_MAX)
		journal_line("owner: %zu are named, only the first %d count", c->owner.n, SAMPLE_OWNERS_MAX);
	memset(m->owner_told, 0, sizeof(m->owner_told));
	find_owners(m);
	if (c->load_command == NULL)
		m->site.n = 0;
	m->command_ms = 0;
}

/* ---- a site's own figures ---- */

/* Is it so, and was not when this was asked last? */
static bool becomes(bool *was, bool is)
{
	bool news = is && !*was;

	*was = is;
	return news;
}

static void on_figures(void *arg, const char *text, const char *why)
{
	struct meter *m = arg;

	m->site.n = 0;
	if (m->conf->load_command == NULL) /* a reload removed it while it ran */
		return;
	if (text == NULL) {
		journal_line("load_command: %s (going on without it)", why);
		return;
	}
	if (becomes(&m->site_told, !figures_parse(&m->site, text)))
		journal_line("load_command: more than %d figures: the rest is left out", FIGURES_MAX);
}

/* ---- samples ---- */

/* The owner at a mish prompt, at home: the sampler cannot see every kind of terminal. */
static bool owner_types(const struct meter *m, int64_t now_ms)
{
	const struct share *s = &m->balance->share;

	for (const struct candidate *c = s->candidates; c != NULL; c = c->next)
		if (c->named && conf_list_has(&m->conf->owner, c->user) &&
		    strcmp(c->origin, view_self(&s->view)->name) == 0 &&
		    (!c->idle || now_ms - c->typed_ms < m->conf->owner_idle_ms))
			return true;
	return false;
}

static void take_sample(struct meter *m, int64_t now_ms)
{
	struct share *s = &m->balance->share;
	struct load l;
	bool owner;

	find_owners(m);
	sampler_take(&m->sampler, now_ms, &l);
	if (becomes(&m->threads_told, m->sampler.threads_left))
		journal_line("a process has more than %d threads: they count as %d; load_command knows better",
			     SAMPLE_THREADS_MAX, SAMPLE_THREADS_MAX);
	figures_apply(&m->site, &l);
	owner = m->sampler.owner_here || owner_types(m, now_ms);
	if (owner != s->owner_here)
		journal_line("%s", owner ? "an owner is here: guests leave" : "no owner is here");
	s->owner_here = owner;
	balance_set_load(m->balance, &l, now_ms);
	m->sample_ms = now_ms + sampler_interval(&m->sampler, m->conf->load_interval_ms);
}

void meter_refresh(struct meter *m)
{
	int64_t now = now_mono_ms();

	if (!m->sampler.begun || now - m->sampler.last_ms > FRESH_MS)
		take_sample(m, now);
}

int64_t meter_tick(struct meter *m, uv_loop_t *loop, int64_t now_ms)
{
	if (now_ms >= m->sample_ms)
		take_sample(m, now_ms);
	if (m->conf->load_command != NULL && now_ms >= m->command_ms) {
		m->command_ms = now_ms + m->conf->load_command_interval_ms;
		command_start(&m->command, loop, m->conf->load_command, on_figures, m);
	}
	return m->sample_ms - now_ms;
}
