#ifndef MISH_PARSER_ARENA_H
#define MISH_PARSER_ARENA_H

#include <stddef.h>

/*
 * Memory that goes in one call: the AST and the fields of one command line. A thin
 * layer on glibc's obstack, which counts in int; the layer checks. What lives longer holds
 * the arena it points into.
 */
struct arena;

struct arena *arena_new(void);
/* One more holder (a function, of the tree it is defined in); returns it. */
struct arena *arena_ref(struct arena *a);
/* One holder less; the last one frees it. Takes NULL. */
void arena_free(struct arena *a);
/*
 * An arena for the next command. That is this one, emptied, if nobody else holds it. One that a
 * function holds takes a few commands more, so that small functions share a chunk; then the
 * caller's hold on it ends, and a new arena is returned.
 */
struct arena *arena_reuse(struct arena *a);

/* Never NULL: ends the program when there is no memory. Aligned for pointers and
 * numbers of that size. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_zalloc(struct arena *a, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t len);
/* Two strings as one. */
char *arena_concat(struct arena *a, const char *s, const char *t);

/* Frees everything allocated since `mark`, which arena_mark() returned. */
void *arena_mark(struct arena *a);
void arena_rewind(struct arena *a, void *mark);

#endif
