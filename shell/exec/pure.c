#include <config.h>

#include "shell/exec/pure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/command.h"
#include "shell/exec/exec.h"
#include "shell/jobs/fork.h"
#include "shell/exec/func.h"
#include "shell/exec/trap.h"
#include "shell/parser/alias.h"

struct found {
	bool effects, command; /* with both, a command substitution might run twice */
};

static bool pure_word(const struct ast_word *w, struct found *f)
{
	for (const struct ast_part *p = w->parts; p != NULL; p = p->next)
		switch (p->kind) {
		case AST_LIT:
		case AST_TILDE:
			break;
		case AST_PARAM:
			f->effects |= p->op == AST_PARAM_ASSIGN || p->op == AST_PARAM_SLICE || p->subscript;
			for (const struct ast_word *arg = p->param.arg; arg != NULL; arg = arg->next)
				if (!pure_word(arg, f))
					return false;
			break;
		case AST_ARRAY:
		case AST_PROCESS_IN:
		case AST_PROCESS_OUT:
		case AST_CMDSUB_HERE:
		case AST_CMDSUB_REPLY:
			return false;
		case AST_CMDSUB:
			f->command = true;
			break;
		case AST_ARITH:
			f->effects = true;
			if (!pure_word(p->arith, f))
				return false;
			break;
		}
	return !(f->effects && f->command);
}

enum pure_stderr pure_stderr(const struct ast_redir *r)
{
	if (r == NULL)
		return STDERR_AS_IS;
	if (r->next != NULL || r->fd != STDERR_FILENO || r->target->plain == NULL)
		return STDERR_OTHER;
	switch (r->kind) {
	case AST_REDIR_DUP_OUT:
		return strcmp(r->target->plain, "1") == 0 ? STDERR_JOINED : STDERR_OTHER;
	case AST_REDIR_OUT:
	case AST_REDIR_APPEND:
	case AST_REDIR_CLOBBER:
		return strcmp(r->target->plain, "/dev/null") == 0 ? STDERR_NULL : STDERR_OTHER;
	default:
		return STDERR_OTHER;
	}
}

/* `command -v name` */
static bool only_asks(const struct ast_word *w)
{
	return strcmp(w->plain, "command") == 0 && w->next != NULL && w->next->plain != NULL &&
	       strcmp(w->next->plain, "-v") == 0;
}

static enum pure classify(struct shell *sh, const struct ast_command *c, struct found *f)
{
	const struct ast_word *w = c->simple.words;
	enum pure_stderr to = pure_stderr(c->redirs);
	const struct builtin *b;

	if (c->kind != AST_SIMPLE || c->simple.assigns != NULL || w == NULL || w->plain == NULL ||
	    func_exists(sh, w->plain) || alias_get(sh->aliases, w->plain) != NULL)
		return PURE_NOT;
	if (to == STDERR_OTHER)
		return PURE_NOT;
	for (const struct ast_word *v = w; v != NULL; v = v->next)
		if (!pure_word(v, f))
			return PURE_NOT;
	b = cmd_builtin(sh, w->plain);
	if (b == NULL)
		return PURE_PROGRAM;
	if ((b->flags & BUILTIN_PURE) == 0 && !only_asks(w))
		return PURE_NOT;
	return to != STDERR_JOINED ? PURE_BUILTIN : PURE_NOT; /* standard output is memory here */
}

enum pure pure_command(struct shell *sh, const struct ast_command *c)
{
	struct found f = { 0 };

	return classify(sh, c, &f);
}

enum pure pure_stage(struct shell *sh, const struct ast_command *c)
{
	struct found f = { 0 };
	enum pure way = classify(sh, c, &f);

	return f.command ? PURE_NOT : way;
}

int pure_run(struct shell *sh, const struct ast_command *c, char **ret, size_t *ret_len)
{
	FILE *real = stdout, *mem = open_memstream(ret, ret_len);
	struct frame outer = sh->frame;
	int r;

	if (mem == NULL)
		return -1;
	fork_flush();
	sh->frame.nest++;
	sh->frame.effects = EFFECTS_OFF;
	sh->frame.events_off |= trap_not_inherited(sh);
	stdout = mem;
	exec_command(sh, c, 0);
	stdout = real;
	fclose(mem);
	r = sh->frame.effects == EFFECTS_WANTED ? -1 : sh->frame.status;
	if (r < 0) {
		free(*ret);
		*ret = NULL;
	}
	sh->frame = outer; /* what ends a subshell ends nothing here */
	return r;
}
