#include <config.h>

#include "shell/interact/hook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/builtin/watch.h"
#include "shell/exec/command.h"
#include "shell/exec/func.h"
#include "shell/exec/source.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/interact/prompt.h"
#include "shell/parser/alias.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

/* Runs a text with the status that the last command had, and puts that back: $?, PIPESTATUS and $_. */
static void run(struct shell *sh, const char *text, const char *name)
{
	int status = sh->frame.status, one = sh->statuses.one;
	size_t n = sh->statuses.n;
	int *statuses;
	char *word;

	if (sh->frame.flow.kind != FLOW_NONE)
		return;
	statuses = xreallocarray(NULL, n + 1, sizeof(*statuses));
	word = xstrdup(strbuf_str(sh->statuses.word));
	if (n != 0)
		memcpy(statuses, sh->statuses.v, n * sizeof(*statuses));
	source_string(sh, text, name, 0);
	free(sh->statuses.v);
	sh->statuses.v = statuses;
	sh->statuses.n = n;
	sh->statuses.one = one;
	strbuf_clear(sh->statuses.word);
	strbuf_adds(sh->statuses.word, word);
	free(word);
	if (sh->frame.flow.kind == FLOW_ABORT)
		sh->frame.flow.kind = FLOW_NONE;
	if (sh->frame.flow.kind == FLOW_NONE)
		sh->frame.status = status;
}

/* An alias's text with a word where it has tcsh's !# or \!#, also inside quotes. False: it has none. */
static bool put_line(struct strbuf *b, const char *text, const char *word)
{
	bool found = false;
	char quote = '\0';

	for (; *text != '\0'; text++) {
		const char *at = text + (*text == '\\');

		if (at[0] == '!' && at[1] == '#') {
			strbuf_addf(b, "%.1s%s%.1s", &quote, word, &quote);
			text = at + 1;
			found = true;
			continue;
		}
		strbuf_addc(b, *text);
		if (*text == '\\' && quote != '\'' && text[1] != '\0')
			strbuf_addc(b, *++text);
		else if (quote == *text)
			quote = '\0';
		else if (quote == '\0' && (*text == '\'' || *text == '"'))
			quote = *text;
	}
	return found;
}

/* A function with an argument (NULL: without); an alias, which says itself where that belongs. */
static void call(struct shell *sh, const char *name, const char *arg)
{
	const char *alias = alias_get(sh->aliases, name);
	char *quoted = arg != NULL ? quote_always(arg) : NULL;
	struct strbuf b = { 0 };

	if (alias == NULL && func_exists(sh, name)) {
		strbuf_addf(&b, "%s%s%s", name, quoted != NULL ? " " : "", quoted != NULL ? quoted : "");
	} else if (alias != NULL && (quoted == NULL || !put_line(&b, alias, quoted))) {
		strbuf_clear(&b);
		strbuf_adds(&b, name);
	}
	if (b.len != 0)
		run(sh, b.s, name);
	strbuf_release(&b);
	free(quoted);
}

/* What a variable has: its value, or its elements, which may change meanwhile. */
static void each(struct shell *sh, const char *name, void (*act)(struct shell *sh, const char *text, const char *arg), const char *arg)
{
	struct value v = var_get(sh, name, strlen(name));
	struct array *a = v.kind == VALUE_ARRAY ? array_copy(v.array) : NULL;
	char *one = v.kind == VALUE_SCALAR ? xstrdup(v.text) : NULL;
	struct array_key key;

	for (size_t i = 0; a != NULL && i < array_len(a); i++)
		act(sh, array_at(a, i, &key), arg);
	if (one != NULL)
		act(sh, one, arg);
	array_free(a);
	free(one);
}

static void run_text(struct shell *sh, const char *text, const char *arg)
{
	run(sh, text, arg);
}

/* Is it time again? */
static bool is_due(struct shell *sh)
{
	const char *minutes = var_text(sh, "tperiod"), *seconds = var_text(sh, "PERIOD");
	int64_t period = minutes != NULL ? atol(minutes) * 60 : seconds != NULL ? atol(seconds) : 0, now = now_wall_s(),
		passed = now - sh->clock.periodic_s; /* since the Epoch, if it never ran */

	if (period <= 0 || (passed >= 0 && passed < period)) /* no node's clock is so wrong that it should wait for ever */
		return false;
	sh->clock.periodic_s = now;
	return true;
}

void hook_before_prompt(struct shell *sh)
{
	if (opt(sh, OPT_POSIX))
		return;
	watch_before_prompt(sh);
	each(sh, "PROMPT_COMMAND", run_text, "PROMPT_COMMAND");
	call(sh, "precmd", NULL);
	each(sh, "precmd_functions", call, NULL);
	if (is_due(sh)) {
		call(sh, "periodic", NULL);
		each(sh, "periodic_functions", call, NULL);
	}
}

/* Is it no builtin? A compound command may have anything in it. */
static bool is_job(struct shell *sh, const struct ast_command *c)
{
	const struct ast_word *w;

	if (c->kind != AST_SIMPLE)
		return c->kind != AST_FUNCTION && c->kind != AST_LET && c->kind != AST_CONDITION;
	w = c->simple.words;
	return w != NULL && (w->plain == NULL || func_exists(sh, w->plain) || cmd_builtin(sh, w->plain) == NULL);
}

static bool has_job(struct shell *sh, const struct ast_list *list)
{
	for (; list != NULL; list = list->next)
		for (const struct ast_pipeline *p = list->andor; p != NULL; p = p->next)
			for (const struct ast_command *c = p->commands; c != NULL; c = c->next)
				if (is_job(sh, c))
					return true;
	return false;
}

/* bash's PS0. It is not drawn by the editor, whose marks it has no use for. */
static void put_ps0(struct shell *sh)
{
	const char *value = var_text(sh, "PS0");
	char *text = value != NULL && *value != '\0' ? prompt_text(sh, "PS0", "") : NULL;

	for (const char *s = text != NULL ? text : ""; *s != '\0'; s++)
		if (*s != '\1')
			putc(*s, stderr);
	free(text);
}

void hook_before_command(struct shell *sh, const char *command, const struct ast_list *list)
{
	size_t len = strlen(command);
	char *text;

	if (opt(sh, OPT_POSIX))
		return;
	while (len != 0 && command[len - 1] == '\n')
		len--;
	text = xstrndup(command, len);
	call(sh, "postcmd", text);
	if (has_job(sh, list))
		call(sh, "jobcmd", text);
	call(sh, "preexec", text);
	each(sh, "preexec_functions", call, text);
	free(text);
	put_ps0(sh);
}

void hook_after_command(struct shell *sh)
{
	static char *last;
	const char *now = var_text(sh, "PWD");
	bool changed = last != NULL && now != NULL && strcmp(last, now) != 0;

	if (now == NULL || opt(sh, OPT_POSIX))
		return;
	if (last == NULL || changed) {
		free(last);
		last = xstrdup(now);
	}
	if (!changed)
		return;
	call(sh, "cwdcmd", NULL);
	call(sh, "chpwd", NULL);
	each(sh, "chpwd_functions", call, NULL);
}

bool hook_beep(struct shell *sh)
{
	bool monitor = opt(sh, OPT_MONITOR);

	if (opt(sh, OPT_POSIX))
		return false;
	if (!func_exists(sh, "beepcmd") && alias_get(sh->aliases, "beepcmd") == NULL)
		return var_find(sh, "nobeep") != NULL;
	opt_set(sh, OPT_MONITOR, false); /* the terminal's modes are the editor's now */
	call(sh, "beepcmd", NULL);
	opt_set(sh, OPT_MONITOR, monitor);
	return true;
}
