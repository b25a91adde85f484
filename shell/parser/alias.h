#ifndef MISH_PARSER_ALIAS_H
#define MISH_PARSER_ALIAS_H

#include <stddef.h>

/* Aliases (XCU 2.3.1): names and replacement texts. */
struct alias_table;
struct state_section;
extern const struct state_section alias_section;

struct alias_table *alias_table_new(void);
void alias_table_free(struct alias_table *t); /* takes NULL */

/* The replacement text, borrowed until the table changes; NULL when not an alias. */
const char *alias_get(const struct alias_table *t, const char *name);
void alias_set(struct alias_table *t, const char *name, const char *value);
/* Returns 0, or -ENOENT. */
int alias_unset(struct alias_table *t, const char *name);
void alias_clear(struct alias_table *t);

/* The i-th alias in sorted order, NULL past the end. *ret_value is borrowed. */
const char *alias_at(const struct alias_table *t, size_t i, const char **ret_value);

#endif
