#include <config.h>

#include "shell/interact/hook.h"

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/watch.h"
#include "shell/exec/func.h"
#include "shell/exec/source.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
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

/* A function, or an alias, with an argument (NULL: without). */
static void call(struct shell *sh, const char *name, const char *arg)
{
	char *quoted = arg != NULL ? quote_always(arg) : NULL;
	struct strbuf b = { 0 };

	if (func_exists(sh, name) || alias_get(sh->aliases, name) != NULL) {
		strbuf_addf(&b, "%s%s%s", name, quoted != NULL ? " " : "", quoted != NULL ? quoted : "");
		run(sh, b.s, name);
		strbuf_release(&b);
	}
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
	static int64_t last;
	const char *minutes = var_text(sh, "tperiod"), *seconds = var_text(sh, "PERIOD");
	int64_t period = minutes != NULL ? atol(minutes) * 60 : seconds != NULL ? atol(seconds) : 0, now = now_mono_ms() / 1000;

	if (period <= 0 || (last != 0 && now - last < period))
		return false;
	last = now;
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

void hook_before_command(struct shell *sh, const char *command)
{
	size_t len = strlen(command);
	char *text;

	if (opt(sh, OPT_POSIX))
		return;
	while (len != 0 && command[len - 1] == '\n')
		len--;
	text = xstrndup(command, len);
	call(sh, "postcmd", text);
	call(sh, "jobcmd", text);
	call(sh, "preexec", text);
	each(sh, "preexec_functions", call, text);
	free(text);
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

	if (!opt(sh, OPT_POSIX) && var_find(sh, "nobeep") != NULL)
		return true;
	if (opt(sh, OPT_POSIX) || (!func_exists(sh, "beepcmd") && alias_get(sh->aliases, "beepcmd") == NULL))
		return false;
	opt_set(sh, OPT_MONITOR, false); /* the terminal's modes are the editor's now */
	call(sh, "beepcmd", NULL);
	opt_set(sh, OPT_MONITOR, monitor);
	return true;
}
