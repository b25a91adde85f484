#ifndef MISH_CONTROLLER_CONF_H
#define MISH_CONTROLLER_CONF_H

#include <stdbool.h>
#include <stddef.h>

/* mishd's configuration: `key value` lines, `#` comments; see mishd.conf(5). */
struct conf {
	char *socket; /* NULL: the built-in path */
	char **nodes; /* names, in the order of the file */
	size_t n_nodes;
	bool drain; /* begin draining */
};

/* Reads a file. Returns 0, or -1 with *why "file:line: what" (caller frees). */
int conf_read(const char *path, struct conf *ret, char **why);
/* The same from memory; `path` is for messages. */
int conf_parse(const char *path, const char *text, struct conf *ret, char **why);
void conf_release(struct conf *c);

#endif
