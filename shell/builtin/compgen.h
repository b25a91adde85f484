#ifndef MISH_BUILTIN_COMPGEN_H
#define MISH_BUILTIN_COMPGEN_H

#include "shell/builtin/candidates.h"
#include "shell/builtin/compspec.h"

/* bash's programmable completion: complete, compgen, compopt, and what the editor asks them. */

/* COMP_WORDBREAKS at first: that of a bash whose hostcomplete is off, as here. */
#define COMPGEN_BREAKS " \t\n\"'><=;|&(:"

struct compgen_request {
	const char *line;
	size_t cursor; /* bytes */
	size_t end;    /* of the command that it is in */
	int type;      /* COMP_TYPE */
	size_t first;  /* where the command begins, … */
	size_t start;  /* … and the word at the cursor; then, what is to be replaced */
	/* the answer */
	bool is_file, no_space, no_sort;
	bool is_plain; /* nothing in it is to be quoted */
	size_t kept; /* bytes of the word before `start` */
	bool to_files; /* it has found nothing, and leaves the word to files (-o default) */
	char suffix; /* behind a whole one, in place of a blank; '\0': a blank */
};

/*
 * What the specification of the command on that line makes of the word at the cursor: appended to *ret. False: there is none,
 * or it leaves the word to files.
 */
bool compgen_line(struct shell *sh, struct compgen_request *r, struct candidates *ret);

/*
 * All that a specification makes of a word of the command; `before`: the word before it. The status of its function, else
 * 0, or -1 with a message where something in it could not be expanded.
 */
int compgen_generate(struct shell *sh, const struct compspec *s, const char *name, const char *word, const char *before,
		     struct candidates *ret);
/* As bash has COMP_LINE and the others where there is no line. */
void compgen_clear_line(struct shell *sh);
/* The specification whose function runs now, which compopt changes; NULL: none. */
struct compspec *compgen_current(void);

#endif
