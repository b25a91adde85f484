#include <config.h>

#include "shell/interact/measure.h"

#include <string.h>

#include "shell/expand/option.h"
#include "shell/jobs/job.h"
#include "shell/jobs/rud.h"

static struct used own(void)
{
	struct used used = { 0 };
	struct rusage r;

	if (getrusage(RUSAGE_SELF, &r) == 0)
		used_add(&used, &r);
	return used;
}

void measure_begin(struct shell *sh, struct measure *m)
{
	m->on = opt(sh, OPT_RECORD);
	if (!m->on)
		return;
	(void)job_take_used(sh); /* of what a prompt runs */
	m->own = own();
	sh->placed.node = NULL;
	memcpy(m->placed_us, sh->placed.us, sizeof(m->placed_us));
	m->stopped = job_count(sh, true);
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
	struct used used, now;
	bool went;

	if (!m->on || is_in_background(text) || job_count(sh, true) > m->stopped)
		return;
	used = job_take_used(sh);
	now = own();
	went = sh->placed.us[0] + sh->placed.us[1] != m->placed_us[0] + m->placed_us[1]; /* else it ran here after all */
	used.user_us += now.user_us - m->own.user_us + sh->placed.us[0] - m->placed_us[0];
	used.system_us += now.system_us - m->own.system_us + sh->placed.us[1] - m->placed_us[1];
	rud_command(sh, text, went ? sh->placed.node : NULL, elapsed_ms, &used, sh->frame.status, 0);
}
