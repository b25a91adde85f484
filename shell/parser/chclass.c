#include <config.h>

#include "shell/parser/chclass.h"

enum {
	BLANK = CH_BLANK | CH_WHITE | CH_UNQUOTED | CH_NOT_PLAIN,
	NEWLINE = CH_WHITE | CH_IN_DQUOTES | CH_UNQUOTED | CH_NOT_PLAIN, /* it is counted */
	OPERATOR = CH_OPERATOR | CH_UNQUOTED | CH_NOT_PLAIN,
	QUOTE = CH_UNQUOTED | CH_NOT_PLAIN,
	EXPANSION = CH_IN_DQUOTES | CH_UNQUOTED | CH_NOT_PLAIN,
	LETTER = CH_NAME_START | CH_NAME,
};

const unsigned char chclass_table[256] = {
	[' '] = BLANK,
	['\t'] = BLANK,
	['\n'] = NEWLINE,
	['&'] = OPERATOR,
	['('] = OPERATOR,
	[')'] = OPERATOR,
	[';'] = OPERATOR,
	['<'] = OPERATOR,
	['>'] = OPERATOR,
	['|'] = OPERATOR,
	['\''] = QUOTE, /* inside double quotes it is itself */
	['"'] = EXPANSION,
	['$'] = EXPANSION,
	['\\'] = EXPANSION,
	['`'] = EXPANSION,
	['}'] = CH_IN_DQUOTES | CH_UNQUOTED, /* alone it is a reserved word: a plain one */
	['*'] = CH_NOT_PLAIN,		     /* patterns, … */
	['?'] = CH_NOT_PLAIN,
	[']'] = CH_NOT_PLAIN, /* without it `[` is itself, as in the utility's name */
	['='] = CH_NOT_PLAIN, /* … assignments … */
	['~'] = CH_NOT_PLAIN, /* … and tildes */
	['0' ... '9'] = CH_NAME,
	['A' ... 'Z'] = LETTER,
	['a' ... 'z'] = LETTER,
	['_'] = LETTER,
};
