#ifndef MISH_PARSER_RESERVED_H
#define MISH_PARSER_RESERVED_H

#include <stddef.h>

/* The reserved words of XCU 2.4, with `function`, `select` and `[[`, in this order of their spelling (see reserved.c). */
enum reserved {
	RES_NONE,
	RES_BANG,
	RES_CASE,
	RES_DO,
	RES_DONE,
	RES_ELIF,
	RES_ELSE,
	RES_ESAC,
	RES_FI,
	RES_FOR,
	RES_FUNCTION,
	RES_IF,
	RES_IN,
	RES_SELECT,
	RES_THEN,
	RES_UNTIL,
	RES_WHILE,
	RES_CONDITION,
	RES_LBRACE,
	RES_RBRACE,
};

/* The reserved word that this text is, in static memory, or NULL; and which. */
const char *reserved_find(const char *s, size_t len, enum reserved *ret_which);

#endif
