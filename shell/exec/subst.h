#ifndef MISH_EXEC_SUBST_H
#define MISH_EXEC_SUBST_H

#include "shell/parser/ast.h"
#include "shell/parser/strbuf.h"
#include "shell/shell.h"

/*
 * Command substitution (XCU 2.6.3): appends the output, without NUL bytes. Returns 0, or -1
 * with sh->frame.flow set.
 *
 * The list runs in a subshell environment, which needs a process only where somebody could
 * tell the difference. A builtin that prints and changes nothing runs here, into memory; the stages of a
 * pipeline are started from here. If an expansion wants to change something after all (an
 * assignment in arithmetic: sh->frame.effects), it has not yet, and a process of its own does it.
 */
int subst_run(struct shell *sh, const struct ast_list *list, struct strbuf *out);

/*
 * ${ list; }: the same, but the list runs in this shell, as a function's body without parameters of its own does, and `exit`
 * ends it. `reply`, ${| list; }: its output goes where the shell's goes, and the value is what it leaves in REPLY.
 */
int subst_run_here(struct shell *sh, const struct ast_list *list, bool reply, struct strbuf *out);

/*
 * Process substitution, <(list) and >(list), as in bash: the list runs beside the command, and a pipe to it has a
 * name, /dev/fd/N, which the command opens. The name in sh->arena, or NULL with the message printed. `reads`: >(…),
 * it reads what is written. Our end is procsub.h's.
 */
char *subst_process(struct shell *sh, const struct ast_list *list, bool reads);

#endif
