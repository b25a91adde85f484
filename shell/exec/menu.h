#ifndef MISH_EXEC_MENU_H
#define MISH_EXEC_MENU_H

#include "shell/expand/expand.h"
#include "shell/shell.h"

/*
 * One round of `select`, as in bash: the menu on standard error (`show`), and a line into REPLY; after an empty one
 * once more. The word of that number, "" for another answer; NULL: the input has ended.
 */
const char *menu_ask(struct shell *sh, const struct fields *words, bool show);

#endif
