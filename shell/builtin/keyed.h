#ifndef MISH_BUILTIN_KEYED_H
#define MISH_BUILTIN_KEYED_H

#include <stddef.h>
#include <stdint.h>

/* Texts by a key, in the order in which they came: key bindings and abbreviations, which travel so. */

struct state_enc;
struct state_dec;

struct keyed {
	struct keyed_row {
		char *key, *text; /* owned */
	} *v;
	size_t n;
};

/* Copies; another text of that key goes. NULL: only that. */
void keyed_set(struct keyed *k, const char *key, const char *text);
/* NULL: there is none. */
const char *keyed_get(const struct keyed *k, const char *key);
void keyed_clear(struct keyed *k);

/* As value `number` of a section; 0 or -errno, with what could be read so far. */
void keyed_save(const struct keyed *k, struct state_enc *e, uint32_t number);
int keyed_load(struct keyed *k, const struct state_dec *d, uint32_t number);

#endif
