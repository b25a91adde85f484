#ifndef MISH_MIGRATE_LOCATE_H
#define MISH_MIGRATE_LOCATE_H

/*
 * Where our own programs and modules are: beside the running program (a build tree),
 * in ../libexec/mish of it (an installation, wherever it was moved), else where the
 * installation was configured to be. Returns a path (caller frees) or NULL.
 */
char *locate_program(const char *name);

#endif
