#ifndef MISH_PARSER_PRINTER_H
#define MISH_PARSER_PRINTER_H

#include "shell/parser/ast.h"
#include "shell/parser/strbuf.h"

/* How ast_print.c prints words, and what is in them; lists in substitutions by its hook. */

struct printer {
	struct strbuf *out;
	int indent;
	bool arith; /* inside $((…)) */
	bool brief; /* one line, no here-documents */
	const struct ast_redir **here;
	size_t n_here; /* bodies that the next newline has to bring */
	void (*list)(struct printer *p, const struct ast_list *l);
};

void printer_put(struct printer *p, const char *s);
/* Ends the line: the bodies of its here-documents, and the indent of the next. */
void printer_newline(struct printer *p);
/* A list up to the parenthesis that closes it. */
void printer_inside(struct printer *p, const struct ast_list *l);
void printer_word(struct printer *p, const struct ast_word *w);
/* `[…]`; nothing for NULL. */
void printer_subscript(struct printer *p, const struct ast_word *w);
/* The text of $((…)) and ((…)). */
void printer_arith(struct printer *p, const struct ast_word *w);

#endif
