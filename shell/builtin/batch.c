#include <config.h>

#include "shell/builtin/batch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/programs.h"
#include "shell/exec/subst.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/move/allocation.h"
#include "shell/move/eligible.h"
#include "shell/move/handoff.h"
#include "shell/move/mover.h"
#include "shell/move/session.h"
#include "shell/parser/arena.h"
#include "shell/parser/parser.h"
#include "wire/node.h"
#include "wire/now.h"
#include "wire/text.h"

/* So many seconds before the end the user is told; at the last the session goes home. */
static const int steps_s[] = { 300, 60, 30 };
enum { STEPS = sizeof(steps_s) / sizeof(steps_s[0]) };

static bool is_away(struct shell *sh)
{
	return session_get(sh)->control >= 0;
}

/* ---- the script ---- */

/* As a command substitution does it, which ^C ends. Its status, or -1: ^C, and the flow is set. */
static int run(struct shell *sh, const char *text, struct strbuf *out)
{
	struct ast_list *list = NULL;
	struct arena *arena = arena_new();
	struct input_string is;
	struct parser *p;
	int status = -1, was = sh->frame.subst_status;

	input_string_init(&is, text, strlen(text));
	p = parser_new(&is.in, NULL, 1);
	if (parser_next(p, arena, &list) == PARSE_OK && subst_run(sh, list, out) == 0)
		status = sh->frame.subst_status;
	sh->frame.subst_status = was;
	parser_free(p);
	arena_free(arena);
	return status;
}

/* The script's one line in *ret (caller frees; never NULL), which is why not where its status is not 0; -1 as run(). */
static int ask(struct shell *sh, char **ret, const char *verb, size_t n, char *const *words)
{
	struct strbuf text = { 0 }, out = { 0 };
	char *script = programs_script("mish-slurm"), *line;
	int status = 1;

	for (size_t i = 0; script != NULL && i < n + 2; i++) { /* in quotes none is an alias */
		char *q = quote_always(i == 0 ? script : i == 1 ? verb : words[i - 2]);

		strbuf_addf(&text, "%s%s", i != 0 ? " " : "", q);
		free(q);
	}
	if (script != NULL)
		status = run(sh, text.s, &out);
	line = text_line(strbuf_str(&out)); /* for a terminal */
	if (line != NULL && *line == '\0' && status > 0) {
		free(line);
		line = xstrdup(script == NULL ? "mish-slurm: not installed" : "mish-slurm: it failed");
	}
	*ret = line != NULL ? line : xstrdup("");
	free(script);
	strbuf_release(&text);
	strbuf_release(&out);
	return status;
}

/* At a prompt ^C ends the question, and there is a prompt already. */
static int ask_at_prompt(struct shell *sh, char **ret, const char *verb, const char *job)
{
	char *word = (char *)(uintptr_t)job;
	int status = ask(sh, ret, verb, 1, &word);

	if (sh->frame.flow.kind == FLOW_ABORT)
		sh->frame.flow.kind = FLOW_NONE;
	return status;
}

/* ---- moving to one ---- */

/* JOB END NODE…, in `line`, which changes: *ret_node. NULL, or what is wrong. */
static const char *take(struct shell *sh, char *line, bool keep, bool ours, char **ret_node)
{
	char *save = NULL, *job = strtok_r(line, " ", &save), *end = strtok_r(NULL, " ", &save), *nodes = save;

	if (end == NULL || *nodes == '\0')
		return "mish-slurm: not understood";
	if (keep) {
		allocation_set(job, nodes, strtoll(end, NULL, 10), ours);
		var_set(sh, "SLURM_JOB_ID", job, VAR_EXPORT); /* for srun there */
	}
	*ret_node = strtok_r(NULL, " ", &save);
	return node_name_valid(*ret_node) ? NULL : "mish-slurm: not a host name";
}

int batch_move(struct shell *sh, enum errand errand, unsigned flags, bool get, int argc, char **argv)
{
	char *line = NULL, *why = eligible_obstacle(sh), *node;
	const char *wrong = why; /* before a job is made for nothing */
	int status = 1, r = 0;

	if (wrong == NULL && (r = ask(sh, &line, get ? "alloc" : "job", (size_t)argc, argv)) > 0)
		wrong = line;
	if (get && r < 0 && *line >= '0' && *line <= '9')
		(void)take(sh, line, true, true, &node); /* ^C came late: the next prompt gives it back */
	if (wrong == NULL && r == 0)
		wrong = take(sh, line, errand == ERRAND_MOVE, get, &node);
	if (wrong != NULL)
		handoff_stays(sh, wrong);
	else if (r == 0)
		status = mover_move(sh, errand, node, flags); /* where it fails, the next prompt gives the job back */
	free(line);
	free(why);
	return r < 0 ? 128 + SIGINT : status;
}

/* ---- its end ---- */

/* When the next step is due, in seconds since the Epoch; -1: there is none. */
static int64_t due_s(const struct allocation *a)
{
	return a->end_s != 0 && a->told < STEPS ? a->end_s - steps_s[a->told] : -1;
}

int64_t batch_next(void)
{
	const struct allocation *a;
	int64_t first = -1;

	for (size_t i = 0; (a = allocation_at(i)) != NULL; i++) {
		int64_t at = due_s(a);

		if (at >= 0 && (first < 0 || at < first))
			first = at;
	}
	return first;
}

/* A limit may have been changed since: then nothing of the new one was told. */
static void ask_end(struct shell *sh, struct allocation *a)
{
	char *line;

	if (ask_at_prompt(sh, &line, "end", a->job) == 0) {
		int64_t end_s = strtoll(line, NULL, 10); /* `-`: 0, none */

		if (end_s != a->end_s)
			a->told = 0;
		a->end_s = end_s;
	}
	free(line);
}

/* Nothing that the user ran: $? stays. */
static void go_home(struct shell *sh)
{
	(void)mover_move(sh, ERRAND_MOVE, "home", MSG_AUTOMATIC);
}

static void tell_end(struct shell *sh, const struct allocation *a, int64_t now_s)
{
	long long left_s = a->end_s - now_s;
	struct strbuf b = { 0 };

	strbuf_addf(&b, "job %s ends ", a->job);
	if (left_s >= 120)
		strbuf_addf(&b, "in %lld minutes", (left_s + 30) / 60);
	else if (left_s > 0)
		strbuf_addf(&b, "in %lld s", left_s);
	else
		strbuf_adds(&b, "now");
	if (is_away(sh) && a->told == STEPS)
		strbuf_adds(&b, ": going home");
	else if (is_away(sh))
		strbuf_addf(&b, ": this shell goes home %d s before, if no command runs then", steps_s[STEPS - 1]);
	sh_warn(sh, "%s", b.s);
	strbuf_release(&b);
}

void batch_due(struct shell *sh)
{
	int64_t now_s = now_wall_s();
	struct allocation *a;
	bool late = false;

	for (size_t i = 0; (a = allocation_at(i)) != NULL; i++) {
		if (due_s(a) < 0 || due_s(a) > now_s)
			continue;
		ask_end(sh, a);
		if (due_s(a) < 0 || due_s(a) > now_s)
			continue;
		while (a->told < STEPS && due_s(a) <= now_s)
			a->told++;
		tell_end(sh, a, now_s);
		late |= a->told == STEPS;
	}
	if (late && is_away(sh))
		go_home(sh);
}

/* ---- leaving it ---- */

/* `pid`: of what has to end before the job may; NULL nothing. */
static void give_back(struct shell *sh, const struct allocation *a, char *pid)
{
	char *words[] = { xstrdup(a->job), pid }, *line = NULL;
	const char *id = var_text(sh, "SLURM_JOB_ID");
	bool ours = a->ours;

	allocation_drop(words[0]);
	if (id != NULL && strcmp(id, words[0]) == 0)
		(void)var_unset(sh, "SLURM_JOB_ID");
	if (ours && ask(sh, &line, "cancel", pid != NULL ? 2 : 1, words) < 0)
		sh_warn(sh, "job %s may not be given back: scancel %s", words[0], words[0]);
	else if (ours && *line != '\0')
		sh_warn(sh, "%s", line);
	free(line);
	free(words[0]);
}

/* True where one of those that are left ends so soon that the session should be at home. */
static bool leave_others(struct shell *sh)
{
	struct allocation *a;
	bool late = false, left = false;

	for (size_t i = 0; (a = allocation_at(i)) != NULL;) {
		if (allocation_has(a, session_get(sh)->node)) {
			if (a->end_s != 0 && a->told >= STEPS) /* it may have been moved */
				ask_end(sh, a);
			late |= a->end_s != 0 && a->told >= STEPS;
			i++;
		} else {
			give_back(sh, a, NULL);
			left = true;
		}
	}
	if (left && (a = allocation_at(0)) != NULL) /* a move to another job has failed */
		var_set(sh, "SLURM_JOB_ID", a->job, VAR_EXPORT);
	return late;
}

void batch_arrived(struct shell *sh)
{
	(void)leave_others(sh);
}

void batch_at_prompt(struct shell *sh)
{
	char *why;

	if (allocation_at(0) == NULL)
		return;
	if (leave_others(sh) && is_away(sh)) { /* what was in the way may have gone */
		why = eligible_obstacle(sh);
		if (why == NULL)
			go_home(sh);
		free(why);
	}
	if (sh->frame.flow.kind == FLOW_ABORT) /* ^C */
		sh->frame.flow.kind = FLOW_NONE;
}

void batch_tell_left(struct shell *sh)
{
	const struct allocation *a;

	for (size_t i = 0; (a = allocation_at(i)) != NULL; i++)
		if (a->ours)
			sh_warn(sh, "job %s stays: scancel %s gives it back", a->job, a->job);
}

void batch_at_end(struct shell *sh)
{
	const struct allocation *a;
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)getppid()); /* mish-peer, which has to tell how we ended */
	while ((a = allocation_at(0)) != NULL)
		give_back(sh, a, is_away(sh) ? pid : NULL);
}
