#ifndef MISH_INTERACT_PLACE_H
#define MISH_INTERACT_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a parenthesis has begun. */
enum place_kind {
	PLACE_LIST,	 /* commands, and behind it is another: a subshell, a function's () */
	PLACE_COMMANDS,	 /* commands, and behind it the word goes on: $(, <(, and a backquote's … */
	PLACE_BACKQUOTE,
	PLACE_VALUES,	 /* no commands: an array's, a pattern's, or in [[ and (( */
	PLACE_ARITHMETIC, /* (( and $(( */
};

enum { PLACE_LEVELS = 8 }; /* what is deeper is taken for that level */

/* What is around it: goes on behind it. */
struct place_level {
	uint32_t command, word, part, head;
	const char *letters;
	char part_quote;
	unsigned char kind;
	bool is_file, has_command, is_argument, in_condition, is_value, is_arithmetic;
};

/*
 * Which word of a half-typed line is which, as far as the line alone tells: for completion and for colours, where the parser
 * would find it broken.
 */
struct place {
	size_t command;	 /* where the word of the command begins; at `word`: the word is it */
	size_t word;	 /* where the word begins */
	size_t part;	 /* … and its last part: behind the last slash, NAME=, --option=, a colon of a list */
	char quote;	 /* that is open, … */
	char part_quote; /* … and that was where the part begins */
	bool is_escaped; /* the quote is $'…': a backslash protects in it */
	size_t behind_dollar; /* behind the last $ that begins something */
	bool is_file;	 /* behind < or > */
	bool has_command; /* the command's word has ended */
	bool is_comment;
	bool is_argument; /* the word is that of an option of sudo's, or of its like */
	const char *letters; /* … of those options that take one; NULL: nothing like that is in front of the command */
	size_t head;	     /* … where it begins */
	bool in_condition;   /* behind [[ */
	bool is_value;	     /* in an array's or a pattern's parentheses: nothing there is a command or its argument */
	bool is_arithmetic;  /* in (( or $(( */
	unsigned char n;     /* parentheses that are open, … */
	unsigned deeper;     /* … and those that had no room here */
	struct place_level around[PLACE_LEVELS];
};

/* Goes on over the character at `at`, or two of them; returns where the next one is, at most at `end`. Begins with { 0 }. */
size_t place_step(struct place *p, const char *line, size_t at, size_t end);
/* All steps up to there; and `command` is where it will be. */
struct place place_find(const char *line, size_t end);

/* Where the command ends that the place belongs to which begins at `at`: at an operator, or where the parenthesis around it closes. */
size_t place_command_end(const char *line, size_t at);

/* … in a here-document, where quotes and operators are text: a word is what has no blanks, and may be a file. */
struct place place_in_body(const char *line, size_t end);

/* What is open at the end of the text, as in zsh's %_: `for if dquote' (caller frees; NULL: nothing that is known). */
char *place_open(const char *text);
/* Is the word at the place the one of a command? */
bool place_is_command(const struct place *p);
/* NAME=, NAME+= or NAME[…]= in front of a word, or --option=: the length up to behind the equals sign, else 0. */
size_t place_assigned(const char *s, size_t len);

#endif
