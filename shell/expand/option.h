#ifndef MISH_EXPAND_OPTION_H
#define MISH_EXPAND_OPTION_H

#include "shell/shell.h"

struct state_section;
extern const struct state_section option_section;

/* The options of `set` (XCU set): one table of names and letters. */
struct option_info {
	char name[24];
	char letter; /* '\0': only by name */
	enum shell_option bit;
	bool fixed; /* set when the shell starts, or by shopt, and never by `set` */
	bool shopt; /* one of shopt's */
	bool inverted; /* the bit says that it is off */
};

/* Is it on? And makes it so or not. */
bool option_is_on(const struct shell *sh, const struct option_info *o);
void option_turn(struct shell *sh, const struct option_info *o, bool on);

/* The i-th option in the order in which `set -o` lists them, NULL past the end. */
const struct option_info *option_at(size_t i);

/* Turns on those that SHELLOPTS and BASHOPTS of the environment name, as bash does. */
void option_import(struct shell *sh);

/* NULL when there is none of that name or letter. */
const struct option_info *option_by_name(const char *name);
const struct option_info *option_by_letter(char letter);

enum { OPTION_LETTERS_ROOM = 64 };
/* The letters of $-, in buf, which has that room. */
const char *option_letters(const struct shell *sh, char buf[OPTION_LETTERS_ROOM]);

#endif
