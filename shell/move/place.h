#ifndef MISH_MOVE_PLACE_H
#define MISH_MOVE_PLACE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * `@node command`, in the child that is to be the job: sends this shell's state there, where it runs the command as a subshell would, and
 * becomes mish-link, which stands for it here. Returns, with a status, only where it cannot.
 */
int place_run(struct shell *sh, const struct ast_command *c);

/* mish --placed: the other end. Does not return. */
void place_here(struct shell *sh, int handover_fd) __attribute__((noreturn));

#endif
