#ifndef MISH_BUILTIN_COMPRULE_H
#define MISH_BUILTIN_COMPRULE_H

#include "shell/builtin/candidates.h"

/* tcsh's rules for completion: word/pattern/list/suffix/, where word is c, C, n, N or p, and any character divides. */

/* Does a word look like one? */
bool comprule_is(const char *s);

struct comprule_request {
	const char *const *words; /* of the line, up to the one at the cursor */
	size_t n;
	/* the answer */
	size_t kept;  /* bytes of the word that stay before what was found */
	char suffix;  /* behind a whole one, in place of a blank or a slash; '\0': none */
	bool is_file; /* they are names of files */
	bool plain;   /* the suffix is the usual one */
};

/* What the first of the rules (newlines divide them) that fits makes of the last word. False: none fits. */
bool comprule_find(struct shell *sh, const char *rules, struct comprule_request *r, struct candidates *ret);

#endif
