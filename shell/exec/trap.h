#ifndef MISH_EXEC_TRAP_H
#define MISH_EXEC_TRAP_H

#include "shell/jobs/sigs.h"
#include "shell/shell.h"

/* The actions of `trap`, and what the shell itself does when a signal came (XCU 2.15 trap). */

struct state_section;
extern const struct state_section trap_section;

struct trap_table *trap_table_new(void);
void trap_table_free(struct trap_table *t); /* takes NULL */

/*
 * The action of `trap`: NULL default, "" ignore. A signal that was ignored when a
 * non-interactive shell began stays so (XCU trap); that is no error.
 */
void trap_set(struct shell *sh, int signo, const char *action);
/* As `trap` lists it: in a subshell the parent's actions, until one is set. */
const char *trap_get(const struct shell *sh, int signo);
/* What bash has besides signals. */
enum trap_event { TRAP_DEBUG, TRAP_ERR, TRAP_RETURN };
enum { TRAP_EVENTS = TRAP_RETURN + 1 };
const char *trap_event_name(enum trap_event e);
/* -1: none of that name. */
int trap_event_number(const char *name);
/* NULL: no action. */
void trap_event_set(struct shell *sh, enum trap_event e, const char *action);
const char *trap_event_get(const struct shell *sh, enum trap_event e);
/* Bits of those whose action is not for a function or subshell that begins: set -E and -T. */
unsigned trap_not_inherited(const struct shell *sh);

void trap_run_event(struct shell *sh, enum trap_event e);
/* It has happened: runs the action, if there is one here. */
static inline void trap_event(struct shell *sh, enum trap_event e)
{
	if (__builtin_expect((sh->trap_events & ~sh->frame.events_off & 1u << e) != 0, 0))
		trap_run_event(sh, e);
}

/* Is there any action that may run? */
bool trap_any(const struct shell *sh);

/*
 * What `exit` and `return` without an operand give when they end a trap's action: $?
 * as it was before the action. -1 where they do not.
 */
int trap_entry_status(const struct shell *sh, bool returning);

/* Runs the actions of what arrived; FLOW_ABORT after SIGINT in an interactive shell. */
void trap_run(struct shell *sh);
/* Runs the EXIT action, once; `exit` without operand in it has this status. */
void trap_exit(struct shell *sh);
static inline void trap_check(struct shell *sh)
{
	if (__builtin_expect(sigs_pending, 0))
		trap_run(sh);
}

/*
 * In the middle of a command: true, with FLOW_ABORT or FLOW_EXIT, when an interactive shell
 * has had a ^C or was hung up, and has no action for it: nothing more of the line may run.
 */
bool trap_aborts(struct shell *sh);
static inline bool trap_interrupted(struct shell *sh)
{
	return __builtin_expect(sigs_pending, 0) && trap_aborts(sh);
}

#endif
