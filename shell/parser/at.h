#ifndef MISH_PARSER_AT_H
#define MISH_PARSER_AT_H

#include <stdbool.h>
#include <stddef.h>

/* `@node command' and `@ command' (mish's own), and csh's `@ name = expression', which is a builtin. */

/*
 * Is the word (of `len` bytes) one that says where the command behind it runs? After `@' alone the rest of the line, from `behind` to
 * `end`, tells that from csh's arithmetic. Any other word with an @ is a word.
 */
bool at_is_place(const char *word, size_t len, const char *behind, const char *end);

/* csh's: how long a name, or name[…], at the beginning is; is there, behind blanks, what assigns (=, +=, ++)? */
size_t at_target(const char *s, const char *end);
bool at_assigns(const char *s, const char *end);

#endif
