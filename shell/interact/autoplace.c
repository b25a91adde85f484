#include <config.h>

#include "shell/interact/autoplace.h"

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/tasks.h"
#include "shell/exec/func.h"
#include "shell/move/nodes.h"
#include "shell/parser/arena.h"

/* The name of a program that may go: neither a function nor a builtin, and not what a variable says. */
static const char *program_of(const struct shell *sh, const struct ast_command *c)
{
	const char *name = c->kind == AST_SIMPLE && c->next == NULL && c->simple.words != NULL ? c->simple.words->plain : NULL;

	return name != NULL && !func_exists(sh, name) && sh->hooks.find_builtin(name) == NULL ? name : NULL;
}

void autoplace_command(struct shell *sh, struct ast_command *c, const char *node)
{
	struct ast_command *body = arena_alloc(sh->frame.ast, sizeof(*body));

	*body = *c;
	c->kind = AST_PLACED;
	c->by_itself = true;
	c->redirs = NULL;
	c->function.name = arena_strndup(sh->frame.ast, node, strlen(node));
	c->function.body = body;
	sh->placed.node = c->function.name;
}

/* Does the same line define a function of that name? */
static bool defines(const struct ast_list *list, const char *name)
{
	for (const struct ast_list *l = list; l != NULL; l = l->next)
		for (const struct ast_pipeline *p = l->andor; p != NULL; p = p->next)
			if (p->commands->kind == AST_FUNCTION && strcmp(p->commands->function.name, name) == 0)
				return true;
	return false;
}

bool autoplace_may(const struct shell *sh, const struct ast_list *list, const struct ast_command *c)
{
	const char *name = program_of(sh, c);

	return name != NULL && !tasks_keeps(name) && !defines(list, name);
}

static bool place(struct shell *sh, struct ast_command *c)
{
	char *node = nodes_better(sh, NULL, -1, NULL);
	bool better = *node != '\0';

	if (better)
		autoplace_command(sh, c, node);
	free(node);
	return better;
}

bool autoplace_list(struct shell *sh, struct ast_list *list)
{
	bool any = false;

	for (struct ast_list *l = list; l != NULL; l = l->next)
		for (struct ast_pipeline *p = l->andor; p != NULL; p = p->next)
			if (autoplace_may(sh, list, p->commands) && tasks_has(p->commands->simple.words->plain))
				any = place(sh, p->commands) || any;
	if (list->next != NULL || list->andor[0].next != NULL)
		sh->placed.node = NULL; /* that is not where the line ran */
	return any;
}
