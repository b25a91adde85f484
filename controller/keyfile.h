#ifndef MISH_CONTROLLER_KEYFILE_H
#define MISH_CONTROLLER_KEYFILE_H

#include "controller/identity.h"

/* The file with a node's secret key, by default MISH_KEY_PATH: one line, which only its owner can read. */

/* Returns 0, or -1 with *why, which the caller frees. Refuses a file that others can read. */
int keyfile_read(const char *path, struct identity *ret, char **why);
/* Draws a key, and writes a new file of mode 0600, on the disk before this returns; never over one that is there. */
int keyfile_make(const char *path, struct identity *ret, char **why);

#endif
