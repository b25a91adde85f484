#ifndef MISH_BUILTIN_BUILTIN_H
#define MISH_BUILTIN_BUILTIN_H

#include "shell/exec/command.h"
#include "shell/shell.h"

/* The table of builtins: one entry each, the functions in one file per family. */
const struct builtin *builtin_find(const char *name);
/* The i-th in sorted order, NULL past the end. */
const struct builtin *builtin_at(size_t i);

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

/*
 * Options as `set` and the command line take them; *i moves past them and *operands is
 * set after `--`. Returns 0, or a status after a message.
 */
int builtin_set_options(struct shell *sh, int argc, char **argv, int *i, bool *operands);

int builtin_alias(struct shell *sh, int argc, char **argv);
int builtin_bg(struct shell *sh, int argc, char **argv);
int builtin_break(struct shell *sh, int argc, char **argv);
int builtin_cd(struct shell *sh, int argc, char **argv);
int builtin_colon(struct shell *sh, int argc, char **argv);
int builtin_command(struct shell *sh, int argc, char **argv);
int builtin_dirs(struct shell *sh, int argc, char **argv);
int builtin_dot(struct shell *sh, int argc, char **argv);
int builtin_echo(struct shell *sh, int argc, char **argv);
int builtin_eval(struct shell *sh, int argc, char **argv);
int builtin_exec(struct shell *sh, int argc, char **argv);
int builtin_exit(struct shell *sh, int argc, char **argv);
int builtin_export(struct shell *sh, int argc, char **argv);
int builtin_false(struct shell *sh, int argc, char **argv);
int builtin_fc(struct shell *sh, int argc, char **argv);
int builtin_fg(struct shell *sh, int argc, char **argv);
int builtin_getopts(struct shell *sh, int argc, char **argv);
int builtin_hash(struct shell *sh, int argc, char **argv);
int builtin_history(struct shell *sh, int argc, char **argv);
int builtin_jobs(struct shell *sh, int argc, char **argv);
int builtin_kill(struct shell *sh, int argc, char **argv);
int builtin_local(struct shell *sh, int argc, char **argv);
int builtin_popd(struct shell *sh, int argc, char **argv);
int builtin_printf(struct shell *sh, int argc, char **argv);
int builtin_pushd(struct shell *sh, int argc, char **argv);
int builtin_pwd(struct shell *sh, int argc, char **argv);
int builtin_read(struct shell *sh, int argc, char **argv);
int builtin_return(struct shell *sh, int argc, char **argv);
int builtin_set(struct shell *sh, int argc, char **argv);
int builtin_shift(struct shell *sh, int argc, char **argv);
int builtin_smigrate(struct shell *sh, int argc, char **argv);
int builtin_test(struct shell *sh, int argc, char **argv);
int builtin_times(struct shell *sh, int argc, char **argv);
int builtin_trap(struct shell *sh, int argc, char **argv);
int builtin_type(struct shell *sh, int argc, char **argv);
int builtin_ulimit(struct shell *sh, int argc, char **argv);
int builtin_umask(struct shell *sh, int argc, char **argv);
int builtin_unalias(struct shell *sh, int argc, char **argv);
int builtin_unset(struct shell *sh, int argc, char **argv);
int builtin_wait(struct shell *sh, int argc, char **argv);
int builtin_which(struct shell *sh, int argc, char **argv);

#endif
