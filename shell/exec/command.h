#ifndef MISH_EXEC_COMMAND_H
#define MISH_EXEC_COMMAND_H

#include "shell/shell.h"

/*
 * What a command name stands for (XCU 2.9.1.4): special builtin, function, builtin,
 * or a file found along PATH, remembered in a hash.
 */
enum builtin_flag {
	BUILTIN_SPECIAL = 1 << 0, /* XCU 2.15 */
	BUILTIN_FILE = 1 << 2,	  /* not intrinsic: POSIX has it found along PATH (2.9.1.4) */
	BUILTIN_PURE = 1 << 1,	  /* prints, and changes nothing; all by stdout */
	BUILTIN_EXTRA = 1 << 3,	  /* POSIX knows nothing of it: not there in scripts in POSIX mode */
};

struct builtin {
	const char *name;
	int (*run)(struct shell *sh, int argc, char **argv);
	unsigned flags;
	const char *usage; /* operands and options, for messages */
};

struct cmd_hash *cmd_hash_new(void);
void cmd_hash_free(struct cmd_hash *h); /* takes NULL */
void cmd_hash_clear(struct cmd_hash *h);
/* The i-th remembered name, NULL past the end. */
const char *cmd_hash_at(const struct cmd_hash *h, size_t i, const char **ret_path, int *ret_hits);

/*
 * The file to execute for a name without a slash, along `path` (NULL: $PATH, with the
 * hash). Returns NULL with errno ENOENT or EACCES. Borrowed until the next call.
 */
const char *cmd_find(struct shell *sh, const char *name, const char *path);

/* What the hash remembers of a name, unchecked; NULL nothing. */
const char *cmd_hashed(struct shell *sh, const char *name);

/*
 * The builtin that a name stands for, or NULL. In POSIX mode one that is not intrinsic
 * exists only if a file of its name does (XCU 1.7, 2.9.1.4), which is looked for and remembered;
 * one that POSIX does not know does not exist in a script.
 */
const struct builtin *cmd_builtin(struct shell *sh, const char *name);

/* Tells why a command cannot be executed (errno of cmd_find(), of execve()). 126 or 127. */
int cmd_not_found(struct shell *sh, char *const *argv);
int cmd_cannot(struct shell *sh, const char *name, int err);

/*
 * Replaces the process: execve(), or a script without `#!` run by this program.
 * Returns only on failure: the exit status 126 or 127, after the message.
 */
int cmd_exec(struct shell *sh, const char *path, char **argv, char **env);

/* The default PATH of `command -p`. */
extern const char cmd_default_path[];

#endif
