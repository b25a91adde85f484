#ifndef MISH_PARSER_ARENA_H
#define MISH_PARSER_ARENA_H

#include <stddef.h>

/*
 * Memory that goes in one call: the AST and the fields of one command line. A thin
 * layer on glibc's obstack, which counts in int; the layer checks. Nothing that lives
 * longer may point into an arena.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);  /* takes NULL */
void arena_clear(struct arena *a); /* empty, reusable */

/* Never NULL: ends the program when there is no memory. Aligned for any object. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_zalloc(struct arena *a, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t len);

/* Frees everything allocated since `mark`, which arena_mark() returned. */
void *arena_mark(struct arena *a);
void arena_rewind(struct arena *a, void *mark);

#endif
