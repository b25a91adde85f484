#ifndef MISH_INTERACT_AUTOPLACE_H
#define MISH_INTERACT_AUTOPLACE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * set -o autoplace: of what was entered at the prompt, simple commands that tasks_has() become `@node command`, where mishd says that
 * another node is better by the offload constant. They are in no pipeline, and run here after all if that node does not take them. True: there was one.
 */
bool autoplace_list(struct shell *sh, struct ast_list *list);
/* Such a command, whether or not it is in a list; one that `keep' names is none. */
bool autoplace_may(const struct shell *sh, const struct ast_list *list, const struct ast_command *c);
/* Makes it `@node command'. */
void autoplace_command(struct shell *sh, struct ast_command *c, const char *node);

#endif
