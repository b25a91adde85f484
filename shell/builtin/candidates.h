#ifndef MISH_BUILTIN_CANDIDATES_H
#define MISH_BUILTIN_CANDIDATES_H

#include "shell/shell.h"

/* What a word may be completed to: for the editor, and for compgen. */
struct candidates {
	char **v; /* owned */
	char **notes; /* what each one is, for people; an entry may be NULL, and so may all */
	size_t n;
	bool fold;   /* upper and lower case are the same for what is added from here on, … */
	bool inside; /* … and what is typed may be anywhere in it */
};

/* Copies. */
void candidates_add(struct candidates *l, const char *s);
/* … with a note on the newest one. */
void candidates_note(struct candidates *l, const char *note);
/* Sorted, each once. */
void candidates_sort(struct candidates *l);
void candidates_add_if(struct candidates *l, const char *s, const char *prefix);
void candidates_release(struct candidates *l);
/* Does the name begin with the prefix (or have it inside), as the list compares? */
bool candidates_begins(const struct candidates *l, const char *name, const char *prefix);

/*
 * The directory that is meant by what is typed of it: tilde and parameters are looked up, quotes taken away; nothing is run.
 * Caller frees.
 */
char *candidates_directory(struct shell *sh, const char *typed);
/* A text without what quotes in it (caller frees). */
char *candidates_unquote(const char *s, size_t len);
/* … of which the beginning is in a quote, or '\0'. */
char *candidates_unquote_in(char quote, const char *s, size_t len);
/*
 * Files that a path begins with; a tilde in it is looked up, but stays as it was typed. Directories end in a slash. `hidden`:
 * also names that begin with a dot, where none was typed.
 */
void candidates_files(struct shell *sh, struct candidates *l, const char *word, bool exec_only, bool hidden);
/* Builtins, functions, aliases and programs; with a slash, programs of that path. */
void candidates_commands(struct shell *sh, struct candidates *l, const char *word);

#endif
