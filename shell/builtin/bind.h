#ifndef MISH_BUILTIN_BIND_H
#define MISH_BUILTIN_BIND_H

#include "shell/builtin/keyed.h"
#include "shell/shell.h"

/*
 * Keys that the user has bound, by bindkey (tcsh, zsh) or bind (bash). A row's key is a letter, the keymap, and the
 * bytes that the key sends; its text a letter, enum bind_kind, and what is bound.
 */
enum bind_map { BIND_MAIN = 'm', BIND_VI_COMMAND = 'a' };
enum bind_kind {
	BIND_EDITOR = 'e', /* one of the editor's commands, by the name it has there */
	BIND_STRING = 's', /* as if that were typed */
	BIND_SHELL = 'x',  /* a command of the shell's; READLINE_LINE and READLINE_POINT are the line */
	BIND_NONE = 'r',   /* nothing */
};

struct state_section;
extern const struct state_section bind_section;

/* *ret_changes: another number when something was bound since. */
const struct keyed *bind_rows(unsigned *ret_changes);

/* A person's notation of a key as the bytes it sends (caller frees); NULL: it is none. `inputrc`: readline's, else tcsh's and zsh's. */
char *bind_parse_key(const char *s, size_t len, bool inputrc);

#endif
