#ifndef MISH_INTERACT_QUOTING_H
#define MISH_INTERACT_QUOTING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What is open at a place of a text that is typed: quotes, substitutions in them, here-documents (XCU 2.2, 2.6.3, 2.7.4). As far as the text
 * alone tells: what is no command, or not yet, is none to the parser.
 */
enum { QUOTING_DEPTH = 32, QUOTING_DOCUMENTS = 4, QUOTING_WORD = 64 };

struct quoting {
	char open[QUOTING_DEPTH]; /* ' " ` and ( as they are, $ for $'…', + for $((…)) */
	size_t n;
	struct {
		char end[QUOTING_WORD];
		bool tabs; /* <<- */
	} documents[QUOTING_DOCUMENTS]; /* begun, in order */
	size_t n_documents;
	bool in_document; /* in the text of the first of them */
	bool is_comment;
	bool in_word; /* a # would be no comment */
};

/* Goes on over the character at `at`, or several of them; returns where the next one is, at most at `end`. Begins with { 0 }. */
size_t quoting_step(struct quoting *q, const char *s, size_t at, size_t end);
/* The quote that the next character stands in, '\0': none. */
static inline char quoting_now(const struct quoting *q)
{
	return q->n != 0 ? q->open[q->n - 1] : '\0';
}

#endif
