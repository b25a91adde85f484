#include <config.h>

#include "shell/exec/trap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "migrate/state.h"
#include "shell/jobs/job.h"
#include "shell/parser/strbuf.h"

/* action[i] means something only while sigs_wish() is SIGS_CATCH; sigs.c knows what is ignored. */
struct trap_table {
	char *action[SIGS_MAX]; /* [0] is that of EXIT */
	char *event[TRAP_EVENTS];
};

struct trap_table *trap_table_new(void)
{
	return xcalloc(1, sizeof(struct trap_table));
}

void trap_table_free(struct trap_table *t)
{
	if (t == NULL)
		return;
	for (int i = 0; i < SIGS_MAX; i++)
		free(t->action[i]);
	for (int i = 0; i < TRAP_EVENTS; i++)
		free(t->event[i]);
	free(t);
}

void trap_set(struct shell *sh, int signo, const char *action)
{
	char **p = &sh->traps->action[signo];
	char *copy = action != NULL && *action != '\0' ? xstrdup(action) : NULL;

	sigs_own(sh); /* the first change in a subshell ends the view of the parent's */
	if (!sigs_set(sh, signo, copy != NULL ? SIGS_CATCH : action != NULL ? SIGS_IGNORE : SIGS_DEFAULT)) {
		free(copy);
		return;
	}
	free(*p);
	*p = copy;
}

const char *trap_get(const struct shell *sh, int signo)
{
	switch (sigs_wish(sh, signo)) {
	case SIGS_CATCH:
		return sh->traps->action[signo];
	case SIGS_IGNORE:
		return "";
	case SIGS_DEFAULT:
		break;
	}
	return NULL;
}

bool trap_any(const struct shell *sh)
{
	for (int i = 0; i < SIGS_MAX; i++)
		if (sigs_acts(sh, i))
			return true;
	return false;
}

int trap_entry_status(const struct shell *sh, bool returning)
{
	if (returning && sh->frame.fn_depth + sh->frame.dot_depth != sh->frame.action.depth)
		return -1;
	return sh->frame.action.status;
}

static void run_text(struct shell *sh, const char *text, bool is_exit)
{
	char *action = xstrdup(text);
	struct frame outer = sh->frame;

	sh->frame.flow = (struct flow){ 0 };
	sh->frame.action = (struct trap_action){ .status = outer.status,
						 .depth = outer.fn_depth + outer.dot_depth,
						 .is_exit = outer.action.is_exit || is_exit };
	sh->hooks.run_text(sh, action, "trap", 0);
	free(action);
	if (sh->frame.flow.kind == FLOW_NONE)
		sh->frame = outer;
	else
		sh_frame_leave(sh, &outer);
}

static void run_action(struct shell *sh, int signo)
{
	run_text(sh, sh->traps->action[signo], signo == 0);
}

/* ---- DEBUG, ERR and RETURN ---- */

static const char *const event_names[] = { [TRAP_DEBUG] = "DEBUG", [TRAP_ERR] = "ERR", [TRAP_RETURN] = "RETURN" };

const char *trap_event_name(enum trap_event e)
{
	return event_names[e];
}

int trap_event_number(const char *name)
{
	for (int i = 0; i < TRAP_EVENTS; i++)
		if (strcasecmp(event_names[i], name) == 0)
			return i;
	return -1;
}

void trap_event_set(struct shell *sh, enum trap_event e, const char *action)
{
	free(sh->traps->event[e]);
	sh->traps->event[e] = action != NULL ? xstrdup(action) : NULL;
	sh->frame.events_off &= ~(1u << e);
	if (action != NULL && *action != '\0')
		sh->trap_events |= 1u << e;
	else
		sh->trap_events &= ~(1u << e);
}

const char *trap_event_get(const struct shell *sh, enum trap_event e)
{
	return sh->traps->event[e];
}

unsigned trap_not_inherited(const struct shell *sh)
{
	return (opt(sh, OPT_ERRTRACE) ? 0 : 1u << TRAP_ERR) |
	       (opt(sh, OPT_FUNCTRACE) ? 0 : 1u << TRAP_DEBUG | 1u << TRAP_RETURN);
}

void trap_run_event(struct shell *sh, enum trap_event e)
{
	unsigned off = sh->frame.events_off;
	enum flow_kind flow = sh->frame.flow.kind;
	int status = sh->frame.status, lineno = sh->frame.lineno;

	if (flow != FLOW_NONE && !(e == TRAP_RETURN && flow == FLOW_RETURN))
		return;
	sh->frame.events_off |= 1u << TRAP_DEBUG | 1u << e; /* not of what the action runs */
	sh->frame.flow.kind = FLOW_NONE;
	run_text(sh, sh->traps->event[e], false);
	sh->frame.events_off = off;
	if (sh->frame.flow.kind != FLOW_NONE) /* `break`, say, or ^C */
		return;
	sh->frame.flow.kind = flow;
	sh->frame.status = status;
	sh->frame.lineno = lineno;
}

bool trap_aborts(struct shell *sh)
{
	int signo = sigs_line_ends(sh);

	if (signo == 0)
		return false;
	if (sh->frame.flow.kind == FLOW_NONE) {
		sh->frame.status = 128 + signo;
		sh->frame.flow.kind = signo == SIGHUP ? FLOW_EXIT : FLOW_ABORT;
	}
	return true; /* trap_run() does the rest */
}

/* What an interactive shell does on a signal without an action. */
static void act_by_default(struct shell *sh, int signo)
{
	if (signo == SIGINT && (sh->frame.flow.kind == FLOW_NONE || sh->frame.flow.kind == FLOW_ABORT)) {
		sh->frame.status = 128 + SIGINT;
		sh->frame.flow.kind = FLOW_ABORT;
		putc('\n', stderr); /* the terminal has echoed ^C */
	} else if (signo == SIGHUP) {
		sh->frame.status = 128 + SIGHUP;
		sh->frame.flow.kind = FLOW_EXIT;
		sigs_forget(SIGHUP); /* or sigs_pass_hangup() would end what the EXIT action runs */
		job_hangup(sh);
	}
}

void trap_run(struct shell *sh)
{
	sigs_pending = 0;
	for (int i = 1; i < SIGS_MAX; i++) {
		if (!sigs_take(i))
			continue;
		if (i == SIGINT)
			sigs_forget(i); /* else the next prompt would be interrupted too */
		if (sigs_acts(sh, i)) {
			if (i == SIGHUP || i == SIGTERM)
				sigs_forget(i);
			run_action(sh, i);
		} else if (sigs_interactive(sh)) {
			act_by_default(sh, i);
		}
	}
}

void trap_exit(struct shell *sh)
{
	int status = sh->frame.status;

	if (sh->frame.action.is_exit || !sigs_acts(sh, 0))
		return;
	run_action(sh, 0);
	if (sh->frame.flow.kind == FLOW_NONE)
		sh->frame.status = status;
	(void)sigs_set(sh, 0, SIGS_DEFAULT); /* once */
}

/* ---- state: actions by signal name; "" is an ignored signal ---- */

enum { TRAP_PAIRS = 1 };

static void trap_save(const struct shell *sh, struct state_enc *e)
{
	char buf[16];
	uint32_t n = 0;

	for (int i = 0; i < SIGS_MAX; i++)
		n += trap_get(sh, i) != NULL;
	for (int i = 0; i < TRAP_EVENTS; i++)
		n += sh->traps->event[i] != NULL;
	state_put_array(e, TRAP_PAIRS, 2 * n);
	for (int i = 0; i < SIGS_MAX; i++) {
		const char *action = trap_get(sh, i);

		if (action == NULL)
			continue;
		state_add_str(e, sigs_name(i, buf));
		state_add_str(e, action);
	}
	for (int i = 0; i < TRAP_EVENTS; i++)
		if (sh->traps->event[i] != NULL) {
			state_add_str(e, event_names[i]);
			state_add_str(e, sh->traps->event[i]);
		}
}

static int trap_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	int r = state_get_array(d, TRAP_PAIRS, &a, &n);

	if (r < 0 || n % 2 != 0)
		return r < 0 ? r : -EBADMSG;
	for (uint32_t i = 0; r == 0 && i < n; i += 2) {
		const char *name, *action;
		int signo = -1, event = -1;

		r = state_elem_str(d, a, i, &name, NULL);
		if (r == 0)
			r = state_elem_str(d, a, i + 1, &action, NULL);
		if (r == 0) {
			event = trap_event_number(name);
			signo = sigs_number(name);
		}
		if (r == 0 && event >= 0)
			trap_event_set(sh, (enum trap_event)event, action);
		else if (r == 0 && signo < 0)
			state_warn(d, "trap: no signal %s here", name);
		else if (r == 0)
			trap_set(sh, signo, action);
	}
	return r;
}

const struct state_section trap_section = {
	.name = "traps", .version = 1, .save = trap_save, .load = trap_load,
};
