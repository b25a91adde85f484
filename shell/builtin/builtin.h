#ifndef MISH_BUILTIN_BUILTIN_H
#define MISH_BUILTIN_BUILTIN_H

#include "shell/exec/command.h"
#include "shell/shell.h"

/*
 * getopt(3) by POSIX's rules with the shell's messages: builtin_opt_begin() once, then
 * until -1; '?' means that the message was printed and the builtin returns 2.
 * Operands begin at argv[optind].
 */
void builtin_opt_begin(void);
int builtin_opt(struct shell *sh, int argc, char **argv, const char *spec);
/* Prints the usage line of the builtin; returns 2. */
int builtin_usage(struct shell *sh, const char *name);
/* Notes a special builtin's error, which ends a script (XCU 2.8.1); returns status. */
int builtin_fatal(struct shell *sh, int status);

/* Does a first `exit', or ^D at a prompt, leave the shell there for its stopped jobs, or, by checkjobs, running ones? It is told then, once. */
bool builtin_holds_exit(struct shell *sh, bool at_prompt);

/* Sets one of shopt's options. False with a message. */
bool builtin_shopt_set(struct shell *sh, const char *name, bool on);
/*
 * Options as `set` and the command line take them; *i moves past them and *operands is
 * set after `--`. Returns 0, or a status after a message.
 */
int builtin_set_options(struct shell *sh, int argc, char **argv, int *i, bool *operands);

/* The builtins themselves; those of a family stand in one file. */
#define BUILTIN(name, run, flags, usage) int run(struct shell *sh, int argc, char **argv);
#include "shell/builtin/rows.def"
#undef BUILTIN

#endif
