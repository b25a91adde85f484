#include <config.h>

#include "shell/interact/measure.h"

#include <string.h>

#include "shell/expand/option.h"
#include "shell/jobs/job.h"
#include "shell/jobs/rud.h"

void measure_begin(struct shell *sh, struct measure *m)
{
	m->on = opt(sh, OPT_RECORD);
	if (!m->on)
		return;
	(void)job_take_used(sh); /* of what a prompt runs */
	(void)getrusage(RUSAGE_SELF, &m->own);
	memcpy(m->placed_us, sh->placed.us, sizeof(m->placed_us));
	m->stopped = job_count(sh, true);
}

static uint64_t micros(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000 + (uint64_t)t->tv_usec;
}

/* Only started something: `command &`. */
static bool is_in_background(const char *text)
{
	size_t n = strlen(text);

	while (n != 0 && strchr(" \t\n", text[n - 1]) != NULL)
		n--;
	return n != 0 && text[n - 1] == '&';
}

void measure_end(struct shell *sh, const struct measure *m, const char *text, int64_t elapsed_ms)
{
	struct rusage own;
	struct used used;

	if (!m->on || is_in_background(text) || job_count(sh, true) > m->stopped || getrusage(RUSAGE_SELF, &own) < 0)
		return;
	used = job_take_used(sh);
	used.user_us += micros(&own.ru_utime) - micros(&m->own.ru_utime) + sh->placed.us[0] - m->placed_us[0];
	used.system_us += micros(&own.ru_stime) - micros(&m->own.ru_stime) + sh->placed.us[1] - m->placed_us[1];
	rud_command(sh, text, elapsed_ms, &used, sh->frame.status, 0);
}
