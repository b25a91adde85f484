#ifndef MISH_MIGRATE_PROGRAMS_H
#define MISH_MIGRATE_PROGRAMS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Our own programs and modules. A session opens at its beginning those that it will need, and
 * hands them to each image of its process: whatever is installed, removed or unmounted
 * meanwhile, it moves, comes home and is revived by the programs that it began with. Where
 * one could not be opened (a low `ulimit -n`), its path is tried when it is needed.
 *
 * They are looked for beside the running program (a build tree), in ../libexec/mish of it (an
 * installation, wherever it was moved), else where the installation was configured to be.
 */
enum program { PROGRAM_MISH, PROGRAM_STUB, PROGRAM_LINK, PROGRAM_MOVE, PROGRAM_EDIT, PROGRAM_PEER, PROGRAMS };

struct programs {
	/* descriptors (O_PATH), each plus one; 0: not open. A byte: a record has them */
	uint8_t fd[PROGRAMS];
};

/*
 * Opens what is not open yet but PROGRAM_PEER, which only answers to strangers; `self` is this
 * process's own, deleted or not.
 */
void programs_open(struct programs *p, enum program self);
/* As an exec begins, and when it has failed: are they to survive it? */
void programs_inherit(const struct programs *p, bool on);
/* A path to execute or to load (caller frees), or NULL: it is not installed. */
char *programs_path(const struct programs *p, enum program which);
/* Executes it. Returns only on failure: -ENOENT, it is not installed, or another -errno. */
int programs_exec(const struct programs *p, enum program which, char *const argv[], char *const envp[]);
/* A script of ours, by its name, where it is now (caller frees); NULL: it is not installed. */
char *programs_script(const char *name);
const char *programs_file(enum program which); /* its name, without a directory */
/* The process's name (ps, pkill): executed by its descriptor, it would be called by its number. */
void programs_name(enum program which);

#endif
