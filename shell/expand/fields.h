#ifndef MISH_EXPAND_FIELDS_H
#define MISH_EXPAND_FIELDS_H

#include <stddef.h>

#include "shell/expand/expand.h"

/*
 * Field splitting (XCU 2.6.5), pathname expansion (2.6.6) and quote removal (2.6.7) of
 * one expanded word: bytes, each with the attribute of where it came from.
 */
enum fields_attr {
	ATTR_LIT,    /* the script's own unquoted text */
	ATTR_QUOTED, /* quoted */
	ATTR_EXP,    /* result of an unquoted expansion: split at IFS */
	ATTR_BREAK,  /* no byte: between the fields of $@ and $* */
	ATTR_EMPTY,  /* no byte: something quoted and empty was here */
};

enum { XWORD_ROOM = 120 }; /* bytes of a word that needs no memory of its own */

struct xword {
	char *s;
	unsigned char *attr;
	size_t len, cap;
	bool all_plain; /* every byte is ATTR_LIT or ATTR_QUOTED */
	char room[XWORD_ROOM];
	unsigned char attr_room[XWORD_ROOM];
};

/* Must not be copied or moved afterwards: a short word is in the struct itself. */
void xword_init(struct xword *x);
void xword_add(struct xword *x, const char *s, size_t len, enum fields_attr attr);
void xword_mark(struct xword *x, enum fields_attr attr);
void xword_release(struct xword *x);

void fields_add(struct shell *sh, struct fields *f, char *s);
void fields_split(struct shell *sh, const struct xword *x, struct fields *ret);

/* Quote removal only: bytes without marks; breaks become `sep`. */
char *fields_join(struct shell *sh, const struct xword *x, const char *sep, size_t sep_len, size_t *ret_len);
/* The same as a pattern, and as an extended regular expression (XBD 9.4). */
char *fields_pattern(struct shell *sh, const struct xword *x);
char *fields_regex(struct shell *sh, const struct xword *x);

#endif
