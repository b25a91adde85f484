#ifndef MISH_BUILTIN_BIND_NAMES_H
#define MISH_BUILTIN_BIND_NAMES_H

/* The editor's commands, by the names that bash, zsh and tcsh have for them. */

/* The name in the editor; libedit's own (editrc(5)) is itself. NULL: there is none. */
const char *bind_name_find(const char *name);
/* All that are known, with what they do. */
void bind_names_print(void);

#endif
