#ifndef MISH_EXEC_CWD_H
#define MISH_EXEC_CWD_H

#include "shell/shell.h"

struct state_section;
extern const struct state_section cwd_section;

/*
 * The working directory: sh->pwd is the logical path, PWD and OLDPWD follow it.
 */
void cwd_init(struct shell *sh);
/*
 * Changes to `dir` (XCU cd, steps 7-10; `physical` as -P). Returns 0 or -errno, with
 * everything as it was.
 */
int cwd_change(struct shell *sh, const char *dir, bool physical);
/* The path without symbolic links (caller frees), NULL when it cannot be told. */
char *cwd_physical(void);

#endif
