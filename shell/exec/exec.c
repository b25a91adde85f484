#include <config.h>

#include "shell/exec/exec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/command.h"
#include "shell/exec/condition.h"
#include "shell/exec/func.h"
#include "shell/exec/hashall.h"
#include "shell/exec/menu.h"
#include "shell/jobs/fork.h"
#include "shell/jobs/job.h"
#include "shell/exec/pipeline.h"
#include "shell/exec/procsub.h"
#include "shell/exec/redir.h"
#include "shell/exec/simple.h"
#include "shell/exec/trace.h"
#include "shell/exec/timed.h"
#include "shell/exec/trap.h"
#include "shell/expand/expand.h"
#include "shell/expand/pattern.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/decimal.h"
#include "shell/parser/parser.h"

static int set_status(struct shell *sh, int status)
{
	sh->frame.status = status;
	return status;
}

/* XCU set -e: the shell ends, interactive or not, where a failure counts. */
static void errexit_check(struct shell *sh, int status)
{
	if (status != 0 && sh->trap_events != 0 && sh->frame.errexit_off == 0)
		trap_event(sh, TRAP_ERR);
	if (status != 0 && opt(sh, OPT_ERREXIT) && sh->frame.errexit_off == 0 &&
	    sh->frame.flow.kind == FLOW_NONE && !trap_interrupted(sh))
		sh->frame.flow.kind = FLOW_EXIT;
}

/* PIPESTATUS of one command. */
static void keep_status(struct shell *sh, int status)
{
	sh->statuses.n = 0;
	sh->statuses.one = status;
}

/* The same for one command: an ERR action may ask for PIPESTATUS. */
static void failure_check(struct shell *sh, int status)
{
	if (sh->trap_events != 0)
		keep_status(sh, status);
	errexit_check(sh, status);
}

/* The status of a command that has ended: `status`, unless flow cut it short (a trap's `exit 3`). */
static int end_status(struct shell *sh, int status)
{
	return sh->frame.flow.kind >= FLOW_RETURN ? sh->frame.status : set_status(sh, status);
}

/* ---- compound commands ---- */

/* After a loop's body: true when the loop ends. */
static bool loop_ends(struct shell *sh)
{
	struct flow *f = &sh->frame.flow;

	trap_check(sh);
	if (f->kind == FLOW_NONE)
		return false;
	if (f->kind != FLOW_BREAK && f->kind != FLOW_CONTINUE)
		return true;
	if (--f->count > 0)
		return true;
	bool ends = f->kind == FLOW_BREAK;

	f->kind = FLOW_NONE;
	return ends;
}

static int exec_loop(struct shell *sh, const struct ast_command *c)
{
	int status = 0;

	sh->frame.loop_depth++;
	for (;;) {
		sh->frame.errexit_off++;
		int cond = exec_list(sh, c->loop.cond, 0);

		sh->frame.errexit_off--;
		if (sh->frame.flow.kind != FLOW_NONE) {
			if (loop_ends(sh))
				break;
			continue;
		}
		if ((cond == 0) == (c->kind == AST_UNTIL))
			break;
		status = exec_list(sh, c->loop.body, 0);
		if (loop_ends(sh))
			break;
	}
	sh->frame.loop_depth--;
	return end_status(sh, status);
}

/* The words of `for` and `select`; without `in`, "$@". 0 or -1. */
static int loop_words(struct shell *sh, const struct ast_command *c, struct fields *ret)
{
	static const struct ast_part all = { .kind = AST_PARAM, .quoted = true, .param.name = "@" };
	static const struct ast_word word = { .parts = (struct ast_part *)(uintptr_t)&all };

	return expand_words(sh, c->for_in ? c->loop_for.words : &word, ret);
}

/* The next word becomes the variable's value. 0; or 2, with a message, where that is readonly. */
static int loop_sets(struct shell *sh, const struct ast_command *c, const char *word)
{
	if (var_set(sh, c->loop_for.name, word, 0) >= 0)
		return 0;
	sh_abort(sh, 2, "%s: is read-only", c->loop_for.name);
	return 2;
}

static int exec_for(struct shell *sh, const struct ast_command *c)
{
	struct fields f = { 0 };
	int status = 0;

	if (loop_words(sh, c, &f) < 0)
		return sh->frame.status;
	sh->frame.loop_depth++;
	for (size_t i = 0; i < f.n; i++) {
		status = loop_sets(sh, c, f.v[i]);
		if (status != 0)
			break;
		status = exec_list(sh, c->loop_for.body, 0);
		if (loop_ends(sh))
			break;
	}
	sh->frame.loop_depth--;
	return end_status(sh, status);
}

/* select name in word …: as bash has it, until the input ends. */
static int exec_select(struct shell *sh, const struct ast_command *c)
{
	struct fields f = { 0 };
	const char *word, *reply;
	bool show = true;
	int status = 0;

	if (loop_words(sh, c, &f) < 0)
		return sh->frame.status;
	sh->frame.loop_depth++;
	while (f.n != 0) {
		word = menu_ask(sh, &f, show);
		status = word == NULL ? 1 : loop_sets(sh, c, word);
		if (status != 0)
			break;
		status = exec_list(sh, c->loop_for.body, 0);
		if (loop_ends(sh))
			break;
		reply = var_text(sh, "REPLY");
		show = reply != NULL && *reply == '\0';
	}
	sh->frame.loop_depth--;
	return end_status(sh, status);
}

/* for ((init; cond; step)) */
static int exec_for_let(struct shell *sh, const struct ast_command *c)
{
	const struct ast_word *init = c->loop_let.words, *cond = init->next, *step = cond->next;
	int64_t v = 1;
	int status = condition_let(sh, init, &v) < 0 ? 1 : 0;
	void *mark = arena_mark(sh->arena);

	if (status != 0)
		return set_status(sh, status);
	sh->frame.loop_depth++;
	for (;; arena_rewind(sh->arena, mark)) {
		v = 1;
		if (cond->parts != NULL && condition_let(sh, cond, &v) < 0) {
			status = 1;
			break;
		}
		if (v == 0)
			break;
		status = exec_list(sh, c->loop_let.body, 0);
		if (loop_ends(sh))
			break;
		if (condition_let(sh, step, &v) < 0) {
			status = 1;
			break;
		}
	}
	sh->frame.loop_depth--;
	return end_status(sh, status);
}

/* ((…)) and [[ … ]]: both are what set -e looks at. */
static int exec_let_or_condition(struct shell *sh, const struct ast_command *c)
{
	int64_t v = 0;
	int status;

	if (opt(sh, OPT_XTRACE))
		trace_command(sh, c);
	if (c->kind == AST_CONDITION)
		status = condition_run(sh, c->condition);
	else
		status = condition_let(sh, c->let, &v) < 0 ? 1 : v == 0;
	if (sh->frame.flow.kind != FLOW_NONE)
		return sh->frame.status;
	failure_check(sh, set_status(sh, status));
	return status;
}

static int exec_case(struct shell *sh, const struct ast_command *c, unsigned flags)
{
	char *word = expand_string(sh, c->select.word);
	bool matched = false;
	int status = 0;

	if (word == NULL)
		return sh->frame.status;
	for (const struct ast_case_item *i = c->select.items; i != NULL; i = i->next) {
		for (const struct ast_word *w = i->patterns; w != NULL && !matched; w = w->next) {
			char *pat = expand_pattern(sh, w);

			if (pat == NULL)
				return sh->frame.status;
			matched = expand_matches(sh, pat, word);
		}
		if (!matched)
			continue;
		status = i->body != NULL ? exec_list(sh, i->body, flags) : 0;
		if ((!i->fall_through && !i->goes_on) || sh->frame.flow.kind != FLOW_NONE)
			break;
		matched = i->fall_through;
	}
	return end_status(sh, status);
}

static int exec_if(struct shell *sh, const struct ast_command *c, unsigned flags)
{
	sh->frame.errexit_off++;
	int cond = exec_list(sh, c->cond.cond, 0);

	sh->frame.errexit_off--;
	if (sh->frame.flow.kind != FLOW_NONE)
		return sh->frame.status;
	if (cond == 0)
		return exec_list(sh, c->cond.then_body, flags);
	if (c->cond.else_body != NULL)
		return exec_list(sh, c->cond.else_body, flags);
	return set_status(sh, 0);
}

static void subshell_child(struct shell *sh, const struct ast_command *c) __attribute__((noreturn));
static void subshell_child(struct shell *sh, const struct ast_command *c)
{
	const struct ast_redir *redirs = c->kind == AST_PLACED ? c->function.body->redirs : c->redirs;

	sh->frame.loop_depth = 0;
	if (redir_apply(sh, redirs, NULL) < 0)
		set_status(sh, 1);
	else if (c->kind == AST_PLACED)
		set_status(sh, sh->hooks.place(sh, c));
	else
		exec_list(sh, c->list, EXEC_TAIL);
	exec_exit(sh);
}

/* What was placed without being asked for. */
static bool is_told(const struct shell *sh, const struct ast_command *c)
{
	return c->kind == AST_PLACED && c->by_itself && !c->told && opt(sh, OPT_PLACENOTICE) && sh->interactive && !sh_is_subshell(sh);
}

static int exec_subshell(struct shell *sh, const struct ast_command *c, unsigned flags)
{
	struct ast_command inner = *c;
	struct ast_pipeline pl = { .commands = &inner };
	struct job *j;
	pid_t pid;

	inner.next = NULL;
	if ((flags & EXEC_TAIL) != 0 && sh_is_subshell(sh) && !trap_any(sh)) {
		/* already a process of its own that ends with this command */
		subshell_child(sh, c);
	}
	j = job_new(sh, &pl);
	if (is_told(sh, c))
		fprintf(stderr, "%s\n", j->text);
	pid = fork_shell(sh, j, JOB_FG);
	if (pid < 0) {
		job_forget(sh, j);
		sh_warn(sh, "cannot fork: %s", strerror(-pid));
		return set_status(sh, 2);
	}
	if (pid == 0)
		subshell_child(sh, c);
	return set_status(sh, job_wait_fg(sh, j));
}

static int exec_compound(struct shell *sh, const struct ast_command *c, unsigned flags)
{
	int status = 0;

	switch (c->kind) {
	case AST_BRACE:
		return exec_list(sh, c->list, flags);
	case AST_SUBSHELL:
		status = exec_subshell(sh, c, flags);
		failure_check(sh, status);
		return status;
	case AST_IF:
		return exec_if(sh, c, flags);
	case AST_FOR:
		return exec_for(sh, c);
	case AST_SELECT:
		return exec_select(sh, c);
	case AST_WHILE:
	case AST_UNTIL:
		return exec_loop(sh, c);
	case AST_CASE:
		return exec_case(sh, c, flags);
	case AST_FUNCTION:
		func_define(sh, c->function.name, c->function.body, c->line);
		if (opt(sh, OPT_HASHALL))
			hashall_remember(sh, c->function.body);
		return set_status(sh, status);
	case AST_LET:
	case AST_CONDITION:
		return exec_let_or_condition(sh, c);
	case AST_FOR_LET:
		return exec_for_let(sh, c);
	case AST_COPROC:
		return set_status(sh, pipeline_coproc(sh, c));
	case AST_PLACED:
		status = exec_subshell(sh, c, flags);
		failure_check(sh, status);
		return status;
	case AST_SIMPLE:
		break;
	}
	return set_status(sh, status);
}

/* Which commands a DEBUG action comes before, as in bash: what only groups others is none. */
static bool has_debug(const struct ast_command *c)
{
	return c->kind == AST_SIMPLE || c->kind == AST_FOR || c->kind == AST_SELECT || c->kind == AST_CASE ||
	       c->kind >= AST_LET;
}

int exec_command(struct shell *sh, const struct ast_command *c, unsigned flags)
{
	struct redir_undo *undo = NULL;
	struct procsub *subs = sh->frame.procsubs;
	void *mark = arena_mark(sh->arena);
	int status;

	if (sh_stack_is_full(sh)) {
		sh_abort(sh, 2, "nested too deeply");
		return sh->frame.status;
	}
	sh->frame.lineno = c->line;
	if (sh->trap_events != 0 && has_debug(c)) {
		if (sh->frame.action.status < 0) /* not of an action */
			sh->frame.command = c;
		trap_event(sh, TRAP_DEBUG);
		if (sh->frame.flow.kind != FLOW_NONE)
			return sh->frame.status;
	}
	if (c->kind == AST_SIMPLE) {
		status = simple_exec(sh, c, flags);
		failure_check(sh, status);
		arena_rewind(sh->arena, mark);
		return status;
	}
	if (c->redirs != NULL && c->kind != AST_SUBSHELL) {
		if (redir_apply(sh, c->redirs, (flags & EXEC_WHOLE) != 0 ? NULL : &undo) < 0) {
			arena_rewind(sh->arena, mark);
			errexit_check(sh, set_status(sh, 1));
			return sh->frame.status;
		}
		if (undo != NULL)
			flags = 0; /* something is left to do afterwards */
	}
	sh->frame.nest++;
	status = exec_compound(sh, c, flags & ~(unsigned)EXEC_WHOLE);
	sh->frame.nest--;
	redir_undo(undo);
	procsub_close(sh, subs);
	arena_rewind(sh->arena, mark);
	return status;
}

/* ---- pipelines ---- */

/* ! and time; a pipeline of one command needs no process for itself. */
static int exec_pipeline(struct shell *sh, const struct ast_pipeline *pl, unsigned flags)
{
	struct ast_pipeline one = *pl;
	int status;

	if (pl->bang) {
		sh->frame.errexit_off++;
		flags = 0;
	}
	if (pl->timed) {
		one.bang = false;
		status = timed_pipeline(sh, &one, flags, exec_pipeline);
	} else if (pl->commands->next == NULL) {
		status = exec_command(sh, pl->commands, flags);
		keep_status(sh, status);
	} else {
		status = pipeline_run(sh, pl);
		set_status(sh, status);
		errexit_check(sh, status);
	}
	if (pl->bang) {
		sh->frame.errexit_off--;
		if (sh->frame.flow.kind == FLOW_NONE)
			status = set_status(sh, status == 0);
	}
	return status;
}

static int exec_and_or(struct shell *sh, const struct ast_pipeline *pl, unsigned flags)
{
	int status = 0;

	for (; pl != NULL; pl = pl->next) {
		bool last = pl->next == NULL;

		if (sh->frame.nest == 0)
			sh->frame.rest_andor = pl->next;
		sh->frame.errexit_off += !last;
		status = exec_pipeline(sh, pl, last ? flags : 0);
		sh->frame.errexit_off -= !last;
		trap_check(sh);
		if (sh->frame.flow.kind != FLOW_NONE)
			break;
		while (pl->next != NULL && pl->next->is_or == (status == 0))
			pl = pl->next;
	}
	return status;
}

/* ---- lists ---- */

/* An asynchronous AND-OR list (XCU 2.9.3.1). */
static int exec_async(struct shell *sh, const struct ast_pipeline *pl)
{
	bool simple = pl->next == NULL && !pl->bang && !pl->timed;
	struct job *j;
	char buf[DECIMAL_MAX];
	int r = 0;

	if (simple && simple_names_job(sh, pl->commands))
		return simple_exec(sh, pl->commands, EXEC_BG);
	if (simple && pl->commands->next == NULL && !pipeline_debug(sh, pl->commands))
		return sh->frame.status;
	j = job_new(sh, pl);
	j->background = true;
	if (simple && pl->commands->next != NULL) {
		r = pipeline_start(sh, pl->commands, j, JOB_BG, NULL);
	} else {
		pid_t pid = fork_shell(sh, j, JOB_BG);

		if (pid == 0) {
			int fd = pipeline_null(j);

			if (fd >= 0) {
				dup2(fd, STDIN_FILENO);
				close(fd);
			}
			if (simple)
				exec_command(sh, pl->commands, EXEC_TAIL | EXEC_WHOLE);
			else
				exec_and_or(sh, pl, EXEC_TAIL);
			exec_exit(sh);
		}
		r = pid < 0 ? (int)pid : 0;
	}
	if (r < 0)
		sh_warn(sh, "cannot start a background job: %s", strerror(-r));
	if (j->n_procs == 0 && r == 0) { /* the DEBUG action has ended it */
		job_forget(sh, j);
		return sh->frame.status;
	}
	if (r < 0) {
		if (j->n_procs == 0)
			job_forget(sh, j);
		return set_status(sh, 2);
	}
	job_number(sh, j);
	free(sh->last_bg);
	sh->last_bg = xstrdup(decimal_print(buf, j->procs[j->n_procs - 1].pid));
	if (sh->interactive)
		fprintf(stderr, is_told(sh, pl->commands) ? "[%d] %s  %s\n" : "[%d] %s\n", j->id, sh->last_bg, j->text);
	return set_status(sh, 0);
}

int exec_list(struct shell *sh, const struct ast_list *l, unsigned flags)
{
	int status = 0;

	for (; l != NULL; l = l->next) {
		if (opt(sh, OPT_NOEXEC) && !sh->interactive)
			break;
		if (sh->frame.nest == 0)
			sh->frame.rest_list = l->next;
		if (l->andor->async) {
			status = exec_async(sh, l->andor);
			trap_check(sh);
		} else {
			status = exec_and_or(sh, l->andor, l->next == NULL ? flags : 0);
		}
		if (sh->frame.flow.kind != FLOW_NONE)
			break;
	}
	return sh->frame.flow.kind >= FLOW_RETURN ? sh->frame.status : status;
}

void exec_exit(struct shell *sh)
{
	sh->frame.flow = (struct flow){ 0 };
	trap_exit(sh);
	fork_flush();
	if (sh_is_subshell(sh))
		_exit(sh->frame.status);
	exit(sh->frame.status);
}
