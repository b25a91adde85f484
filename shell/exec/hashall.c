#include <config.h>

#include "shell/exec/hashall.h"

#include <string.h>

#include "shell/exec/command.h"
#include "shell/exec/func.h"

static void remember_list(struct shell *sh, const struct ast_list *l)
{
	for (; l != NULL; l = l->next)
		for (const struct ast_pipeline *p = l->andor; p != NULL; p = p->next)
			for (const struct ast_command *c = p->commands; c != NULL; c = c->next)
				hashall_remember(sh, c);
}

void hashall_remember(struct shell *sh, const struct ast_command *c)
{
	const struct ast_word *w = c->kind == AST_SIMPLE ? c->simple.words : NULL;

	switch (c->kind) {
	case AST_SIMPLE:
		if (w != NULL && w->plain != NULL && strchr(w->plain, '/') == NULL &&
		    cmd_builtin(sh, w->plain) == NULL && !func_exists(sh, w->plain))
			(void)cmd_find(sh, w->plain, NULL);
		break;
	case AST_BRACE:
	case AST_SUBSHELL:
		remember_list(sh, c->list);
		break;
	case AST_IF:
		remember_list(sh, c->cond.cond);
		remember_list(sh, c->cond.then_body);
		remember_list(sh, c->cond.else_body);
		break;
	case AST_FOR:
	case AST_SELECT:
		remember_list(sh, c->loop_for.body);
		break;
	case AST_WHILE:
	case AST_UNTIL:
		remember_list(sh, c->loop.cond);
		remember_list(sh, c->loop.body);
		break;
	case AST_CASE:
		for (const struct ast_case_item *i = c->select.items; i != NULL; i = i->next)
			remember_list(sh, i->body);
		break;
	case AST_FOR_LET:
		remember_list(sh, c->loop_let.body);
		break;
	case AST_FUNCTION:
	case AST_COPROC:
	case AST_PLACED:
	case AST_LET:
	case AST_CONDITION:
		break;
	}
}
