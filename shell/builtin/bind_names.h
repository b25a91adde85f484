#ifndef MISH_BUILTIN_BIND_NAMES_H
#define MISH_BUILTIN_BIND_NAMES_H

#include "shell/builtin/bind.h"

/* The editor's commands, by the names that bash, zsh and tcsh have for them. */

/* The name in the editor; libedit's own (editrc(5)) is itself. NULL: there is none. */
const char *bind_name_find(const char *name);
/* The i-th key that has a name for `bindkey -k', and the bytes that it sends; NULL past the end. */
const char *bind_name_arrow(size_t i, const char **ret_bytes);
/* Those that are known there, by number; and how readline or tcsh calls one (itself where they do not; caller frees). */
size_t bind_names_count(void);
const char *bind_name_at(size_t i);
char *bind_name_shown(const char *ours, enum bind_notation how);
/* All that are known, with what they do. */
void bind_names_print(void);

#endif
