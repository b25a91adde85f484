#ifndef MISH_BUILTIN_COMPRULE_H
#define MISH_BUILTIN_COMPRULE_H

#include "shell/builtin/compspec.h"

/* tcsh's rules for completion: word/pattern/list/suffix/, where word is c, C, n, N or p, and any character divides. */

/* Does a word look like one? */
bool comprule_is(const char *s);

struct comprule_request {
	const char *const *words; /* of the line, up to the one at the cursor */
	size_t n;
	/* the answer */
	struct compspec spec; /* what to complete the word with, … */
	char *below;	      /* … by its names below this directory, which ends in a slash; NULL: as they are */
	size_t kept;	      /* bytes of the word that stay before what was found */
	char suffix;	      /* behind a whole one, in place of a blank or a slash; '\0': none */
	bool is_file;	      /* they are names of files */
	bool plain;	      /* the suffix is the usual one */
};

/* The first of the rules (newlines divide them) that fits the last word. False: none does. */
bool comprule_find(const char *rules, struct comprule_request *r);
void comprule_release(struct comprule_request *r); /* the answer */

#endif
