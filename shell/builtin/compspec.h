#ifndef MISH_BUILTIN_COMPSPEC_H
#define MISH_BUILTIN_COMPSPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What `complete` has registered, as in bash. One shell to a process: the list is the process's. */

/* Their numbers are in states: a new one comes last. So it is with the options. */
enum action {
	ACT_ALIAS, ACT_ARRAY, ACT_BUILTIN, ACT_COMMAND, ACT_DIRECTORY, ACT_EXPORT, ACT_FILE, ACT_FUNCTION, ACT_GROUP,
	ACT_HOSTNAME, ACT_JOB, ACT_KEYWORD, ACT_SERVICE, ACT_SETOPT, ACT_SHOPT, ACT_SIGNAL, ACT_USER, ACT_VARIABLE,
	ACT_HELPTOPIC, ACT_ENABLED, ACT_DISABLED, ACT_RUNNING, ACT_STOPPED, ACT_SENT,
	ACTIONS
};

/* Bits of -o. */
enum { SPEC_BASHDEFAULT = 1, SPEC_DEFAULT = 2, SPEC_DIRNAMES = 4, SPEC_FILENAMES = 8, SPEC_NOSPACE = 16, SPEC_PLUSDIRS = 32,
       SPEC_NOQUOTE = 64, SPEC_NOSORT = 128,
       SPEC_LOADED = 256 /* none of -o: it was registered while a Tab was answered, and not by the user */ };

/* Arguments of -F, -C, -W, -G, -X, -P and -S. */
enum spec_text { SPEC_FUNCTION, SPEC_COMMAND, SPEC_WORDS, SPEC_GLOB, SPEC_FILTER, SPEC_PREFIX, SPEC_SUFFIX, SPEC_TEXTS };
#define SPEC_LETTERS "FCWGXPS"

/* How the words of a command are completed. */
struct compspec {
	struct compspec *next;
	char *name; /* of the command; "-D", "-E" and "-I" as bash has them */
	uint32_t actions, options;
	char *texts[SPEC_TEXTS]; /* NULL: none */
	char *rules; /* tcsh's, with newlines between them, in place of all that; NULL: none */
};

struct state_section;
extern const struct state_section compspec_section;

/* NULL: nothing is registered. */
struct compspec *compspec_find(const char *name);
/* The i-th, NULL past the end. */
const struct compspec *compspec_at(size_t i);
void compspec_define(const char *name, const struct compspec *like); /* copies */
/* All but the name: for who runs what may change it. compspec_clear() frees the texts. */
void compspec_copy(struct compspec *to, const struct compspec *from);
void compspec_clear(struct compspec *s);
bool compspec_has_text(const struct compspec *s);
void compspec_remove(const char *name); /* NULL: all */
/*
 * What is registered now, put aside while a file is loaded that bash would have loaded before the user's own: compspec_end_loading()
 * registers it again, and marks what is new. Takes *kept.
 */
struct compspec *compspec_begin_loading(void);
void compspec_end_loading(struct compspec *kept);
/* As a command that registers it again. */
void compspec_print(const struct compspec *s);

/* The bit of a name of -o; of an action's name, or (NULL) its letter. False: there is none. */
bool compspec_option(const char *name, uint32_t *ret);
bool compspec_action(const char *name, char letter, uint32_t *ret);

#endif
