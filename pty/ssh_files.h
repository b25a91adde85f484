#ifndef MISH_PTY_SSH_FILES_H
#define MISH_PTY_SSH_FILES_H

#include <stdbool.h>

/* Files of keys that libssh takes otherwise than ssh(1) does. Names are as configurations have them: with a directory, or below `~/'. */

/* As ssh(1) and libssh have it, whatever HOME says; NULL: unknown. */
const char *ssh_files_home(void);
/* Where a file is (caller frees). NULL: the name is of another kind, or there is no memory. */
char *ssh_files_path(const char *name);
/* Would ssh(1) take this key, if it is there? Not the user's own that others may read; libssh takes that, too. */
bool ssh_files_key(const char *name);
/*
 * Has a known_hosts file no line with a marker, with `!' or with the usual port in brackets? libssh passes the first over, and takes the others
 * otherwise: where an authority's word on a host counts, and that of the host's
 * key is not enough, or where an authority is revoked, it would go where ssh(1) does not.
 */
bool ssh_files_unmarked(const char *name);
/* What counts without a word of the configuration, and beside it. */
bool ssh_files_are_plain(void);

#endif
