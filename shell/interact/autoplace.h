#ifndef MISH_INTERACT_AUTOPLACE_H
#define MISH_INTERACT_AUTOPLACE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * set -o autoplace: of what was entered at the prompt, simple commands that tasks_has() become `@node command`, where mishd says that
 * another node is better by the offload constant. They are in no pipeline, and run here after all if that node does not take them.
 */
void autoplace_list(struct shell *sh, struct ast_list *list);

#endif
