#ifndef MISH_CONTROLLER_HISTORIES_H
#define MISH_CONTROLLER_HISTORIES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire/rud.h"

/*
 * Public histories (Stewart 1994, 5.2): what the commands of those who permit it took (set -o publichistory), without what they were. Kinds, arguments, directories, nodes and users
 * become keyed hashes (BLAKE2b): the same stays the same, and without the site's salt nobody can try what a name would become.
 */
enum { HISTORIES_SALT = 32, HISTORIES_NAME = 17 /* bytes, with its NUL */ };

/* Reads the salt beside that file, PATH.salt; makes one if there is none. 0, or -errno. */
int histories_salt(const char *path, uint8_t ret[HISTORIES_SALT]);
/* Hides what a record is of, and whose it is. */
void histories_hide(const uint8_t salt[HISTORIES_SALT], struct rud *r, uid_t uid, char ret_user[HISTORIES_NAME]);

#endif
