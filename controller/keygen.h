#ifndef MISH_CONTROLLER_KEYGEN_H
#define MISH_CONTROLLER_KEYGEN_H

/*
 * mishctl keygen [FILE]: makes a node's secret key; mishctl key [FILE]: reads it. Both print
 * the line of the list of nodes that has the public one. NULL: MISH_KEY_PATH. Return an exit status.
 */
int keygen_make(const char *path);
int keygen_show(const char *path);

#endif
