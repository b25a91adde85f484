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

#define BIND_NUL "\300\200" /* how the rows have that byte, which is no UTF-8 otherwise */
enum { BIND_MAX = 400 }; /* bytes of a key, and of a string */

struct state_section;
extern const struct state_section bind_section;

/* *ret_changes: another number when something was bound since. */
const struct keyed *bind_rows(unsigned *ret_changes);

/* Has the user taken away what that key, by the bytes that it sends, does while one types? */
bool bind_is_off(const char *bytes);

/* How a person writes a key, or a text. */
enum bind_notation { BIND_CSH /* tcsh's and zsh's */, BIND_INPUTRC /* readline's */, BIND_INPUTRC_NAME /* … without quotes */ };
/* As the bytes that it sends (caller frees); NULL: it is none, or too long. */
char *bind_parse_key(const char *s, size_t len, enum bind_notation how);

#endif
