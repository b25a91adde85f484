#include <config.h>

#include "shell/move/place.h"
#include "shell/shell_init.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shell/builtin/compgen.h"
#include "shell/builtin/table.h"
#include "shell/exec/calls.h"
#include "shell/exec/command.h"
#include "shell/exec/cwd.h"
#include "shell/exec/dirs.h"
#include "shell/exec/func.h"
#include "shell/exec/hist.h"
#include "shell/exec/source.h"
#include "shell/exec/subst.h"
#include "shell/exec/trap.h"
#include "shell/expand/attribute.h"
#include "shell/expand/dynamic.h"
#include "shell/expand/named.h"
#include "shell/expand/locale.h"
#include "shell/expand/param.h"
#include "shell/expand/var.h"
#include "shell/interact/bang.h"
#include "shell/interact/edit.h"
#include "shell/interact/prompt.h"
#include "shell/jobs/job.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/parser/alias.h"
#include "shell/parser/arena.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/decimal.h"
#include "shell/parser/strbuf.h"

static void history_size_changed(struct shell *sh)
{
	const char *s = var_text(sh, "HISTSIZE");
	long n = s != NULL ? atol(s) : 0;

	if (n > 0)
		hist_set_max(sh->hist, (size_t)n);
}

/* In zsh it and PS1 are one: whichever is set last counts. A script's PROMPT is its own. */
static void zsh_prompt_changed(struct shell *sh)
{
	const char *value = var_text(sh, "PROMPT");

	if (value != NULL && sh->interactive && !opt(sh, OPT_POSIX))
		(void)var_set(sh, "PS1", value, 0);
}

/* What other modules keep that depends on a variable. */
static void var_changed(struct shell *sh, const char *name)
{
	switch (name[0]) {
	case 'P':
		if (strcmp(name, "PROMPT") == 0)
			zsh_prompt_changed(sh);
		if (strcmp(name, "PATH") == 0)
			cmd_hash_clear(sh->hash);
		break;
	case 'O':
		if (strcmp(name, "OPTIND") == 0)
			sh->getopts_pos = 0;
		break;
	case 'L':
		if (strncmp(name, "LC_", 3) == 0 || strcmp(name, "LANG") == 0)
			locale_changed(sh);
		break;
	case 'H':
		if (strcmp(name, "HISTSIZE") == 0)
			history_size_changed(sh);
		break;
	}
}

/* FUNCNAME and its like, and DIRSTACK behind them; see dynamic.c. */
static struct array *calls(const struct shell *sh, int what)
{
	struct array *a;

	if (what <= CALLS_LINENO)
		return calls_array(sh, (enum calls_what)what);
	a = array_new(false);
	array_set(a, (struct array_key){ 0 }, sh->pwd != NULL ? sh->pwd : "");
	for (size_t i = 0; i < sh->dirs->n; i++)
		array_set(a, (struct array_key){ .index = (int64_t)i + 1 }, sh->dirs->v[sh->dirs->n - 1 - i]);
	return a;
}

/* BASH_COMMAND: the command that runs, in one line. */
static const char *command_text(struct shell *sh)
{
	struct ast_command one;
	struct ast_pipeline l = { 0 };
	struct strbuf b = { 0 };
	char *s;

	if (sh->frame.command == NULL)
		return NULL;
	one = *sh->frame.command;
	one.next = NULL;
	l.commands = &one;
	ast_print_pipeline_brief(&b, &l);
	s = arena_strndup(sh->arena, strbuf_str(&b), b.len);
	strbuf_release(&b);
	return s;
}

enum { VARS_AT_START = 20 }; /* besides those of the environment, about */

struct shell *shell_new(char **env)
{
	struct shell *sh = xcalloc(1, sizeof(*sh));
	struct rlimit r;
	char here, buf[DECIMAL_MAX];
	size_t n_env = 0;

	sh->vars = var_table_new();
	sh->params = param_list_new();
	sh->aliases = alias_table_new();
	sh->funcs = func_table_new();
	sh->traps = trap_table_new();
	sh->sigs = sigs_new();
	sh->tty = tty_new();
	sh_frame_reset(sh);
	sh->dirs = dirs_new();
	sh->hist = hist_new();
	hist_set_expander(sh->hist, bang_of_text);
	sh->jobs = job_table_new();
	sh->hash = cmd_hash_new();
	sh->arena = arena_new();
	sh->statuses.word = xcalloc(1, sizeof(*sh->statuses.word));
	sh->arg0 = xstrdup("mish");
	sh_tell_no_memory(sh);
	sh->pid = getpid();
	sh->placed.file = -1;
	dynamic_clock_init(sh);
	sh->hooks.find_builtin = table_find;
	sh->hooks.builtin_at = table_at;
	sh->hooks.subst = subst_run;
	sh->hooks.subst_here = subst_run_here;
	sh->hooks.run_text = source_string;
	sh->hooks.edit_line = edit_for_command;
	sh->hooks.editor_keys = edit_list_keys;
	sh->hooks.procsub = subst_process;
	sh->out = stdout;
	sh->stack.base = &here;
	sh->stack.max = 6 << 20;
	if (getrlimit(RLIMIT_STACK, &r) == 0 && r.rlim_cur != RLIM_INFINITY)
		sh->stack.max = r.rlim_cur - r.rlim_cur / 4;
	while (env[n_env] != NULL)
		n_env++;
	var_reserve(sh, n_env + VARS_AT_START);
	dynamic_init(sh);
	var_import(sh, env);
	sh->hooks.not_inherited = trap_not_inherited;
	sh->hooks.calls = calls;
	sh->hooks.command_text = command_text;
	sh->hooks.var_changed = var_changed;
	sh->hooks.var_convert = attribute_convert;
	sh->hooks.place = place_run;
	sh->hooks.prompt = prompt_of_bash;
	sh->hooks.element_get = named_get;
	sh->hooks.element_set = named_set;
	locale_changed(sh);
	history_size_changed(sh);
	var_set(sh, "IFS", " \t\n", 0);
	var_clear_flags(sh, "IFS", VAR_EXPORT);
	var_set(sh, "OPTIND", "1", 0);
	var_set(sh, "PPID", decimal_print(buf, getppid()), 0);
	if (var_text(sh, "PATH") == NULL)
		var_set(sh, "PATH", cmd_default_path, 0);
	if (var_text(sh, "COMP_WORDBREAKS") == NULL)
		var_set(sh, "COMP_WORDBREAKS", COMPGEN_BREAKS, 0);
	var_set(sh, "PS4", var_text(sh, "PS4") != NULL ? var_text(sh, "PS4") : "+ ", 0);
	cwd_init(sh);
	return sh;
}

void shell_free(struct shell *sh)
{
	if (sh == NULL)
		return;
	sh_tell_no_memory(NULL);
	var_table_free(sh->vars);
	free(sh->statuses.v);
	strbuf_release(sh->statuses.word);
	free(sh->statuses.word);
	param_list_free(sh->params);
	alias_table_free(sh->aliases);
	func_table_free(sh->funcs);
	trap_table_free(sh->traps);
	sigs_free(sh->sigs);
	tty_free(sh->tty);
	dirs_free(sh->dirs);
	hist_free(sh->hist);
	job_table_free(sh->jobs);
	cmd_hash_free(sh->hash);
	arena_free(sh->arena);
	free(sh->arg0);
	free(sh->pwd);
	free(sh->last_bg);
	free(sh->line.text);
	free(sh->line.mine);
	sh_drop_of_line(sh);
	free(sh->line.no_locale);
	free(sh->line.ahead);
	free(sh->line.rest_ok);
	free(sh->line.rest_failed);
	free(sh->line.entered);
	free(sh->line.entered_for);
	free(sh);
}
