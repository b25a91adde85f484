#ifndef MISH_PARSER_CHCLASS_H
#define MISH_PARSER_CHCLASS_H

#include <stdbool.h>

/*
 * What a byte may mean to the shell's language: one table, with one flag for each question
 * that is asked of it. Bytes above 127 and NUL are in no class.
 */
enum chclass {
	CH_BLANK = 1 << 0,	/* <space> and <tab> */
	CH_WHITE = 1 << 1,	/* the same and <newline>: what IFS is by default */
	CH_OPERATOR = 1 << 2,	/* begins an operator (XCU 2.10.2): & | ; ( ) < > */
	CH_NAME_START = 1 << 3, /* may begin a name (XBD 3.216) */
	CH_NAME = 1 << 4,	/* may be in a name */
	CH_IN_DQUOTES = 1 << 5, /* not just itself in double quotes, or in ${name-…} there */
	CH_UNQUOTED =
		1 << 6, /* not just itself outside quotes, wherever it stands in a word */
	CH_NOT_PLAIN = 1 << 7, /* ends a word, or may make one that is more than its text */

	CH_ENDS_WORD = CH_WHITE | CH_OPERATOR, /* a token ends before it (XCU 2.3) */
};

extern const unsigned char chclass_table[256];

/* True when the byte c is in one of the classes, be it a char or not; LEX_EOF is in none. */
static inline bool ch_is(int c, unsigned classes)
{
	return (chclass_table[(unsigned char)c] & classes) != 0;
}

#endif
