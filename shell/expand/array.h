#ifndef MISH_EXPAND_ARRAY_H
#define MISH_EXPAND_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The value of a variable that is an array, as in bash: of texts, by number (indexed) or by name
 * (associative). Numbers are kept in order, and need not follow one another; names are kept in the
 * order in which they came.
 */
struct array;

struct array_key {
	int64_t index;
	const char *name; /* NULL: by number */
};

struct array *array_new(bool by_name);
struct array *array_copy(const struct array *a);
void array_free(struct array *a); /* takes NULL */

bool array_by_name(const struct array *a);
size_t array_len(const struct array *a);
/* The i-th in order (i < array_len()): its key and its text, both borrowed until the array changes. */
const char *array_at(const struct array *a, size_t i, struct array_key *ret);
/* One more than the largest number; 0 for an empty array. */
int64_t array_end(const struct array *a);

/* What is there, borrowed until the array changes; NULL nothing. */
const char *array_get(const struct array *a, struct array_key key);
/* Copies. */
void array_set(struct array *a, struct array_key key, const char *text);
void array_remove(struct array *a, struct array_key key);

/* Number 0, or the name "0": what a word without a subscript means. */
struct array_key array_first(const struct array *a);

#endif
