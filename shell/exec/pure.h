#ifndef MISH_EXEC_PURE_H
#define MISH_EXEC_PURE_H

#include "shell/parser/ast.h"
#include "shell/shell.h"

/*
 * What a subshell environment does that could not be told from the shell itself doing it.
 * Expansions may still want to change something: such a command is run with sh->effects at
 * EFFECTS_OFF, and if that becomes EFFECTS_WANTED nothing has happened yet, and a process of
 * its own does it.
 */
enum pure {
	PURE_NOT,
	PURE_BUILTIN, /* prints by stdout, and changes nothing */
	PURE_PROGRAM, /* a file to be executed */
};

enum pure pure_command(struct shell *sh, const struct ast_command *c);

/*
 * A stage of a pipeline that is PURE_PROGRAM. Its expansions are done before it has its
 * standard input: no command may be among them.
 */
bool pure_stage(struct shell *sh, const struct ast_command *c);

#endif
