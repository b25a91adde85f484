#include <config.h>

#include "shell/interact/timer.h"

#include <limits.h>
#include <stdlib.h>

#include "shell/builtin/batch.h"
#include "shell/builtin/sched.h"
#include "shell/exec/source.h"
#include "shell/expand/var.h"
#include "wire/now.h"

static int64_t touched_ms; /* rebuilt: at each prompt */

void timer_touch(void)
{
	touched_ms = now_mono_ms();
}

/* After so many ms without a key the shell ends; 0: never. bash's TMOUT is in seconds, tcsh's autologout in minutes. */
static int64_t logout_ms(struct shell *sh)
{
	const char *s = var_text(sh, "TMOUT"), *m = opt(sh, OPT_POSIX) ? NULL : var_text(sh, "autologout");
	int64_t n = s != NULL ? strtoll(s, NULL, 10) : m != NULL ? strtoll(m, NULL, 10) : 0;
	int64_t unit = s != NULL ? 1000 : 60000;

	return n > 0 && n < INT_MAX / unit ? n * unit : 0;
}

/* When something is to run, in seconds since the Epoch; -1: there is nothing. */
static int64_t next_run(void)
{
	int64_t sched = sched_next(), batch = batch_next();

	return sched < 0 || (batch >= 0 && batch < sched) ? batch : sched;
}

int timer_wait(struct shell *sh, bool fresh)
{
	int64_t logout = logout_ms(sh), sched = fresh ? next_run() : -1, ms = -1;

	if (logout != 0)
		ms = touched_ms + logout - now_mono_ms();
	if (sched >= 0) {
		int64_t left = (sched - now_wall_s()) * 1000;

		if (left > INT_MAX / 2) /* the clock may be put right meanwhile, too */
			left = INT_MAX / 2;
		ms = logout == 0 || left < ms ? left : ms;
	}
	return logout == 0 && sched < 0 ? -1 : ms < 0 ? 0 : (int)ms;
}

enum timer timer_due(struct shell *sh, bool fresh)
{
	int64_t logout = logout_ms(sh), sched = fresh ? next_run() : -1;

	if (sched >= 0 && sched <= now_wall_s())
		return TIMER_SCHED;
	return logout != 0 && now_mono_ms() - touched_ms >= logout ? TIMER_LOGOUT : TIMER_NONE;
}

void timer_run(struct shell *sh)
{
	int status = sh->frame.status;
	char *command;

	batch_due(sh);
	while (sh->frame.flow.kind == FLOW_NONE && (command = sched_take(now_wall_s())) != NULL) {
		sh->frame.nest++; /* it is no line that was typed */
		source_string(sh, command, "sched", 0);
		sh->frame.nest--;
		free(command);
	}
	if (sh->frame.flow.kind == FLOW_ABORT)
		sh->frame.flow.kind = FLOW_NONE;
	sh->frame.status = status;
}
