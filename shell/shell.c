#include <config.h>

#include "shell/shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/command.h"
#include "shell/exec/cwd.h"
#include "shell/exec/dirs.h"
#include "shell/exec/exec.h"
#include "shell/exec/func.h"
#include "shell/exec/hist.h"
#include "shell/exec/job.h"
#include "shell/exec/subst.h"
#include "shell/exec/trap.h"
#include "shell/expand/arith.h"
#include "shell/expand/locale.h"
#include "shell/expand/param.h"
#include "shell/expand/var.h"
#include "shell/parser/alias.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"
#include "shell/shell_init.h"

static void print_message(const struct shell *sh, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void print_message(const struct shell *sh, const char *fmt, va_list ap)
{
	char *text = NULL;

	fflush(stdout);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	/* one write: what others say, and the terminal's echo, stay outside of it */
	if (sh->script_named)
		fprintf(stderr, "%s: %d: %s\n", sh->arg0, sh->lineno, text != NULL ? text : fmt);
	else
		fprintf(stderr, "mish: %s\n", text != NULL ? text : fmt);
	free(text);
}

static const struct shell *only; /* of this process */

static void tell_no_memory(void)
{
	char s[512];
	int n = only->script_named ? snprintf(s, sizeof(s), "%.400s: %d: out of memory\n", only->arg0, only->lineno) :
				     snprintf(s, sizeof(s), "mish: out of memory\n");

	(void)!write(STDERR_FILENO, s, (size_t)n);
}

void sh_warn(const struct shell *sh, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(sh, fmt, ap);
	va_end(ap);
}

int sh_abort(struct shell *sh, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(sh, fmt, ap);
	va_end(ap);
	sh->status = status;
	if (sh->flow.kind < FLOW_ABORT)
		sh->flow.kind = sh->interactive ? FLOW_ABORT : FLOW_EXIT;
	return -1;
}

static void history_size_changed(struct shell *sh)
{
	const char *s = var_get(sh, "HISTSIZE");
	long n = s != NULL ? atol(s) : 0;

	if (n > 0)
		hist_set_max(sh->hist, (size_t)n);
}

/* What other modules keep that depends on a variable. */
static void var_changed(struct shell *sh, const char *name)
{
	switch (name[0]) {
	case 'P':
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

struct shell *shell_new(char **env)
{
	struct shell *sh = xcalloc(1, sizeof(*sh));
	struct rlimit r;
	char here, buf[ARITH_PRINT_MAX];

	sh->vars = var_table_new();
	sh->params = param_list_new();
	sh->aliases = alias_table_new();
	sh->funcs = func_table_new();
	sh->traps = trap_table_new();
	sh->dirs = dirs_new();
	sh->hist = hist_new();
	sh->jobs = job_table_new();
	sh->hash = cmd_hash_new();
	sh->arena = arena_new();
	sh->arg0 = xstrdup("mish");
	only = sh;
	xmalloc_tell(tell_no_memory);
	sh->pid = getpid();
	sh->tty = -1;
	var_clock_init(sh);
	sh->subst_status = -1;
	sh->find_builtin = builtin_find;
	sh->subst = subst_run;
	sh->out = stdout;
	sh->stack_base = &here;
	sh->stack_max = 6 << 20;
	if (getrlimit(RLIMIT_STACK, &r) == 0 && r.rlim_cur != RLIM_INFINITY)
		sh->stack_max = r.rlim_cur - r.rlim_cur / 4;
	var_import(sh, env);
	sh->var_changed = var_changed;
	locale_changed(sh);
	history_size_changed(sh);
	var_set(sh, "IFS", " \t\n", 0);
	var_clear_flags(sh, "IFS", VAR_EXPORT);
	var_set(sh, "OPTIND", "1", 0);
	var_set(sh, "PPID", arith_print(buf, getppid()), 0);
	if (var_get(sh, "PATH") == NULL)
		var_set(sh, "PATH", cmd_default_path, 0);
	var_set(sh, "PS4", var_get(sh, "PS4") != NULL ? var_get(sh, "PS4") : "+ ", 0);
	var_set(sh, "LINENO", "1", VAR_DYNAMIC);
	var_set(sh, "RANDOM", NULL, VAR_DYNAMIC);
	var_set(sh, "SECONDS", NULL, VAR_DYNAMIC);
	cwd_init(sh);
	return sh;
}

void shell_free(struct shell *sh)
{
	if (sh == NULL)
		return;
	xmalloc_tell(NULL);
	var_table_free(sh->vars);
	param_list_free(sh->params);
	alias_table_free(sh->aliases);
	func_table_free(sh->funcs);
	trap_table_free(sh->traps);
	dirs_free(sh->dirs);
	hist_free(sh->hist);
	job_table_free(sh->jobs);
	cmd_hash_free(sh->hash);
	arena_free(sh->arena);
	free(sh->arg0);
	free(sh->pwd);
	free(sh->last_bg);
	free(sh->edit_line);
	free(sh->typeahead);
	free(sh->rest_ok);
	free(sh->rest_failed);
	free(sh);
}
