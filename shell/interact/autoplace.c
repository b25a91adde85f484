#include <config.h>

#include "shell/interact/autoplace.h"

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/tasks.h"
#include "shell/exec/func.h"
#include "shell/move/nodes.h"
#include "shell/parser/arena.h"

/* The name of a program that may go: neither a function nor a builtin, and not what a variable says. */
static const char *task_of(const struct shell *sh, const struct ast_command *c)
{
	const char *name = c->kind == AST_SIMPLE && c->next == NULL && c->simple.words != NULL ? c->simple.words->plain : NULL;

	return name != NULL && tasks_has(name) && !func_exists(sh, name) && sh->hooks.find_builtin(name) == NULL ? name : NULL;
}

static void place(struct shell *sh, struct ast_command *c)
{
	char *node = nodes_better(sh);
	struct ast_command *body;

	if (*node != '\0') {
		body = arena_alloc(sh->frame.ast, sizeof(*body));
		*body = *c;
		c->kind = AST_PLACED;
		c->by_itself = true;
		c->redirs = NULL;
		c->function.name = arena_strndup(sh->frame.ast, node, strlen(node));
		c->function.body = body;
	}
	free(node);
}

void autoplace_list(struct shell *sh, struct ast_list *list)
{
	for (struct ast_list *l = list; l != NULL; l = l->next)
		for (struct ast_pipeline *p = l->andor; p != NULL; p = p->next)
			if (task_of(sh, p->commands) != NULL)
				place(sh, p->commands);
}
